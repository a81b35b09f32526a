"""What is special about Mastodon's interface, on real snac2 and on the stand-in, which each test names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Gone, Kind, Reconnect, Refused, TryLater, Upload
from tests.contract.harness import told_of
from tests.contract.mastodon import MockHarness, SnacHarness
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour, SnacNeighbour, words
from tests.servers.snac import SnacPair
from tests.servers.stranger import jpeg, until

BACK = "https://counter.example/channels/back/"


@pytest.fixture
def stand_in(mastodon_stand_in: MastodonMock) -> Iterator[MockHarness]:
    """A brand connected on the stand-in, its first fetch done."""
    with Outside(frozenset([mastodon_stand_in.address])) as http:
        channel = MockHarness.ready(http, mastodon_stand_in, MockNeighbour.arrives(mastodon_stand_in))
        channel.fetch()
        yield channel


@pytest.fixture
def snac2(snac: SnacPair, neighbour: SnacNeighbour) -> Iterator[SnacHarness]:
    """A brand connected on snac2, its first fetch done."""
    with Outside(frozenset(snac.addresses)) as http:
        channel = SnacHarness.ready(http, snac, neighbour)
        channel.fetch()
        yield channel


def now() -> datetime:
    return datetime.now(UTC)


# Once


def test_looking_first_says_once_and_finds_what_was_said(snac2: SnacHarness) -> None:
    heard = snac2.hear()
    at = now()
    look = snac2.connector().find
    assert look(heard, "said *once* 🙂 https://example.org/x_y", "key-1", at) is None
    first = snac2.reply(heard, "said *once* 🙂 https://example.org/x_y", "key-1")
    found = look(heard, "said *once* 🙂 https://example.org/x_y", "key-1", at)
    assert found.remote_id == first.remote_id
    again = snac2.connector().reply(heard, "said *once* 🙂 https://example.org/x_y", [], "key-1", at)
    assert again.remote_id == first.remote_id
    assert look(heard, "said *once* 😡 https://example.org/x_y", "key-1", at) is None
    other = snac2.reply(heard, "said *once* 🙂 https://example.org/x_y", "key-2")
    assert other.remote_id != first.remote_id, "another delivery of the same words is another answer"
    assert len(snac2.all_said()) == 2
    posts = [snac2.connector().publish("we open at nine", [], "key-3", at) for _ in range(2)]
    assert posts[0].remote_id == posts[1].remote_id
    assert len(snac2.all_said()) == 3


def test_a_private_answer_is_found_as_well(snac2: SnacHarness) -> None:
    uri = snac2.stranger.post(f"@{snac2.app.handle} between us", visibility="direct")
    heard = snac2.listen([uri])[0]
    assert (heard.kind, heard.facts["visibility"]) == (Kind.MESSAGE, "direct")
    sent = snac2.reply(heard, "of course", "key-private")
    found = snac2.connector().find(heard, "of course", "key-private", now())
    assert found.remote_id == sent.remote_id
    snac2.arrived(sent.remote_id, snac2.stranger)
    assert snac2.stranger.seen(sent.remote_id)["visibility"] == "private"
    assert snac2.all_said() == [], "nobody else sees it"


def test_the_stand_in_minds_the_key_that_it_is_given(stand_in: MockHarness) -> None:
    heard = stand_in.hear()
    voice = stand_in.connector()._voice()
    said = [
        voice._say("once", [], "key-once", "", {"in_reply_to_id": heard.facts["id"]}, {}) for _ in range(2)
    ]
    assert said[0].remote_id == said[1].remote_id
    assert stand_in.all_said() == ["once"]


# Whom an answer is for


def test_an_answer_names_whom_it_is_for_and_keeps_to_those_who_see_the_message(
    stand_in: MockHarness, mastodon_stand_in: MastodonMock
) -> None:
    other = MockNeighbour.arrives(mastodon_stand_in, "other")
    uri = stand_in.stranger.post(f"@{stand_in.app.handle} @{other.handle} psst", visibility="direct")
    heard = stand_in.listen([uri])[0]
    assert heard.kind == Kind.MESSAGE
    sent = stand_in.reply(heard, f"hello @{stand_in.stranger.handle}!", "key-direct")
    there = stand_in.stranger.seen(sent.remote_id)
    assert there["visibility"] == "direct"
    text = re.sub("<[^>]+>", "", there["content"])
    assert text == f"@{other.handle} hello @{stand_in.stranger.handle}!"
    unlisted = stand_in.listen([stand_in.stranger.post(f"@{stand_in.app.handle} hi", visibility="unlisted")])[
        0
    ]
    quiet = stand_in.reply(unlisted, "hi", "key-unlisted")
    assert stand_in.stranger.seen(quiet.remote_id)["visibility"] == "unlisted"


def test_the_names_in_front_count(stand_in: MockHarness) -> None:
    heard = stand_in.hear()
    connector = stand_in.connector()
    front = len(f"@{stand_in.stranger.handle} ")
    full = "x" * (500 - front)
    assert connector.answer_length(heard, full).over == 0
    assert connector.answer_length(heard, full, "cw").over == 2
    stand_in.reply(heard, full, "key-full")
    with pytest.raises(Refused, match="too_long") as error:
        stand_in.reply(heard, full + "x", "key-over")
    assert error.value.facts == {"limit": 500, "over": 1}


def test_an_answer_that_names_nobody_is_heard_all_the_same(stand_in: MockHarness) -> None:
    sent = stand_in.connector().publish("we are open", [], "key-open", now())
    stand_in.fetch()
    unnamed = stand_in.stranger.post("good to know", reply_to=sent.remote_id)
    heard = stand_in.listen([unnamed])[0]
    assert (heard.kind, heard.addressed, heard.in_reply_to) == (Kind.REPLY, True, sent.remote_id)
    assert heard.conversation == f"{sent.remote_id}#{heard.actor.remote_id}"


def test_the_messages_above_a_mention_come_along_unaddressed(
    stand_in: MockHarness, mastodon_stand_in: MastodonMock
) -> None:
    other = MockNeighbour.arrives(mastodon_stand_in, "other")
    first = stand_in.stranger.post("anybody been to the harbour?")
    second = other.post("ask them", reply_to=first)
    third = stand_in.stranger.post(f"@{stand_in.app.handle} well?", reply_to=second)
    heard = stand_in.listen([first, second, third])
    assert [item.addressed for item in heard] == [False, False, True]
    assert [item.in_reply_to for item in heard] == ["", first, second]
    assert [item.conversation for item in heard] == ["", first, first]


# Warnings, pictures


def test_a_warning_goes_out_and_comes_in(stand_in: MockHarness) -> None:
    uri = stand_in.stranger.post(f"@{stand_in.app.handle} one sat in my seat", spoiler_text="spiders")
    heard = stand_in.listen([uri])[0]
    assert heard.warning == "spiders"
    picture = Upload(jpeg(), "image/jpeg", "an empty seat")
    sent = stand_in.connector().reply(heard, "we are sorry", [picture], "key-cw", now(), "spiders again")
    there = stand_in.stranger.seen(sent.remote_id)
    assert (there["spoiler_text"], there["sensitive"]) == ("spiders again", True)
    assert [each["description"] for each in there["media_attachments"]] == ["an empty seat"]


# Changing and taking back


def test_an_answer_is_changed_with_all_that_belongs_to_it(stand_in: MockHarness) -> None:
    heard = stand_in.hear()
    picture = Upload(jpeg(), "image/jpeg", "a clock")
    sent = stand_in.connector().reply(heard, "until tne", [picture], "key-edit", now(), "time")
    stand_in.sent[sent.remote_id] = sent.facts
    for _ in range(2):
        stand_in.connector().edit(sent.remote_id, "until ten")
    there = stand_in.stranger.seen(sent.remote_id)
    assert re.sub("<[^>]+>", "", there["content"]) == f"@{stand_in.stranger.handle} until ten"
    assert (there["spoiler_text"], there["visibility"]) == ("time", "public")
    assert [each["description"] for each in there["media_attachments"]] == ["a clock"]
    assert len(stand_in.app.call("GET", f"/api/v1/statuses/{sent.facts['id']}/history")) == 2, (
        "once, not twice"
    )
    (own,) = told_of(stand_in.connector().recheck([sent.remote_id]))
    assert own.text.endswith("until ten")


def test_what_others_change_is_told_when_asked_again(stand_in: MockHarness) -> None:
    kept, changed = stand_in.speak(2)
    stand_in.listen([kept, changed])
    assert told_of(stand_in.connector().recheck([kept, changed])) == []
    stand_in.stranger.edit(changed, f"@{stand_in.app.handle} I meant the other one")
    (item,) = told_of(stand_in.connector().recheck([kept, changed]))
    assert isinstance(item, Activity)
    assert item.remote_id == changed
    assert item.text.endswith("I meant the other one")
    assert item.edited


def test_only_ones_own_is_changed_and_taken_back(stand_in: MockHarness) -> None:
    theirs = stand_in.speak()[0]
    stand_in.listen([theirs])
    for act in (lambda: stand_in.connector().delete(theirs), lambda: stand_in.connector().edit(theirs, "x")):
        with pytest.raises(Refused, match="not_ours"):
            act()
    post = stand_in.connector().publish("short-lived", [], "key-gone", now())
    stand_in.connector().publish(
        "another", [], "key-after", now()
    )  # it gives the last number to the next one
    for _ in range(2):
        stand_in.connector().delete(post.remote_id)
    with pytest.raises(Refused, match="not_there"):
        stand_in.connector().edit(post.remote_id, "too late")
    assert told_of(stand_in.connector().recheck([post.remote_id])) in ([], [Gone(post.remote_id)])


def test_snac2_changes_but_cannot_take_back(snac2: SnacHarness) -> None:
    post = snac2.connector().publish("until tne", [], "key-snac", now())
    snac2.connector().edit(post.remote_id, "until ten")
    assert words(snac2.app.seen(post.remote_id)) == "until ten"
    with pytest.raises(Refused, match="server_cannot"):
        snac2.connector().delete(post.remote_id)


def test_what_snac2_changes_a_number_of_is_still_found(snac2: SnacHarness) -> None:
    heard = snac2.hear()
    sent = snac2.reply(heard, "yes", "key-number")
    snac2.app.act("Like", heard.remote_id)
    snac2.app.edit(sent.remote_id, f"@{snac2.stranger.handle} yes indeed")
    again = snac2.connector().measure([sent.remote_id, heard.remote_id])
    assert {counts.remote_id for counts in again} == {sent.remote_id, heard.remote_id}
    second = snac2.reply(heard, "and welcome", "key-second")
    assert second.remote_id != sent.remote_id
    (own,) = told_of(snac2.connector().recheck([sent.remote_id]))
    assert own.text == "yes indeed"


# Streaming


def test_the_stream_wakes_for_what_is_about_the_brand(
    stand_in: MockHarness, mastodon_stand_in: MastodonMock
) -> None:
    famous = MockNeighbour.arrives(mastodon_stand_in, "famous")
    stand_in.app.follow("", famous.handle)
    line = stand_in.connector().listen()
    assert next(line) is True, "the line is open"
    famous.post("look at me")
    assert not any(next(line) for _ in range(2)), "what the brand follows is no news of its own"
    stand_in.speak()
    assert next(sign for sign in line if sign)
    stand_in.app.post("from a phone")
    assert next(sign for sign in line if sign)
    line.close()


def test_where_nothing_is_streamed_nobody_asks_again_soon(snac2: SnacHarness) -> None:
    with pytest.raises(TryLater, match="no_stream") as error:
        next(snac2.connector().listen())
    assert error.value.after
    assert error.value.after >= timedelta(hours=1)


def test_a_stream_with_a_dead_token_says_so(stand_in: MockHarness) -> None:
    stand_in.lose_grant()
    with pytest.raises(Reconnect):
        next(stand_in.connector().listen())


# Going slower


def test_the_stand_in_asks_to_wait(stand_in: MockHarness, mastodon_stand_in: MastodonMock) -> None:
    with (
        mastodon_stand_in.fault("/api/v1/notifications", {"type": "ratelimit"}, "GET"),
        pytest.raises(TryLater, match="rate_limited") as error,
    ):
        stand_in.connector().fetch(stand_in.cursor, [])
    assert error.value.after == timedelta(seconds=300)
    stand_in.hear()


# Asking in the browser


def grant(channel: Any, choose: Any) -> Any:
    """What a person does in the browser, from the counter's page and back to it."""
    connector = channel.bare()
    asked = connector.authorise({"server": channel.url, "token": ""}, BACK, "state-1")
    parameters = parse_qs(urlsplit(asked.url).query)
    assert parameters["redirect_uri"] == [BACK]
    assert parameters["code_challenge_method"] == ["S256"]
    assert "write:statuses" in parameters["scope"][0]
    page = httpx2.get(asked.url)
    fields = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page.text))
    form = {name: unescape(value) for name, value in fields.items()}
    action = re.search(r'action="([^"]+)"', page.text)
    assert action
    address = action[1] if action[1].startswith("http") else f"{channel.url}{action[1]}"
    answer = httpx2.post(address, data=form | choose)
    assert answer.status_code in (302, 303), answer.text[:300]
    assert answer.headers["location"].startswith(BACK)
    came_back = {
        name: value[0] for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }
    assert came_back["state"] == "state-1"
    return connector.authorised(asked.kept, came_back)


def test_a_grant_from_snac2_hears_and_speaks(snac2: SnacHarness) -> None:
    connected = grant(snac2, {"login": snac2.brand.name, "passwd": snac2.brand.password})
    assert connected.me == snac2.connected.me
    assert connected.grant["token"] != snac2.brand.token
    snac2.grant.secrets = dict(connected.grant)
    snac2.connector().publish("granted", [], "key-granted", now())
    assert snac2.all_said() == ["granted"]


def test_a_grant_from_the_stand_in_hears_and_speaks(stand_in: MockHarness) -> None:
    connected = grant(stand_in, {"username": stand_in.brand.name})
    assert connected.me == stand_in.connected.me
    stand_in.grant.secrets = dict(connected.grant)
    stand_in.connector().publish("granted", [], "key-granted", now())
    assert stand_in.all_said() == ["granted"]


def test_with_a_token_nobody_is_asked(stand_in: MockHarness) -> None:
    answers = {"server": stand_in.url, "token": stand_in.brand.token}
    assert stand_in.bare().authorise(answers, BACK, "state-1") is None


def test_limits_are_the_servers_own(stand_in: MockHarness, snac2: SnacHarness) -> None:
    assert stand_in.connector().length("").limit == 500
    assert snac2.connector().length("").limit == 100_000
    assert stand_in.connector().settings["image_bytes"] == 10_485_760
    assert snac2.connector().settings["stream"] == ""
    assert stand_in.connector().settings["stream"] == stand_in.url


def test_edited_messages_arrive_everywhere(snac2: SnacHarness) -> None:
    heard = snac2.hear()
    sent = snac2.reply(heard, "until tne", "key-federated")
    snac2.arrived(sent.remote_id, snac2.stranger)
    snac2.connector().edit(sent.remote_id, "until ten")
    assert until(lambda: snac2.shown(sent.remote_id) == "until ten")
