"""Jobs run twice do what they do once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox.tests.building import hear, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.kernel import clock
from comptoir.measurement import jobs
from comptoir.measurement.asked import Asked
from comptoir.measurement.figures import figures_of
from comptoir.measurement.models import Due, Heard, Staffed
from comptoir.measurement.tests.building import house
from comptoir.organisation.models import DayOff, Hours

pytestmark = pytest.mark.django_db
NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())


def test_what_came_the_real_way_in_is_counted() -> None:
    made = house()
    hear(made.channel, [said("m1", minutes_ago=30), said("m2", minutes_ago=20, by=1)])
    made.thread().reply("Yes.", made.people["agent"])
    made.thread().close(made.people["agent"])
    for _twice in range(2):
        jobs.count_due.func(timestamp=NOON)
        jobs.count_staff.func(timestamp=NOON)
        jobs.count_staff_again.func(timestamp=NOON)
    assert not Due.objects.exists()
    assert Heard.objects.of(made.brand).count() == 2
    assert [each.people for each in Staffed.objects.of(made.brand)] == [1]
    found = figures_of(Asked.of(made.brand, {"days": "2"}))
    # The answer has not left: of the two, one waits and one was closed without an answer.
    assert (found.total.waiting, found.total.left, found.total.messages) == (1, 1, 2)


def test_counting_gives_way_to_what_nobody_can_see_yet_for_a_minute() -> None:
    made = house()
    hear(made.channel, [said("m1")])
    made.channel.receive([said("m2", by=1)])
    jobs.count_due.func(timestamp=NOON)
    assert not Heard.objects.of(made.brand).exists()
    Due.objects.update(since=clock.now() - timedelta(minutes=2))
    jobs.count_due.func(timestamp=NOON)
    assert Heard.objects.of(made.brand).count() == 1


def test_other_hours_have_everything_counted_again() -> None:
    made = house()
    hear(made.channel, [said("m1")])
    jobs.count_due.func(timestamp=NOON)
    today = clock.now().date()
    off = [DayOff(today + timedelta(days=n)) for n in range(-2, 2)]
    assert Hours.settle(made.brand, "Europe/Paris", [[(0, 1440)]] * 7, off, made.people["owner"])
    asked = ProcrastinateJob.objects.filter(task_name="comptoir.measurement.jobs.hours_changed")
    assert [job.args for job in asked] == [{"brand_id": made.brand.pk, "usual": True}]
    assert not Hours.settle(made.brand, "Europe/Paris", [[(0, 1440)]] * 7, off, made.people["owner"])
    for _twice in range(2):
        jobs.hours_changed.func(brand_id=made.brand.pk)
        assert Due.objects.exists()
    jobs.count_due.func(timestamp=NOON)
    assert Heard.objects.of(made.brand).count() == 1


def test_hours_that_only_a_queue_goes_by_have_nothing_counted_again() -> None:
    made = house()
    hear(made.channel, [said("m1")])
    jobs.count_due.func(timestamp=NOON)
    Hours.settle(made.brand, "Europe/Paris", [[(0, 1440)]] * 7, [], made.people["owner"], "Night")
    told = ProcrastinateJob.objects.get(task_name="comptoir.measurement.jobs.hours_changed")
    jobs.hours_changed.func(**told.args)
    assert not Due.objects.exists()
    assert Heard.objects.of(made.brand).count() == 1


def test_another_time_zone_of_the_brand_counts_too() -> None:
    made = house()
    assert made.brand.change(made.people["owner"], time_zone="Asia/Tokyo")
    assert ProcrastinateJob.objects.filter(task_name="comptoir.measurement.jobs.hours_changed").exists()


def test_what_rules_do_counts_as_nobodys() -> None:
    made = house()
    agent = made.people["agent"]
    rule(made, actions={"assign": {"person": agent.pk}, "priority": 2})
    comes(made, said("m1", "refund"))
    assert made.thread().assignee == agent
    jobs.count_due.func(timestamp=NOON)
    jobs.count_staff_again.func(timestamp=NOON)
    assert not Staffed.objects.of(made.brand).exists()
    found = figures_of(Asked.of(made.brand, {"days": "2"}))
    assert (found.total.waiting, found.total.segments, found.by["person"]) == (1, 1, [])
    made.thread().note("Ours now.", agent)
    jobs.count_staff_again.func(timestamp=NOON)
    assert [each.people for each in Staffed.objects.of(made.brand)] == [1]
