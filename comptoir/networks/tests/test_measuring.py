"""Public counts are asked for the less often the older a message is, and followers once a day.

The connector here is a stand-in: a network that counts how often it was asked for what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.networks import fetching
from comptoir.networks.connector import Connector, Counts, Followed, Measures
from comptoir.networks.models import AccountSnapshot, Activity, Actor, Audience, Channel, Snapshot
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Counting(Measures, Followed, Connector):
    """A stand-in: `asked` says how often each message was asked for."""

    network = "standin"
    label = "Stand-in"
    asked: ClassVar[Counter[str]] = Counter()
    likes: ClassVar[int] = 1
    follow: ClassVar[int | None] = 40

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        self.asked.update(remote_ids)
        return [Counts(each, likes=self.likes) for each in remote_ids]

    def followers(self) -> int | None:
        self.asked["followers"] += 1
        return self.follow


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    every_network_is(monkeypatch, Counting)
    monkeypatch.setattr(Counting, "asked", Counter())
    brand = Brand.objects.create(name="Verdier", slug="verdier", time_zone="Europe/Paris")
    return Channel.objects.create(brand=brand, network="standin", remote_id="us", handle="us")


def says(channel: Channel, name: str, at: datetime, own: bool = True) -> Activity:
    actor, _new = Actor.objects.get_or_create(network="standin", remote_id="us", defaults={"handle": "us"})
    said = Activity.objects.create(
        network="standin", remote_id=name, kind="post", actor=actor, text=name, published=at
    )
    Audience.objects.create(channel=channel, activity=said, own=own)
    return said


def pass_through(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, start: datetime, hours: float, every: int = 15
) -> None:
    """Measure every quarter of an hour from `start` on, as the job does."""
    for n in range(int(hours * 60 / every) + 1):
        monkeypatch.setattr(clock, "now", lambda n=n: start + timedelta(minutes=every * n))
        fetching.measure(Channel.objects.of(channel.brand_id).get(pk=channel.pk))


def test_the_younger_the_more_often(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, age in (("new", 0), ("hours", 5), ("days", 72), ("weeks", 20 * 24), ("old", 31 * 24)):
        says(channel, name, NOON - timedelta(hours=age, seconds=1))
    says(channel, "of others", NOON, own=False)
    pass_through(channel, monkeypatch, NOON, 24)
    asked = Counting.asked
    # Eight quarters and 22 hours; 19 hours and once more; four times; once.
    assert 25 <= asked["new"] <= 32
    assert 20 <= asked["hours"] <= 23
    assert 4 <= asked["days"] <= 6
    assert 1 <= asked["weeks"] <= 2
    assert asked["old"] == asked["of others"] == 0


def test_a_count_is_kept_where_it_changed(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    said = says(channel, "new", NOON)
    pass_through(channel, monkeypatch, NOON, 1)
    monkeypatch.setattr(Counting, "likes", 7)
    pass_through(channel, monkeypatch, NOON + timedelta(minutes=75), 0.5)
    kept = Snapshot.objects.filter(activity=said).order_by("at").values_list("likes", flat=True)
    assert list(kept) == [1, 7]


def test_after_a_night_without_us_everything_is_asked_for_at_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(channel, "days", NOON - timedelta(days=3))
    pass_through(channel, monkeypatch, NOON, 0)
    pass_through(channel, monkeypatch, NOON + timedelta(hours=9), 0)
    assert Counting.asked["days"] == 2


def test_followers_are_those_of_the_day_by_the_brands_clock(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 22:00 in UTC is midnight in Paris.
    pass_through(channel, monkeypatch, NOON, 9.75)
    assert Counting.asked["followers"] == 1
    monkeypatch.setattr(Counting, "follow", 45)
    pass_through(channel, monkeypatch, NOON + timedelta(hours=10), 0)
    kept = AccountSnapshot.objects.of(channel.brand).order_by("day").values_list("day", "followers")
    assert [(str(day), n) for day, n in kept] == [("2026-05-01", 40), ("2026-05-02", 45)]


def test_a_network_that_does_not_say_is_no_nought(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counting, "follow", None)
    pass_through(channel, monkeypatch, NOON, 1)
    assert AccountSnapshot.objects.of(channel.brand).get().followers is None
