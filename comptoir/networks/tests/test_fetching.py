"""Hearing: nothing falls between two steps, and what goes wrong on one channel stops no other.

The connector here is a stand-in: a network with a list of messages, which fails when it is told to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.kernel.http import Unreachable
from comptoir.networks import fetching, jobs
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connector,
    Fetches,
    Gone,
    Json,
    Kind,
    Page,
    Rechecks,
    Reconnect,
    Said,
    TryLater,
    Unusable,
)
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, Notice

pytestmark = [pytest.mark.django_db, pytest.mark.database]
START = datetime.now(UTC) - timedelta(hours=1)


def message(n: int) -> Activity:
    return Activity(
        f"m{n}", Kind.MENTION, Actor("anna", "anna"), START + timedelta(seconds=n), text=f"message {n}"
    )


class Listed(Fetches, Rechecks, Connector):
    """A stand-in for a network: `listed` is what it holds, `fails` what it raises, by handle of the brand's account."""

    network = "standin"
    label = "Stand-in"
    recheck_batch = 2
    size: ClassVar[int] = 3
    listed: ClassVar[list[Any]] = []
    gone: ClassVar[set[str]] = set()
    fails: ClassVar[dict[str, Exception]] = {}
    told: ClassVar[list[str]] = []

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        assert self.me is not None
        if error := self.fails.get(self.me.handle):
            raise error
        self.told.extend(each.text for each in said)
        start = int(cursor or 0)
        end = start + self.size
        return Page(self.listed[start:end], min(end, len(self.listed)), more=end < len(self.listed))

    def history(self, since: datetime, cursor: Json) -> Page:
        return Page([message(-1)], cursor=None)

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone]:
        assert len(remote_ids) <= self.recheck_batch
        return [Gone(each) for each in remote_ids if each in self.gone]


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    every_network_is(monkeypatch, Listed)
    for name, value in {
        "listed": [message(n) for n in range(8)],
        "fails": {},
        "told": [],
        "gone": set(),
    }.items():
        monkeypatch.setattr(Listed, name, value)


def channel(name: str = "brand") -> Channel:
    brand, _ = Brand.objects.everywhere().get_or_create(slug="brand", defaults={"name": "Brand"})
    return Channel.objects.create(brand=brand, network="standin", remote_id=name, handle=name)


def heard() -> list[str]:
    return sorted(Row.objects.everywhere().filter(deleted=None).values_list("remote_id", flat=True))


def test_all_pages_come_and_the_cursor_stands_behind_the_last() -> None:
    one = channel()
    jobs.fetch.func(channel_id=one.pk)
    jobs.fetch.func(channel_id=one.pk)
    one.refresh_from_db()
    assert heard() == [f"m{n}" for n in range(8)]
    assert one.cursor == 8
    assert one.next_fetch > clock.now()


def test_more_pages_than_a_job_takes_go_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_PAGES", 2)
    one = channel()
    fetching.fetch(one)
    one.refresh_from_db()
    assert len(heard()) == 6
    assert one.next_fetch <= clock.now()
    fetching.fetch(one)
    assert len(heard()) == 8


def test_a_crash_between_a_page_and_its_cursor_leaves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    one = channel()

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(fetching, "_keep", crash)
        fetching.fetch(one)
    assert heard() == []
    one.refresh_from_db()
    assert (one.cursor, one.failures, one.code) == (None, 1, "broken")
    fetching.fetch(one)
    assert len(heard()) == 8


def test_a_wait_that_the_network_asks_for_is_kept_and_failures_wait_longer_each_time() -> None:
    one = channel()
    Listed.fails = {"brand": TryLater("rate_limited", timedelta(minutes=7))}
    fetching.fetch(one)
    one.refresh_from_db()
    assert one.next_fetch > clock.now() + timedelta(minutes=6)
    Listed.fails = {"brand": Unreachable("dns", sent=False)}
    waits = []
    for _ in range(12):
        fetching.fetch(one)
        one.refresh_from_db()
        waits.append(one.next_fetch - clock.now())
    assert waits[0] < waits[3] < timedelta(minutes=1) < waits[-1] <= timedelta(minutes=5)
    Listed.fails = {}
    fetching.fetch(one)
    one.refresh_from_db()
    assert (one.failures, one.code) == (0, "")


def test_a_dead_grant_stops_its_channel_alone_and_is_seen() -> None:
    dead, alive = channel("dead"), channel("alive")
    Listed.fails = {"dead": Reconnect("token_revoked")}
    for each in (dead, alive):
        jobs.fetch.func(channel_id=each.pk)
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == ("reconnect", "active")
    assert len(heard()) == 8
    notice = Notice.objects.of(dead.brand_id).get()
    assert (notice.code, notice.about) == ("channel_reconnect", f"channel:{dead.pk}")
    assert list(Channel.objects.everywhere().due()) == []


def test_one_unusable_message_stops_nothing() -> None:
    Listed.listed = [message(0), Unusable("m1", "no text"), message(2)]
    one = channel()
    fetching.fetch(one)
    assert heard() == ["m0", "m2"]
    assert one.set_aside.get().reason == "no text"


def test_what_was_said_through_us_is_told_once() -> None:
    one = channel()
    Delivery.objects.create(channel=one, act="post", state="sent", text="said", remote_id="s1")
    fetching.fetch(one)
    fetching.fetch(one)
    assert Listed.told == ["said"]


def test_history_is_read_once_and_is_no_news() -> None:
    one = channel()
    jobs.look_back.func(channel_id=one.pk)
    jobs.look_back.func(channel_id=one.pk)
    one.refresh_from_db()
    assert one.history_done
    assert one.audience.get().historic


def test_looking_again_finds_what_was_taken_back() -> None:
    one = channel()
    fetching.fetch(one)
    Listed.gone = {"m3", "m7"}
    Channel.objects.everywhere().update(next_recheck=clock.now() - timedelta(days=2))
    one.refresh_from_db()
    fetching.recheck(one)
    assert heard() == ["m0", "m1", "m2", "m4", "m5", "m6"]
