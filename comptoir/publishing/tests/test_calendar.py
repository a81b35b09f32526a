"""The calendar: each post on its day by the reader's clock, quickly however many there are, and moved by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

import pytest
import time_machine

from comptoir.networks.tests.standing_in import every_network_is
from comptoir.publishing.models import Destination, Post, Variant
from comptoir.publishing.tests.building import House, Wall, browser, draft, house
from comptoir.publishing.views.calendar import IN_A_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = time(12)


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
        yield


def planned(
    verdier: House, day: date, hour: time = NOON, zone: str = "Europe/Paris", text: str = "Bread"
) -> Post:
    by = verdier.people["agent"]
    post = draft(verdier.brand, by, verdier.channel, text=text)
    post.plan(by, day, hour, zone)
    return post


def days_of(verdier: House, **asked: Any) -> dict[date, list[str]]:
    """What is shown, by day."""
    client = browser(verdier.people["reader"])
    answer = client.get(f"/b/{verdier.brand.slug}/posts/calendar/", {"day": "2026-11-23", **asked})
    assert answer.status_code == 200
    found = answer.context["days"] if asked.get("view") == "list" else list(chain(*answer.context["weeks"]))
    return {day.date: [post.name for post in day.posts] for day in found if day.posts}


def test_each_view_shows_a_post_on_its_day(verdier: House) -> None:
    planned(verdier, date(2026, 11, 25))
    planned(verdier, date(2026, 12, 24), text="Log")
    first, second = {date(2026, 11, 25): ["Bread"]}, {date(2026, 12, 24): ["Log"]}
    assert days_of(verdier) == days_of(verdier, view="week") == first
    assert days_of(verdier, view="list") == first | second
    assert days_of(verdier, day="2026-12-01", view="month") == second


def test_weeks_are_whole_and_begin_on_monday(verdier: House) -> None:
    client = browser(verdier.people["reader"])
    weeks = client.get(f"/b/{verdier.brand.slug}/posts/calendar/?day=2026-02-15").context["weeks"]
    assert {len(week) for week in weeks} == {7}
    assert {week[0].date.weekday() for week in weeks} == {0}
    assert (weeks[0][0].date, weeks[-1][-1].date) == (date(2026, 1, 26), date(2026, 3, 1))


def test_days_are_those_of_the_reader_s_clock(verdier: House) -> None:
    planned(verdier, date(2026, 11, 25), time(23, 30))
    client = browser(verdier.people["reader"])
    client.cookies["zone"] = "Indian%2FReunion"
    weeks = client.get(f"/b/{verdier.brand.slug}/posts/calendar/?day=2026-11-23").context["weeks"]
    assert [day.date for week in weeks for day in week if day.posts] == [date(2026, 11, 26)]


def test_it_is_narrowed_to_a_channel_or_a_state(verdier: House) -> None:
    planned(verdier, date(2026, 11, 25))
    assert days_of(verdier, channel=verdier.channel.pk) == days_of(verdier, state="draft") != {}
    assert days_of(verdier, state="published") == {}
    assert days_of(verdier, channel="nonsense", state="nonsense", view="nonsense") != {}


def test_a_post_is_moved_and_keeps_its_hour(verdier: House) -> None:
    post = planned(verdier, date(2026, 11, 25), time(9, 30))
    client = browser(verdier.people["agent"])
    address = f"/b/{verdier.brand.slug}/posts/{post.pk}/time/"
    answer = client.post(address, {"day": "2026-11-28", "view": "week"})
    assert answer["Location"].endswith("?view=week&day=2026-11-28")
    post.refresh_from_db()
    assert (post.day, post.hour) == (date(2026, 11, 28), time(9, 30))
    assert post.due == post.destinations.get().due == datetime(2026, 11, 28, 8, 30, tzinfo=UTC)


def test_a_move_into_the_past_or_of_what_left_says_why_not(verdier: House) -> None:
    post = planned(verdier, date(2026, 11, 25))
    client = browser(verdier.people["agent"])
    address = f"/b/{verdier.brand.slug}/posts/{post.pk}/time/"
    assert b"over" in client.post(address, {"day": "2026-11-20"}, follow=True).content
    Post.objects.of(verdier.brand).update(state="published")
    client.post(address, {"day": "2026-11-28"})
    post.refresh_from_db()
    assert post.day == date(2026, 11, 25)
    assert b"cannot be changed" in client.get(address).content


@pytest.mark.parametrize(
    ("day", "hour", "words", "due"),
    [
        ("2027-03-28", "02:30", "jump over", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31", "02:30", "comes twice", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_where_clocks_change_it_is_told(
    verdier: House, day: str, hour: str, words: str, due: datetime
) -> None:
    post = planned(verdier, date(2026, 11, 25))
    client = browser(verdier.people["agent"])
    given = {"day": day, "hour": hour}
    shown = client.post(f"/b/{verdier.brand.slug}/posts/{post.pk}/time/", given, follow=True)
    assert words in shown.content.decode()
    post.refresh_from_db()
    assert post.due == due


def test_readers_move_nothing(verdier: House) -> None:
    post = planned(verdier, date(2026, 11, 25))
    client = browser(verdier.people["reader"])
    assert (
        client.post(f"/b/{verdier.brand.slug}/posts/{post.pk}/time/", {"day": "2026-11-28"}).status_code
        == 403
    )


def test_a_full_day_shows_some_and_says_how_many_more(
    verdier: House, django_assert_max_num_queries: Any
) -> None:
    due = datetime(2026, 11, 25, 12, tzinfo=UTC)
    posts = Post.objects.bulk_create(
        Post(brand=verdier.brand, title=f"post {n}", due=due + timedelta(seconds=n), state="scheduled")
        for n in range(400)
    )
    Variant.objects.bulk_create(Variant(post=post, parts=["Bread"]) for post in posts)
    Destination.objects.bulk_create(
        Destination(post=post, channel=verdier.channel, due=due) for post in posts
    )
    client = browser(verdier.people["reader"])
    with django_assert_max_num_queries(16):
        answer = client.get(f"/b/{verdier.brand.slug}/posts/calendar/?day=2026-11-23")
    (day,) = [day for week in answer.context["weeks"] for day in week if day.count]
    assert (len(day.posts), day.more) == (IN_A_DAY["month"], 400 - IN_A_DAY["month"])
    assert [post.name for post in day.posts] == [f"post {n}" for n in range(IN_A_DAY["month"])]
