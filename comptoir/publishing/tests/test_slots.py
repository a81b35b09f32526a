"""Slots of channels: what is put into the queue takes the next free one, once, also where clocks change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

import pytest
import time_machine
from django.db import connections

from comptoir.networks.models import Channel
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import ApprovalStep, Destination, NotNow, Post, Slot
from comptoir.publishing.models.slot import free
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, content, draft, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NINE, NOON = time(9), time(12)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""A Monday, nine o'clock in Paris."""


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def slots(verdier: House, channel: Channel, *week: tuple[int, time], zone: str = "") -> Channel:
    Slot.put(channel, verdier.people["manager"], week, zone)
    return Channel.objects.of(verdier.brand).select_related("timetable").get(pk=channel.pk)


def queued(verdier: House, *channels: Channel, text: str = "Bread") -> Post:
    post = draft(verdier.brand, verdier.people["agent"], *channels, text=text)
    post.queue(verdier.people["agent"])
    return post


def dues(post: Post) -> list[datetime | None]:
    return list(post.destinations.order_by("pk").values_list("due", flat=True))


def test_each_post_takes_the_next_free_slot(verdier: House) -> None:
    slots(verdier, verdier.channel, (0, NINE), (0, NOON), (2, NINE))
    posts = [queued(verdier, verdier.channel) for _n in range(4)]
    assert [dues(each) for each in posts] == [
        [datetime(2026, 11, 23, 11, tzinfo=UTC)], [datetime(2026, 11, 25, 8, tzinfo=UTC)],
        [datetime(2026, 11, 30, 8, tzinfo=UTC)], [datetime(2026, 11, 30, 11, tzinfo=UTC)],
    ], "nine on Monday is now, and over"  # fmt: skip
    assert {each.state for each in posts} == {"scheduled"}
    assert (posts[1].day, posts[1].hour, posts[1].zone) == (date(2026, 11, 25), NINE, "Europe/Paris")


def test_each_channel_has_slots_of_its_own_by_its_own_clock(verdier: House) -> None:
    here = slots(verdier, verdier.channel, (1, NINE))
    there = slots(verdier, channel_of(verdier.brand, "island"), (1, NINE), zone="Indian/Reunion")
    post = queued(verdier, here, there)
    assert dues(post) == [datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC)]
    assert (post.due, post.zone) == (datetime(2026, 11, 24, 5, tzinfo=UTC), "Indian/Reunion")
    post.schedule(verdier.people["agent"])
    assert len(set(dues(post))) == 2, "kept and scheduled again, it keeps its slots"


def test_a_channel_that_is_added_takes_a_slot_of_its_own(verdier: House) -> None:
    here = slots(verdier, channel_of(verdier.brand, "here"), (0, NOON))
    there = slots(verdier, channel_of(verdier.brand, "there"), (2, NINE))
    post, by = queued(verdier, here), verdier.people["agent"]
    queued(verdier, there)
    post.rewrite(by, post.number, content(here, there, text="Bread"))
    monday = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert dues(post) == [monday, datetime(2026, 12, 2, 8, tzinfo=UTC)]
    slotless = channel_of(verdier.brand, "slotless")
    with pytest.raises(NotNow, match="slotless"):
        post.rewrite(by, post.number, content(here, there, slotless, text="Bread"))
    post.rewrite(by, post.number, content(there, text="Bread"))
    post.refresh_from_db()
    assert (dues(post), post.due) == (
        [datetime(2026, 12, 2, 8, tzinfo=UTC)],
        datetime(2026, 12, 2, 8, tzinfo=UTC),
    )


def test_a_channel_without_a_slot_is_said(verdier: House) -> None:
    with pytest.raises(NotNow, match="slotless"):
        queued(verdier, verdier.channel)
    assert Post.objects.of(verdier.brand).get().state == "draft"


def test_what_leaves_the_queue_frees_its_slot(verdier: House) -> None:
    slots(verdier, verdier.channel, (1, NINE))
    by = verdier.people["agent"]
    first = queued(verdier, verdier.channel)
    first.unschedule(by)
    assert (first.due, first.day, dues(first)) == (None, None, [None])
    second = queued(verdier, verdier.channel)
    assert second.due == datetime(2026, 11, 24, 8, tzinfo=UTC)
    second.plan(by, date(2026, 11, 26), NOON, "Europe/Paris")
    assert (second.queued, queued(verdier, verdier.channel).due) == (
        False,
        datetime(2026, 11, 24, 8, tzinfo=UTC),
    )


def test_what_waits_for_approval_keeps_its_slot(verdier: House) -> None:
    slots(verdier, verdier.channel, (1, NINE))
    ApprovalStep.put(verdier.brand, verdier.people["owner"], [("manager", "")])
    assert queued(verdier, verdier.channel).state == "review"
    assert queued(verdier, verdier.channel).due == datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hour", "due"),
    [
        (datetime(2027, 3, 27, 12, tzinfo=UTC), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2027, 10, 30, 12, tzinfo=UTC), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_slot_where_clocks_change(verdier: House, now: datetime, hour: time, due: datetime) -> None:
    slots(verdier, verdier.channel, (6, hour), (6, time(3, 30)))
    with time_machine.travel(now, tick=False):
        assert queued(verdier, verdier.channel).due == due
        following = queued(verdier, verdier.channel).due
        assert following
        assert following > due, "two hours that are one that day take one post"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_share_a_slot(verdier: House) -> None:
    both = [verdier.channel, channel_of(verdier.brand, "other")]
    for each in both:
        slots(verdier, each, *((day, NOON) for day in range(7)))
    by = verdier.people["agent"]
    posts = [draft(verdier.brand, by, *(both if n % 2 else both[::-1])) for n in range(12)]

    def put(post: Post) -> None:
        try:
            post.queue(by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, posts))
    taken = Destination.objects.of(verdier.brand).values_list("channel", "due")
    assert len(set(taken)) == len(taken) == 24


def test_the_calendar_shows_free_slots_and_begins_posts_there(verdier: House) -> None:
    channel = slots(verdier, verdier.channel, (1, NINE), (2, NINE), zone="Indian/Reunion")
    queued(verdier, channel)
    client = browser(verdier.people["agent"])
    for view in ("month", "week", "list"):
        answer = client.get("/b/verdier/posts/calendar/", {"day": "2026-11-23", "view": view})
        days = answer.context["days"] if view == "list" else chain(*answer.context["weeks"])
        offered = [(each.date.day, [slot.hour for slot in each.free]) for each in days if each.free]
        assert offered[0] == (25, ["09:00"])
        link = f"?day=2026-11-25&amp;hour=09:00&amp;channel={channel.pk}"
        assert link in answer.content.decode()
    written = client.get(f"/b/verdier/posts/new/?day=2026-11-25&hour=09:00&channel={channel.pk}").context[
        "written"
    ]
    assert (written.hour, list(written.channels)) == (NINE, [channel.pk])
    answer = client.get("/b/verdier/posts/calendar/", {"day": "2026-11-23", "state": "draft"})
    assert not any(each.free for each in chain(*answer.context["weeks"]))


def test_reckoning_shares_clocks(verdier: House, django_assert_max_num_queries: Any) -> None:
    for n in range(5):
        slots(verdier, channel_of(verdier.brand, f"c{n}"), (1, NINE), (1, NOON))
    with django_assert_max_num_queries(2):
        found = free(verdier.brand, NOW, NOW + timedelta(days=14))
    assert [len(each) for each in found.values()] == [5] * 4
    assert list(found) == sorted(found)


def test_managers_set_them_and_the_composer_queues(verdier: House) -> None:
    channel, manager = verdier.channel, browser(verdier.people["manager"])
    address = f"/b/verdier/slots/{channel.pk}/"
    given = {"zone": "", "warn_days": "3", "day0": "12h, 9:15 18.30", "day6": "25:00"}
    wrong = manager.post(address, given)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["day6"])
    assert manager.post(address, given | {"day6": ""}).status_code == 302
    kept = Slot.objects.of(verdier.brand).order_by("hour").values_list("weekday", "hour")
    assert list(kept) == [(0, time(9, 15)), (0, NOON), (0, time(18, 30))]
    assert browser(verdier.people["agent"]).get(address).status_code == 403
    assert b"09:15" in browser(verdier.people["reader"]).get("/b/verdier/slots/").content
    agent = browser(verdier.people["agent"])
    form = {"act": "queue", "part-||": "Bread", "channel": channel.pk, "reason": "a test", "language": "fr"}
    agent.post("/b/verdier/posts/new/", form)
    post = Post.objects.of(verdier.brand).get()
    assert (post.state, post.due) == ("scheduled", datetime(2026, 11, 23, 8, 15, tzinfo=UTC))


def test_programs_set_slots_and_queue(verdier: House) -> None:
    channel = verdier.channel
    manager, agent = (Program(verdier.people[role]) for role in ("manager", "agent"))
    there = f"brands/verdier/slots/{channel.pk}"
    given = {"zone": "Indian/Reunion", "slots": [{"weekday": 1, "hour": "09:00"}]}
    assert problem(agent.ask("PUT", there, given)) == "role-too-low"
    assert manager.ask("PUT", there, given).json()["slots"] == [{"weekday": 1, "hour": "09:00:00"}]
    post = draft(verdier.brand, verdier.people["agent"], channel)
    shown = agent.ask("POST", f"brands/verdier/posts/{post.pk}/queue").json()
    assert (shown["state"], shown["due"]) == ("scheduled", "2026-11-24T05:00:00Z")
    assert agent.get(there)["free"][0] == "2026-12-01T05:00:00Z"
    wrong = {"zone": "Mars/Olympus", "slots": []}
    assert problem(manager.ask("PUT", there, wrong)) == "invalid"
