"""Open seconds against a clock that looks at the wall minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from comptoir.organisation.opening import OFFICE, Calendar, Span, Week

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kolkata",
    "America/Sao_Paulo",
)
"""One sets its clock by half an hour, one at midnight."""


def slowly(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Look at the clock on the wall every minute."""
    open_minutes, at = 0, start
    while at < end:
        wall = at.astimezone(calendar.zone)
        shown = 60 * wall.hour + wall.minute
        if wall.date() not in calendar.days_off:
            open_minutes += any(opens <= shown < shuts for opens, shuts in calendar.week[wall.weekday()])
        at += timedelta(minutes=1)
    return 60 * open_minutes


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    def day() -> list[Span]:
        marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        return [(15 * a, 15 * b) for a, b in zip(marks[::2], marks[1::2], strict=False)]

    return [day() for _ in range(7)]


MOMENTS = st.sampled_from(
    # Around the days when clocks are set.
    [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC),
     datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC),
     datetime(2018, 11, 3, tzinfo=UTC), datetime(2018, 2, 17, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]
)  # fmt: skip


@examples(max_examples=120, deadline=None)
@given(
    weeks(),
    st.sampled_from(ZONES),
    MOMENTS,
    st.integers(-1500, 3000),
    st.integers(0, 4500),
    st.sets(st.integers(-1, 4)),
)
def test_open_seconds(week: Week, zone: str, base: datetime, after: int, minutes: int, off: set[int]) -> None:
    days_off = frozenset(base.date() + timedelta(days=n) for n in off)
    calendar = Calendar(ZoneInfo(zone), week, days_off)
    start = base + timedelta(minutes=after)
    end = start + timedelta(minutes=minutes)
    took = calendar.elapsed(start, end)
    assert took == slowly(calendar, start, end)
    if took:
        due = calendar.due(start, took)
        assert due is not None
        assert due <= end
        assert calendar.elapsed(start, due) == took


def test_office_hours() -> None:
    calendar = Calendar(ZoneInfo("Europe/Paris"), OFFICE, frozenset({date(2026, 3, 3)}))
    friday = datetime(2026, 2, 27, 16, 30, tzinfo=UTC)
    assert calendar.elapsed(friday, datetime(2026, 3, 2, 8, 30, tzinfo=UTC)) == 60 * 60
    assert calendar.elapsed(friday, friday) == 0
    assert calendar.elapsed(friday, friday - timedelta(hours=1)) == 0
    assert calendar.is_open(friday)
    assert not calendar.is_open(friday + timedelta(hours=1))
    # Half an hour on Friday, nine hours on Monday, none on Tuesday.
    assert calendar.due(friday, 10 * 3600) == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


def test_seconds_count() -> None:
    calendar = Calendar()
    assert (
        calendar.elapsed(datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC), datetime(2026, 3, 2, 9, 1, 9, tzinfo=UTC))
        == 62
    )


def test_over_years() -> None:
    calendar = Calendar(week=[[(0, 1440)]] * 7)
    assert (
        calendar.elapsed(datetime(2023, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)) == 1096 * 86_400
    )


def test_a_counter_that_never_opens() -> None:
    calendar = Calendar(week=[[]] * 7)
    assert calendar.due(datetime(2026, 3, 2, tzinfo=UTC), 60, within=30) is None
    with pytest.raises(IndexError):
        Calendar(week=[]).is_open(datetime(2026, 3, 2, tzinfo=UTC))
