"""Old mentions in files: Explore counts the same before and after, and what is taken back leaves the files."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.inbox.tests.building import TOWN, House, house
from comptoir.kernel import clock
from comptoir.kernel.clock import zone_of
from comptoir.listening import jobs, stored, storing
from comptoir.listening.counting import Counted, Scope, counted
from comptoir.listening.folding import fold
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, StoredFile, StoredMention, StoredScrap
from comptoir.listening.period import Period, Unit
from comptoir.listening.removing import kept_by, left
from comptoir.networks.connector import Account, Gone, Standing
from comptoir.networks.models import Activity, Actor, Audience
from comptoir.networks.objections import object_to
from comptoir.networks.persons import HOLDERS, erase
from comptoir.organisation.models import Brand
from tests.beside import start
from tests.listening.test_counting import KOLKATA, _at
from tests.listening.test_hearing import in_step, public

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 20)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MENTIONS_STORED_AFTER", "60")
    monkeypatch.setenv("MENTIONS_STORED_IN", str(tmp_path / "stored"))
    return tmp_path / "stored"


@pytest.fixture
def verdier(place: Path) -> House:
    """Some of spring, over three months, in a zone that begins its hours at half past; some of today."""
    made = house("verdier")
    Brand.objects.of(made.brand).update(time_zone="Asia/Kolkata")
    made.brand.refresh_from_db()
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    Query.make(made.brand, made.people["manager"], "Broken", "broken")
    hear(TOWN, [_said(n) for n in range(120)])
    hear(
        TOWN,
        [_at(public(f"n{n}", f"A teapot of now {n}"), clock.now() - timedelta(hours=n)) for n in range(5)],
    )
    Mention.objects.of(made.brand).filter(activity__remote_id__in=["p7", "p70"]).update(noise="spam")
    return made


def _said(n: int) -> Any:
    words = (
        "My teapot is broken and I hate it",
        "J’adore cette théière, merci la teapot",
        "A teapot, broken",
    )
    moment = datetime(2026, 3, 20, 18, 20, tzinfo=UTC) + timedelta(hours=13 * n, minutes=n)
    return _at(public(f"p{n}", f"{words[n % 3]} {n}"), moment)


def _queries(made: House) -> tuple[int, ...]:
    return tuple(Query.objects.of(made.brand).order_by("pk").values_list("pk", flat=True))


def told(rows: list[Counted]) -> Counter[Any]:
    """Mentions and followers of each kind, added up."""
    found: Counter[Any] = Counter()
    for each in rows:
        found[("n", *each[:4])] += each.n
        found[("followers", *each[:4])] += each.followers
    return +found


def files(place: Path) -> set[str]:
    return {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}


def settled(place: Path) -> bool:
    """Whether there is each file that is noted, and no other."""
    noted = set(StoredFile.objects.everywhere().values_list("name", flat=True))
    return files(place) == noted and not StoredScrap.objects.exists()


def _scopes(made: House) -> list[Scope]:
    queries, found = _queries(made), []
    for unit, first, days in (
        ("hour", FIRST, 3),
        ("day", FIRST, 60),
        ("week", FIRST, 90),
        ("day", FIRST, 400),
    ):
        period = Period.days(first, first + timedelta(days=days), KOLKATA)
        kind: Unit = unit  # type: ignore[assignment]
        period = Period(period.since, period.until, KOLKATA, kind)
        found += [
            Scope(queries, period),
            Scope(queries[:1], period, language="fr", tone="positive", network=TOWN),
        ]
    return found


def test_counts_are_the_same_before_and_after(verdier: House, place: Path) -> None:
    before = [told(counted(scope)) for scope in _scopes(verdier)]
    had = Mention.objects.of(verdier.brand).count()
    moved = storing.store_old()
    assert Mention.objects.of(verdier.brand).count() == 5
    assert moved == had - 5 == StoredMention.objects.of(verdier.brand).count() > 150
    assert StoredFile.objects.of(verdier.brand).count() == 3
    assert not Activity.objects.everywhere().filter(published__year=2026, published__month__lt=9).exists()
    assert [told(counted(scope)) for scope in _scopes(verdier)] == before
    assert all(before[::2])
    assert in_step()
    assert settled(place)
    assert storing.store_old() == 0


def test_what_is_younger_than_two_months_stays_whatever_was_set(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENTIONS_STORED_AFTER", "1")
    assert stored.after() == timedelta(days=60)
    monkeypatch.setenv("MENTIONS_STORED_AFTER", "")
    assert storing.store_old() == 0


_MOMENTS = st.datetimes(datetime(2025, 9, 1), datetime(2026, 4, 30), timezones=st.just(UTC))
_KINDS = st.tuples(
    st.integers(0, 1), _MOMENTS, st.sampled_from(["town", "hill"]), st.sampled_from(["", "en", "fr"]),
    st.sampled_from(["", "positive", "negative"]), st.sampled_from(["", "spam", "repeat"]), st.integers(0, 10**6),
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    said=st.lists(_KINDS, max_size=40),
    zone=st.sampled_from(["Europe/Paris", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "UTC"]),
    days=st.tuples(st.dates(date(2025, 9, 1), date(2026, 4, 1)), st.integers(0, 200)),
    unit=st.sampled_from(["hour", "day", "week"]),
    only=st.tuples(*(st.none() | st.just(value) for value in ("town", "fr", "negative"))),
)
def test_whatever_is_said_and_asked_is_counted_the_same(
    place: Path, said: list[Any], zone: str, days: tuple[date, int], unit: Unit, only: tuple[str | None, ...]
) -> None:
    with transaction.atomic():
        made = house("mill")
        Brand.objects.of(made.brand).update(time_zone=zone)
        made.brand.refresh_from_db()
        queries = [Query.make(made.brand, made.people["manager"], name, name) for name in ("tea", "pot")]
        period = Period.days(days[0], days[0] + timedelta(days=days[1]), zone_of(zone))
        scope = Scope(
            tuple(each.pk for each in queries), Period(period.since, period.until, period.zone, unit), *only
        )
        _keep(queries, said)
        before = told(counted(scope))
        assert storing.store_old() == len(said)
        assert told(counted(scope)) == before
        assert settled(place)
        for file in files(place):
            (place / file).unlink()
        transaction.set_rollback(True)


def _keep(queries: list[Query], said: list[Any]) -> None:
    who = Actor.objects.create(network="town", remote_id="somebody", handle="somebody")
    rows = Activity.objects.bulk_create(
        Activity(network=each[2], remote_id=str(n), kind="post", actor=who, text="…", published=each[1])
        for n, each in enumerate(said)
    )
    Mention.objects.bulk_create(
        Mention(query=queries[which], activity=row, at=at, author=who.pk, followers=followers, network=network,
                language=language, tone=tone, noise=noise)
        for row, (which, at, network, language, tone, noise, followers) in zip(rows, said, strict=True)
    )  # fmt: skip


def _after(verdier: House, what: Any, place: Path) -> tuple[Counter[Any], Counter[Any]]:
    """What is counted of spring before and after something happens to what is stored."""
    scope = _scopes(verdier)[1 * 2]
    storing.store_old()
    before = told(counted(scope))
    what()
    after = told(counted(scope))
    assert storing.mend() > 0
    assert told(counted(scope)) == after
    assert settled(place)
    return before, after


def _read(place: Path) -> bytes:
    from pyarrow import parquet

    return b"".join(
        str(parquet.read_table(place / each).to_pylist()).encode() for each in sorted(files(place))
    )


def test_what_is_taken_back_leaves_the_files(verdier: House, place: Path) -> None:
    before, after = _after(verdier, lambda: hear(TOWN, [Gone("p3"), Gone("p4"), Gone("unheard")]), place)
    tea, broken = _queries(verdier)
    assert before["n", "network", tea, TOWN, ""] - after["n", "network", tea, TOWN, ""] == 2
    assert before["n", "network", broken, TOWN, ""] - after["n", "network", broken, TOWN, ""] == 1
    assert b"'p3'" not in _read(place)
    assert b"'p5'" in _read(place)
    assert not StoredMention.objects.of(verdier.brand).filter(key=0).exists()


def test_who_is_erased_leaves_the_files(verdier: House, place: Path) -> None:
    storing.store_old()
    person = Actor.objects.get(network=TOWN, pk=StoredMention.objects.of(verdier.brand)[0].author_id)
    holder = HOLDERS["stored_mentions"]
    n = holder.count(person, verdier.brand)
    rows = list(holder.rows(person, verdier.brand))
    assert len(rows) == n > 0
    assert {row["query"] for row in rows} <= {"Tea", "Broken"}
    assert holder.brands(person) == {verdier.brand.pk}
    erase(person, verdier.people["owner"], verdier.brand)
    assert holder.count(person, None) == 0
    storing.mend()
    assert str(rows[0]["id"]).encode() not in _read(place)
    assert settled(place)


def test_who_objects_leaves_the_files_of_that_brand(verdier: House, place: Path) -> None:
    storing.store_old()
    theirs = StoredMention.objects.of(verdier.brand)
    person = Actor.objects.get(pk=theirs[0].author_id)
    object_to(person.network, account=person.remote_id, brand=verdier.brand, by=verdier.people["owner"])
    assert not theirs.filter(author=person).exists()
    storing.mend()
    assert settled(place)


def test_of_an_account_that_is_closed_nothing_stays(verdier: House, place: Path) -> None:
    who = Activity.objects.everywhere().get(remote_id="p3").actor
    assert who is not None
    closed = Account(who.remote_id, standing=Standing.CLOSED)
    before, after = _after(verdier, lambda: hear(TOWN, [closed]), place)
    assert sum(after.values()) < sum(before.values())
    assert not StoredMention.objects.of(verdier.brand).filter(author=who.pk).exists()


def test_what_comes_again_is_not_counted_twice(verdier: House, place: Path) -> None:
    storing.store_old()
    scope = _scopes(verdier)[2]
    before = told(counted(scope))
    rows = Activity.objects.everywhere().count()
    assert hear(TOWN, [_said(n) for n in range(120)]) == []
    assert told(counted(scope)) == before
    assert Activity.objects.everywhere().count() == rows
    changed = _said(0)
    edited = type(changed)(
        **{name: getattr(changed, name) for name in changed.__slots__} | {"edited": clock.now()}
    )
    assert hear(TOWN, [edited])
    assert told(counted(scope)) == before
    storing.store_old()
    assert told(counted(scope)) == before
    assert settled(place)


def test_what_reached_a_channel_stays(verdier: House, place: Path) -> None:
    hidden = Activity.objects.everywhere().get(remote_id="p0")
    Audience.objects.create(channel=verdier.channel, activity=hidden)
    before = told(counted(_scopes(verdier)[2]))
    storing.store_old()
    assert Mention.objects.of(verdier.brand).filter(activity=hidden).count() == 2
    assert told(counted(_scopes(verdier)[2])) == before


def test_folds_move_whole(verdier: House, place: Path) -> None:
    words = "The very same teapot words that everybody repeats, again and again, for everyone to read"
    hear(TOWN, [_at(public(f"s{n}", words), datetime(2026, 3, 21 + n, tzinfo=UTC)) for n in range(3)])
    hear(TOWN, [_at(public("s9", words), clock.now())])
    fold(list(Mention.objects.of(verdier.brand).values_list("pk", flat=True)))
    same = Mention.objects.of(verdier.brand).filter(activity__remote_id__startswith="s")
    assert same.exclude(fold=None).count() == 4
    storing.store_old()
    assert same.count() == 4
    hear(TOWN, [Gone("s9")])
    scope = _scopes(verdier)[2]
    before = told(counted(scope))
    storing.store_old()
    assert same.count() == 0
    assert told(counted(scope)) == before


def test_a_removed_query_and_what_is_too_old_leave_the_files(verdier: House, place: Path) -> None:
    storing.store_old()
    tea, broken = _queries(verdier)
    kept = kept_by(verdier.brand, [tea, broken])
    assert kept[tea] == 125
    Query.objects.of(verdier.brand).get(pk=broken).remove(verdier.people["manager"])
    assert {each.pk: n for each, n in left(verdier.brand)} == {broken: kept[broken]}
    jobs.empty_query.func(brand_id=verdier.brand.pk, query_id=broken)
    jobs.mend_stored.func(timestamp=0)
    assert kept_by(verdier.brand, [tea, broken]) == {tea: 125}
    assert settled(place)
    gone = storing.let_go_before(verdier.brand, datetime(2026, 4, 10, tzinfo=UTC))
    jobs.mend_stored.func(timestamp=0)
    assert kept_by(verdier.brand, [tea]) == {tea: 125 - gone}
    assert not any(at < datetime(2026, 4, 10, tzinfo=UTC) for at in _times(place))
    assert settled(place)
    assert storing.let_go_before(verdier.brand, clock.now()) == 120 - gone
    jobs.mend_stored.func(timestamp=0)
    assert files(place) == set()
    assert settled(place)


def _times(place: Path) -> list[datetime]:
    from pyarrow import parquet

    return [row["at"] for each in files(place) for row in parquet.read_table(place / each).to_pylist()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["writing", "written", "moved", "settled"])
def test_who_is_killed_loses_and_doubles_nothing(verdier: House, place: Path, where: str) -> None:
    scope = _scopes(verdier)[4]
    before = told(counted(scope))
    process = start("tests.listening.dying_storer", where)
    assert process.wait(60) == -9
    assert files(place)
    assert told(counted(scope)) == before
    for _twice in range(2):
        storing.store_old()
        assert told(counted(scope)) == before
        assert settled(place)
    assert Mention.objects.of(verdier.brand).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_killed_mending_is_done_again(verdier: House, place: Path) -> None:
    storing.store_old()
    hear(TOWN, [Gone("p3")])
    scope = _scopes(verdier)[4]
    before = told(counted(scope))
    StoredScrap.objects.create(name="brand=1/month=2026-03/half.parquet")
    (place / "brand=1").mkdir(exist_ok=True)
    storing.mend()
    assert told(counted(scope)) == before
    assert settled(place)
