"""What is kept is asked for again, all of it within a day; how far that is, and what cannot be asked, is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.command.from_database import _asked_again
from comptoir.inbox.tests.building import House, browser, house, said
from comptoir.kernel import clock
from comptoir.listening import jobs, rechecking
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, Round, Source
from comptoir.networks.connector import Actor, Gone, Kind, TryLater
from comptoir.networks.found import connector_class
from comptoir.networks.models import Actor as Person
from comptoir.organisation.models import InformationPage

pytestmark = pytest.mark.django_db
NETWORK = "mastodon"
ASKED: list[str] = []
BATCH = 20


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    listens(made, "https://social.example")
    return made


def listens(at: House, server: str, network: str = NETWORK) -> Source:
    return Source.objects.create(
        brand=at.brand, network=network, address=f"{server} all", name=server, settings={"server": server}
    )


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> type[Any]:
    """The network's answers are made here; the contract suite asks real ones."""
    kind = connector_class(NETWORK)
    ASKED.clear()

    def answer(self: Any, ids: list[str]) -> list[Any]:
        assert len(ids) <= BATCH
        ASKED.extend(ids)
        people = [Actor(f"person-{n}", f"@renamed{n}.example", f"Renamed {n}") for n in (1, 9)]
        return [*(Gone(each) for each in ids if each.startswith("gone")), Gone("nobody-asked"), *people]

    monkeypatch.setattr(kind, "recheck", answer)
    return kind


def kept(*names: str, by: int = 1) -> None:
    hear(NETWORK, [said(name, "a teapot", kind=Kind.POST, by=by, addressed=False) for name in names])


def left(at: House) -> set[str]:
    return set(Mention.objects.of(at.brand).values_list("activity__remote_id", flat=True))


def test_deletions_and_names_reach_what_is_kept(verdier: House, place: Any) -> None:
    kept("gone-1", "stays", by=1)
    assert rechecking.recheck() == 1
    assert left(verdier) == {"stays"}
    assert Person.objects.get(network=NETWORK, remote_id="person-1").name == "Renamed 1"
    assert not Person.objects.filter(remote_id="person-9").exists(), (
        "nobody is written down who was not heard"
    )
    jobs.recheck_mentions(0)
    assert sorted(ASKED) == ["gone-1", "stays"], "a round is through until the next one is due"


def test_every_message_has_its_turn_in_a_round_of_many_runs(
    verdier: House, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecking, "LEAST", 40)
    kept(*(f"m{n}" for n in range(130)))
    runs = 0
    while not (walk := Round.objects.filter(network=NETWORK).first()) or not walk.ended:
        rechecking.recheck()
        runs += 1
        kept(f"new-{runs}")
    assert runs == 4
    assert len(ASKED) == len(set(ASKED)) >= 130
    assert walk.whole == walk.began
    assert not walk.is_behind


def test_a_round_begins_early_enough_that_each_turn_comes_within_a_day() -> None:
    through = timedelta(minutes=10) * rechecking.RUNS
    assert rechecking.EVERY + through < timedelta(days=1)


def test_a_place_that_rests_or_is_out_of_reach_holds_the_round_and_is_named(
    verdier: House, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept("stays")
    monkeypatch.setattr(place, "rests", True)
    rechecking.recheck()
    walk = Round.objects.get(network=NETWORK)
    assert (walk.ended, walk.asked, walk.code) == (None, 0, "rate_limited")
    monkeypatch.setattr(place, "rests", False)

    def fails(self: Any, ids: list[str]) -> list[Any]:
        raise TryLater("server_error", status=502)

    monkeypatch.setattr(place, "recheck", fails)
    rechecking.recheck()
    Round.objects.update(first=clock.now() - timedelta(hours=30))
    walk.refresh_from_db()
    assert (walk.ended, walk.whole, walk.gaps, walk.is_behind, walk.hours) == (None, None, True, True, 30)
    page = browser(verdier.people["reader"]).get("/b/verdier/listening/sources/").content.decode()
    assert "Behind" in page
    (found,) = [each for each in _asked_again() if "Mastodon" in each.text]
    assert "30 hours" in found.text
    InformationPage.objects.create(brand=verdier.brand, controller="A", contact="B")
    assert "last asked for 30 hours ago" in Client().get("/information/verdier/").content.decode()


def test_what_reached_a_channel_is_left_to_it(verdier: House, place: Any) -> None:
    kept("stays")
    channel = verdier.channel
    type(channel).objects.of(verdier.brand).update(network=NETWORK)
    channel.refresh_from_db()
    Mention.objects.of(verdier.brand).get().bring(channel, verdier.people["agent"])
    rechecking.recheck()
    assert ASKED == []


def test_it_goes_on_where_nobody_listens_any_more(verdier: House, place: Any) -> None:
    kept("gone-1")
    Source.objects.of(verdier.brand).update(on=False)
    assert rechecking.recheck() == 1
    kept("gone-2")
    Source.objects.of(verdier.brand).delete()
    Round.objects.update(began=clock.now() - timedelta(days=1))
    type(verdier.channel).objects.of(verdier.brand).update(network=NETWORK, state="active")
    assert rechecking.recheck() == 1


def test_a_feed_cannot_be_asked_and_the_page_says_so(verdier: House) -> None:
    listens(verdier, "https://blog.example/feed", "feed")
    assert not rechecking.can_be_asked("feed")
    page = browser(verdier.people["reader"]).get("/b/verdier/listening/sources/").content.decode()
    assert "was not necessarily deleted" in page
