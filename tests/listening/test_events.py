"""Events: minutes counted by kind and by tag, a takeover told once, a move that joins the series, and undone."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from comptoir.inbox.tests.building import HTMX, TOWN, House, browser, house
from comptoir.kernel.sight import seeing
from comptoir.listening.event_figures import ALL, now_of, series_of
from comptoir.listening.hearing import hear
from comptoir.listening.models import Event, Mention, Query, Takeover
from comptoir.listening.models.event import NotMoved, hearing, same, tag_in
from comptoir.listening.proposing_tags import candidates, proposed, used_beside
from comptoir.networks.models import Audience, Channel
from comptoir.organisation.access import sight_of
from comptoir.organisation.models import ApiToken, Membership
from comptoir.organisation.models.terms import Terms
from tests.listening.eventful import MINUTE, NOON, at, fair_of, heard, poured, said, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house("verdier")


@pytest.fixture
def fair(verdier: House) -> Event:
    return fair_of(verdier)


def test_health_is_genuine_of_all_and_unknown_where_nothing_was_said(fair: Event) -> None:
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert now_of(fair, fair.in_order()).quarter.share is None
        poured("g", "#teafair", NOON + timedelta(minutes=110), 3, 2)
        poured("s", "#TEAFAIR", NOON + timedelta(minutes=110), 1, 3, "spam")
        poured("c", "#TeaFair", NOON + timedelta(minutes=70), 1, 1, "repeat")
        poured("other", "#TeaFairy", NOON + timedelta(minutes=110), 1, 1)
        now = now_of(fair, fair.in_order())
        assert (now.quarter.genuine, now.quarter.noise, now.quarter.share) == (6, 3, 6 / 9)
        assert (now.hour.genuine, now.hour.spam, now.hour.copies) == (6, 3, 1)
        series = series_of(fair, fair.in_order(), "2h")
        assert (series.step, len(series.points), series.total) == (1, 120, now.hour)
        assert [point.all.n for point in series.points[110:113]] == [5, 2, 2]


def test_a_move_hears_both_joins_the_series_and_is_undone(fair: Event, verdier: House) -> None:
    by = verdier.people["manager"]
    poured("g", "#TeaFair", NOON, 60, 2)
    poured("s", "#TeaFair", NOON + timedelta(minutes=40), 50, 6, "spam")
    with time_machine.travel(NOON, tick=False) as travel:
        watched(travel, NOON + timedelta(minutes=60))
        assert Takeover.objects.of(verdier.brand).filter(over=None).exists()
        moved = NOON + timedelta(minutes=60)
        browser(by).post(at(verdier, fair, "tags/"), {"tag": "teafair26"})
        fair = Event.objects.of(verdier.brand).get()
        tags = fair.in_order()
        assert [(each.tag, each.since) for each in tags] == [("#TeaFair", NOON), ("#teafair26", moved)]
        assert fair.query.text == "#TeaFair OR #teafair26"
        assert not Takeover.objects.of(verdier.brand).filter(over=None).exists()
        fresh = now_of(fair, tags)
        assert (fresh.hour.share, fresh.moved_share) == (None, None), (
            "what was said before the move is not of the new tag"
        )
        poured("new", "#TeaFair26", moved, 30, 3)
        poured("both", "#TeaFair #TeaFair26", moved, 10, 1)
        poured("left", "#TeaFair", moved, 10, 1)
        watched(travel, NOON + timedelta(minutes=90))
        assert not Takeover.objects.of(verdier.brand).filter(over=None).exists(), (
            "the old tag’s noise stands apart"
        )
        now = now_of(fair, tags)
        assert (now.quarter.share, now.former.noise, now.former.genuine) == (1.0, 30 * 6, 10)
        series = series_of(fair, tags, ALL)
        assert [point.moment for point in series.points if point.moved] == [moved]
        assert series.total.genuine == 120 + 90 + 20
        rows = list(csv.DictReader(io.StringIO(
            browser(by).get(at(verdier, fair, "series.csv")).content.decode("utf-8-sig")
        )))  # fmt: skip
        assert sum(int(row["genuine"]) for row in rows) == series.total.genuine
        assert sum(int(row["'#teafair26 genuine"] if "'#teafair26 genuine" in row else row["#teafair26 genuine"])
                   for row in rows) == 100  # fmt: skip
        assert [row["tag"] for row in rows if row["moved_to"]] == ["#teafair26"]
        with pytest.raises(NotMoved):
            fair.move(by, "#TEAFAIR")
        browser(by).post(at(verdier, fair, "tags/back/"))
    fair = Event.objects.of(verdier.brand).get()
    assert [each.tag for each in fair.in_order()] == ["#TeaFair"]
    assert (fair.query.text, fair.query.number) == ("#TeaFair", 3)
    with pytest.raises(NotMoved):
        fair.move_back(by)


def test_an_undone_move_leaves_a_query_that_somebody_changed_since(fair: Event, verdier: House) -> None:
    by = verdier.people["manager"]
    fair.move(by, "#TeaFair2")
    query = Query.objects.of(verdier.brand).get()
    query.rewrite(by, "#TeaFair OR #TeaFair2 OR kettle")
    Event.objects.of(verdier.brand).get().move_back(by)
    query.refresh_from_db()
    assert query.text == "#TeaFair OR #TeaFair2 OR kettle"


def test_proposals_are_made_by_rule_and_looked_for(fair: Event, verdier: House) -> None:
    assert candidates("#NuitDesLampions", "La nuit", 2026, ["fr", "en"]) == [
        ("#NuitDesLampions2026", "year"), ("#NuitDesLampions26", "year"), ("#NuitDesLampions2", "number"),
        ("#NDL2026", "short"), ("#NuitDesLampionsFR", "language"), ("#NuitDesLampionsEN", "language"),
    ]  # fmt: skip
    assert ("#fete4", "number") in candidates("#fete3", "Fête", 2026, [])
    assert ("#fete2027", "year") in candidates("#fete2026", "Fête", 2027, [])
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        heard([said("x1", "#TeaFair #TeaFair2026 at last", NOON + MINUTE)])
        hear(TOWN, [said("x2", "Nothing to do with it: #teafair2", NOON + MINUTE)])
        found = {each.tag: each for each in proposed(fair, fair.in_order(), ["fr"])}
    assert (found["#TeaFair2026"].heard, found["#TeaFair2026"].free) == (1, False)
    assert (found["#TeaFair2"].heard, found["#TeaFair2"].sampled) == (0, 1)
    assert found["#TeaFair26"].free
    assert list(found)[-1] in ("#TeaFair2026", "#TeaFair2")


def test_what_genuine_people_use_beside_it_is_offered_and_what_spam_carries_is_not(fair: Event) -> None:
    heard([said(f"k{n}", "#TeaFair #kettle #deal", NOON + n * MINUTE, by=n) for n in range(10)])
    heard([said(f"o{n}", "#TeaFair #alone", NOON + n * MINUTE, by=1) for n in range(10)])
    heard([said(f"d{n}", "#TeaFair #deal win", NOON + n * MINUTE, by=n) for n in range(9)], "spam")
    (found,) = used_beside(fair, fair.in_order())
    assert (found.tag, found.people, found.noise) == ("#kettle", 10, 0)


def test_tags_are_told_from_other_words() -> None:
    assert tag_in(" TeaFair ") == tag_in("#TeaFair") == "#TeaFair"
    assert tag_in("#fête_2026") == "#fête_2026"
    assert [tag_in(each) for each in ("", "#", "#2026", "two words", "#a #b", "x" * 90, "a-b")] == [""] * 7
    assert same("#ÉTÉ", "#été")
    assert hearing("kettle OR #TeaFair", "#teafair") == "kettle OR #TeaFair"
    assert hearing("kettle NOT lid", "#TeaFair") == "(kettle AND NOT lid) OR #TeaFair"


def test_pages_for_each_role(fair: Event, verdier: House) -> None:
    poured("g", "#TeaFair", NOON, 5, 1)
    poured("s", "#TeaFair", NOON, 5, 1, "spam")
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        manager, reader = browser(verdier.people["manager"]), browser(verdier.people["reader"])
        page = manager.get(at(verdier, fair)).content.decode()
        assert "5 genuine of 10 messages" in page
        assert "#TeaFair2026" in page
        assert "Please use and follow #TeaFair for Tea fair." in page
        assert "Merci d’utiliser et de suivre" in page
        seen = reader.get(at(verdier, fair)).content.decode()
        assert "5 genuine of 10 messages" in seen
        assert "#TeaFair2026" not in seen
        part = reader.get(at(verdier, fair), **HTMX).content.decode()
        assert "<html" not in part
        assert "5 genuine of 10 messages" in part
        assert browser(verdier.stranger).get(at(verdier, fair)).status_code == 404
        for rest in ("tags/", "tags/back/", "removal/"):
            assert reader.post(at(verdier, fair, rest), {"tag": "x"}).status_code == 403
        assert manager.post(at(verdier, fair, "tags/"), {"tag": "two words"}).status_code == 422
        assert "Tea fair" in reader.get(f"/b/{verdier.brand.slug}/listening/events/").content.decode()
    new = f"/b/{verdier.brand.slug}/listening/events/new/"
    given = {"name": "Other", "tag": "#Other", "begins": "2026-07-01T09:00", "ends": "2026-07-01T08:00"}
    manager = browser(verdier.people["manager"])
    assert manager.get(new).status_code == 200
    assert "It ends after it begins." in manager.post(new, given).content.decode()
    assert manager.post(new, given | {"ends": "2026-09-01T08:00"}).status_code == 422
    assert manager.post(new, given | {"ends": "2026-07-02T08:00", "name": "Tea fair"}).status_code == 422
    manager.post(new, given | {"ends": "2026-07-02T08:00"})
    made = Event.objects.of(verdier.brand).get(name="Other")
    assert (made.query.name, made.query.text) == ("Other", "#Other")
    begins = made.begins.astimezone(verdier.brand.zone)
    assert f"{begins:%Y-%m-%d %H:%M}" == "2026-07-01 09:00"
    manager.post(at(verdier, made, "edition/"), given | {"name": "Others", "ends": "2026-07-02T08:00"})
    made.refresh_from_db()
    assert made.name == "Others"
    manager.post(at(verdier, made, "removal/"))
    assert Query.objects.of(verdier.brand).filter(name="Other").exists()
    assert not Event.objects.of(verdier.brand).filter(name="Others").exists()


def test_who_is_given_some_channels_is_told_what_they_see(fair: Event, verdier: House) -> None:
    poured("g", "#TeaFair", NOON, 4, 1)
    first = verdier.channel
    other = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", name="Second",
        settings=first.settings, next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    hidden = Mention.objects.of(verdier.brand).newest()[0]
    Audience.objects.create(channel=other, activity=hidden.activity, addressed=True)
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    member.agree(Terms(channels=(first.pk,)), verdier.people["owner"])
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        assert now_of(fair, fair.in_order()).hour.genuine == 4
        with seeing(sight_of(verdier.people["agent"])):
            assert now_of(fair, fair.in_order()).hour.genuine == 3


def test_programs_make_move_and_read(fair: Event, verdier: House) -> None:
    _token, key = ApiToken.make(verdier.people["manager"], "program", ["threads:read", "threads:write"])
    program: Any = browser()
    headers: dict[str, Any] = {"headers": {"Authorization": f"Bearer {key}"}}
    here = f"/api/v1/brands/{verdier.brand.slug}/events"
    (shown,) = program.get(here, **headers).json()["items"]
    assert (shown["tag"], shown["takeovers"]) == ("#TeaFair", [])
    given = {
        "name": "Launch",
        "tag": "launch",
        "begins": "2026-07-01T09:00:00Z",
        "ends": "2026-07-01T19:00:00Z",
    }
    made = program.post(here, given, content_type="application/json", **headers)
    assert (made.status_code, made.json()["tag"]) == (201, "#launch")
    assert made.json()["begins"] == "2026-07-01T09:00:00Z"
    one = f"{here}/{fair.pk}"
    moved = program.post(f"{one}/tags", {"tag": "#TeaFair2"}, content_type="application/json", **headers)
    assert [each["tag"] for each in moved.json()["tags"]] == ["#TeaFair", "#TeaFair2"]
    again = program.post(f"{one}/tags", {"tag": "#teafair"}, content_type="application/json", **headers)
    assert again.status_code == 422
    series = program.get(f"{one}/series", {"span": "2h"}, **headers).json()
    assert series["quarter"] == {"genuine": 0, "spam": 0, "copies": 0, "genuine_share": None}
    assert program.get(f"{one}/proposals", **headers).json()["made"]
    assert program.delete(f"{one}/tags/last", **headers).json()["tag"] == "#TeaFair"
    assert program.delete(one, **headers).status_code == 204
    assert program.get(one, **headers).status_code == 404
