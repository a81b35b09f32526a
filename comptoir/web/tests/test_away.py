"""The database is away, or its disk is full: said in a sentence, not as something of ours that broke."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from comptoir.web import views

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "The disk of this counter is full"),
        (
            psycopg.OperationalError("server closed the connection"),
            "The database of this counter does not answer",
        ),
    ],
)
def test_what_is_said(cause: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object, **_named: object) -> None:
        raise OperationalError(str(cause)) from cause

    monkeypatch.setattr("comptoir.organisation.sessions.SessionStore.load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get("/settings/", headers=headers)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert words in answer.content.decode()
        assert "server closed" not in answer.content.decode()


def test_what_is_ours_stays_ours() -> None:
    assert views.broken(RequestFactory().get("/")).status_code == 500
