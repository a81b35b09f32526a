"""What a sick, odd or hostile site says, and what the WordPress connector makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.wordpress import WordPress
from comptoir.kernel.http import Outside
from comptoir.networks.connector import (
    Activity,
    Actor,
    ConnectorError,
    Gone,
    Kind,
    Page,
    Reconnect,
    Refused,
    TryLater,
    Unusable,
)
from tests.contract.canned import Canned, canned
from tests.contract.harness import Grant

COMMENTS, POSTS, USERS = "/wp-json/wp/v2/comments", "/wp-json/wp/v2/posts", "/wp-json/wp/v2/users"
ME = "/wp-json/wp/v2/users/me"
TO = Activity(
    "site#comment-1", Kind.COMMENT, Actor("site#guest-1", "Ana"), datetime.now(UTC), facts={"post": 1, "comment": 1}
)  # fmt: skip


def comment(pk: Any, **changes: Any) -> dict[str, Any]:
    """A comment as the API shows it to moderators."""
    return {
        "id": pk, "post": 1, "parent": 0, "author": 0, "author_name": "Ana", "author_email": "ana@example.org",
        "author_ip": "192.0.2.7", "author_url": "", "date_gmt": "2026-11-20T10:00:00", "link": "https://s.example/#c",
        "content": {"raw": "Hello"}, "status": "approved", "type": "comment", **changes,
    }  # fmt: skip


@pytest.fixture
def sick() -> Iterator[Canned]:
    """A site that has nothing to say yet."""
    with canned() as server:
        for path in (COMMENTS, POSTS, USERS):
            server.say(path, [])
        yield server


@pytest.fixture
def connector(sick: Canned) -> Iterator[WordPress]:
    with Outside(frozenset([sick.address])) as http:
        settings = {"root": f"{sick.url}/wp-json/", "id": "site", "user_id": 7, "team": [7], "floor": 0}
        client: Any = http
        yield WordPress(client, Grant({"user": "u", "password": "p"}), settings, Actor("site", "site"))


def test_a_plugins_warnings_around_the_answer_are_passed_over(sick: Canned, connector: WordPress) -> None:
    noise = b"<br />\n<b>Warning</b>: Undefined array key [0] in /srv/x.php on line <b>3</b><br />\n"
    sick.say(COMMENTS, b"\xef\xbb\xbf" + noise + json.dumps([comment(3)]).encode() + b"\n<!-- cached -->")
    assert [item.remote_id for item in connector.fetch(None, []).items] == ["site#comment-3"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>Hello", b"null", b'"x"', b"{}", b"\xff\xfe", b"[" * 9000, b"<b>[0]"]
)
def test_an_answer_that_makes_no_sense_may_be_better_next_time(
    sick: Canned, connector: WordPress, body: bytes
) -> None:
    sick.say(COMMENTS, body)
    with pytest.raises(TryLater, match="bad_answer"):
        connector.fetch(None, [])


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        (503, {}, "maintenance"),
        (500, {}, "server_error"),
        (502, {}, "server_error"),
        (403, {}, "server_error"),
        (404, {}, "server_error"),
        (302, {"location": "/elsewhere"}, "server_error"),
        (429, {"retry_after": "90"}, "rate_limited"),
    ],
)
def test_what_a_proxy_or_a_firewall_says_may_pass(
    sick: Canned, connector: WordPress, status: int, headers: dict[str, str], code: str
) -> None:
    sick.say(COMMENTS, b"<h1>Briefly unavailable for scheduled maintenance.</h1>", status, **headers)
    with pytest.raises(TryLater, match=code) as error:
        connector.fetch(None, [])
    assert error.value.after == (timedelta(seconds=90) if headers.get("retry_after") else None)


@pytest.mark.parametrize("code", ["incorrect_password", "invalid_username", "rest_not_logged_in"])
def test_a_password_that_is_worth_nothing_asks_for_a_person(
    sick: Canned, connector: WordPress, code: str
) -> None:
    sick.say(COMMENTS, {"code": code, "message": "no"}, 401)
    with pytest.raises(Reconnect):
        connector.fetch(None, [])


def test_a_site_that_moved_for_good_asks_for_a_person(sick: Canned, connector: WordPress) -> None:
    sick.say(COMMENTS, b"", 301, location="https://new.example/wp-json/wp/v2/comments")
    with pytest.raises(Reconnect, match="site_moved"):
        connector.fetch(None, [])


@pytest.mark.parametrize(
    ("status", "code", "error", "sentence"),
    [
        (400, "comment_flood", TryLater, "rate_limited"),
        (409, "comment_duplicate", Refused, "said_already"),
        (403, "rest_comment_invalid_post_id", Refused, "target_gone"),
        (403, "rest_comment_closed", Refused, "not_allowed"),
        (400, "rest_comment_content_invalid", Refused, "refused"),
        (500, "rest_comment_failed_create", Refused, "refused"),
        (500, "internal_server_error", TryLater, "server_error"),
    ],
)
def test_why_an_answer_is_not_taken(
    sick: Canned, connector: WordPress, status: int, code: str, error: type[ConnectorError], sentence: str
) -> None:
    sick.say(f"POST {COMMENTS}", {"code": code, "message": "No."}, status)
    with pytest.raises(error, match=sentence):
        connector.reply(TO, "Hello", [], "key", datetime.now(UTC))


def test_one_comment_that_cannot_be_read_is_set_aside_without_private_facts_and_the_rest_is_heard(
    sick: Canned, connector: WordPress
) -> None:
    odd = [
        comment(9),
        comment(8, date_gmt="0000-00-00T00:00:00"),
        comment(7, status="strange"),
        comment(6, post=None),
        comment(5, content=None, author_name=None, author_url="javascript:alert(1)"),
        comment("four"),
        "not even an object",
        comment(3, author_name="<b>A</b>", content={"raw": "a\x00b<img src=x onerror=alert(1)>"}),
    ]
    sick.say(COMMENTS, odd)
    page = connector.fetch(None, [])
    heard = {item.remote_id for item in page.items if isinstance(item, Activity)}
    assert heard == {f"site#comment-{n}" for n in (3, 5, 9)}
    aside = [item for item in page.items if isinstance(item, Unusable)]
    assert {item.reason for item in aside} == {"no_time", "no_standing", "no_post"}
    assert "ana@example.org" not in repr(aside)
    assert "192.0.2.7" not in repr(aside)
    assert not connector.fetch(page.cursor, []).items, "what was set aside is not handed out again"


def test_a_list_that_never_ends_is_not_walked_for_ever(sick: Canned, connector: WordPress) -> None:
    WordPress.page_size, full = 3, WordPress.page_size
    try:
        sick.say(COMMENTS, [comment(n) for n in (900, 899, 898)])
        page = connector.fetch({"comments": {"top": 5, "recent": {"5": "x"}}}, [])
        with pytest.raises(TryLater, match="bad_answer"):
            _to_the_end(connector, page)
    finally:
        WordPress.page_size = full


def _to_the_end(connector: WordPress, page: Page) -> None:
    for _ in range(30):
        assert page.more
        page = connector.fetch(page.cursor, [])


def test_an_empty_list_makes_nobody_gone(sick: Canned, connector: WordPress) -> None:
    sick.say(COMMENTS, [comment(3), comment(2)])
    cursor = connector.fetch(None, []).cursor
    sick.say(COMMENTS, [])
    sick.say(f"{COMMENTS}/2", comment(2))
    sick.say(f"{COMMENTS}/3", {"code": "rest_comment_invalid_id", "message": "No."}, 404)
    assert list(connector.fetch(cursor, []).items) == [Gone("site#comment-3")]


def test_connecting_says_what_is_wrong(sick: Canned, connector: WordPress) -> None:
    root = {"namespaces": ["wp/v2"], "home": sick.url, "name": "S"}
    answers = {"site": sick.url, "user": "u", "password": "p"}
    ways = {
        "authentication": {"application-passwords": {"endpoints": {"authorization": "https://s.example/"}}}
    }
    cases: list[tuple[dict[str, Any], Any, int, str]] = [
        ({}, {"code": "rest_not_logged_in", "message": ""}, 401, "no_app_passwords"),
        (ways, {"code": "rest_not_logged_in", "message": ""}, 401, "password_not_passed_on"),
        (ways, {"code": "incorrect_password", "message": ""}, 401, "bad_credentials"),
        (ways, {"id": 7, "capabilities": {"edit_posts": True}}, 200, "needs_moderator"),
        (ways, {"id": 7, "capabilities": []}, 200, "needs_moderator"),
    ]
    for more, said, status, code in cases:
        sick.say("/wp-json/", {**root, **more})
        sick.say(ME, said, status)
        with pytest.raises(Refused, match=code):
            connector.connect(answers)


def test_an_address_without_a_site_is_told_so(sick: Canned, connector: WordPress) -> None:
    sick.say("/", b"<p>A page</p>")
    with pytest.raises(Refused, match="not_a_site"):
        connector.connect({"site": sick.url, "user": "u", "password": "p"})


@pytest.mark.parametrize(
    "site", ["http://example.org", "ftp://example.org", "https://", "https://u:p@example.org"]
)
def test_a_password_is_not_sent_in_the_clear_or_nowhere(connector: WordPress, site: str) -> None:
    with pytest.raises(Refused, match=r"insecure_server|answer_invalid"):
        connector.connect({"site": site, "user": "u", "password": "p"})


def test_a_page_cannot_lead_the_password_to_the_clear(sick: Canned, connector: WordPress) -> None:
    sick.say("/", b"", link='<http://example.org/wp-json/>; rel="https://api.w.org/"')
    with pytest.raises(Refused, match="insecure_server"):
        connector.connect({"site": sick.url, "user": "u", "password": "p"})
