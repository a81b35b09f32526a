"""The contract of those who hear what is said in public, for every connector and server that has it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside
from comptoir.kernel.tests.loopback import serving
from comptoir.networks.connector import (
    Activity,
    Actor,
    ConnectorError,
    Gone,
    Overheard,
    Rechecks,
    Refused,
)
from tests.contract.bluesky import BlueskyHarness
from tests.contract.feed import Blog
from tests.contract.harness import told_of
from tests.contract.mastodon import MockHarness
from tests.contract.public import (
    BlueskyFirehose,
    BlueskyJetstream,
    FeedPublic,
    MastodonPublic,
    Public,
)
from tests.contract.test_connectors import well_formed
from tests.servers.jetstream import jetstream_stand_in
from tests.servers.neighbour import MockNeighbour
from tests.servers.stranger import Stranger, until

PLACES = ("bluesky-firehose", "bluesky-jetstream-stand-in", "feed", "mastodon-snac2", "mastodon-stand-in")
SECONDS = 60.0


@pytest.fixture(params=PLACES)
def public(request: pytest.FixtureRequest) -> Iterator[Public]:
    """Each place in turn, not yet found."""
    ask = request.getfixturevalue
    if request.param == "bluesky-firehose":
        network = ask("atproto")
        with Outside(frozenset(network.addresses)) as http:
            yield BlueskyFirehose(http, network, ask("stranger"))
    elif request.param == "bluesky-jetstream-stand-in":
        with jetstream_stand_in() as server, Outside(frozenset([server.address])) as http:
            yield BlueskyJetstream(http, server)
    elif request.param == "mastodon-snac2":
        pair = ask("snac")
        with Outside(frozenset(pair.addresses)) as http:
            yield MastodonPublic(http, pair.away.url, ask("neighbour"), streams=False)
    elif request.param == "mastodon-stand-in":
        mock = ask("mastodon_stand_in")
        with Outside(frozenset([mock.address])) as http:
            yield MastodonPublic(http, mock.url, MockNeighbour.arrives(mock), streams=True)
    else:
        with serving() as site, Outside(frozenset([site.place])) as http:
            yield FeedPublic(http, Blog(site))


class Ear:
    """Whoever listens, as the rooms do: each batch is kept with its cursor, and a cursor has been through JSON."""

    def __init__(self, public: Public) -> None:
        self.public = public
        self.cursor: Any = None
        self.heard: list[Any] = []
        self.missed = False

    def hear(self, *wanted: str, gone: str = "") -> None:
        """Listen on a line of its own until all of these have come, or for the first batch alone."""
        until = time.monotonic() + SECONDS
        for batch in self.line():
            self.keep(batch)
            ids = {item.remote_id for item in self.heard if isinstance(item, Activity)}
            if ids >= set(wanted) and (not gone or Gone(gone) in self.heard):
                return
            assert time.monotonic() < until, f"{len(set(wanted) - ids)} of {len(wanted)} never came"

    def settle(self) -> None:
        """Know where to go on: of a firehose nobody does before something is said while a line is open."""
        said = ""
        for batch in self.line():
            self.keep(batch)
            if said and said in {item.remote_id for item in self.heard}:
                return
            said = said or self.public.say("somebody listens")

    def line(self) -> Iterator[Overheard]:
        """A line from the cursor on. What is to be left alone for long is asked again at once here."""
        with closing(self.public.connector().overhear(self.cursor)) as line:
            for batch in line:
                yield batch
                time.sleep(min(batch.after.total_seconds(), 0.3))

    def follow(self, line: Iterator[Overheard]) -> None:
        """Keep all that a line brings."""
        for batch in line:
            self.keep(batch)

    def keep(self, batch: Overheard) -> None:
        self.heard += batch.items
        self.cursor = json.loads(json.dumps(batch.cursor))
        self.missed = self.missed or batch.missed


@pytest.fixture
def ear(public: Public) -> Ear:
    public.place = public.connector().public(public.answers())
    ear = Ear(public)
    ear.settle()
    return ear


def test_a_place_is_found_and_called_something(public: Public) -> None:
    place = public.connector().public(public.answers())
    assert place.address
    assert place.name
    assert json.loads(json.dumps(dict(place.settings))) == dict(place.settings)
    again = public.connector().public(public.answers())
    assert (place.address, place.name) == (again.address, again.name)
    names = {field.name for field in public.type.public_form}
    assert set(public.answers()) <= names
    assert not any(field.secret for field in public.type.public_form)
    with pytest.raises((Refused, ConnectorError, OutsideError)):
        public.connector().public({**public.answers(), **public.wrong()})


def test_what_is_said_to_nobody_is_overheard_and_nothing_of_before(public: Public) -> None:
    before = public.say("before anybody listened")
    time.sleep(1.1)
    public.place = public.connector().public(public.answers())
    ear = Ear(public)
    ear.settle()
    said = public.say("the harbour is open")
    ear.hear(said)
    (found,) = [item for item in ear.heard if item.remote_id == said]
    well_formed(found, "")
    assert "the harbour is open" in found.text
    assert not found.addressed
    assert before not in {item.remote_id for item in ear.heard}
    assert not ear.missed


def test_a_line_that_ends_goes_on_from_its_cursor_without_a_gap(ear: Ear) -> None:
    first = ear.public.say("while somebody listens")
    ear.hear(first)
    missed = [ear.public.say(f"while nobody listens ({n})") for n in range(3)]
    ear.hear(*missed)
    last = ear.public.say("and again")
    ear.hear(last)
    order = [item.remote_id for item in ear.heard if item.remote_id in {first, *missed, last}]
    assert list(dict.fromkeys(order)) == [first, *missed, last]
    assert not ear.missed


def test_a_batch_that_was_not_kept_comes_again(ear: Ear) -> None:
    said = ear.public.say("heard by one who dies")
    before = ear.cursor
    ear.hear(said)
    ear.cursor, ear.heard = before, []
    ear.hear(said)


def test_what_is_taken_back_is_gone(ear: Ear) -> None:
    if not ear.public.tells_deletions:
        pytest.skip("this server tells nobody of deletions")
    said = ear.public.say("I should not have said this")
    line = ear.line()
    with closing(line):
        for batch in line:
            ear.keep(batch)
            if any(item.remote_id == said for item in batch.items):
                break
        ear.public.take_back(said)
        for batch in line:
            ear.keep(batch)
            if Gone(said) in ear.heard:
                return


def test_what_was_taken_back_unheard_is_gone_when_it_is_asked_for_again(ear: Ear) -> None:
    """Nobody listens while it is deleted: whoever only knows what was kept asks, as a stranger."""
    if not isinstance(ear.public.connector(), Rechecks):
        pytest.skip("a feed cannot be asked: what is no longer in it was not necessarily deleted")
    if isinstance(ear.public, BlueskyJetstream):
        pytest.skip("the stand-in has no other end: the firehose's network is asked")
    kept, gone = ear.public.say("this stays"), ear.public.say("this does not")
    ear.hear(kept, gone)
    said = {item.remote_id: item for item in ear.heard if isinstance(item, Activity)}

    def asked() -> list[Any]:
        facts = {each: said[each].facts for each in (kept, gone)}
        connector = ear.public.connector(lambda ids: {each: facts[each] for each in ids if each in facts})
        return list(connector.recheck([kept, gone]))

    until(lambda: [kept, gone] if told_of(asked()) == [] else None)
    authors = {item.remote_id: item.handle for item in asked() if isinstance(item, Actor)}
    assert authors in ({}, {said[kept].actor.remote_id: said[kept].actor.handle})
    ear.public.take_back(gone)
    assert until(lambda: told_of(asked())) == [Gone(gone)]


# What only some have


def test_a_stream_that_is_cut_ends_or_says_so_and_the_next_line_continues() -> None:
    with jetstream_stand_in() as server, Outside(frozenset([server.address])) as http:
        ear = Ear(BlueskyJetstream(http, server))
        ear.public.place = ear.public.connector().public(ear.public.answers())
        line = ear.line()
        ear.keep(next(line))
        said = [server.post("before the cut")]
        server.hang_up()
        with pytest.raises(OutsideError):
            ear.follow(line)
        said.append(server.post("after the cut"))
        ear.hear(*said)
        assert server.asked[-1]["wantedCollections"] == ["app.bsky.feed.post", "app.bsky.feed.repost"]


def test_a_silent_place_still_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.bluesky.overhearing.SELDOM", 0.5)
    with jetstream_stand_in() as server, Outside(frozenset([server.address])) as http:
        ear = Ear(BlueskyJetstream(http, server))
        ear.public.place = ear.public.connector().public(ear.public.answers())
        with closing(ear.line()) as line:
            assert [(batch.items, batch.at) for batch, _ in zip(line, range(3), strict=False)] == [
                ([], None)
            ] * 3


def test_people_are_introduced_by_their_ids(atproto: Any) -> None:
    ann = Stranger.arrives(atproto, "ann").called("Ann of the harbour")
    with Outside(frozenset(atproto.addresses)) as http:
        public = BlueskyFirehose(http, atproto, ann)
        public.place = public.connector().public(public.answers())
        assert until(lambda: [
            (who.handle, who.name) for who in public.connector().introduce([ann.did, "did:plc:nobody"])
            if who.name
        ]) == [(ann.handle, "Ann of the harbour")]  # fmt: skip
        post = ann.post("and gone again")
        until(lambda: ann.seen(post.uri))
        assert public.connector().recheck([post.uri]) == []
        ann.delete(post)
        assert until(lambda: public.connector().recheck([post.uri])) == [Gone(post.uri)]


def found_by(connector: Any, words: str, *wanted: str) -> list[str]:
    """Search until all of these are found, each once; what was found."""
    cursor, found = None, []
    limit = time.monotonic() + SECONDS
    while not set(found) >= set(wanted):
        assert time.monotonic() < limit, f"not found: {set(wanted) - set(found)}"
        page = connector().search(words, cursor)
        cursor = json.loads(json.dumps(page.cursor))
        for item in page.items:
            assert isinstance(item, Activity)
            well_formed(item, "")
            found.append(item.remote_id)
        time.sleep(0.1)
    return found


def test_a_search_finds_what_is_said_with_words_and_then_what_is_new(
    atproto: Any, stranger: Stranger
) -> None:
    with Outside(frozenset(atproto.addresses)) as http:
        town = BlueskyHarness.ready(http, atproto, stranger)
        first = stranger.post("a quokkaferry left the harbour").uri
        assert found_by(town.connector, "quokkaferry", first) == [first]
        page = until(lambda: town.connector().search("quokkaferry", None))
        second = stranger.post("another quokkaferry").uri
        cursor, found = page.cursor, []
        while second not in found:
            page = town.connector().search("quokkaferry", cursor)
            cursor, found = page.cursor, [*found, *(item.remote_id for item in page.items)]
        assert first not in found


@pytest.mark.parametrize("words", ["quokkaboat", "#quokkaboat"])
def test_an_instance_searches_words_and_tags(mastodon_stand_in: Any, words: str) -> None:
    with Outside(frozenset([mastodon_stand_in.address])) as http:
        town = MockHarness(http, mastodon_stand_in, MockNeighbour.arrives(mastodon_stand_in))
        town.connect()
        said = town.stranger.post("look, a #quokkaboat in the harbour")
        assert said in found_by(town.connector, words, said)
