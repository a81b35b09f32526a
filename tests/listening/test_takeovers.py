"""Takeovers of events: told once and over once, by what was heard in time and by what was heard late."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from comptoir.connectors.rehearsal import square
from comptoir.connectors.rehearsal.plan import milliseconds, plan_of, with_storm
from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.listening import jobs
from comptoir.listening.folding import fold
from comptoir.listening.hearing import hear
from comptoir.listening.models import Event, Mention, Query, Takeover
from comptoir.networks.connector import Activity as Said
from comptoir.organisation.models import Notice, Webhook, WebhookCall
from tests.listening.eventful import MINUTE, NOON, at, fair_of, poured, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house("verdier")


@pytest.fixture
def fair(verdier: House) -> Event:
    return fair_of(verdier)


def test_a_takeover_is_told_once_kept_with_what_it_is_made_of_and_is_over_once(
    fair: Event, verdier: House
) -> None:
    Webhook.make(
        verdier.brand,
        "https://example.org/hook",
        ["takeover.began", "takeover.over"],
        verdier.people["owner"],
    )
    poured("g", "#TeaFair", NOON, 200, 2)
    poured("s", "#TeaFair", NOON + timedelta(minutes=90), 40, 6, "spam")
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=90))
        assert not Takeover.objects.of(verdier.brand).exists()
        watched(travel, NOON + timedelta(minutes=115))
        (found,) = Takeover.objects.of(verdier.brand)
        assert abs(found.since - NOON - timedelta(minutes=90)) <= 2 * MINUTE
        assert (found.over, found.tag) == (None, "#TeaFair")
        notice = Notice.objects.of(verdier.brand).get(code="takeover", settled_at=None)
        assert notice.facts["event"] == "Tea fair"
        page = browser(verdier.people["reader"]).get(at(verdier, fair)).content.decode()
        assert "#TeaFair is taken over" in page
        assert "Who makes most of it" in page
        assert "Managers move the event" in page
        watched(travel, NOON + timedelta(minutes=180))
        jobs.watch_events(0)
    (found,) = Takeover.objects.of(verdier.brand)
    assert found.over is not None
    assert not Notice.objects.of(verdier.brand).filter(code="takeover", settled_at=None).exists()
    kinds = WebhookCall.objects.of(verdier.brand).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["takeover.began", "takeover.over"]


def test_a_rehearsed_takeover_is_told_after_its_feast_began(fair: Event, verdier: House) -> None:
    """What the invented town says, read and folded as anything else is: no noise is set by hand."""
    query = Query.objects.of(verdier.brand).get()
    query.rewrite(verdier.people["manager"], "#NuitDesLampions")
    fair.tags.update(tag="#NuitDesLampions")
    plan = plan_of(
        {"town": "t", "seed": 7, "languages": "both", "opened": milliseconds(NOON - timedelta(days=9))}
    )
    settings = {"town": plan.town, "seed": plan.seed, "languages": "both", "opened": plan.opened}
    plan = plan_of(with_storm(settings, "takeover", 1, 3_600, NOON + timedelta(minutes=10)))
    spoken = square.told(plan, milliseconds(NOON), milliseconds(NOON + timedelta(minutes=80)))
    hear(TOWN, [each for each in spoken if isinstance(each, Said)])
    fold(list(Mention.objects.of(verdier.brand).values_list("pk", flat=True)))
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=30))
        assert not Takeover.objects.of(verdier.brand).exists()
        watched(travel, NOON + timedelta(minutes=70))
    (found,) = Takeover.objects.of(verdier.brand)
    assert abs(found.since - NOON - timedelta(minutes=30)) <= 5 * MINUTE
    assert found.began - found.since <= timedelta(minutes=25)


def test_many_people_at_once_warn_of_nothing(fair: Event, verdier: House) -> None:
    poured("g", "#TeaFair", NOON, 120, 2)
    poured("more", "#TeaFair", NOON + timedelta(minutes=90), 30, 8)
    poured("again", "#TeaFair", NOON + timedelta(minutes=90), 30, 12, "repeat")
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=150))
    assert not Takeover.objects.of(verdier.brand).exists()


def test_what_is_heard_late_is_watched_as_what_was_heard_in_time(fair: Event, verdier: House) -> None:
    """Searches ask every few minutes, and a query looks back hours: what they bring was said before."""
    poured("g", "#TeaFair", NOON, 200, 2)
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=100))
        poured("s", "#TeaFair", NOON + timedelta(minutes=85), 14, 6, "spam")
        watched(travel, NOON + timedelta(minutes=105))
        (soon,) = Takeover.objects.of(verdier.brand)
        assert abs(soon.since - NOON - timedelta(minutes=85)) <= 2 * MINUTE
        watched(travel, NOON + timedelta(minutes=190))
        poured("old", "#TeaFair", NOON + timedelta(minutes=10), 30, 6, "spam")
        jobs.tell_mentions(list(Mention.objects.of(verdier.brand).values_list("pk", flat=True)))
        Mention.objects.of(verdier.brand).exclude(activity__remote_id__startswith="g").update(noise="spam")
        Mention.objects.of(verdier.brand).filter(activity__remote_id__startswith="g").update(noise="")
        jobs.watch_events(0)
        jobs.watch_events(0)
    first, second = Takeover.objects.of(verdier.brand).order_by("since")
    assert second == soon
    assert first.since < NOON + timedelta(minutes=15)
    assert first.over is not None
    assert second.over is not None
    assert Notice.objects.of(verdier.brand).filter(code="takeover").count() == 1, (
        "what is long over is no news"
    )


def test_a_takeover_that_is_heard_late_and_goes_on_is_told(fair: Event, verdier: House) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=120))
        poured("g", "#TeaFair", NOON, 118, 2)
        poured("s", "#TeaFair", NOON + timedelta(minutes=60), 58, 6, "spam")
        jobs.tell_mentions(list(Mention.objects.of(verdier.brand).values_list("pk", flat=True)))
        Mention.objects.of(verdier.brand).filter(activity__remote_id__startswith="s").update(noise="spam")
        Mention.objects.of(verdier.brand).filter(activity__remote_id__startswith="g").update(noise="")
        jobs.watch_events(0)
    (found,) = Takeover.objects.of(verdier.brand)
    assert found.over is None
    assert abs(found.since - NOON - timedelta(minutes=60)) <= 2 * MINUTE
    assert Notice.objects.of(verdier.brand).filter(code="takeover", settled_at=None).count() == 1


def test_an_undone_move_warns_again_while_the_noise_goes_on(fair: Event, verdier: House) -> None:
    by = verdier.people["manager"]
    poured("g", "#TeaFair", NOON, 120, 2)
    poured("s", "#TeaFair", NOON + timedelta(minutes=40), 80, 6, "spam")
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=60))
        fair.move(by, "#TeaFair2")
        watched(travel, NOON + timedelta(minutes=65))
        Event.objects.of(verdier.brand).get().move_back(by)
        jobs.watch_events(0)
        assert not Takeover.objects.of(verdier.brand).filter(over=None).exists(), (
            "it has its last minutes anew"
        )
        watched(travel, NOON + timedelta(minutes=90))
        assert Takeover.objects.of(verdier.brand).filter(over=None).count() == 1


def test_an_event_of_the_past_is_looked_at_and_nobody_is_told(verdier: House) -> None:
    by = verdier.people["manager"]
    Query.make(verdier.brand, by, "Fair", "#TeaFair")
    poured("g", "#TeaFair", NOON, 100, 2)
    poured("s", "#TeaFair", NOON + timedelta(minutes=60), 40, 6, "spam")
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        query = Query.objects.of(verdier.brand).get()
        event = Event.make(verdier.brand, by, "Was", "#TeaFair", NOON, NOON + timedelta(hours=5), query)
        jobs.watch_events(0)
        jobs.watch_events(0)
    event.refresh_from_db()
    assert event.upto == event.ends
    assert [each.over is not None for each in event.takeovers.all()] == [True]
    assert not Notice.objects.of(verdier.brand).filter(code="takeover").exists()
