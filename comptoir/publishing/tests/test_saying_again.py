"""Evergreen posts: the next time is made when the last is over, once, and says what the last one said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Notice
from comptoir.organisation.tests.programs import Program, problem
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.models import (
    ApprovalStep,
    Asset,
    Content,
    Evergreen,
    Post,
    Repetition,
    Segment,
    SegmentGiven,
    Slot,
    Variant,
)
from comptoir.publishing.saying_again import STUCK, say_again
from comptoir.publishing.tests.building import House, Wall, browser, content, draft, house
from tests.servers.stranger import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def left(of: House, day: date, hour: time = time(10), post: Post | None = None) -> Post:
    """A post that left at that time by the brand's clock."""
    found = post or draft(of.brand, of.people["agent"], of.channel)
    at = datetime.combine(day, hour, of.brand.zone)
    Post.objects.of(of.brand).filter(pk=found.pk).update(
        state="published", day=day, hour=hour, zone="", due=at
    )
    found.destinations.all().update(state="published", due=at)
    found.refresh_from_db()
    return found


def yesterday(of: House) -> date:
    return timezone.localdate(timezone=of.brand.zone) - timedelta(days=1)


def newest(of: House) -> Post:
    return Post.objects.of(of.brand).order_by("-pk")[0]


def test_the_next_time_says_the_same_at_the_same_hour_and_is_made_once(verdier: House) -> None:
    by, day = verdier.people["agent"], yesterday(verdier)
    asset = Asset.bring(verdier.brand, by, jpeg(), "port.jpg")
    segment = Segment.make(verdier.brand, verdier.people["manager"], SegmentGiven("France", ("FR",), ("fr",)))
    words = [
        Variant(parts=["Open at nine", "and later"], comment="Come"),
        Variant(language="fr", parts=["Ouvert"]),
    ]
    given = Content("en", words, [(verdier.channel.pk, "fr")], [(asset.pk, "the port")], [segment.pk])
    first = Post.make(verdier.brand, by, given, "Hours")
    first.belong(by, None, "said each month")
    left(verdier, day, post=first)
    Evergreen.put(first, by, 28, None)
    assert [say_again(), say_again()] == [1, 0]
    made = newest(verdier)
    assert (made.state, made.day, made.hour) == ("scheduled", day + timedelta(days=28), time(10))
    assert (made.title, made.reason, made.language) == ("Hours", "said each month", "en")
    said = {each.language: (each.parts, each.comment) for each in made.variants.all()}
    assert said == {"": (["Open at nine", "and later"], "Come"), "fr": (["Ouvert"], None)}
    assert [(each.channel_id, each.language) for each in made.destinations.all()] == [
        (verdier.channel.pk, "fr")
    ]
    assert [(each.asset_id, each.alt) for each in made.illustrations.all()] == [(asset.pk, "the port")]
    assert [each.segment_id for each in made.aims.all()] == [segment.pk]


def test_each_time_begins_from_the_last_one(verdier: House) -> None:
    by = verdier.people["agent"]
    first = left(verdier, yesterday(verdier))
    Evergreen.put(first, by, 7, None)
    say_again()
    second = newest(verdier)
    assert second.rewrite(by, second.number, content(verdier.channel, text="Open at ten"))
    left(verdier, yesterday(verdier), post=second)
    assert say_again() == 1
    third = newest(verdier)
    assert third.name == "Open at ten"
    assert Evergreen.of_post(third) == Evergreen.of_post(first)
    assert Repetition.objects.of(verdier.brand).count() == 2


def test_a_time_that_somebody_gives_up_is_skipped_and_others_wait(verdier: House) -> None:
    by = verdier.people["agent"]
    Evergreen.put(left(verdier, yesterday(verdier)), by, 7, None)
    say_again()
    coming = newest(verdier)
    for state in ("scheduled", "review", "leaving", "asking", "failed", "declined", "missed"):
        Post.objects.of(verdier.brand).filter(pk=coming.pk).update(state=state)
        assert say_again() == 0, state
    Post.objects.of(verdier.brand).filter(pk=coming.pk).update(state="scheduled")
    coming.refresh_from_db()
    assert coming.cancel(by)
    assert say_again() == 1
    assert newest(verdier).day == yesterday(verdier) + timedelta(days=14)


def test_it_ends_on_its_last_day_or_when_somebody_stops_it(verdier: House) -> None:
    by, day = verdier.people["agent"], yesterday(verdier)
    short = Evergreen.put(left(verdier, day), by, 28, day + timedelta(days=27))
    stopped = Evergreen.put(left(verdier, day), by, 28, None)
    assert [stopped.stop(by), stopped.stop(by)] == [True, False]
    assert say_again() == 0
    short.refresh_from_db()
    assert short.ended is not None
    again = Evergreen.put(stopped.post, by, 14, None)
    assert (again.pk, say_again()) == (stopped.pk, 1)


def test_what_was_in_the_queue_takes_the_next_slot_after_its_day(verdier: House) -> None:
    by, day = verdier.people["agent"], yesterday(verdier)
    Slot.put(verdier.channel, verdier.people["manager"], [(day.weekday(), time(9))], "")
    first = left(verdier, day)
    Post.objects.of(verdier.brand).filter(pk=first.pk).update(queued=True)
    Evergreen.put(first, by, 14, None)
    assert say_again() == 1
    made = newest(verdier)
    # At 10:00 of that day its slot is over: it takes that of the week after.
    assert (made.queued, made.day, made.hour) == (True, day + timedelta(days=21), time(9))


def test_what_lacks_something_stays_a_draft_and_says_so(verdier: House) -> None:
    by, day = verdier.people["agent"], yesterday(verdier)
    asset = Asset.bring(verdier.brand, by, jpeg(), "port.jpg")
    given = Content("en", [Variant(parts=["Look"])], [(verdier.channel.pk, "")], [(asset.pk, "the port")])
    first = Post.make(verdier.brand, by, given)
    first.belong(by, None, "a test")
    Evergreen.put(left(verdier, day, post=first), by, 28, None)
    Asset.objects.of(verdier.brand).update(expires=day + timedelta(days=5))
    assert say_again() == 1
    assert newest(verdier).state == "draft"
    told = Notice.objects.of(verdier.brand).get(code=STUCK)
    assert (told.to_id, told.about) == (by.pk, f"post:{newest(verdier).pk}")
    assert say_again() == 0


def test_where_posts_are_approved_each_time_is(verdier: House) -> None:
    by, manager = verdier.people["agent"], verdier.people["manager"]
    first = left(verdier, yesterday(verdier))
    ApprovalStep.put(verdier.brand, manager, [("manager", "")])
    Evergreen.put(first, by, 28, None)
    assert say_again() == 1
    assert newest(verdier).state == "review"


def test_the_hour_on_the_wall_stays_when_clocks_change(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = left(verdier, date(2026, 10, 20))
    evergreen = Evergreen.put(first, verdier.people["agent"], 7, None)
    assert first.due == datetime(2026, 10, 20, 8, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 20, 12, tzinfo=UTC))
    wall = evergreen.wall_after(first)
    assert moment(wall, verdier.brand.zone) == datetime(2026, 10, 27, 9, tzinfo=UTC)


def test_agents_set_and_stop_it_and_readers_look(verdier: House) -> None:
    first = left(verdier, yesterday(verdier))
    place = f"/b/verdier/posts/{first.pk}/again/"
    agent, reader = browser(verdier.people["agent"]), browser(verdier.people["reader"])
    assert agent.post(place, {"do": "set", "every": "0"}).status_code == 422
    assert agent.post(place, {"do": "set", "every": "28", "until": "2020-01-01"}).status_code == 422
    assert agent.post(place, {"do": "set", "every": "28"}).status_code == 302
    say_again()
    assert "Scheduled" in reader.get(place).content.decode()
    assert reader.post(place, {"do": "stop"}).status_code == 403
    assert first.name in reader.get("/b/verdier/posts/again/").content.decode()
    assert agent.post(place, {"do": "stop"}).status_code == 302
    assert "Nothing is said again yet" in reader.get("/b/verdier/posts/again/").content.decode()
    codes = AuditEntry.objects.of(verdier.brand).filter(what__startswith="evergreen")
    assert list(codes.order_by("pk").values_list("what", flat=True)) == ["evergreen_set", "evergreen_stopped"]


def test_a_copy_is_a_draft_of_the_same_words(verdier: House) -> None:
    first = left(verdier, yesterday(verdier))
    answer = browser(verdier.people["agent"]).post(f"/b/verdier/posts/{first.pk}/copy/")
    made = newest(verdier)
    assert (answer["Location"], made.state, made.name) == (
        f"/b/verdier/posts/{made.pk}/",
        "draft",
        first.name,
    )
    assert made.due is None


def test_programs_do_the_same(verdier: House) -> None:
    first = left(verdier, yesterday(verdier))
    agent, place = Program(verdier.people["agent"]), "/api/v1/brands/verdier/posts"
    assert agent.ask("PUT", f"{place}/{first.pk}/again", {"every": 28}).json()["last"] == first.pk
    assert (
        problem(agent.ask("PUT", f"{place}/{first.pk}/again", {"every": 28, "until": "2020-01-01"}))
        == "invalid"
    )
    say_again()
    (shown,) = agent.get(f"{place}/again")["items"]
    assert (shown["post"], shown["last"]) == (first.pk, newest(verdier).pk)
    copy = agent.ask("POST", f"{place}/{first.pk}/copy")
    assert (copy.status_code, copy.json()["id"]) == (201, newest(verdier).pk)
    assert agent.ask("DELETE", f"{place}/{first.pk}/again").status_code == 204
    assert agent.get(f"{place}/again")["items"] == []
    assert problem(agent.ask("DELETE", f"{place}/{newest(verdier).pk}/again")) == "not-found"
