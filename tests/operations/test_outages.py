"""A network away for a day, a clock that jumps, news late and twice: waited for, recovered from, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox import jobs as inbox_jobs
from comptoir.inbox.models import Entry
from comptoir.inbox.tests.building import House, browser, house, said
from comptoir.kernel import clock
from comptoir.kernel.faults import Unreachable
from comptoir.networks import jobs
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.networks.sending import PARTS
from comptoir.organisation.models import Notice

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def ours() -> House:
    with time_machine.travel(MORNING - timedelta(hours=1), tick=False):
        made = house()
        Channel.objects.of(made.brand).update(
            next_fetch=clock.now(), next_recheck=MORNING + timedelta(days=30)
        )
    return made


def channel(ours: House) -> Channel:
    return Channel.objects.of(ours.brand).get()


def tick(ours: House) -> bool:
    """What a second brings: whether the channel was asked for news."""
    jobs.tick.func(timestamp=0)
    queued = ProcrastinateJob.objects.filter(task_name=jobs.fetch.name)
    asked = queued.exists()
    ProcrastinateJob.objects.all().delete()
    if asked:
        jobs.fetch.func(channel_id=channel(ours).pk)
    return asked


def test_a_network_away_for_a_day(ours: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again, each five minutes at the latest; said on the page since when; all of it there afterwards."""
    town = type(channel(ours).connector())
    answers = town.fetch
    with time_machine.travel(MORNING, tick=False) as now:
        assert tick(ours)
        before = set(Activity.objects.of(ours.brand).values_list("remote_id", flat=True))

        def away(*_given: Any) -> None:
            raise Unreachable("refused", "town.example")

        monkeypatch.setattr(town, "fetch", away)
        waits: list[timedelta] = []
        while clock.now() < MORNING + timedelta(days=1):
            due = channel(ours).next_fetch
            waits.append(due - clock.now())
            now.move_to(due - timedelta(seconds=1))
            assert not tick(ours), "not before its time"
            now.move_to(due)
            assert tick(ours)
        assert max(waits[1:]) == timedelta(minutes=5), "asked again each five minutes at the latest"
        assert waits[1:5] == sorted(waits[1:5]), "and longer each time until then"
        assert len(waits) < 320
        _said(ours)
        monkeypatch.setattr(town, "fetch", answers)
        now.shift(timedelta(minutes=5))
        while tick(ours) and channel(ours).next_fetch <= clock.now():
            pass
        heard = set(Activity.objects.of(ours.brand).values_list("remote_id", flat=True))
        assert before < heard
        assert _missing(ours, MORNING, clock.now()) == set()
        assert not Notice.objects.of(ours.brand).filter(settled_at=None).exists(), (
            "what was said is taken down"
        )


def _said(ours: House) -> None:
    page = browser(ours.people["manager"]).get(f"/b/{ours.brand.slug}/channels/{channel(ours).pk}/")
    words = page.content.decode()
    assert "cannot be reached. It is tried again by itself. It last went well on" in words
    assert "has not been heard for more than an hour" in words


def _missing(ours: House, since: datetime, until: datetime) -> set[str]:
    """What the town said in that time, asked of it afresh, and is not here."""
    row = channel(ours)
    said_then: set[str] = set()
    cursor: Any = None
    while True:
        page = row.connector(until).fetch(cursor, [])
        said_then |= {
            each.remote_id for each in page.items if since < getattr(each, "published", since) <= until
        }
        cursor = page.cursor
        if not page.more:
            return said_then - set(Activity.objects.of(ours.brand).values_list("remote_id", flat=True))


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=3), timedelta(days=400)])
def test_a_clock_that_jumps_and_comes_back(ours: House, jump: timedelta) -> None:
    with time_machine.travel(MORNING, tick=False):
        assert tick(ours)
    with time_machine.travel(MORNING + jump, tick=False):
        assert tick(ours), "at once, whichever way it jumped"
    with time_machine.travel(MORNING + timedelta(minutes=2), tick=False):
        assert tick(ours)
        assert channel(ours).fetched_at == clock.now()


def test_an_answer_written_before_the_clock_was_set_back_leaves_now(ours: House) -> None:
    with time_machine.travel(MORNING + timedelta(hours=5), tick=False):
        ours.channel.receive([said("m1")])
        delivery = Delivery.objects.create(channel=ours.channel, text="Good morning", act="post")
    with time_machine.travel(MORNING, tick=False) as now:
        jobs.tick.func(timestamp=0)
        ProcrastinateJob.objects.all().delete()
        now.shift(timedelta(seconds=3))
        jobs.tick.func(timestamp=0)
        part = delivery.channel_id % PARTS
        assert ProcrastinateJob.objects.filter(
            task_name=jobs.deliver_posts.name, args={"part": part}
        ).exists()
        delivery.refresh_from_db()
        assert delivery.said_at == MORNING + timedelta(hours=5), "the same for every try"


def test_an_answer_waits_for_a_network_that_is_away(ours: House, monkeypatch: pytest.MonkeyPatch) -> None:
    town = type(ours.channel.connector())
    publish = town.publish
    with time_machine.travel(MORNING, tick=False) as now:
        delivery = Delivery.objects.create(channel=ours.channel, text="Good morning", act="post")

        def away(*_given: Any) -> None:
            raise Unreachable("refused", "town.example", sent=False)

        monkeypatch.setattr(town, "publish", away)
        while clock.now() < MORNING + timedelta(days=1):
            now.move_to(Delivery.objects.of(ours.brand).get(pk=delivery.pk).not_before)
            jobs.deliver.func(delivery_id=delivery.pk)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.code) == ("waiting", "unreachable")
        assert delivery.tries > 100
        monkeypatch.setattr(town, "publish", publish)
        now.move_to(delivery.not_before)
        jobs.deliver.func(delivery_id=delivery.pk)
        delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_news_that_come_late_and_twice_and_in_the_wrong_order(ours: House) -> None:
    row = channel(ours)
    answer = said("late-2", "and again?", minutes_ago=5, in_reply_to="late-1", conversation="late-1")
    question = said("late-1", "anybody there?", minutes_ago=60 * 26, conversation="late-1")
    for batch in ([answer], [answer, question], [question], [answer]):
        ids = row.receive(batch)
        inbox_jobs.gather.func(channel_id=row.pk, new=ids, changed=[])
    entries = Entry.objects.filter(activity__remote_id__startswith="late-").order_by("at")
    assert [entry.activity.remote_id for entry in entries] == ["late-1", "late-2"]
    assert len({entry.thread_id for entry in entries}) == 1
