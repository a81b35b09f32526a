"""Verdicts: decided once, carried out by the network, taken back.

The connector here is a stand-in for a place of the brand's own; a real one is in the contract's tests.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.networks import fetching, jobs
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connector,
    Gone,
    Kind,
    Moderates,
    Rechecks,
    Refused,
    TryLater,
    Verdict,
)
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery, Hold, Moderation
from comptoir.networks.moderating import moderate
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Brand, User

pytestmark = pytest.mark.django_db


class Place(Moderates, Rechecks, Connector):
    """Does as it is told, or what `trouble` says."""

    network = "standin"
    label = "Stand-in"
    verdicts: ClassVar[tuple[Verdict, ...]] = tuple(Verdict)
    recheck_batch = 50
    told: ClassVar[list[tuple[str, Verdict]]] = []
    asked: ClassVar[list[str]] = []
    trouble: ClassVar[Exception | None] = None

    def moderate(self, remote_id: str, verdict: Verdict) -> None:
        if (trouble := type(self).trouble) is not None:
            raise trouble
        self.told.append((remote_id, verdict))

    def recheck(self, remote_ids: Any) -> list[Activity | Gone]:
        self.asked.extend(remote_ids)
        return []


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> type[Place]:
    every_network_is(monkeypatch, Place)
    Place.told, Place.asked, Place.trouble = [], [], None
    return Place


@pytest.fixture
def channel(db: None) -> Channel:
    brand = Brand.objects.create(name="Brand", slug="brand")
    return Channel.objects.create(brand=brand, network="standin", remote_id="me", handle="me")


@pytest.fixture
def agent(db: None) -> User:
    return User.objects.create_user("agent@example.org", name="Agent")


def comment(channel: Channel, name: str = "c1", **rest: Any) -> Row:
    given: dict[str, Any] = {"standing": "held", "published": datetime.now(UTC), **rest}
    channel.receive(
        [Activity(name, Kind.COMMENT, given.pop("actor", Actor("ann", "ann")), text="hello", **given)]
    )
    return Row.objects.of(channel.brand_id).get(remote_id=name)


def carry_out(made: Moderation) -> Delivery:
    jobs.deliver.func(delivery_id=made.delivery_id)
    delivery = Delivery.objects.of(made.channel.brand_id).get(pk=made.delivery_id)
    made.activity.refresh_from_db()
    return delivery


def test_a_verdict_reaches_the_network_and_then_stands(channel: Channel, agent: User) -> None:
    message = comment(channel)
    made = moderate(channel, message, Verdict.APPROVE, agent)
    assert made.activity.standing == "held", "until the network did it"
    assert carry_out(made).state == "sent"
    assert Place.told == [("c1", Verdict.APPROVE)]
    assert made.activity.standing == ""
    assert (made.before, made.after, made.by) == ("held", "", agent)
    entry = AuditEntry.objects.of(channel.brand).get(what="message_approved")
    assert (entry.about_id, entry.user_id) == (message.pk, agent.pk)


def test_why_is_kept_with_who_and_when(channel: Channel, agent: User) -> None:
    message = comment(channel, standing="")
    made = moderate(
        channel, message, Verdict.REMOVE, agent, reason="hate", words="It insults a whole people."
    )
    carry_out(made)
    kept = Moderation.objects.of(channel.brand_id).get()
    assert (kept.reason, kept.words, kept.by) == ("hate", "It insults a whole people.", agent)
    assert message.text not in str(AuditEntry.objects.of(channel.brand).get(what="message_removed").facts)
    assert made.activity.standing == "removed"


def test_the_same_decision_twice_is_one(channel: Channel, agent: User) -> None:
    message = comment(channel)
    assert moderate(channel, message, Verdict.SPAM, agent) == moderate(channel, message, Verdict.SPAM, agent)
    carry_out(Moderation.objects.of(channel.brand_id).get())
    with pytest.raises(ValueError, match="stands"):
        moderate(channel, message, Verdict.SPAM, agent)
    assert Delivery.objects.of(channel.brand_id).count() == 1


def test_another_decision_before_the_first_left_replaces_it(channel: Channel, agent: User) -> None:
    message = comment(channel)
    first = moderate(channel, message, Verdict.SPAM, agent)
    second = moderate(channel, message, Verdict.APPROVE, agent)
    assert [carry_out(first).state, carry_out(second).state] == ["withdrawn", "sent"]
    assert Place.told == [("c1", Verdict.APPROVE)]


@pytest.mark.parametrize(
    ("standing", "verdict", "back"),
    [
        ("held", Verdict.APPROVE, Verdict.HOLD),
        ("", Verdict.SPAM, Verdict.APPROVE),
        ("spam", Verdict.APPROVE, Verdict.SPAM),
        ("removed", Verdict.HOLD, Verdict.REMOVE),
    ],
)
def test_undoing_is_the_opposite_verdict(
    channel: Channel, agent: User, standing: str, verdict: Verdict, back: Verdict
) -> None:
    message = comment(channel, standing=standing)
    made = moderate(channel, message, verdict, agent)
    carry_out(made)
    assert made.undo(agent)
    undone = Moderation.objects.of(channel.brand_id).get(undoes=made)
    carry_out(undone)
    assert (undone.verdict, undone.activity.standing) == (back, standing)
    assert not made.undo(agent), "it was undone already"


def test_what_has_not_left_is_undone_without_a_word_to_the_network(channel: Channel, agent: User) -> None:
    made = moderate(channel, comment(channel), Verdict.SPAM, agent)
    assert made.undo(agent)
    assert carry_out(made).state == "withdrawn"
    assert Place.told == []


def test_what_cannot_be_decided_says_why(channel: Channel, agent: User) -> None:
    gone = comment(channel, "gone")
    channel.receive([Gone("gone")])
    own = comment(channel, "own", actor=Actor("me", "me"), standing="")
    with pytest.raises(ValueError, match="gone"):
        moderate(channel, gone, Verdict.SPAM, agent)
    with pytest.raises(ValueError, match="own"):
        moderate(channel, own, Verdict.SPAM, agent)
    Place.verdicts = (Verdict.APPROVE,)
    try:
        with pytest.raises(ValueError, match="cannot"):
            moderate(channel, comment(channel), Verdict.SPAM, agent)
    finally:
        Place.verdicts = (Verdict.APPROVE, Verdict.HOLD, Verdict.SPAM, Verdict.REMOVE)


def test_a_message_of_another_channel_cannot_be_decided_about(channel: Channel, agent: User) -> None:
    message = comment(channel)
    other = Channel.objects.create(brand=channel.brand, network="standin", remote_id="other", handle="other")
    with pytest.raises(ValueError, match="gone"):
        moderate(other, message, Verdict.SPAM, agent)


def test_a_network_that_refuses_leaves_the_message_as_it_was(channel: Channel, agent: User) -> None:
    Place.trouble = Refused("target_gone")
    made = moderate(channel, comment(channel), Verdict.APPROVE, agent)
    assert carry_out(made).state == "refused"
    assert made.activity.standing == "held"


def test_a_network_that_is_away_is_told_later_and_a_crash_repeats_it(channel: Channel, agent: User) -> None:
    Place.trouble = TryLater("server_error", timedelta(microseconds=1))
    made = moderate(channel, comment(channel), Verdict.APPROVE, agent)
    assert carry_out(made).state == "waiting"
    Place.trouble = None
    assert carry_out(made).state == "sent"
    Delivery.objects.of(channel.brand_id).update(
        state="sending", claimed_at=clock.now() - timedelta(minutes=1)
    )
    assert carry_out(made).state == "sent", "found under way, a verdict is simply said again"
    assert Place.told == [("c1", Verdict.APPROVE)] * 2


def test_under_a_hold_no_verdict_leaves(channel: Channel, agent: User) -> None:
    Hold.place("storm", brand=channel.brand, replies=True)
    made = moderate(channel, comment(channel), Verdict.APPROVE, agent)
    assert carry_out(made).state == "waiting"


def test_what_waits_for_approval_is_looked_at_whatever_its_age(channel: Channel) -> None:
    old = datetime.now(UTC) - timedelta(days=90)
    comment(channel, "waits", published=old)
    comment(channel, "seen", published=old, standing="")
    five = fetching.HELD.total_seconds()
    channel.next_recheck = datetime.fromtimestamp(clock.now().timestamp() // five * five - 1, UTC)
    fetching.recheck(channel)
    assert Place.asked == ["waits"]
