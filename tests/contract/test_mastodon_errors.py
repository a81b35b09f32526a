"""What a sick or hostile instance says, and what the Mastodon connector makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.mastodon import Mastodon
from comptoir.connectors.mastodon.speaking import Voice
from comptoir.kernel.faults import OutsideError
from comptoir.networks.connector import (
    Activity,
    Actor,
    Gone,
    Reconnect,
    Refused,
    TryLater,
    Unusable,
    Upload,
)
from tests.contract.canned import Canned
from tests.contract.harness import told_of
from tests.contract.instance import (
    ANN,
    BRAND,
    ME,
    NOTICES,
    NOW,
    OWN,
    STATUSES,
    TO,
    V2,
    connector_at,
    notice,
    sick_instance,
    status,
)
from tests.servers.stranger import jpeg


@pytest.fixture
def sick() -> Iterator[Canned]:
    with sick_instance() as server:
        yield server


@pytest.fixture
def connector(sick: Canned) -> Iterator[Mastodon]:
    with connector_at(sick) as made:
        yield made


@pytest.fixture
def to(sick: Canned) -> Activity:
    """A message that stands on the instance."""
    return replace(TO, facts={**TO.facts, "at": sick.address})


# Hearing


def test_too_many_questions_are_answered_with_the_time_to_wait(sick: Canned, connector: Mastodon) -> None:
    reset = (datetime.now(UTC) + timedelta(seconds=90)).isoformat().replace("+00:00", "Z")
    sick.say(NOTICES, {"error": "Too many requests"}, 429, x_ratelimit_reset=reset)
    with pytest.raises(TryLater, match="rate_limited") as error:
        connector.fetch(None, [])
    assert error.value.after
    assert timedelta(seconds=80) < error.value.after <= timedelta(seconds=91)


@pytest.mark.parametrize("status_", [500, 502, 503, 302, 403])
def test_an_instance_that_is_ill_may_recover(sick: Canned, connector: Mastodon, status_: int) -> None:
    sick.say(NOTICES, b"<h1>Bad gateway</h1>", status_)
    with pytest.raises(TryLater, match="server_error"):
        connector.fetch(None, [])


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'"x"', b"\xff\xfe", b"[" * 9000])
def test_an_answer_that_makes_no_sense_may_be_better_next_time(
    sick: Canned, connector: Mastodon, body: bytes
) -> None:
    sick.say(NOTICES, body)
    with pytest.raises((TryLater, OutsideError)):
        connector.fetch(None, [])


@pytest.mark.parametrize(
    ("status_", "said", "code"),
    [
        (401, "The access token was revoked", "token_revoked"),
        (403, "Your login is currently disabled", "account_suspended"),
        (403, "This action is outside the authorized scopes", "reconnect"),
    ],
)
def test_a_grant_that_died_says_how(
    sick: Canned, connector: Mastodon, status_: int, said: str, code: str
) -> None:
    sick.say(NOTICES, {"error": said}, status_)
    with pytest.raises(Reconnect, match=code):
        connector.fetch(None, [])


def test_an_account_that_moved_away_says_where(sick: Canned, connector: Mastodon) -> None:
    sick.say(ME, {**BRAND, "moved": {"acct": "brand@elsewhere.example"}})
    with pytest.raises(Reconnect, match="account_moved") as error:
        connector.fetch(None, [])
    assert error.value.facts == {"to": "brand@elsewhere.example"}
    with pytest.raises(Refused, match="account_moved"):
        connector.connect({"server": sick.url, "token": "t"})


def test_limits_that_changed_are_kept(sick: Canned, connector: Mastodon) -> None:
    sick.say(
        V2,
        {
            "version": "4.5.0",
            "domain": "here.example",
            "configuration": {"statuses": {"max_characters": 2000}},
        },
    )
    page = connector.fetch(None, [])
    assert page.settings["characters"] == 2000
    assert "server" not in page.settings
    sick.asked.clear()
    assert connector.fetch(page.cursor, []).settings == {}
    assert V2 not in sick.asked


def test_one_notification_that_cannot_be_read_is_set_aside_and_the_rest_is_heard(
    sick: Canned, connector: Mastodon
) -> None:
    given = [
        notice(9, status=status(9, created_at="yesterday")),
        notice(8, status=None),
        notice(7, status=status(7, account=None)),
        "not even an object",
        notice(6, type="poll"),
        notice(5, status=status(5, content=["no"])),
        notice(4, type="from_the_future"),
        notice(3),
    ]
    cursor = connector.fetch(None, []).cursor
    sick.say(NOTICES, given)
    page = connector.fetch(cursor, [])
    heard = [item.text for item in page.items if isinstance(item, Activity)]
    assert heard == ["number 3"]
    aside = sorted(item.reason for item in page.items if isinstance(item, Unusable))
    assert aside == ["no_author", "no_notification", "no_status", "no_text", "no_time"]
    assert not connector.fetch(page.cursor, []).items, "what was set aside is not handed out again"


def test_a_list_that_never_ends_is_not_walked_for_ever(sick: Canned, connector: Mastodon) -> None:
    cursor = connector.fetch(None, []).cursor
    sick.say(NOTICES, [notice(n) for n in range(50, 10, -1)])
    for _ in range(3):
        page = connector.fetch(cursor, [])
        if not page.more:
            return
        cursor = page.cursor
    pytest.fail("still walking")


def test_what_stands_above_is_asked_once_for_a_conversation(sick: Canned, connector: Mastodon) -> None:
    cursor = connector.fetch(None, []).cursor
    first = status(1)
    sick.say(NOTICES, [notice(n, status=status(n, in_reply_to_id="1")) for n in range(40, 10, -1)])
    for n in range(11, 41):
        sick.say(f"{STATUSES}/{n}/context", {"ancestors": [first], "descendants": []})
    page = connector.fetch(cursor, [])
    heard = [item for item in page.items if isinstance(item, Activity) and item.addressed]
    assert {item.in_reply_to for item in heard} == {first["uri"]}
    assert len([path for path in sick.asked if path.endswith("/context")]) == 1


# Looking again


def known(connector: Mastodon, sick: Canned) -> list[str]:
    """Two messages whose numbers are known."""
    names = [f"{ANN['url']}/{n}" for n in (1, 2)]
    connector._facts = lambda ids: {
        name: {"id": name.rsplit("/", 1)[1], "at": sick.address} for name in ids if name in names
    }
    return names


def test_only_the_instance_itself_says_that_a_message_is_gone(sick: Canned, connector: Mastodon) -> None:
    kept, gone = known(connector, sick)
    sick.say(f"{STATUSES}/1", status(1))
    sick.say(f"{STATUSES}/2", {"error": "Record not found"}, 404)
    assert told_of(connector.recheck([kept, gone])) == [Gone(gone)]
    sick.say(f"{STATUSES}/2", b"<h1>404 Not Found</h1><hr>nginx", 404)
    with pytest.raises(TryLater):
        told_of(connector.recheck([kept, gone]))
    sick.say(STATUSES, [status(1)])
    sick.say(f"{STATUSES}/2", {"error": "Record not found"}, 404)
    sick.asked.clear()
    assert told_of(connector.recheck([kept, gone])) == [Gone(gone)]
    assert sick.asked == [STATUSES, f"{STATUSES}/2"], "in one question, and what is missing once more alone"


def test_who_was_renamed_is_told_with_what_they_said(sick: Canned, connector: Mastodon) -> None:
    kept, _gone = known(connector, sick)
    said = status(1)
    sick.say(STATUSES, [{**said, "account": {**said["account"], "display_name": "Ann of the harbour"}}])
    (who,) = connector.recheck([kept])
    assert isinstance(who, Actor)
    assert who.name == "Ann of the harbour"


def test_what_can_wait_waits_when_the_instance_allows_little_more(sick: Canned, connector: Mastodon) -> None:
    names = known(connector, sick)
    sick.say(STATUSES, [status(1), status(2)], x_ratelimit_remaining="20")
    assert told_of(connector.recheck(names)) == []
    sick.asked.clear()
    assert told_of(connector.recheck(names)) == []
    assert sick.asked == []
    assert connector.rests, "which the rooms can see: they come back later"


def test_what_nobody_knows_the_number_of_is_not_taken_for_gone(sick: Canned, connector: Mastodon) -> None:
    sick.say(STATUSES, [])
    assert (
        told_of(connector.recheck(["https://nowhere.example/1", f"{sick.url}/users/brand/statuses/3"])) == []
    )


# Saying


def test_an_answer_is_not_sent_when_nobody_can_look_first(
    sick: Canned, connector: Mastodon, to: Activity
) -> None:
    sick.say(f"{STATUSES}/5/context", {}, 502)
    with pytest.raises(TryLater):
        connector.reply(to, "hello", [], "key", NOW)
    sick.say(f"{STATUSES}/5/context", b"<h1>404</h1>", 404)
    with pytest.raises(TryLater):
        connector.reply(to, "hello", [], "key", NOW)
    with pytest.raises(TryLater):
        connector.find(to, "hello", "key", NOW)
    assert STATUSES not in sick.asked


def test_an_answer_to_what_was_deleted_is_found_or_refused(
    sick: Canned, connector: Mastodon, to: Activity
) -> None:
    sick.say(f"{STATUSES}/5/context", {"error": "Record not found"}, 404)
    with pytest.raises(Refused, match="target_gone"):
        connector.reply(to, "hello", [], "key", NOW)
    mine = status(6, BRAND, content="<p>@ann hello</p>", in_reply_to_id=None)
    sick.say(OWN, [mine])
    assert connector.reply(to, "hello", [], "key", NOW).remote_id == mine["uri"]
    sick.say(OWN, [{**mine, "created_at": "2026-11-20T09:00:00Z"}])
    with pytest.raises(Refused, match="target_gone"):
        connector.reply(to, "hello", [], "key", NOW)


def test_more_than_can_be_looked_through_is_not_taken_for_nothing(
    sick: Canned, connector: Mastodon, to: Activity
) -> None:
    sick.say(f"{STATUSES}/5/context", {"ancestors": [], "descendants": []})
    pages = iter(range(9_000, 0, -40))

    def own(below: str, since: str) -> list[dict[str, Any]]:
        top = next(pages)
        return [status(n, BRAND) for n in range(top, top - 40, -1)]

    voice = connector._voice()
    voice._ears.own = own
    with pytest.raises(TryLater, match="uncertain"):
        voice.find(to, "hello", "key", NOW)
    old = [status(n, BRAND, created_at="2026-11-19T10:00:00Z") for n in range(40, 0, -1)]
    answers = iter([[status(80, BRAND)], old])
    voice._ears.own = lambda below, since: next(answers)
    assert voice.find(to, "hello", "key", NOW) is None


def test_what_leaves_carries_all_that_it_should(sick: Canned, connector: Mastodon, to: Activity) -> None:
    sick.say(f"{STATUSES}/5/context", {"ancestors": [], "descendants": []})
    sick.say(STATUSES, status(6, BRAND))
    sent = connector.reply(to, "hello", [], "key-7", NOW, "spiders")
    method, headers, body = sick.told[-1]
    assert method == STATUSES
    assert headers["idempotency-key"] == "key-7"
    assert headers["authorization"] == "Bearer t"
    assert json.loads(body) == {
        "status": "@ann@there.example hello",
        "in_reply_to_id": "5",
        "visibility": "public",
        "spoiler_text": "spiders",
        "sensitive": False,
    }
    assert sent.facts["key"] == "key-7"
    assert sent.facts["names"] == "@ann@there.example "


def test_an_answer_whose_message_goes_meanwhile_is_refused(
    sick: Canned, connector: Mastodon, to: Activity
) -> None:
    sick.say(f"{STATUSES}/5/context", {"ancestors": [], "descendants": []})
    sick.say(STATUSES, {"error": "The post you are trying to reply to does not appear to exist."}, 404)
    with pytest.raises(Refused, match="target_gone"):
        connector.reply(to, "hello", [], "key", NOW)


@pytest.mark.parametrize(
    ("status_", "said", "code"),
    [
        (422, "Validation failed: Text character limit of 500 exceeded", "too_long"),
        (422, "Validation failed: Media attachments is invalid", "refused"),
        (403, "This action is not allowed", "not_allowed"),
    ],
)
def test_what_the_instance_refuses_is_refused_with_its_words(
    sick: Canned, connector: Mastodon, status_: int, said: str, code: str
) -> None:
    sick.say(STATUSES, {"error": said}, status_)
    with pytest.raises(Refused, match=code) as error:
        connector.publish("hello", [], "key", NOW)
    assert error.value.facts["said"] == said


def test_a_picture_is_waited_for(sick: Canned, connector: Mastodon, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            sick.say("/api/v1/media/3", {"id": "3", "url": "https://f.example/3.jpg"})

    voice = connector._voice()
    monkeypatch.setattr(Mastodon, "_voice", lambda self: voice)
    voice._wait = wait
    sick.say("/api/v2/media", {"id": "3", "url": None}, 202)
    sick.say("/api/v1/media/3", {"id": "3", "url": None}, 206)
    sick.say(STATUSES, status(6, BRAND))
    picture = Upload(jpeg(), "image/jpeg", "a été: “lion”")
    connector.publish("look", [picture], "key", NOW)
    assert len(waited) == 2
    _method, headers, body = sick.told[0]
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="description"\r\n\r\na été: “lion”\r\n'.encode() in body
    assert b'filename="1.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + picture.content in body
    assert json.loads(sick.told[-1][2])["media_ids"] == ["3"]
    waited.extend([0.0] * 10)
    sick.say("/api/v1/media/3", {"id": "3", "url": None}, 206)
    with pytest.raises(TryLater, match="server_error"):
        connector.publish("look again", [picture], "key-2", NOW)
    assert isinstance(voice, Voice)
