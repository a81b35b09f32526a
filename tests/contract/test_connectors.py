"""The contract of `comptoir.networks.connector`, for every connector there is."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside
from comptoir.networks.connector import (
    OPENING,
    SILENT,
    Activity,
    ConnectorError,
    Counted,
    Deletes,
    Fetches,
    Finds,
    Followed,
    Gone,
    Keyed,
    Kind,
    Measures,
    Page,
    Publishes,
    Rechecks,
    Reconnect,
    Refused,
    Replies,
    Upload,
)
from tests.contract.conftest import HARNESSES
from tests.contract.harness import Gestured, Harness, Open, told_of
from tests.servers.stranger import jpeg, until

needs = pytest.mark.needs.with_args


def well_formed(item: Activity, me: str) -> None:
    """What every activity owes the rooms."""
    assert item.remote_id
    assert item.actor.remote_id
    assert item.actor.handle
    assert item.published.tzinfo is not None
    assert json.loads(json.dumps(dict(item.facts))) == dict(item.facts)
    last = 0
    for span in sorted(item.spans, key=lambda span: span.start):
        assert last <= span.start < span.end <= len(item.text)
        assert span.target.startswith(("https://", "http://"))
        last = span.end
    assert not (item.addressed and item.actor.remote_id == me)


# What a connector says of itself


@pytest.mark.parametrize("name", HARNESSES)
def test_it_declares_itself(name: str) -> None:
    kind = HARNESSES[name].type
    assert name.startswith(kind.network)
    assert kind.label
    assert timedelta(0) < kind.every <= timedelta(minutes=15)
    fields = [field.name for field in kind.form]
    assert len(fields) == len(set(fields))
    assert all(field.label for field in kind.form)
    assert all(field.secret for field in kind.form if field.kind == "password")


@pytest.mark.parametrize("name", HARNESSES)
def test_what_speaks_can_be_told_to_speak_once(name: str) -> None:
    kind = HARNESSES[name].type
    if issubclass(kind, Replies | Publishes):
        assert issubclass(kind, Keyed | Finds), "a crash after sending would leave nobody knowing"


# Connecting


def test_connecting_gives_an_account_and_keeps_secrets_apart(town: Harness) -> None:
    connected = town.connect()
    assert connected.me.remote_id
    assert connected.me.handle
    plain = json.dumps(dict(connected.settings))
    assert all(isinstance(value, str) for value in connected.grant.values())
    for field in (field for field in town.type.form if field.secret):
        value = town.answers()[field.name]
        assert value not in plain
        kept = value in json.dumps(dict(connected.grant))
        assert not kept or field.name in town.typed_tokens, "what a person typed is not kept, tokens are"
    for name in ("access", "refresh", "token"):
        assert connected.grant.get(name, "") == "" or connected.grant[name] not in plain


def test_wrong_answers_are_refused(town: Harness) -> None:
    for change in town.wrong:
        with pytest.raises(Refused) as refusal:
            town.bare().connect({**town.answers(), **change})
        assert refusal.value.code


# Hearing


@needs(Fetches)
def test_a_new_channel_hears_nothing_of_the_past(town: Any) -> None:
    if isinstance(town, Open):
        town.connect()
        earlier = town.hear()
        town.heard.clear()
        town.cursor = None
        town.connect()
        town.fetch()
        assert earlier.remote_id not in town.heard
    else:
        town.connect()
        heard = town.step().items
        history = {
            item.remote_id for item in town.connector().history(town.now - timedelta(days=30), None).items
        }
        assert not history & {item.remote_id for item in heard}
        assert all(town.now - item.published < town.already_talking for item in heard)


@needs(Fetches)
def test_somebody_speaks_and_we_hear_it(channel: Harness) -> None:
    heard = channel.hear()
    assert channel.connected
    well_formed(heard, channel.connected.me.remote_id)
    assert heard.kind in OPENING
    assert heard.addressed
    assert heard.text
    assert heard.actor.remote_id != channel.connected.me.remote_id
    assert abs((channel.now or datetime.now(UTC)) - heard.published) < timedelta(minutes=5)


@needs(Fetches)
def test_a_fetch_leaves_the_cursor_it_was_given_alone(channel: Harness) -> None:
    channel.speak()
    before = copy.deepcopy(channel.cursor)
    page: Page = channel.connector().fetch(channel.cursor, [])
    assert channel.cursor == before
    json.dumps(page.cursor)


@needs(Fetches)
def test_a_worker_that_dies_before_it_stores_a_page_loses_nothing(channel: Harness) -> None:
    ids = channel.speak(3)
    again = copy.deepcopy(channel.cursor)
    first = {item.remote_id for item in channel.listen(ids)}
    channel.heard.clear()
    channel.cursor = again
    second = {item.remote_id for item in channel.listen(ids)}
    assert first == second == set(ids)


@needs(Fetches, Open)
def test_more_pages_than_expected_with_a_crash_at_each(channel: Open) -> None:
    ids = channel.speak(13)
    until(lambda: all(channel.shown(i) for i in ids))
    with channel.small_pages(3):
        for _ in range(60):
            crashed: Page = channel.connector().fetch(copy.deepcopy(channel.cursor), [])
            page = channel.step()
            assert {item.remote_id for item in crashed.items} == {item.remote_id for item in page.items}
            if not page.more:
                break
    assert set(ids) <= set(channel.heard)
    assert all(isinstance(channel.heard[i], Activity) for i in ids)


@needs(Fetches, Open)
def test_what_comes_while_pages_are_read_is_not_lost(channel: Open) -> None:
    ids = channel.speak(7)
    until(lambda: all(channel.shown(i) for i in ids))
    with channel.small_pages(3):
        assert channel.step().more
        late = channel.speak(4)
        until(lambda: all(channel.shown(i) for i in late))
        channel.fetch()
        channel.listen([*ids, *late])


@needs(Fetches, Open)
def test_nothing_is_handed_out_twice_when_nothing_happens(channel: Open) -> None:
    channel.listen(channel.speak(2))
    channel.fetch()
    assert not channel.step().items


@needs(Fetches, Replies)
def test_a_stranger_answers_back_into_the_same_conversation(channel: Harness) -> None:
    heard = channel.hear()
    sent = channel.reply(heard, "we are here", "key-back")
    back = channel.listen([channel.answer(sent)])[0]
    assert back.addressed
    assert back.in_reply_to == sent.remote_id
    assert back.conversation == (heard.conversation or heard.remote_id)


@needs(Fetches, Open, Replies)
def test_what_the_brand_says_elsewhere_is_heard_as_its_own(channel: Open) -> None:
    heard = channel.hear()
    said = channel.listen([channel.elsewhere(heard.remote_id, "answered from a phone")])[0]
    assert channel.connected
    assert said.actor.remote_id == channel.connected.me.remote_id
    assert not said.addressed
    assert said.in_reply_to == heard.remote_id
    assert said.conversation == (heard.conversation or heard.remote_id)


@needs(Fetches, Gestured, Publishes)
def test_likes_follows_and_reposts_are_silent(channel: Gestured) -> None:
    sent = channel.connector().publish("something to like", [], "key-like", datetime.now(UTC))
    heard = channel.listen(channel.gestures(sent))
    assert {item.kind for item in heard} == {Kind.LIKE, Kind.REPOST, Kind.FOLLOW} <= SILENT
    assert all(item.about == sent.remote_id for item in heard if item.kind != Kind.FOLLOW)


@needs(Fetches, Open)
def test_history_gives_what_was_said_before_and_fetching_what_comes_after(town: Open) -> None:
    town.connect()
    before = town.speak(4)
    town.listen(before)
    answer = town.elsewhere(before[0], "answered long ago")
    town.listen([answer])
    town.heard.clear()
    town.cursor = None
    town.connect()
    after = town.speak(2)
    town.listen(after)
    assert not {*before, answer} & set(_addressed(town))
    found: dict[str, Any] = {}
    cursor: Any = None
    with town.small_pages(2):
        for _ in range(40):
            page = town.connector().history(datetime.now(UTC) - timedelta(days=30), cursor)
            cursor = json.loads(json.dumps(page.cursor))
            found |= {item.remote_id: item for item in page.items}
            if not page.more:
                break
    assert {*before, answer} <= set(found)
    assert not set(after) & set(found)


def _addressed(town: Harness) -> list[str]:
    return [i for i, item in town.heard.items() if isinstance(item, Activity) and item.addressed]


@needs(Fetches, Open)
def test_history_goes_back_no_further_than_asked(town: Open) -> None:
    town.connect()
    town.listen(town.speak(2))
    town.connect()
    page = town.connector().history(datetime.now(UTC) + timedelta(seconds=1), None)
    while page.more:
        assert not page.items
        page = town.connector().history(datetime.now(UTC) + timedelta(seconds=1), page.cursor)
    assert not page.items


# Looking again


@needs(Rechecks, Open)
def test_what_its_author_takes_back_is_gone_and_the_rest_stays(channel: Open) -> None:
    kept, gone = channel.speak(2)
    channel.listen([kept, gone])
    channel.take_back(gone)
    found = told_of(channel.connector().recheck([kept, gone]))
    assert [item.remote_id for item in found if isinstance(item, Gone)] == [gone]
    assert kept not in [item.remote_id for item in found if isinstance(item, Gone)]


# Saying


@needs(Open, Replies)
def test_an_answer_arrives_and_is_seen(channel: Open) -> None:
    heard = channel.hear()
    sent = channel.reply(heard, "yes, we are here", "key-seen")
    assert until(lambda: channel.shown(sent.remote_id)) == "yes, we are here"
    assert sent.url.startswith(("https://", "http://127.")) or (not channel.on_the_web and sent.url == "")


@needs(Open, Replies, Keyed)
def test_the_same_key_answers_once(channel: Open) -> None:
    heard = channel.hear()
    at = datetime.now(UTC)
    sent = [channel.connector().reply(heard, "said once", [], "key-once", at) for _ in range(3)]
    assert len({one.remote_id for one in sent}) == 1
    other = channel.connector().reply(heard, "said once", [], "key-other", at)
    assert other.remote_id != sent[0].remote_id
    assert channel.all_said().count("said once") == 2


@needs(Open, Replies, Keyed)
def test_a_try_after_the_message_was_taken_back_finds_what_an_earlier_try_said(channel: Open) -> None:
    heard = channel.hear()
    at = datetime.now(UTC)
    sent = channel.connector().reply(heard, "in time", [], "key-late", at)
    channel.take_back(heard.remote_id)
    assert channel.connector().reply(heard, "in time", [], "key-late", at).remote_id == sent.remote_id
    with pytest.raises(Refused) as refusal:
        channel.connector().reply(heard, "too late", [], "key-too-late", at)
    assert refusal.value.code == "target_gone"


@needs(Open, Publishes, Keyed, Deletes)
def test_a_post_is_published_once_and_can_be_taken_back(channel: Open) -> None:
    at = datetime.now(UTC)
    posts = [channel.connector().publish("we open at nine", [], "key-post", at) for _ in range(2)]
    assert channel.all_said() == ["we open at nine"]
    assert until(lambda: channel.shown(posts[0].remote_id)) == "we open at nine"
    channel.connector().delete(posts[0].remote_id)
    assert channel.all_said() == []
    until(lambda: channel.shown(posts[0].remote_id) is None)
    channel.connector().delete(posts[0].remote_id)


@needs(Open, Replies)
def test_pictures_are_seen_with_their_words(channel: Open) -> None:
    if not channel.type.images:
        return
    media = [Upload(jpeg(40 + n, 30), "image/jpeg", f"picture {n}") for n in range(channel.type.images)]
    sent = channel.reply(channel.hear(), "look", "key-pictures", media)
    assert channel.pictures(sent.remote_id) == [one.alt for one in media]
    with pytest.raises(Refused):
        channel.reply(channel.hear(), "look", "key-too-many", [*media, media[0]])


@needs(Open, Replies)
def test_pictures_are_said_once_however_often_a_try_is_repeated(channel: Open) -> None:
    if not channel.type.images or not issubclass(channel.type, Keyed | Finds):
        return
    heard, at, media = channel.hear(), datetime.now(UTC), [Upload(jpeg(), "image/jpeg", "a seat")]
    first = channel.connector().reply(heard, "look here", media, "key-once-more", at)
    channel.sent[first.remote_id] = first.facts
    if issubclass(channel.type, Keyed):
        again = channel.connector().reply(heard, "look here", media, "key-once-more", at)
    else:
        again = until(lambda: channel.connector().find(heard, "look here", "key-once-more", at))
    assert again.remote_id == first.remote_id
    assert channel.pictures(first.remote_id) == ["a seat"]
    assert channel.all_said().count("look here") <= 1


@needs(Counted)
def test_a_text_is_counted_and_one_too_long_is_refused(channel: Harness) -> None:
    connector = channel.connector()
    empty = connector.length("")
    assert empty.count == 0
    assert empty.fits
    full = connector.length("x" * empty.limit)
    assert (full.count, full.over, full.fits) == (full.limit, 0, True)
    assert connector.length("x" * (empty.limit + 7)).over == 7
    heard = channel.hear()
    with pytest.raises(Refused) as refusal:
        channel.reply(heard, "x" * (empty.limit + 1), "key-long")
    assert refusal.value.code == "too_long"


@needs(Gestured, Measures, Publishes)
def test_public_counts(channel: Gestured) -> None:
    sent = channel.connector().publish("count me", [], "key-count", datetime.now(UTC))
    channel.gestures(sent)

    def counted() -> bool:
        found = channel.connector().measure([sent.remote_id])
        return bool(found and found[0].likes == 1 and found[0].reposts == 1)

    assert until(counted)
    assert isinstance(connector := channel.connector(), Followed)
    known = None if Followed in channel.lacks else 1
    assert until(lambda: connector.followers() == known)


# When things go wrong


@needs(Open, Fetches)
def test_a_grant_that_died_says_so(channel: Open) -> None:
    channel.lose_grant()
    with pytest.raises(Reconnect) as error:
        channel.connector().fetch(channel.cursor, [])
    assert error.value.code


@needs(Open, Fetches)
def test_a_network_out_of_reach_is_one_of_the_errors_that_may_pass(channel: Open) -> None:
    with Outside() as nowhere:  # the guard, with no exception, refuses the test servers' addresses
        channel.http = nowhere
        with pytest.raises((ConnectorError, OutsideError)) as error:
            channel.connector().fetch(channel.cursor, [])
    assert not isinstance(error.value, Reconnect)
