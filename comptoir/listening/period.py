"""Stretches of time that figures are asked of: by the clock of the brand, in hours, days or weeks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, Self

from comptoir.kernel import clock

type Unit = Literal["hour", "day", "week"]
type Moment = datetime | date
"""Where a part of a period begins: an hour as a time in UTC, a day or a week as its first day."""

NAMED = ("24h", "7", "30", "90")
"""Periods that end now: the last 24 hours, and days, the last of them today."""
USUAL = "7"
LONGEST = 800
"""Days."""
HOURS_MOST, DAYS_MOST = 3, 93
"""Days that are shown by the hour, and by the day."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to before `until`, both on the clock of `zone`. `name` is one of NAMED, "" for free dates."""

    since: datetime
    until: datetime
    zone: tzinfo
    unit: Unit
    name: str = ""

    @classmethod
    def named(cls, name: str, zone: tzinfo) -> Self:
        """One of NAMED, as it is now."""
        now = clock.now().astimezone(zone)
        if name == "24h":
            until = (now.replace(minute=0, second=0, microsecond=0).astimezone(UTC)) + timedelta(hours=1)
            since = until - timedelta(hours=24)
            return cls(since.astimezone(zone), until.astimezone(zone), zone, "hour", name)
        last = now.date()
        return replace(cls.days(last - timedelta(days=int(name) - 1), last, zone), name=name)

    @classmethod
    def days(cls, first: date, last: date, zone: tzinfo) -> Self:
        """From the first day to the last, both counted."""
        length = (last - first).days + 1
        unit: Unit = "hour" if length <= HOURS_MOST else "day" if length <= DAYS_MOST else "week"
        return cls(_midnight(first, zone), _midnight(last + timedelta(days=1), zone), zone, unit)

    @property
    def length(self) -> int:
        """Its days; 0 for one of hours that is no whole day."""
        whole = (self.until.date() - self.since.date()).days
        return whole if self.since.time() == self.until.time() == time() else 0

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.until - timedelta(microseconds=1)).date()

    def shifted(self, first: date | None = None) -> Period:
        """One as long: that before it, or that which begins on a day."""
        if not self.length:
            span = self.until.astimezone(UTC) - self.since.astimezone(UTC)
            begins = (_midnight(first, self.zone) if first else self.since).astimezone(UTC)
            since = begins if first else begins - span
            return replace(
                self, since=since.astimezone(self.zone), until=(since + span).astimezone(self.zone), name=""
            )
        day = first or self.since.date() - timedelta(days=self.length)
        since, until = _midnight(day, self.zone), _midnight(day + timedelta(days=self.length), self.zone)
        return replace(self, since=since, until=until, name="")

    def moments(self) -> list[Moment]:
        """Where each of its parts begins. A week begins on a Monday, the first of them maybe before the period."""
        if self.unit == "hour":
            at, end = self.since.astimezone(UTC), self.until.astimezone(UTC)
            return [at + timedelta(hours=n) for n in range((end - at) // timedelta(hours=1))]
        day, step = self.since.date(), timedelta(days=7 if self.unit == "week" else 1)
        if self.unit == "week":
            day -= timedelta(days=day.weekday())
        found: list[Moment] = []
        while day <= self.last:
            found.append(day)
            day += step
        return found

    def part(self, moment: Moment) -> tuple[datetime, datetime]:
        """When the part that begins then begins and ends, inside the period."""
        if isinstance(moment, datetime):
            begins, ends = moment, moment + timedelta(hours=1)
        else:
            begins = _midnight(moment, self.zone)
            ends = _midnight(moment + timedelta(days=7 if self.unit == "week" else 1), self.zone)
        return max(begins, self.since), min(ends, self.until)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
