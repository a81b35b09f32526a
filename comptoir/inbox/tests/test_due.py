"""Service targets: by when threads are due, on whose hours, and who hears that one is near or missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models import Queue, Target, Thread
from comptoir.inbox.models.awaited import Lateness
from comptoir.inbox.models.due import count_down
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.networks.connector import Kind
from comptoir.organisation.models import DayOff, Hours, Notice, Webhook
from comptoir.organisation.opening import OFFICE

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
"""Five in the afternoon in Paris: the counter shuts in an hour."""


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(FRIDAY, tick=False) as travelled:
        yield travelled


@pytest.fixture
def verdier(clock: Any) -> House:
    made = house()
    made.brand.time_zone = "Europe/Paris"
    made.brand.save(update_fields=["time_zone"])
    return made


def want(verdier: House, queue: Queue | None = None, **wanted: Any) -> None:
    """Targets in minutes; all hours unless said."""
    times = {
        "first": None,
        "next": None,
        "resolution": None,
        "open_hours": False,
        "warns": 75,
        "escalates": 30,
    }
    Target.settle(verdier.brand, queue, verdier.people["manager"], **times | wanted)
    jobs.targets_changed.func(brand_id=verdier.brand.pk)


def write(verdier: House, *items: Any) -> None:
    hear(verdier.channel, items)
    jobs.read.func(threads=list(Thread.objects.of(verdier.brand).values_list("pk", flat=True)))


def says(clock: Any, name: str, **rest: Any) -> Any:
    return said(name, published=datetime.now(UTC), minutes_ago=0, **rest)


def due(verdier: House) -> tuple[int | None, str]:
    """In how many minutes after Friday at five, and for what."""
    found = verdier.thread()
    minutes = round((found.due_at - FRIDAY).total_seconds() / 60) if found.due_at else None
    return minutes, found.due_for


def after(clock: Any, minutes: float) -> None:
    clock.move_to(FRIDAY + timedelta(minutes=minutes))


def told(verdier: House, who: str) -> list[str]:
    rows = Notice.objects.of(verdier.brand).filter(to=verdier.people[who], settled_at=None)
    return sorted(rows.values_list("code", flat=True))


def for_all(verdier: House) -> list[tuple[str, str, Any]]:
    rows = Notice.objects.of(verdier.brand).filter(to=None, settled_at=None).order_by("pk")
    return [(row.code, row.facts["queue"], row.facts["count"]) for row in rows]


def test_nothing_is_due_where_nothing_is_wanted(verdier: House, clock: Any) -> None:
    write(verdier, says(clock, "m0"))
    assert due(verdier) == (None, "")
    want(verdier, first=60)
    assert due(verdier) == (60, "first")
    want(verdier)
    assert due(verdier) == (None, "")


def test_first_then_next_then_resolution(verdier: House, clock: Any) -> None:
    want(verdier, first=60, next=30, resolution=600)
    write(verdier, says(clock, "m0"))
    assert due(verdier) == (60, "first")
    after(clock, 20)
    write(verdier, says(clock, "m1", kind=Kind.REPLY, in_reply_to="m0"))
    assert due(verdier) == (60, "first"), "since the first message that waits"
    verdier.thread().reply("Here we are", verdier.people["agent"])
    assert due(verdier) == (600, "resolution")
    after(clock, 100)
    write(verdier, says(clock, "m2", kind=Kind.REPLY, in_reply_to="m0"))
    assert due(verdier) == (130, "next")
    verdier.thread().close(verdier.people["agent"])
    assert due(verdier) == (None, "")
    after(clock, 200)
    write(verdier, says(clock, "m3", kind=Kind.REPLY, in_reply_to="m0"))
    assert due(verdier) == (260, "first"), "a matter that was settled begins anew"


def test_an_answer_undone_waits_again(verdier: House, clock: Any) -> None:
    want(verdier, first=60)
    write(verdier, says(clock, "m0"))
    reply = verdier.thread().reply("Here we are", verdier.people["agent"])
    assert due(verdier) == (None, "")
    assert reply.undo()
    assert due(verdier) == (60, "first")


def test_waiting_for_the_person_stops_the_clock(verdier: House, clock: Any) -> None:
    agent = verdier.people["agent"]
    want(verdier, first=60)
    write(verdier, says(clock, "m0"))
    after(clock, 10)
    verdier.thread().pause("person", agent)
    assert due(verdier) == (None, "")
    after(clock, 110)
    verdier.thread().resume(agent)
    assert due(verdier) == (160, "first"), "fifty minutes were left"
    verdier.thread().pause("colleague", agent)
    assert due(verdier) == (160, "first"), "the person waits all the same"


def test_hours_of_the_brand_and_of_the_queue(verdier: House, clock: Any) -> None:
    manager = verdier.people["manager"]
    write(verdier, says(clock, "m0"))
    want(verdier, first=120, open_hours=True)
    # An hour on Friday, the other one on Monday from nine on.
    assert due(verdier) == (60 + 2 * 1440 + 15 * 60 + 60, "first")
    Hours.settle(verdier.brand, "Europe/Paris", OFFICE, [DayOff(datetime(2026, 3, 9).date())], manager)
    jobs.targets_changed.func(brand_id=verdier.brand.pk)
    assert due(verdier) == (60 + 3 * 1440 + 15 * 60 + 60, "first"), "Monday is a holiday"
    montreal = Hours.objects.create(
        brand=verdier.brand, name="Montréal", zone="America/Toronto", week=[[[540, 1080]]] * 7
    )
    made = Queue.make(verdier.brand, manager, name="Québec", hours=montreal)
    verdier.thread().put_in(made, manager)
    assert due(verdier) == (120, "first"), "it is eleven there"


def test_a_queue_has_its_own_targets(verdier: House, clock: Any) -> None:
    manager = verdier.people["manager"]
    write(verdier, says(clock, "m0"))
    want(verdier, first=60)
    made = Queue.make(verdier.brand, manager, name="Refunds")
    want(verdier, made, first=15)
    assert due(verdier) == (60, "first")
    verdier.thread().put_in(made, manager)
    assert due(verdier) == (15, "first")
    made.dissolve(manager)
    jobs.queues_changed.func(brand_id=verdier.brand.pk)
    assert due(verdier) == (60, "first")


def test_what_was_read_back_or_a_machine_wrote_is_never_due(verdier: House, clock: Any) -> None:
    want(verdier, first=60)
    ids = verdier.channel.receive([says(clock, "old")], historic=True)
    jobs.gather.func(channel_id=verdier.channel.pk, new=ids, changed=[])
    Thread.objects.of(verdier.brand).update(closed_at=None)
    write(verdier)
    assert due(verdier) == (None, "")
    write(verdier, says(clock, "auto", automatic="reply"))
    assert due(verdier) == (None, "")


def test_each_is_told_once(verdier: House, clock: Any) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    hook, _secret = Webhook.make(verdier.brand, "https://93.184.216.34/", ["thread.late"], manager)
    want(verdier, first=60)
    write(verdier, says(clock, "m0"))
    verdier.thread().assign(agent, agent)
    expected = {
        44: ([], []),
        45: (["thread_soon"], []),
        61: (["thread_late"], []),
        91: (["thread_late"], [("queue_late", "Maison Verdier", 1)]),
    }
    for minutes, (to_agent, to_all) in expected.items():
        after(clock, minutes)
        for _time in range(2):
            jobs.ring_up.func(timestamp=0)
        assert (told(verdier, "agent"), for_all(verdier)) == (to_agent, to_all), minutes
    assert verdier.thread().lateness == Lateness.ESCALATED
    calls = hook.calls.filter(kind="thread.late")
    assert [call.data for call in calls] == [
        {"threads": [verdier.thread().pk], "target": "first", "by": None}
    ]
    verdier.thread().reply("Here we are", agent)
    jobs.ring_up.func(timestamp=0)
    assert (told(verdier, "agent"), for_all(verdier)) == ([], []), "all is well again"
    assert verdier.thread().lateness == Lateness.IN_TIME


def test_what_is_nobody_s_is_told_to_whoever_works_in_the_queue(verdier: House, clock: Any) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    made = Queue.make(verdier.brand, manager, name="Refunds", members=[agent])
    want(verdier, made, first=60, escalates=None)
    for n in range(3):
        write(verdier, says(clock, f"m{n}", by=n))
    after(clock, 50)
    jobs.ring_up.func(timestamp=0)
    assert told(verdier, "agent") == ["queue_due"]
    assert told(verdier, "manager") == []
    after(clock, 70)
    jobs.ring_up.func(timestamp=0)
    notice = Notice.objects.of(verdier.brand).get(to=agent, settled_at=None)
    assert (notice.facts, notice.about) == ({"queue": "Refunds", "count": 3}, f"queue:{made.pk}")
    assert for_all(verdier) == [], "nobody wants it escalated"
    for found in Thread.objects.of(verdier.brand):
        found.assign(agent, agent)
    jobs.ring_up.func(timestamp=0)
    assert told(verdier, "agent") == []


def test_what_is_nobody_s_where_nobody_is_named_is_told_to_managers(verdier: House, clock: Any) -> None:
    want(verdier, first=60, escalates=None)
    write(verdier, says(clock, "m0"))
    after(clock, 61)
    jobs.ring_up.func(timestamp=0)
    assert for_all(verdier) == [("queue_late", "Maison Verdier", 1)]


def test_a_batch_takes_as_many_statements_as_one(verdier: House, clock: Any) -> None:
    want(verdier, first=60, resolution=90)
    write(verdier, says(clock, "m0"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert count_down(Thread.objects.of(verdier.brand).values_list("pk", flat=True))
        return len(caught)

    alone = asked()
    write(verdier, *(says(clock, f"n{n}", by=n) for n in range(50)))
    assert asked() == alone
