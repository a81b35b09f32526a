"""Blocks and reports: decided once, carried out by the network, ended or kept from leaving.

The connector here is a stand-in; real ones are in the contract's tests.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.networks import fetching, jobs
from comptoir.networks import persons as people
from comptoir.networks.connector import (
    Activity,
    Actor,
    Blocks,
    Connector,
    Finds,
    Gone,
    Ground,
    Keyed,
    Kind,
    Rechecks,
    Refused,
    Reports,
    Sent,
    TryLater,
    Unanswered,
)
from comptoir.networks.defending import block, report, unblock
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor as Person
from comptoir.networks.models import Channel, Defence, Delivery, Hold
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Brand, User

pytestmark = pytest.mark.django_db


class Place(Blocks, Reports, Rechecks, Keyed, Finds, Connector):
    """Does as it is told, or what `trouble` says. It could find its own answers: no report is ever looked for."""

    network = "standin"
    label = "Stand-in"
    block_means = "They are not heard."
    told: ClassVar[list[tuple[str, ...]]] = []
    trouble: ClassVar[Exception | None] = None

    def _tell(self, *what: str) -> None:
        self.told.append(what)
        if (trouble := type(self).trouble) is not None:
            raise trouble

    def block(self, who: Actor, key: str, at: datetime) -> None:
        self._tell("block", who.remote_id)

    def unblock(self, who: Actor) -> None:
        self._tell("unblock", who.remote_id)

    def grounds(self) -> list[Ground]:
        return [Ground("spam", "Spam or advertising"), Ground("rule:1", "Be kind")]

    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        self._tell("report", who.remote_id, message.remote_id if message else "", ground, words)
        return "n 7"

    recheck_batch = 50
    asked: ClassVar[list[str]] = []

    def recheck(self, remote_ids: Any) -> list[Any]:
        self.asked.extend(remote_ids)
        return []

    def find(self, to: Any, text: str, key: str, at: datetime) -> Sent | None:
        raise AssertionError("a report cannot be looked for")


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> type[Place]:
    every_network_is(monkeypatch, Place)
    Place.told, Place.trouble = [], None
    return Place


@pytest.fixture
def channel(db: None) -> Channel:
    brand = Brand.objects.create(name="Brand", slug="brand")
    return Channel.objects.create(brand=brand, network="standin", remote_id="me", handle="me")


@pytest.fixture
def agent(db: None) -> User:
    return User.objects.create_user("agent@example.org", name="Agent")


@pytest.fixture
def message(channel: Channel) -> Row:
    return said(channel)


def said(channel: Channel, name: str = "m1", by: str = "ann") -> Row:
    channel.receive([Activity(name, Kind.MENTION, Actor(by, by), datetime.now(UTC), text="You idiots")])
    return Row.objects.of(channel.brand_id).select_related("actor").get(remote_id=name)


def carry_out(made: Defence) -> str:
    jobs.deliver.func(delivery_id=made.delivery_id)
    made.delivery.refresh_from_db()
    return str(made.delivery.state)


def standing(channel: Channel) -> list[Defence]:
    return list(Defence.objects.of(channel.brand_id).standing())


def logged(channel: Channel) -> list[str]:
    return list(AuditEntry.objects.of(channel.brand).order_by("pk").values_list("what", flat=True))


def test_a_block_and_its_end_are_decisions_with_author_and_reason(
    channel: Channel, agent: User, message: Row
) -> None:
    who: Any = message.actor
    made = block(channel, who, agent, reason="harassment", words="Third time.")
    assert block(channel, who, agent) == made, "the same decision made twice is one"
    assert standing(channel) == [made]
    assert carry_out(made) == "sent"
    assert Place.told == [("block", "ann")]
    with pytest.raises(ValueError, match="stands"):
        block(channel, who, agent)
    assert (made.by, made.reason, made.words) == (agent, "harassment", "Third time.")
    ended = unblock(channel, who, agent)
    assert unblock(channel, who, agent) == ended
    assert standing(channel) == [made], "until the network did it"
    assert carry_out(ended) == "sent"
    assert standing(channel) == []
    with pytest.raises(ValueError, match="stands"):
        unblock(channel, who, agent)
    again = block(channel, who, agent)
    assert carry_out(again) == "sent"
    assert standing(channel) == [again]
    assert [told[0] for told in Place.told] == ["block", "unblock", "block"]
    assert logged(channel) == ["person_blocked", "person_unblocked", "person_blocked"]


def test_what_has_not_left_is_undone_without_a_word_to_the_network(
    channel: Channel, agent: User, message: Row
) -> None:
    who: Any = message.actor
    made = block(channel, who, agent)
    assert unblock(channel, who, agent) == made
    assert carry_out(made) == "withdrawn"
    told = report(channel, who, agent, ground="spam", after=9)
    assert told.undo(agent)
    kept = block(channel, who, agent, reason="spam", words="Why.")
    carry_out(kept)
    ended = unblock(channel, who, agent)
    assert block(channel, who, agent) == kept, "the unblocking never leaves, so the block stands"
    assert [carry_out(ended), carry_out(told)] == ["withdrawn", "withdrawn"]
    assert Place.told == [("block", "ann")]
    assert kept.undo(agent)
    carry_out(Defence.objects.of(channel.brand_id).get(act="unblock", delivery__state="waiting"))
    assert not kept.undo(agent), "it holds no longer"
    last = Defence.objects.of(channel.brand_id).latest("pk")
    assert last.undo(agent)
    again = Defence.objects.of(channel.brand_id).latest("pk")
    assert (again.act, again.reason, again.words) == ("block", "spam", "Why.")


def test_a_report_is_made_once_and_doubt_stays_with_a_person(
    channel: Channel, agent: User, message: Row
) -> None:
    who: Any = message.actor
    made = report(channel, who, agent, ground="rule:1", words="Insults.", message=message)
    assert report(channel, who, agent, ground="spam", message=message) == made
    assert carry_out(made) == "sent"
    assert Place.told == [("report", "ann", "m1", "rule:1", "Insults.")]
    assert (made.label, made.delivery.remote_id) == ("Be kind", "n 7")
    assert not made.undo(agent), "nobody takes a report back"
    with pytest.raises(ValueError, match="stands"):
        report(channel, who, agent, ground="spam", message=message)
    for trouble in (Unanswered("server_error"), RuntimeError("bug")):
        Place.trouble = trouble
        lost = report(channel, who, agent, ground="spam")
        assert carry_out(lost) == "uncertain"
        carry_out(lost)
        assert lost.delivery.settle(agent, sent=True)
    Place.trouble = TryLater("rate_limited", timedelta(microseconds=1))
    asked = report(channel, who, agent, ground="spam")
    assert carry_out(asked) == "waiting"
    Delivery.objects.of(channel.brand_id).filter(pk=asked.delivery_id).update(
        state="sending", claimed_at=clock.now() - timedelta(minutes=1)
    )
    assert carry_out(asked) == "uncertain", "its worker died: it is not made again"
    assert len([told for told in Place.told if told[0] == "report"]) == 4


def test_a_block_survives_outages_crashes_and_lost_answers(
    channel: Channel, agent: User, message: Row
) -> None:
    who: Any = message.actor
    for trouble in (
        TryLater("server_error", timedelta(microseconds=1)),
        Unanswered("cut"),
        RuntimeError("bug"),
    ):
        Place.trouble = trouble
        made = block(channel, who, agent)
        assert carry_out(made) == "waiting"
        Delivery.objects.of(channel.brand_id).update(not_before=clock.now())
    Delivery.objects.of(channel.brand_id).update(state="sending")
    Place.trouble = None
    assert carry_out(made) == "sent", "found under way, a block is simply made again"
    Place.trouble = Refused("server_cannot")
    ended = unblock(channel, who, agent)
    assert carry_out(ended) == "refused"
    assert standing(channel) == [made], "an unblocking that was refused ends nothing"


def test_decisions_reach_the_network_in_their_order(channel: Channel, agent: User, message: Row) -> None:
    who: Any = message.actor
    first = block(channel, who, agent)
    Delivery.objects.of(channel.brand_id).filter(pk=first.delivery_id).update(state="sending")
    then = unblock(channel, who, agent)
    assert carry_out(then) == "waiting", "the block may still arrive: the unblocking waits for it"
    assert Place.told == []
    assert carry_out(first) == "sent"
    Delivery.objects.of(channel.brand_id).update(not_before=clock.now())
    assert carry_out(then) == "sent"
    assert [told[0] for told in Place.told] == ["block", "unblock"]


def test_what_cannot_be_decided_says_why(
    channel: Channel, agent: User, message: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    who: Any = message.actor
    gone, other = said(channel, "gone"), said(channel, "other", by="bob")
    channel.receive([Gone("gone")])
    gone.refresh_from_db()
    me: Any = said(channel, "own", by="me").actor
    elsewhere = Person.objects.create(network="another", remote_id="ann", handle="ann")
    refused: list[tuple[str, Any]] = [
        ("own", lambda: block(channel, me, agent)),
        ("cannot", lambda: block(channel, elsewhere, agent)),
        ("gone", lambda: report(channel, who, agent, ground="spam", message=gone)),
        ("gone", lambda: report(channel, who, agent, ground="spam", message=other)),
        ("ground", lambda: report(channel, who, agent, ground="taste")),
    ]
    for why, act in refused:
        with pytest.raises(ValueError, match=why):
            act()
    monkeypatch.setattr("comptoir.networks.models.channel.installed", lambda network: Connector)
    for act in (lambda: block(channel, who, agent), lambda: report(channel, who, agent, ground="spam")):
        with pytest.raises(ValueError, match="cannot"):
            act()
    assert not Delivery.objects.of(channel.brand_id).exists()


def test_what_the_blocked_said_is_not_asked_for_where_it_would_look_gone(
    channel: Channel, agent: User, message: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    who: Any = message.actor
    said(channel, "m2", by="bob")
    carry_out(block(channel, who, agent))

    def asked() -> list[str]:
        del Place.asked[:]
        Channel.objects.of(channel.brand_id).update(next_recheck=clock.now() - timedelta(hours=1))
        fetching.recheck(Channel.objects.of(channel.brand_id).get())
        return sorted(Place.asked)

    assert asked() == ["m1", "m2"]
    monkeypatch.setattr(Place, "hides_earlier", True)
    assert asked() == ["m2"]


def test_under_a_hold_nothing_leaves_and_whoever_is_erased_is_told_of_nowhere(
    channel: Channel, agent: User, message: Row
) -> None:
    who: Any = message.actor
    Hold.place("storm", brand=channel.brand, replies=True)
    made = block(channel, who, agent, words="Ann, the third time.")
    told = report(channel, who, agent, ground="spam", words="Ann again.", message=message)
    assert [carry_out(made), carry_out(told)] == ["waiting", "waiting"]
    held = {holder.name: n for holder, n in people.held(who, channel.brand)}
    assert held["defences"] == 2
    people.erase(who)
    assert [carry_out(made), carry_out(told)] == ["withdrawn", "withdrawn"]
    assert set(Defence.objects.of(channel.brand_id).values_list("words", flat=True)) == {""}
    assert Place.told == []
