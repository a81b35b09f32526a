"""What a sick or hostile network says, and what the Bluesky connector makes of it."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.bluesky import Bluesky
from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside
from comptoir.networks.connector import (
    Activity,
    Actor,
    ConnectorError,
    Kind,
    Reconnect,
    Refused,
    TryLater,
    Unusable,
)
from tests.contract.canned import Canned, canned
from tests.contract.harness import Grant

LIST = "app.bsky.notification.listNotifications"
FEED = "app.bsky.feed.getAuthorFeed"
POSTS = "app.bsky.feed.getPosts"
REFRESH = "com.atproto.server.refreshSession"
LOGIN = "com.atproto.server.createSession"
ME = "did:plc:brand"
TO = Activity(
    "at://did:plc:ann/app.bsky.feed.post/1", Kind.MENTION, Actor("did:plc:ann", "ann.test"), datetime.now(UTC)
)


def token(seconds: float) -> str:
    """A token that ends in so many seconds."""
    claims = f'{{"exp":{int(time.time() + seconds)}}}'.encode()
    return f"h.{urlsafe_b64encode(claims).decode().rstrip('=')}.s"


@pytest.fixture
def sick() -> Iterator[Canned]:
    """A server that has nothing to say yet but empty lists."""
    with canned() as server:
        server.say(LIST, {"notifications": []})
        server.say(FEED, {"feed": []})
        yield server


@pytest.fixture
def grant(sick: Canned) -> Grant:
    return Grant({"did": ME, "pds": sick.url, "access": token(3600), "refresh": token(9999)})


@pytest.fixture
def connector(sick: Canned, grant: Grant) -> Iterator[Bluesky]:
    with Outside(frozenset([sick.address])) as http:
        floors = {"spoken": 0, "own": 0, "silent": 0}
        client: Any = http
        yield Bluesky(client, grant, {"floors": floors}, Actor(ME, "brand.test"))


def test_too_many_questions_are_answered_with_the_time_to_wait(sick: Canned, connector: Bluesky) -> None:
    sick.say(LIST, {"error": "RateLimitExceeded"}, 429, ratelimit_reset=str(int(time.time()) + 90))
    with pytest.raises(TryLater, match="rate_limited") as error:
        connector.fetch(None, [])
    assert error.value.after
    assert timedelta(seconds=80) < error.value.after <= timedelta(seconds=91)


@pytest.mark.parametrize("status", [500, 502, 503, 302])
def test_a_network_that_is_ill_may_recover(sick: Canned, connector: Bluesky, status: int) -> None:
    sick.say(LIST, b"<h1>Bad gateway</h1>", status)
    with pytest.raises(TryLater, match="server_error"):
        connector.fetch(None, [])


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"notifications": 3}', b"\xff\xfe", b"[" * 9000])
def test_an_answer_that_makes_no_sense_may_be_better_next_time(
    sick: Canned, connector: Bluesky, body: bytes
) -> None:
    sick.say(LIST, body)
    with pytest.raises((TryLater, OutsideError)):
        connector.fetch(None, [])


@pytest.mark.parametrize(("status", "code"), [(400, "ExpiredToken"), (401, "InvalidToken"), (400, "Unknown")])
def test_a_grant_that_cannot_be_renewed_is_dead(
    sick: Canned, connector: Bluesky, grant: Grant, status: int, code: str
) -> None:
    grant.secrets["access"] = token(-1)
    sick.say(REFRESH, {"error": code, "message": "no"}, status)
    with pytest.raises(Reconnect, match="reconnect"):
        connector.fetch(None, [])


def test_a_renewal_that_meets_an_ill_server_is_tried_later(
    sick: Canned, connector: Bluesky, grant: Grant
) -> None:
    grant.secrets["access"] = token(-1)
    sick.say(REFRESH, {}, 503)
    with pytest.raises(TryLater):
        connector.fetch(None, [])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("AccountTakedown", "account_suspended"), ("AccountDeactivated", "account_deactivated")],
)
def test_an_account_that_was_lost_says_how(
    sick: Canned, connector: Bluesky, code: str, sentence: str
) -> None:
    sick.say(LIST, {"error": code, "message": "gone"}, 401)
    sick.say(REFRESH, {"error": code, "message": "gone"}, 401)
    with pytest.raises(Reconnect, match=sentence):
        connector.fetch(None, [])


def test_a_token_refused_before_its_time_is_renewed_once(
    sick: Canned, connector: Bluesky, grant: Grant
) -> None:
    sick.say(LIST, {"error": "ExpiredToken"}, 400)
    sick.say(REFRESH, {"accessJwt": token(3600), "refreshJwt": token(9999), "did": ME})
    with pytest.raises(ConnectorError) as error:
        connector.fetch(None, [])
    assert not isinstance(error.value, Reconnect), "the grant was renewed, so it lives"
    assert sick.asked == [LIST, REFRESH, LIST]
    assert grant.kept == 1


def test_one_message_that_cannot_be_read_is_set_aside_and_the_rest_is_heard(
    sick: Canned, connector: Bluesky
) -> None:
    ann = {"did": "did:plc:ann", "handle": "ann.test"}
    now = "2026-11-20T10:00:00.000Z"

    def notice(n: int, record: Any, **other: Any) -> dict[str, Any]:
        uri = f"at://did:plc:ann/app.bsky.feed.post/{n}"
        return {
            "uri": uri, "cid": "c", "author": ann, "reason": "mention", "indexedAt": now, "record": record, **other
        }  # fmt: skip

    good = {"text": "hello", "createdAt": now}
    notices = [
        notice(1, good),
        notice(2, {"createdAt": now}),
        notice(3, ["no", "record"]),
        notice(4, good, author=None),
        notice(5, {**good, "reply": {"root": 1}}),
        notice(6, good, uri="at://nonsense"),
        "not even an object",
        notice(7, {**good, "facets": [{"index": {"byteStart": -1, "byteEnd": 10**9}, "features": 3}]}),
        notice(8, {"text": "a\x00b\x1bc\ud800", "createdAt": "yesterday"}),
    ]
    sick.say(LIST, {"notifications": notices})
    sick.say(POSTS, {"posts": []})
    page = connector.fetch(None, [])
    heard = [item for item in page.items if isinstance(item, Activity)]
    assert [item.text for item in heard] == ["hello", "hello", "abc"]
    aside = {item.reason for item in page.items if isinstance(item, Unusable)}
    assert aside == {"no_text", "no_record", "no_author", "bad_reply", "bad_address"}
    assert not connector.fetch(page.cursor, []).items, "what was set aside is not handed out again"


def test_a_list_that_never_ends_is_not_walked_for_ever(sick: Canned, connector: Bluesky) -> None:
    sick.say(LIST, {"notifications": [], "cursor": "again"})
    page = connector.fetch(None, [])
    for _ in range(3):
        if not page.more:
            return
        page = connector.fetch(page.cursor, [])
    pytest.fail("still walking")


def test_a_walk_whose_place_the_network_forgot_begins_again(sick: Canned, connector: Bluesky) -> None:
    sick.say(LIST, {"notifications": [], "cursor": "somewhere"})
    page = connector.fetch(None, [])
    assert page.more
    sick.say(LIST, {"error": "InvalidRequest", "message": "Malformed cursor"}, 400)
    page = connector.fetch(page.cursor, [])
    with pytest.raises(Refused):
        connector.fetch(page.cursor, [])
    sick.say(LIST, {"notifications": []})
    assert not connector.fetch(page.cursor, []).more


def test_what_the_network_refuses_is_refused_with_its_words(sick: Canned, connector: Bluesky) -> None:
    sick.say("com.atproto.repo.putRecord", {"error": "InvalidRequest", "message": "bad record"}, 400)
    with pytest.raises(Refused, match="refused") as error:
        connector.publish("hello", [], "key", datetime.now(UTC))
    assert error.value.facts["said"] == "bad record"


def test_a_write_that_got_no_answer_is_safe_to_try_again(sick: Canned, connector: Bluesky) -> None:
    sick.say("com.atproto.repo.putRecord", {"error": "InternalServerError"}, 500)
    with pytest.raises(TryLater):
        connector.publish("hello", [], "key", datetime.now(UTC))


def test_an_answer_is_not_sent_when_the_network_cannot_say_whether_the_message_stands(
    sick: Canned, connector: Bluesky
) -> None:
    sick.say(POSTS, {}, 502)
    with pytest.raises(TryLater):
        connector.reply(TO, "hello", [], "key", datetime.now(UTC))
    assert "com.atproto.repo.putRecord" not in sick.asked


def test_a_deletion_is_not_believed_while_the_network_is_ill(sick: Canned, connector: Bluesky) -> None:
    sick.say(POSTS, {"posts": []})
    sick.say("com.atproto.repo.getRecord", {"error": "UpstreamFailure"}, 502)
    with pytest.raises(TryLater):
        connector.recheck([TO.remote_id])


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"error": "AuthFactorTokenRequired"}, "needs_app_password"),
        (401, {"error": "AuthenticationRequired"}, "wrong_password"),
        (401, {"error": "AccountTakedown"}, "account_suspended"),
        (404, "no such page", "not_a_server"),
        (200, {"unexpected": True}, "not_a_server"),
    ],
)
def test_connecting_says_what_was_wrong(
    sick: Canned, connector: Bluesky, status: int, body: Any, code: str
) -> None:
    sick.say(LOGIN, body, status)
    with pytest.raises(Refused, match=code):
        connector.connect({"handle": "brand.test", "password": "x", "service": sick.url})


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("http://example.com", "insecure_server"),
        ("ftp://example.com", "answer_invalid"),
        ("https://me:secret@example.com", "answer_invalid"),
        ("https://", "answer_invalid"),
        ("https://[::1", "answer_invalid"),
        ("https://example.com:99999", "answer_invalid"),
    ],
)
def test_a_password_goes_only_to_a_server_that_can_be_trusted_with_it(
    connector: Bluesky, sick: Canned, service: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        connector.connect({"handle": "brand.test", "password": "x", "service": service})
    assert not sick.asked


def test_a_did_document_that_points_to_plain_http_elsewhere_is_not_followed(
    sick: Canned, connector: Bluesky
) -> None:
    service = {"id": "#atproto_pds", "serviceEndpoint": "http://inside.example"}
    sick.say(
        LOGIN,
        {
            "did": ME,
            "handle": "brand.test",
            "accessJwt": token(3600),
            "refreshJwt": token(9999),
            "didDoc": {"service": [service]},
        },
    )
    sick.say("app.bsky.actor.getProfile", {"did": ME, "handle": "brand.test", "displayName": "Brand"})
    connected = connector.connect({"handle": "brand.test", "password": "x", "service": sick.url})
    assert connected.grant["pds"] == sick.url
    assert connected.me.name == "Brand"
