"""The page of a surge: what is gathered there, and when nobody waits any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.models import Cluster
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.inbox.tests.test_release import ask, prepare, read, send
from comptoir.kernel import clock
from comptoir.measurement import surge
from comptoir.measurement.surge import Limit, Outlook, Pace, outlook, surge_of
from comptoir.measurement.views_of_surge import why, zero
from comptoir.networks.connector import Pace as Allowed
from comptoir.networks.models import Delivery

pytestmark = pytest.mark.django_db
PAGE = "/b/verdier/surge/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def verdier() -> House:
    built = house()
    ask(built)
    hear(built.channel, [said("kid", "Our baby has no milk left and we cannot leave the island.", 12, by=70)])
    hear(built.channel, [said("one", "Do you sell model boats in the harbour shop?", 40, by=71)])
    read(built, ["kid", "one"])
    return built


def body(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_page_has_clusters_what_presses_and_what_stands_alone(verdier: House) -> None:
    page = body(browser(verdier.people["agent"]).get(PAGE))
    assert "Take the next" in page
    assert "6 say 1 thing" in page
    assert "what&#x27;s happening with the" in page
    assert "1 presses: health, a child, or danger" in page
    assert "Our baby has no milk left" in page
    assert "2 stand alone" in page
    assert "Do you sell model boats" in page
    assert 'class="mark warn">new<' in page
    assert f"/b/verdier/surge/clusters/{Cluster.objects.of(verdier.brand).get(size=6).pk}/" in page
    reader = body(browser(verdier.people["reader"]).get(PAGE))
    assert "Take the next" not in reader
    assert browser(verdier.stranger).get(PAGE).status_code == 404
    part = body(browser(verdier.people["agent"]).get(PAGE, headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<div class="stack" id="now"')


def test_what_was_answered_waits_no_more_and_is_counted(verdier: House) -> None:
    send(prepare(verdier))
    Delivery.objects.of(verdier.brand).update(not_before=clock.now() - timedelta(minutes=2), state="sent")
    found = surge_of(verdier.brand)
    assert (found.waiting, found.groups, found.singles, found.pressing) == (2, 0, 2, 1)
    assert (found.short.gone, found.short.people, found.long.gone) == (6, 1, 6)
    assert (found.short.came, found.long.came) == (1, 8)
    assert found.leaving == 0
    assert found.outlook.state == "soon"


def test_a_cluster_of_yesterday_is_known(verdier: House) -> None:
    Cluster.objects.of(verdier.brand).update(first_at=clock.now() - timedelta(hours=5))
    page = body(browser(verdier.people["agent"]).get(PAGE))
    assert 'class="mark warn">new<' not in page
    assert 'class="mark">known<' in page


@pytest.mark.parametrize(
    ("waiting", "pace", "said_then"),
    [
        (0, Pace(15, 3, 0, 0), "Nobody waits."),
        (50, Pace(15, 30, 15, 2), "Not at this pace."),
        (50, Pace(15, 0, 0, 0), "Not at this pace."),
        (50, Pace(15, 15, 15, 2), "Not at this pace."),
        (5, Pace(15, 0, 15, 2), "In about ten minutes."),
        (42, Pace(15, 0, 15, 2), "In about 45 minutes, towards 12:45."),
        (300, Pace(15, 15, 45, 3), "In about 2.5 hours, towards 14:30."),
        (3_000, Pace(15, 0, 15, 3), "In about 2 days."),
    ],
)
def test_when_nobody_waits_any_more_in_words_no_finer_than_is_known(
    waiting: int, pace: Pace, said_then: str
) -> None:
    assert zero(outlook(waiting, pace, None), NOON) == said_then


def test_the_networks_limit_is_named_where_it_decides(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surge, "paces_of", lambda channel: (Allowed(4, HOUR), Allowed(400, 24 * HOUR)))
    send(prepare(verdier))
    Delivery.objects.of(verdier.brand).filter(reply__thread__likened__isnull=False).update(
        not_before=clock.now() - timedelta(minutes=2), state="sent"
    )
    ask(verdier, 20, first=30)
    found = surge_of(verdier.brand)
    assert found.outlook.binds == Limit("Rehearsal town", 4, HOUR, HOUR * (22 / 4))
    page = body(browser(verdier.people["agent"]).get(PAGE))
    assert "In about 5.5 hours" in page
    assert "What decides is Rehearsal town’s limit of 4 an hour." in page
    bound = outlook(22, Pace(15, 0, 30, 2), found.outlook.binds)
    assert bound.left == HOUR * 5.5
    free = outlook(22, Pace(60, 0, 1, 1), found.outlook.binds)
    assert free.binds is None


def test_how_many_people_it_takes(verdier: House) -> None:
    assert outlook(300, Pace(15, 0, 15, 3), None).needed == 15
    assert outlook(300, Pace(15, 0, 0, 0), None).needed is None
    assert outlook(0, Pace(15, 0, 15, 3), None) == Outlook("none", timedelta(), None, None)
    found = surge_of(verdier.brand)
    assert why(found) == "Nobody was answered within the last hour."


def test_the_page_asks_as_much_for_many_as_for_few(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    ask(verdier, 60, first=100)
    with CaptureQueriesContext(connection) as many:
        page = body(client.get(PAGE))
    assert len(many) == len(few) <= 12
    assert len(page) < 60_000


def test_a_brand_that_hears_nothing_says_so() -> None:
    built = house("quiet")
    page = body(browser(built.people["agent"]).get("/b/quiet/surge/"))
    assert "Nobody waits." in page
