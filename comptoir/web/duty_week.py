"""A week of the duty list as its table shows it, on the clock of the brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand, Place, Shift, User
from comptoir.organisation.opening import clock_of
from comptoir.organisation.rota import DAY, Pattern, Watch, gaps, watches
from comptoir.organisation.wall_clock import moment


class Line(NamedTuple):
    """A part of a day. `people` by place; none anywhere: nobody is on duty."""

    times: str
    people: tuple[str, ...]
    nobody: bool
    now: bool


class Day(NamedTuple):
    """A day of the table, from midnight to midnight."""

    name: str
    today: bool
    lines: list[Line]


class Week(NamedTuple):
    """Seven days, the places that anybody stands in, and the weeks beside this one."""

    places: list[str]
    days: list[Day]
    title: str
    before: str
    after: str


def monday_of(said: str, today: date) -> date:
    """The Monday of a week written as browsers do (2026-W48), of this week for anything else."""
    try:
        year, week = said.split("-W")
        found = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        found = today - timedelta(days=today.weekday())
    return found if 2000 < found.year < 2200 else today - timedelta(days=today.weekday())


def name_of(monday: date) -> str:
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02}"


def week_of(
    brand: Brand, patterns: Sequence[Pattern], names: Mapping[int, str], monday: date, now: datetime
) -> Week:
    """The table of a week."""
    zone = brand.zone
    days = []
    places: set[int] = {Place.FIRST}
    found: list[tuple[date, list[Watch]]] = []
    for n in range(7):
        day = monday + timedelta(days=n)
        since, until = (
            moment(datetime.combine(each, time()), zone) for each in (day, day + timedelta(days=1))
        )
        here = watches(patterns, zone, since, until)
        places |= {place for watch in here for place, _people in watch.places}
        found.append((day, here))
    for day, here in found:
        lines = [_line(watch, brand, sorted(places), names, now) for watch in here]
        name = formats.date_format(day, "l j F")
        days.append(Day(name, day == now.astimezone(zone).date(), lines))
    week = timedelta(days=7)
    return Week(
        [str(Place(place).label) for place in sorted(places)], days, formats.date_format(monday, "DATE_FORMAT"),
        name_of(monday - week), name_of(monday + week),
    )  # fmt: skip


def _line(watch: Watch, brand: Brand, places: Sequence[int], names: Mapping[int, str], now: datetime) -> Line:
    begins, ends = watch.begins.astimezone(brand.zone), watch.ends.astimezone(brand.zone)
    until = "24:00" if (ends.hour, ends.minute) == (0, 0) else f"{ends:%H:%M}"
    people = tuple(", ".join(names[user] for user in watch.at(place)) for place in places)
    return Line(f"{begins:%H:%M}–{until}", people, not watch.places, watch.begins <= now < watch.ends)


def holes(brand: Brand, patterns: Sequence[Pattern], now: datetime) -> list[tuple[str, str]]:
    """When nobody is on duty within the next seven days: from when until when, "" for further than that."""
    until = now + timedelta(days=7)
    return [
        (
            "" if hole.begins <= now else day_and_time(hole.begins, brand),
            "" if hole.ends >= until else day_and_time(hole.ends, brand),
        )
        for hole in gaps(watches(patterns, brand.zone, now, until))
    ]


def day_and_time(at: datetime, brand: Brand) -> str:
    """A moment of these days, on the clock of the brand."""
    local = at.astimezone(brand.zone)
    return f"{formats.date_format(local, 'l j')}, {local:%H:%M}"


class Kept(NamedTuple):
    """A shift in the list below the table."""

    pk: int
    who: str
    when: str
    place: str
    mine: bool


def kept_shifts(brand: Brand, by: User, now: datetime) -> tuple[list[Kept], list[Kept]]:
    """The shifts of every week, and those of dates that are not over."""
    weekly, dated = [], []
    rows = Shift.objects.of(brand).select_related("user").order_by("weekday", "day", "begins", "place", "pk")
    for shift in rows:
        mine = shift.user_id == by.pk
        row = Kept(shift.pk, str(shift.user), shift_words(shift), str(shift.get_place_display()), mine)
        if shift.day is None:
            weekly.append(row)
        elif _end(shift) >= now.astimezone(brand.zone).replace(tzinfo=None):
            dated.append(row)
    return weekly, dated


def shift_words(shift: Shift) -> str:
    """When it is, on the clock of the brand."""
    minute = shift.begins + shift.lasts
    begins, ends = (clock_of(n % DAY) for n in (shift.begins, minute))
    if shift.day is None:
        day = formats.date_format(date(2024, 1, 1 + (shift.weekday or 0)), "l")
        more = _("of the next day") if minute > DAY else ""
        return f"{day}, {begins}–{ends} {more}".strip()
    end = _end(shift)
    first = formats.date_format(shift.day, "l j F Y")
    last = "" if end.date() == shift.day else f"{formats.date_format(end, 'l j F')} "
    return f"{first} {begins} – {last}{ends}"


def _end(shift: Shift) -> datetime:
    begun = datetime.combine(
        shift.day or datetime.now(UTC).date(), time(shift.begins // 60, shift.begins % 60)
    )
    return begun + timedelta(minutes=shift.lasts)
