"""Counts of mentions: those of rollups are those of a full count, by whatever way mentions come, change and go."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comptoir.inbox.tests.building import TOWN, House, house
from comptoir.kernel.sight import seeing
from comptoir.listening import jobs
from comptoir.listening.counting import BYS, Counted, Scope, counted, counted_by_kind
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query
from comptoir.listening.period import Period, Unit
from comptoir.networks.connector import Gone
from comptoir.networks.models import Audience, Channel
from comptoir.organisation.access import sight_of
from comptoir.organisation.models import Brand, Membership
from comptoir.organisation.models.terms import Terms
from tests.listening.test_hearing import in_step, public

pytestmark = pytest.mark.django_db
KOLKATA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 10, 20, 12, 30, tzinfo=UTC)


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Brand.objects.of(made.brand).update(time_zone="Asia/Kolkata")
    made.brand.refresh_from_db()
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    Query.make(made.brand, made.people["manager"], "Broken", "broken")
    hear(TOWN, [_said(n) for n in range(40)])
    Mention.objects.of(made.brand).filter(activity__remote_id="p7").update(noise="spam")
    return made


def _said(n: int) -> Any:
    """Something each seven hours or so, in two languages and three tones."""
    words = (
        "My teapot is broken and I hate it",
        "J’adore cette théière, merci la teapot",
        "A teapot, broken",
    )
    said = public(f"p{n}", f"{words[n % 3]} {n}")
    return _at(said, NOW - timedelta(hours=7 * n, minutes=n))


def _at(said: Any, moment: datetime) -> Any:
    return type(said)(**{name: getattr(said, name) for name in said.__slots__} | {"published": moment})


def _plainly(brand: Brand, scope: Scope) -> Counter[tuple[Any, ...]]:
    """The same, one mention at a time."""
    found: Counter[tuple[Any, ...]] = Counter()
    for each in Mention.objects.of(brand).filter(query__in=scope.queries):
        kinds = {"network": each.network, "language": each.language, "tone": each.tone}
        if not scope.period.since <= each.at < scope.period.until or any(
            getattr(scope, name) not in (None, value) for name, value in kinds.items()
        ):
            continue
        moment = max(
            place for place in scope.period.moments() if _begins(place, scope.period.zone) <= each.at
        )
        for by, key in (("time", moment), *kinds.items()):
            found[by, each.query_id, key, each.noise] += 1
    return found


def _begins(moment: Any, zone: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=zone)


def _told(rows: list[Counted]) -> Counter[tuple[Any, ...]]:
    return Counter({each[:4]: each.n for each in rows})


def _alike(scope: Scope) -> bool:
    """Whether counts by kind alone say what those of each query and moment say."""
    by_kind: Counter[tuple[Any, ...]] = Counter()
    for each in counted_by_kind(scope):
        for by in ("network", "language", "tone"):
            by_kind[by, getattr(each, by), each.noise] += each.n
    of_each: Counter[tuple[Any, ...]] = Counter()
    for row in counted(scope):
        if row.by != "time":
            of_each[row.by, row.key, row.noise] += row.n
    return by_kind == of_each


@pytest.mark.parametrize("unit", ["hour", "day", "week"])
def test_counts_are_those_of_the_rows(verdier: House, unit: Unit) -> None:
    queries = tuple(Query.objects.of(verdier.brand).values_list("pk", flat=True))
    days = {"hour": 2, "day": 9, "week": 9}[unit]
    last = NOW.astimezone(KOLKATA).date()
    period = Period.days(last - timedelta(days=days - 1), last, KOLKATA)
    scope = Scope(queries, Period(period.since, period.until, KOLKATA, unit))
    everything = _told(counted(scope))
    assert everything == _plainly(verdier.brand, scope)
    assert {by for by, *_rest in everything} == set(BYS)
    assert any(noise == "spam" for *_rest, noise in everything) == (unit != "hour")
    french = Scope(queries[:1], scope.period, language="fr", tone="positive", network=TOWN)
    assert _told(counted(french)) == _plainly(verdier.brand, french) != everything
    assert _alike(scope)
    assert _alike(french)
    assert counted(Scope((), scope.period)) == counted_by_kind(Scope((), scope.period)) == []


def test_counts_follow_edits_removals_and_another_zone(verdier: House) -> None:
    brand = verdier.brand
    queries = tuple(Query.objects.of(brand).values_list("pk", flat=True))
    assert in_step()
    Mention.objects.of(brand).filter(activity__remote_id="p1").update(tone="negative", noise="repeat")
    hear(TOWN, [Gone("p2"), _at(public("p3", "nothing", edited=NOW), NOW)])
    assert in_step()
    brand.change(verdier.people["owner"], time_zone="America/Montreal")
    jobs.hours_changed.func(brand_id=brand.pk)
    jobs.settle_zones.func(timestamp=0)
    assert set(Query.objects.of(brand).values_list("zone", flat=True)) == {"America/Montreal"}
    assert in_step()
    period = Period.days(NOW.date() - timedelta(days=20), NOW.date(), ZoneInfo("America/Montreal"))
    assert _told(counted(Scope(queries, period))) == _plainly(brand, Scope(queries, period))
    tea = Query.objects.of(brand).get(name="Tea")
    tea.remove(verdier.people["manager"])
    assert in_step()
    jobs.empty_query.func(brand_id=brand.pk, query_id=tea.pk)
    assert in_step()


def test_who_is_given_some_channels_is_told_what_they_see(verdier: House) -> None:
    queries = tuple(Query.objects.of(verdier.brand).values_list("pk", flat=True))
    period = Period.days(NOW.date() - timedelta(days=20), NOW.date(), KOLKATA)
    scope, brand = Scope(queries, period), verdier.brand
    second = Channel.objects.create(brand=brand, network=TOWN, remote_id="two", handle="two")
    hidden = Mention.objects.of(brand).filter(activity__remote_id="p0").values_list("activity", flat=True)[0]
    Audience.objects.create(channel=verdier.channel, activity_id=hidden)
    before = _told(counted(scope))
    member = Membership.objects.get(user=verdier.people["agent"])
    member.agree(Terms(channels=(second.pk,)), verdier.people["owner"])
    with seeing(sight_of(verdier.people["agent"])):
        narrowed = _told(counted(scope))
        assert narrowed == _plainly(brand, scope)
        assert _alike(scope)
    assert sum(before.values()) - sum(narrowed.values()) == len(BYS) * 2
