"""Connecting to instances that are none, are old, or say no; and streams that are refused or make no sense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.connectors.mastodon import Mastodon
from comptoir.connectors.mastodon.instance import _settings
from comptoir.networks.connector import (
    ConnectorError,
    Reconnect,
    Refused,
    TryLater,
)
from tests.contract.canned import Canned
from tests.contract.instance import (
    BRAND,
    ME,
    V1,
    V2,
    connector_at,
    settings,
    sick_instance,
    status,
)


@pytest.fixture
def sick() -> Iterator[Canned]:
    with sick_instance() as server:
        yield server


@pytest.fixture
def connector(sick: Canned) -> Iterator[Mastodon]:
    with connector_at(sick) as made:
        yield made


# Connecting


@pytest.mark.parametrize(
    ("path", "status_", "body", "code"),
    [
        (ME, 401, {"error": "The access token is invalid"}, "wrong_token"),
        (ME, 422, b"", "wrong_token"),
        (ME, 200, {"unexpected": True}, "not_a_server"),
        (V2, 200, {"unexpected": True}, "not_a_server"),
        (V2, 404, b"<h1>no such page</h1>", "not_a_server"),
    ],
)
def test_connecting_says_what_was_wrong(
    sick: Canned, connector: Mastodon, path: str, status_: int, body: Any, code: str
) -> None:
    sick.say(path, body, status_)
    with pytest.raises(Refused, match=code):
        connector.connect({"server": sick.url, "token": "t"})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("http://example.com", "insecure_server"),
        ("ftp://example.com", "answer_invalid"),
        ("https://me:secret@example.com", "answer_invalid"),
        ("https://", "answer_invalid"),
        ("https://[::1", "answer_invalid"),
        ("https://example.com:99999", "answer_invalid"),
        ("two words", "answer_invalid"),
    ],
)
def test_a_token_goes_only_to_a_server_that_can_be_trusted_with_it(
    connector: Mastodon, sick: Canned, given: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        connector.connect({"server": given, "token": "t"})
    with pytest.raises(Refused, match=code):
        connector.authorise({"server": given}, "https://counter.example/back/", "state")
    assert not sick.asked


def test_an_older_instance_says_its_limits_another_way(sick: Canned, connector: Mastodon) -> None:
    sick.say(V2, {"error": "Not found"}, 404)
    sick.say(
        V1,
        {
            "version": "2.7.2 (compatible; Pleroma 2.6.0)",
            "uri": "https://old.example",
            "max_toot_chars": 5000,
            "urls": {"streaming_api": "ws://old.example"},
        },
    )
    connected = connector.connect({"server": sick.url, "token": "t"})
    assert connected.settings["characters"] == 5000
    assert connected.settings["domain"] == "old.example"
    assert connected.settings["software"] == "pleroma"
    assert connected.me.handle == "brand@old.example"


def test_the_token_does_not_go_to_a_stream_without_protection(sick: Canned) -> None:
    for named, place in {
        "wss://stream.example": "https://stream.example",
        "ws://stream.example": "",
        "wss://me:secret@stream.example": "",
        "javascript:x": "",
        "wss://[": "",
    }.items():
        said = {"version": "4.5.0", "configuration": {"urls": {"streaming": named}}}
        assert _settings("https://here.example", said)["stream"] == place


def test_a_grant_that_was_not_given_connects_nothing(sick: Canned, connector: Mastodon) -> None:
    sick.say("/api/v1/apps", {"client_id": "c", "client_secret": "s"})
    asked = connector.authorise({"server": sick.url}, "https://counter.example/back/", "state")
    assert asked
    with pytest.raises(Refused, match="access_denied"):
        connector.authorised(asked.kept, {"error": "access_denied", "state": "state"})
    sick.say("/oauth/token", {"error": "invalid_grant", "error_description": "expired"}, 400)
    with pytest.raises(Refused, match="access_denied"):
        connector.authorised(asked.kept, {"code": "old", "state": "state"})
    sick.say("/oauth/token", {"token_type": "Bearer"})
    with pytest.raises(Refused, match="access_denied"):
        connector.authorised(asked.kept, {"code": "new", "state": "state"})
    sick.say("/api/v1/apps", {"error": "Validation failed"}, 422)
    with pytest.raises(Refused, match="not_a_server"):
        connector.authorise({"server": sick.url}, "https://counter.example/back/", "state")


# Listening


def streaming(sick: Canned, connector: Mastodon) -> Iterator[bool]:
    connector.settings = settings(sick, stream=sick.url)
    return connector.listen()


@pytest.mark.parametrize(("status_", "error"), [(401, Reconnect), (404, TryLater), (503, TryLater)])
def test_a_stream_that_is_refused(
    sick: Canned, connector: Mastodon, status_: int, error: type[ConnectorError]
) -> None:
    sick.say("/api/v1/streaming/user", {"error": "no"}, status_)
    with pytest.raises(error):
        next(streaming(sick, connector))


def test_a_stream_of_nonsense_wakes_nobody_for_nothing(sick: Canned, connector: Mastodon) -> None:
    other = json.dumps(status(1)).encode()
    sick.say(
        "/api/v1/streaming/user",
        b":thump\n\nevent: update\ndata: " + other + b"\n\nevent: update\ndata: {broken\n\n\xff\xfe\n"
        b"event: filters_changed\ndata: x\n\n",
    )
    assert list(streaming(sick, connector))[1:] in ([False], [False, False])
    for event in (
        b"event: notification\ndata: {}\n\n",
        b"event: update\r\ndata: " + json.dumps(status(1, BRAND)).encode() + b"\r\n\r\n",
        b"event: update\ndata: " + json.dumps(status(1, in_reply_to_account_id="7")).encode() + b"\n\n",
    ):
        sick.say("/api/v1/streaming/user", event)
        assert list(streaming(sick, connector)) == [True, True]
