"""Who is on duty when: weeks, dates that stand above them, days on which clocks are set, times when nobody is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from comptoir.organisation.rota import Pattern, Watch, gaps, watch_at, watches
from comptoir.organisation.wall_clock import moment, oddity

PARIS = ZoneInfo("Europe/Paris")
ANNA, BEN, CHLOE = 1, 2, 3
NIGHT = Pattern(10, 1, ANNA, 0, None, 22 * 60, 9 * 60)
"""Mondays from 22:00 to 7:00."""


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=PARIS)


def people(patterns: list[Pattern], said: str) -> tuple[int, ...]:
    return watch_at(patterns, PARIS, at(said)).people


def on(day: str, begins: int, lasts: int, user: int, place: int = 1, pk: int = 20) -> Pattern:
    return Pattern(pk, place, user, None, date.fromisoformat(day), begins, lasts)


def test_a_night_reaches_into_the_next_day() -> None:
    assert people([NIGHT], "2026-11-23T21:59") == ()
    assert people([NIGHT], "2026-11-23T22:00") == (ANNA,)
    assert people([NIGHT], "2026-11-24T06:59") == (ANNA,)
    assert people([NIGHT], "2026-11-24T07:00") == ()
    assert people([NIGHT], "2026-11-24T22:30") == ()


def test_sunday_night_is_known_on_monday() -> None:
    assert people([NIGHT._replace(weekday=6)], "2026-11-23T03:00") == (ANNA,)


def test_the_next_place_is_called_after_the_first_and_nobody_twice() -> None:
    second, third = NIGHT._replace(pk=11, place=2, user=BEN), NIGHT._replace(pk=12, place=3, user=ANNA)
    assert people([second, third, NIGHT], "2026-11-23T23:00") == (ANNA, BEN)


def test_a_date_stands_above_the_week_of_its_place_while_it_lasts() -> None:
    second = NIGHT._replace(pk=11, place=2, user=BEN)
    swap = on("2026-11-23", 23 * 60, 120, CHLOE)
    kept = [NIGHT, second, swap]
    assert people(kept, "2026-11-23T22:30") == (ANNA, BEN)
    assert people(kept, "2026-11-23T23:30") == (CHLOE, BEN)
    assert people(kept, "2026-11-24T01:00") == (ANNA, BEN)
    assert people(kept, "2026-11-30T23:30") == (ANNA, BEN)
    assert people([*kept, on("2026-11-23", 23 * 60, 30, BEN, pk=21)], "2026-11-23T23:10") == (BEN,)


def test_a_date_may_last_for_days() -> None:
    christmas = on("2026-12-24", 18 * 60, 3 * 1440, CHLOE)
    assert people([christmas], "2026-12-26T12:00") == (CHLOE,)
    assert people([christmas], "2026-12-27T18:00") == ()


def test_an_hour_that_does_not_exist_is_the_next_one() -> None:
    begins = on("2027-03-28", 150, 120, ANNA)
    assert oddity(datetime(2027, 3, 28, 2, 30), PARIS) == "missing"
    found = [w for w in watches([begins], PARIS, at("2027-03-28T00:00"), at("2027-03-29T00:00")) if w.places]
    assert found[0].begins == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert found[0].begins.astimezone(PARIS).time() == time(3, 30)
    assert found[0].ends.astimezone(PARIS).time() == time(4, 30)


def test_an_hour_that_comes_twice_begins_at_the_first_and_leaves_no_gap() -> None:
    assert oddity(datetime(2026, 10, 25, 2, 30), PARIS) == "twice"
    assert oddity(datetime(2026, 10, 25, 4, 30), PARIS) == ""
    before, after = on("2026-10-25", 0, 150, ANNA), on("2026-10-25", 150, 1440 - 150, BEN, pk=21)
    found = watches([before, after], PARIS, at("2026-10-25T00:00"), at("2026-10-26T00:00"))
    assert [watch.people for watch in found] == [(ANNA,), (BEN,)]
    assert found[1].begins == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert found[1].ends - found[0].begins == timedelta(hours=25)


def test_times_when_nobody_is_on_duty_are_said() -> None:
    found = gaps(watches([NIGHT], PARIS, at("2026-11-23T12:00"), at("2026-11-24T12:00")))
    assert [(w.begins, w.ends) for w in found] == [
        (at("2026-11-23T12:00"), at("2026-11-23T22:00")),
        (at("2026-11-24T07:00"), at("2026-11-24T12:00")),
    ]
    assert len(gaps(watches([], PARIS, at("2026-11-23T12:00"), at("2026-11-24T12:00")))) == 1


weekly = st.builds(
    Pattern, st.integers(1, 9), st.integers(1, 3), st.integers(1, 4), st.integers(0, 6), st.none(),
    st.integers(0, 1439), st.integers(1, 1440),
)  # fmt: skip
dated = st.builds(
    Pattern, st.integers(10, 19), st.integers(1, 3), st.integers(1, 4), st.none(),
    st.dates(date(2026, 10, 20), date(2026, 10, 30)), st.integers(0, 1439), st.integers(1, 5000),
)  # fmt: skip


@given(st.lists(st.one_of(weekly, dated), max_size=6), st.integers(0, 14 * 1440))
def test_a_week_and_a_moment_of_it_agree(patterns: list[Pattern], minute: int) -> None:
    since = at("2026-10-19T00:00").astimezone(UTC)
    until = since + timedelta(days=14)
    found = watches(patterns, PARIS, since, until)
    assert found[0].begins == since
    assert found[-1].ends == until
    assert all(one.ends == other.begins for one, other in pairwise(found))
    here = since + timedelta(minutes=min(minute, 14 * 1440 - 1))
    [now] = [watch for watch in found if watch.begins <= here < watch.ends]
    assert isinstance(now, Watch)
    assert now.places == watch_at(patterns, PARIS, here).places


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_walls_become_moments_in_order(wall: datetime) -> None:
    assert moment(wall, PARIS) <= moment(wall + timedelta(hours=2), PARIS)
