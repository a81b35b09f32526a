"""Whose fault it is: what came with the request is the asker's, the rest stays ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.db import DataError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from comptoir.web.nonsense import NonsenseMiddleware

pytestmark = pytest.mark.django_db


def stored(request: Any, sql: str, value: int | str) -> HttpResponse:
    """A view that hands a value to the database as it is, behind the middleware."""

    def view(_request: Any) -> HttpResponse:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [value])
        return HttpResponse()

    middleware = NonsenseMiddleware(view)
    try:
        return middleware(request)
    except Exception as error:
        middleware.process_exception(request, error)
        raise


@pytest.mark.parametrize("number", ["2147483648", "9" * 19, "9" * 5000, "-9999999999"])
def test_a_number_beyond_a_column_is_the_askers(rf: RequestFactory, number: str) -> None:
    for request in (rf.get("/", {"n": number}), rf.post("/", {"n": number}), rf.get(f"/{number}/")):
        with pytest.raises(BadRequest, match=r"\.$"):
            stored(request, "SELECT %s::int", number[:30])


def test_a_text_that_cannot_be_stored_is_the_askers(rf: RequestFactory) -> None:
    with pytest.raises(BadRequest):
        stored(rf.post("/", {"text": "a\x00b"}), "SELECT %s::text", "a\x00b")


def test_what_was_not_asked_for_stays_our_bug(rf: RequestFactory) -> None:
    for value in ("a\x00b", "x", "2000-13-13"):
        with pytest.raises(Exception, match=r".") as raised:
            stored(rf.get("/", {"n": "12", "older": "1763767000000000-7"}), "SELECT %s::int", value)
        assert not isinstance(raised.value, BadRequest)
    with pytest.raises(DataError):
        stored(rf.get("/", {"n": "12"}), "SELECT %s::int", 2**40)


def test_an_address_with_what_cannot_be_text_goes_no_further(client: Client) -> None:
    for path in ("/%00", "/settings/?q=%00", "/settings/?%00=1"):
        answer = client.get(path)
        assert answer.status_code == 400
        assert b"makes no sense here" in answer.content
    client.cookies["sessionid"] = "\x00" * 32
    assert client.get("/settings/").status_code == 400
