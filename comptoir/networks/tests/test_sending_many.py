"""Posts that are due together: on many channels at once, each once, whatever one of the networks does meanwhile.

The connector is a stand-in: it does what no real server can be asked to do at a given moment.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.networks import jobs, sending_many
from comptoir.networks.connector import Connector, Keyed, Length, Publishes, Refused, Sent, TryLater, Upload
from comptoir.networks.models import Activity, Channel, Delivery, Hold
from comptoir.networks.sending import PARTS, Saying, write_down
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Wall(Keyed, Publishes, Connector):
    """A stand-in: `says` is called for each sending, `said` counts them by channel and text."""

    network = "standin"
    label = "Stand-in"
    says: ClassVar[Callable[[str, str], None]]
    said: ClassVar[Counter[tuple[str, str]]]

    def length(self, text: str) -> Length:
        return Length(len(text), 300, len(text) - 300)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        assert self.me
        type(self).says(self.me.handle, text)
        type(self).said[self.me.handle, text] += 1
        return Sent(f"said-{key}", facts={"key": key})


@pytest.fixture
def channels(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    every_network_is(monkeypatch, Wall)
    Wall.says = lambda handle, text: None
    Wall.said = Counter()
    brand = Brand.objects.create(name="Brand", slug="brand")
    return [
        Channel.objects.create(brand=brand, network="standin", remote_id=name, handle=name) for name in "abcd"
    ]


def queue(channels: Sequence[Channel], count: int) -> None:
    now = clock.now()
    write_down([Saying(each, f"post {n}", now) for n in range(count) for each in channels])


def leave() -> None:
    for part in range(PARTS):
        jobs.deliver_posts.func(part=part)


def states(brand: Brand) -> Counter[str]:
    return Counter(Delivery.objects.of(brand).values_list("state", flat=True))


def test_all_leave_once_and_stand_as_the_brand_s_own(channels: list[Channel]) -> None:
    queue(channels, sending_many.IN_A_ROW + 5)
    leave()
    leave()
    count = 4 * (sending_many.IN_A_ROW + 5)
    assert states(channels[0].brand) == {"sent": count}
    assert set(Wall.said.values()) == {1}
    own = Activity.objects.of(channels[0].brand).filter(audience__own=True)
    assert own.distinct().count() == count
    delivery = Delivery.objects.of(channels[0].brand).select_related("result").order_by("pk")[0]
    assert delivery.result is not None
    assert delivery.result.facts == {"key": delivery.key}


def test_each_channel_says_its_own_in_order(channels: list[Channel]) -> None:
    order: dict[str, list[str]] = {}
    Wall.says = lambda handle, text: order.setdefault(handle, []).append(text)
    queue(channels, 8)
    leave()
    assert all(texts == [f"post {n}" for n in range(8)] for texts in order.values())
    assert len(order) == 4


def test_one_that_fails_takes_none_with_it(channels: list[Channel]) -> None:
    def says(handle: str, text: str) -> None:
        if (handle, text) == ("a", "post 1"):
            raise Refused("too_long", limit=300)
        if (handle, text) == ("b", "post 1"):
            raise TryLater("rate_limited", timedelta(seconds=90))
        if (handle, text) == ("c", "post 1"):
            raise RuntimeError

    Wall.says = says
    queue(channels, 3)
    leave()
    assert states(channels[0].brand) == {"sent": 9, "refused": 1, "waiting": 2}


def test_a_slow_network_keeps_no_other_channel_waiting(channels: list[Channel]) -> None:
    slow, fast = channels[0], next(each for each in channels[1:] if each.pk % PARTS == channels[0].pk % PARTS)
    others_are_through = threading.Event()

    def says(handle: str, text: str) -> None:
        if handle == slow.handle:
            assert others_are_through.wait(10)
        elif Wall.said.total() == sending_many.IN_A_ROW * 2:
            others_are_through.set()

    Wall.says = says
    queue([slow], 1)
    queue([fast], sending_many.IN_A_ROW * 2 + 1)
    jobs.deliver_posts.func(part=slow.pk % PARTS)
    assert states(slow.brand) == {"sent": sending_many.IN_A_ROW * 2 + 2}


def test_a_hold_wins_against_all_that_is_due(channels: list[Channel]) -> None:
    queue(channels, 2)
    Hold.place("a storm", channel=channels[0])
    leave()
    assert states(channels[0].brand) == {"sent": 6, "waiting": 2}


def test_what_a_worker_left_behind_is_said_by_another_with_the_same_key(channels: list[Channel]) -> None:
    queue(channels[:1], 3)
    part = (channels[0].pk % PARTS, PARTS)
    left = Delivery.claim_posts(1, 10, part, ())
    assert len(left) == 3
    leave()
    assert Wall.said == {}
    Delivery.objects.everywhere().update(claimed_at=clock.now() - timedelta(minutes=1))
    for each in left:
        jobs.deliver.func(delivery_id=each.pk)
    assert states(channels[0].brand) == {"sent": 3}
    assert set(Wall.said.values()) == {1}


def test_what_is_on_its_way_is_not_taken_for_left_behind(channels: list[Channel]) -> None:
    queue(channels[:1], 1)
    (delivery,) = Delivery.claim_posts(1, 10, (channels[0].pk % PARTS, PARTS), ())
    Delivery.objects.everywhere().update(claimed_at=clock.now() - sending_many.BEAT * 2)
    sending_many._beat([delivery.pk])
    delivery.refresh_from_db()
    assert delivery.claimed_at is not None
    assert clock.now() - delivery.claimed_at < sending_many.BEAT < jobs.ABANDONED
