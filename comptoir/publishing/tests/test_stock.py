"""The stock of a queue: counted, and told before it is empty, once until it is filled."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Notice
from comptoir.publishing import jobs
from comptoir.publishing.models import Post, Slot
from comptoir.publishing.stock import DRY, Stock, stocks
from comptoir.publishing.tests.building import House, Wall, browser, draft, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAILY = [(day, time(9)) for day in range(7)]


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def tips(verdier: House, many: int) -> list[Post]:
    """So many tips of the day in the queue."""
    by, made = verdier.people["agent"], []
    for n in range(many):
        made.append(draft(verdier.brand, by, verdier.channel, text=f"Tip {n}"))
        made[-1].queue(by)
    return made


def nine(days: int) -> datetime:
    """Nine in the morning in Paris, so many days after Monday."""
    return MONDAY.replace(hour=8) + timedelta(days=days)


def up() -> list[tuple[str, str]]:
    """The warnings that are up: for which queue, and from when on nothing leaves."""
    jobs.warn_of_dry_queues.func(0)
    rows = Notice.objects.everywhere().filter(code=DRY, settled_at=None)
    return [(each.about, each.facts["moment"]) for each in rows]


def test_a_queue_is_counted_and_warns_some_days_before_it_is_empty(verdier: House, monday: Any) -> None:
    pk, manager = verdier.channel.pk, verdier.people["manager"]
    Slot.put(verdier.channel, manager, DAILY, "")
    assert stocks(verdier.brand, [pk]) == {pk: Stock(0, nine(0))}
    assert up() == [], "nobody used it yet"
    made = tips(verdier, 5)
    assert stocks(verdier.brand, [pk]) == {pk: Stock(5, nine(5))}
    assert up() == []
    monday.move_to(nine(2) + timedelta(hours=1))
    assert up() == [(f"queue:{pk}", nine(5).isoformat())], "Saturday is fewer than three days away"
    assert up() == up()
    assert Notice.objects.everywhere().filter(code=DRY).count() == 1
    tips(verdier, 2)
    assert up() == []
    made[4].cancel(verdier.people["agent"])
    assert up() == [(f"queue:{pk}", nine(4).isoformat())], "a gap is one as well"
    assert Slot.put(verdier.channel, manager, DAILY, "", warn_days=0)
    assert up() == []


def test_slots_that_are_taken_away_warn_of_nothing(verdier: House, monday: Any) -> None:
    Slot.put(verdier.channel, verdier.people["manager"], DAILY, "")
    tips(verdier, 1)
    assert up() != []
    Slot.put(verdier.channel, verdier.people["manager"], [], "")
    assert up() == []


def test_the_page_says_what_is_in_stock_and_sets_when_to_warn(verdier: House) -> None:
    Slot.put(verdier.channel, verdier.people["manager"], DAILY, "")
    tips(verdier, 2)
    page = browser(verdier.people["manager"])
    shown = page.get(f"/b/{verdier.brand.slug}/slots/").content.decode()
    assert "2 posts in the queue" in shown
    assert "2026-11-25T09:00" in shown
    address = f"/b/{verdier.brand.slug}/slots/{verdier.channel.pk}/"
    given = {f"day{n}": "09:00" for n in range(7)} | {"zone": "", "warn_days": "1"}
    assert page.post(address, given).status_code == 302
    verdier.channel.refresh_from_db()
    assert verdier.channel.timetable.warn_days == 1
    assert page.post(address, {**given, "warn_days": "61"}).status_code == 422
