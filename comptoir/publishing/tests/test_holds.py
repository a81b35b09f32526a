"""A hold stops what leaves: after it is placed nothing is claimed, and what came due meanwhile asks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from comptoir.kernel import clock
from comptoir.networks import jobs as network_jobs
from comptoir.networks.connector import TryLater
from comptoir.networks.models import Channel, Delivery, Hold
from comptoir.networks.sending import PARTS, Saying, send, write_down
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, Notice, Role, User
from comptoir.publishing import deciding, departing, jobs
from comptoir.publishing.models import Destination, Post
from comptoir.publishing.tests.building import Wall, channel_of, draft
from comptoir.publishing.tests.test_leaving import run, states

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
    brand.admit(user, Role.OWNER)
    return user


def due(brand: Brand, by: User, *channels: Channel, **words: str) -> Post:
    post = draft(brand, by, *channels, **words)
    post.publish(by)
    return post


def after(post: Post) -> tuple[str, list[str]]:
    post.refresh_from_db()
    return post.state, states(post)


def test_under_a_hold_no_post_leaves_and_after_it_each_asks(brand: Brand, by: User) -> None:
    one, two = channel_of(brand, "one"), channel_of(brand, "two")
    hold = Hold.place("storm", by, brand)
    post = due(brand, by, one, two)
    run()
    assert (after(post), Wall.said) == (("scheduled", ["waiting", "waiting"]), {})
    assert hold.lift(by)
    run()
    assert (after(post), Wall.said) == (("asking", ["asking", "asking"]), {})
    assert (post.get_state_display(), deciding.count_asking(brand)) == ("To be decided", 1)
    assert set(Notice.objects.of(brand).filter(settled_at=None).values_list("code", flat=True)) == {
        "posts_to_decide", "post_to_decide",
    }  # fmt: skip
    assert deciding.leave(post, by)
    run()
    assert (after(post)[0], len(Wall.said)) == ("published", 2)
    assert not Notice.objects.of(brand).filter(settled_at=None).exists()
    assert not deciding.drop(post, by)


def test_what_is_to_leave_at_another_time_is_scheduled_for_it(brand: Brand, by: User) -> None:
    hold = Hold.place("storm", by, brand)
    post = due(brand, by, channel_of(brand))
    hold.lift(by)
    run()
    wall = (clock.now() + timedelta(days=2)).replace(hour=9, minute=30, second=0, microsecond=0, tzinfo=None)
    assert deciding.leave(post, by, wall)
    assert after(post) == ("scheduled", ["waiting"])
    assert (post.day, post.hour) == (wall.date(), wall.time())
    assert post.due is not None
    assert post.due.astimezone(brand.zone).replace(tzinfo=None) == wall


def test_a_brand_that_is_made_during_a_hold_of_the_house_says_so(brand: Brand, by: User) -> None:
    hold = Hold.place("storm", by)
    Hold.place("elsewhere", by, brand)
    new = Brand.make("New", by)
    for _ in range(2):
        network_jobs.say_holds.func(brand_id=new.pk)
    up = Notice.objects.of(new).filter(code="on_hold", settled_at=None)
    assert list(up.values_list("about", flat=True)) == [f"hold:{hold.pk}"]
    assert up.get().facts["who"] == "Anna"
    new.archive(by)
    hold.lift(by)
    new.bring_back(by)
    network_jobs.say_holds.func(brand_id=new.pk)
    assert not up.all().exists()


def test_a_hold_of_a_country_stops_the_channels_that_serve_it(brand: Brand, by: User) -> None:
    here, there = channel_of(brand, "here"), channel_of(brand, "there")
    Channel.objects.of(brand).filter(pk=here.pk).update(country="FR")
    Hold.place("storm", by, brand, country="FR")
    post = due(brand, by, here, there)
    run()
    assert after(post) == ("leaving", ["waiting", "published"])


def test_answers_go_on_unless_it_says_so(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    Hold.place("storm", by, brand)
    assert departing.leave_by() > clock.now()
    answer = send(channel, "We are on it.", by=by, act=Delivery.Act.REPLY)
    part = send(channel, "2/2", by=by, act=Delivery.Act.REPLY, leave_by=departing.leave_by())
    assert (answer.claim(), part.claim()) == (True, False)
    hold = Hold.place("all of it", by, brand, replies=True)
    kept = send(channel, "Soon.", by=by, act=Delivery.Act.REPLY)
    assert (kept.claim(), [each.pk for each in hold.in_flight()]) == (False, [answer.pk])
    hold.lift(by)
    kept.refresh_from_db()
    assert (kept.asking, kept.claim()) == ("held", False)
    assert [each.pk for each in deciding.replies_asking(brand)] == [part.pk, kept.pk]
    assert deciding.leave_reply(kept, by)
    assert kept.claim()


def test_a_message_that_waits_for_its_network_too_long_asks(brand: Brand, by: User) -> None:
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as now:
        post = due(brand, by, channel_of(brand))
        Wall.raises.append(TryLater("away"))
        jobs.depart.func(timestamp=0)
        for part in range(PARTS):
            network_jobs.deliver_posts.func(part=part)
        now.shift(timedelta(hours=3))
        run()
        assert (after(post), Wall.said) == (("asking", ["asking"]), {})
        key = Delivery.objects.of(brand).get().key
        assert deciding.leave(post, by)
        run()
        assert (after(post), list(Wall.said)) == (("published", ["published"]), [key])


def test_dropped_or_drafted_again(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    hold = Hold.place("storm", by, brand)
    first, second = due(brand, by, channel), due(brand, by, channel, text="Another one")
    hold.lift(by)
    run()
    assert deciding.drop(first, by)
    made = deciding.draft_again(second, by)
    assert made is not None
    run()
    assert (after(first), after(second)) == (("cancelled", ["withdrawn"]), ("cancelled", ["withdrawn"]))
    assert (after(made), made.name, made.reason) == (("draft", ["waiting"]), "Another one", "a test")
    assert Wall.said == {}


def test_what_a_dead_worker_left_is_looked_for_and_not_said_again(brand: Brand, by: User) -> None:
    channel = channel_of(brand)
    (left,) = write_down([Saying(channel, "Good morning!", clock.now(), by, leave_by=departing.leave_by())])
    assert left.claim()
    hold = Hold.place("storm", by, brand)
    assert [each.state for each in hold.in_flight()] == ["sending"]
    network_jobs.deliver.func(delivery_id=left.pk)
    assert ([each.state for each in hold.in_flight()], Wall.said) == (["waiting"], {})


ROUNDS = 150


def test_once_a_hold_is_placed_nothing_is_claimed_whatever_races_with_it(brand: Brand, by: User) -> None:
    """Four threads have posts depart and claim while holds are placed and lifted."""
    channels = [channel_of(brand, f"c{n}") for n in range(2)]
    over, claimed = threading.Event(), 0
    wrong: list[Exception] = []
    due(brand, by, *channels)
    threads = [threading.Thread(target=_race, args=(brand, n, over, wrong)) for n in range(4)]
    for each in threads:
        each.start()
    try:
        for turn in range(ROUNDS):
            Post.objects.of(brand).update(state="scheduled")
            Destination.objects.of(brand).update(state="waiting", due=clock.now())
            write_down([Saying(each, "due", clock.now(), by) for each in channels for _ in range(3)])
            over.wait(turn % 5 / 1_000)
            hold = Hold.place("race", by, brand if turn % 2 else None)
            placed = _claimed(brand)
            write_down([Saying(each, "during", clock.now(), by) for each in channels])
            over.wait(0.01)
            assert (_claimed(brand), wrong) == (placed, [])
            claimed += len(placed[0])
            hold.lift(by)
            Delivery.objects.of(brand).delete()
    finally:
        over.set()
        for each in threads:
            each.join()
    assert wrong == []
    assert claimed


def _race(brand: Brand, number: int, over: threading.Event, wrong: list[Exception]) -> None:
    """Hand over, claim many, claim one: until it is over."""
    try:
        while not over.wait(0.001):
            if number % 3 == 0:
                departing.depart()
            elif number % 3 == 1:
                for part in range(PARTS):
                    Delivery.claim_posts(4, 2, (part, PARTS), ())
            else:
                rows = Delivery.objects.of(brand).filter(state="waiting", asking="")
                for each in rows.select_related("channel").order_by("?")[:2]:
                    each.claim()
    except Exception as error:
        wrong.append(error)
    finally:
        connection.close()


def _claimed(brand: Brand) -> tuple[list[int], int]:
    """What was claimed, and how many destinations were handed over."""
    rows = Delivery.objects.of(brand).exclude(state="waiting").order_by("pk")
    return list(rows.values_list("pk", flat=True)), Delivery.objects.of(brand).exclude(step=None).count()


def test_its_pages(brand: Brand, by: User) -> None:
    client = Client()
    client.force_login(by)
    channel = channel_of(brand)
    said = client.post("/b/brand/holds/", {"reason": ""})
    assert said.status_code == 422
    assert client.post("/b/brand/holds/", {"reason": "A storm"}).status_code == 302
    hold = Hold.objects.get()
    post = due(brand, by, channel)
    run()
    for page in ("posts/", "channels/", "holds/"):
        assert "A storm" in client.get(f"/b/brand/{page}").text
    page = client.get(f"/b/brand/holds/{hold.pk}/").text
    assert "Good morning!" in page
    assert "Nothing was on its way" in page
    client.post(f"/b/brand/holds/{hold.pk}/lifting/")
    page = client.get("/b/brand/decisions/").text
    assert "Good morning!" in page
    assert "Leave now" in page
    client.post(f"/b/brand/decisions/posts/{post.pk}/", {"what": "later", "wall": "2020-01-01T10:00"})
    assert after(post)[1] == ["asking"]
    client.post(f"/b/brand/decisions/posts/{post.pk}/", {"what": "now"})
    run()
    assert after(post)[0] == "published"
    assert "A storm" not in client.get("/b/brand/posts/").text


def test_one_over_the_house_is_lifted_by_its_host(brand: Brand, by: User) -> None:
    hold = Hold.place("storm")
    client = Client()
    client.force_login(by)
    assert client.get(f"/b/brand/holds/{hold.pk}/").status_code == 200
    assert client.post(f"/b/brand/holds/{hold.pk}/lifting/").status_code == 403
    assert Hold.objects.on().exists()
