"""Posts leave at their time, once on each channel, and stand where their channels stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import override_settings

from comptoir.kernel import clock
from comptoir.kernel.http import Unreachable
from comptoir.networks import jobs as network_jobs
from comptoir.networks.connector import Refused
from comptoir.networks.models import Delivery
from comptoir.networks.sending import PARTS
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, User
from comptoir.publishing import jobs
from comptoir.publishing.models import Campaign, Content, Edited, NotNow, Post, Step, Timetable, Variant
from comptoir.publishing.tests.building import Wall, channel_of, content, draft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def brand(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Brand:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return Brand.objects.create(name="Brand", slug="brand", time_zone="Europe/Paris")


@pytest.fixture
def by(brand: Brand) -> User:
    user: User = User.objects.create(email="a@example.org", name="Anna")
    return user


def run(times: int = 4) -> None:
    """What the workers would do, each job twice."""
    for _ in range(times):
        for _twice in range(2):
            jobs.depart.func(timestamp=0)
            for part in range(PARTS):
                network_jobs.deliver_posts.func(part=part)
            ids = list(Delivery.objects.everywhere().order_by("pk").values_list("pk", flat=True))
            for pk in ids:
                network_jobs.deliver.func(delivery_id=pk)
            jobs.follow.func(ids=ids, state="")


def states(post: Post) -> list[str]:
    return [each.state for each in post.destinations.order_by("pk")]


def test_it_leaves_at_its_time_once_on_each_channel(brand: Brand, by: User) -> None:
    channels = [channel_of(brand, name) for name in ("one", "two")]
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as now:
        post = draft(brand, by, *channels)
        post.plan(by, datetime(2026, 11, 23).date(), datetime(2026, 11, 23, 9, 30).time(), "")
        post.schedule(by)
        run()
        assert (post.due, Wall.said) == (datetime(2026, 11, 23, 8, 30, tzinfo=clock.now().tzinfo), {})
        now.shift(timedelta(minutes=30))
        run()
    post.refresh_from_db()
    assert (post.state, states(post)) == ("published", ["published", "published"])
    assert [said[0] for said in Wall.said.values()] == ["Good morning!", "Good morning!"]


def test_each_channel_has_a_clock_of_its_own(brand: Brand, by: User) -> None:
    paris, reunion = channel_of(brand, "paris"), channel_of(brand, "reunion")
    Timetable.objects.create(channel=reunion, zone="Indian/Reunion")
    post = draft(brand, by, paris, reunion)
    day = (clock.now() + timedelta(days=40)).date()
    post.plan(by, day, datetime(2026, 1, 1, 9).time(), "")
    due = {each.channel_id: each.due for each in post.destinations.all() if each.due}
    for channel, zone in ((paris, "Europe/Paris"), (reunion, "Indian/Reunion")):
        assert due[channel.pk].astimezone(ZoneInfo(zone)).hour == 9
    assert post.due == due[reunion.pk]
    assert due[reunion.pk] < due[paris.pk]


def test_a_thread_leaves_in_order_and_the_comment_last(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    words = Variant(parts=["one", "two", "three"], comment="and this")
    post = Post.make(brand, by, Content("en", [words], [(channel.pk, "")]))
    post.belong(by, None, "a test")
    post.publish(by)
    run(6)
    post.refresh_from_db()
    assert post.state == "published"
    assert [said[0] for said in Wall.said.values()] == ["one", "two", "three", "and this"]
    assert [said[1] for said in Wall.said.values()] == ["", *[f"said-{key}" for key in list(Wall.said)[:3]]]
    kinds = Step.objects.of(brand).order_by("place").values_list("kind", flat=True)
    assert list(kinds) == ["post", "part", "part", "comment"]


def test_what_a_language_and_a_channel_say_stands_instead(brand: Brand, by: User) -> None:
    plain, french, own = (channel_of(brand, name) for name in ("plain", "french", "own"))
    words = [
        Variant(parts=["base"], comment="below"),
        Variant(language="fr", parts=["en français"]),
        Variant(channel=own, parts=["just here"], comment=""),
    ]
    post = Post.make(brand, by, Content("en", words, [(plain.pk, ""), (french.pk, "fr"), (own.pk, "fr")]))
    said = [post.said_on(each.channel, each.language) for each in post.destinations.order_by("pk")]
    assert [(each.parts, each.comment) for each in said] == [
        (("base",), "below"), (("en français",), "below"), (("just here",), ""),
    ]  # fmt: skip


def test_refused_in_one_place_is_published_in_part(brand: Brand, by: User) -> None:
    post = draft(brand, by, channel_of(brand, "one"), channel_of(brand, "two"))
    Wall.raises.append(Refused("too_long", limit=300))
    post.publish(by)
    run()
    post.refresh_from_db()
    assert (post.state, sorted(states(post))) == ("partly", ["published", "refused"])
    assert post.destinations.get(state="refused").code == "too_long"


def test_an_answer_lost_on_the_way_back_is_no_second_post(brand: Brand, by: User) -> None:
    post = draft(brand, by, channel_of(brand))
    Wall.raises.append(Unreachable("timeout", sent=True))
    post.publish(by)
    with time_machine.travel(clock.now(), tick=False) as now:
        run(1)
        now.shift(timedelta(minutes=1))
        run()
    post.refresh_from_db()
    assert (post.state, len(Wall.said)) == ("published", 1)


@override_settings(POST_LATE_AFTER=600)
def test_what_is_late_asks_instead_of_leaving(brand: Brand, by: User) -> None:
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as now:
        post = draft(brand, by, channel_of(brand))
        post.plan(by, datetime(2026, 11, 23).date(), datetime(2026, 11, 23, 9, 30).time(), "")
        post.schedule(by)
        now.shift(timedelta(minutes=41))
        run()
    post.refresh_from_db()
    assert (states(post), Wall.said) == (["asking"], {})
    assert post.destinations.get().code == "late"


def test_nothing_leaves_without_what_it_needs(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    aimless = Post.make(brand, by, content(channel))
    with pytest.raises(NotNow, match="aimless"):
        aimless.publish(by)
    nowhere = Post.make(brand, by, content())
    nowhere.belong(by, None, "a test")
    with pytest.raises(NotNow, match="nowhere"):
        nowhere.publish(by)
    with pytest.raises(NotNow, match="empty"):
        draft(brand, by, channel, text="  ").publish(by)
    day, post = clock.now().date() - timedelta(days=1), draft(brand, by, channel)
    with pytest.raises(NotNow, match="past"):
        post.plan(by, day, datetime(2026, 1, 1, 9).time(), "UTC")


def test_two_people_write_and_nobody_loses_words(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    post = draft(brand, by, channel)
    assert post.rewrite(by, 1, content(channel, text="Good evening!"))
    assert post.number == 2
    with pytest.raises(Edited):
        post.rewrite(by, 1, content(channel, text="Good night!"))
    assert not post.rewrite(by, 2, content(channel, text="Good evening!"))


def test_a_campaign_that_is_closed_takes_no_post(brand: Brand, by: User) -> None:
    campaign = Campaign.make(brand, by, "Spring", "People try the new bread")
    post = Post.make(brand, by, content(channel_of(brand)))
    assert post.belong(by, campaign)
    campaign.close(by)
    with pytest.raises(NotNow, match="closed"):
        post.belong(by, campaign)


def test_once_it_leaves_it_is_written_no_more(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    post = draft(brand, by, channel)
    post.publish(by)
    run()
    post.refresh_from_db()
    with pytest.raises(NotNow, match="state"):
        post.rewrite(by, post.number, content(channel, text="other"))
    assert not post.cancel(by)


def test_many_leave_in_few_questions(brand: Brand, by: User, django_assert_max_num_queries: Any) -> None:
    channels = [channel_of(brand, str(number)) for number in range(20)]
    for _ in range(5):
        draft(brand, by, *channels).publish(by)
    with django_assert_max_num_queries(60):
        jobs.depart.func(timestamp=0)
    assert Delivery.objects.of(brand).count() == 100
