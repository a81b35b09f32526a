"""How long a counter was open between two moments: weekly hours in a time zone, and days on which it stays shut.

Clocks that count business hours (figures, service targets) all count by this one calendar. It counts by the wall: a
minute is open when the clock on the wall, in the calendar's zone, stands between an opening and a closing. On days
when that clock is set forward or back, an hour that does not exist is not counted, one that comes twice counts twice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate

DAY = 86_400
MINUTES = 1_440
Span = tuple[int, int]
"""Minutes of a day, from 0 to 1,440: the second is when it shuts."""
Week = Sequence[Sequence[Span]]
"""Seven days from Monday on, each with its spans in order, none touching another."""

OFFICE: Week = (((540, 1080),),) * 5 + ((), ())
"""Monday to Friday, nine to six: what counts until a brand says otherwise."""


def clock_of(minutes: int) -> str:
    """A minute of a day as the clock shows it: 570 is "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True)
class _Day:
    """What is open of one day: moments (seconds since 1970) and the seconds open before each of them that day."""

    opens: list[float]
    shuts: list[float]
    before: list[float]
    total: float


@dataclass
class Calendar:
    """Weekly hours in a time zone, less the days off. Keeps the days it was asked about: one object for many spans."""

    zone: tzinfo = UTC
    week: Week = OFFICE
    days_off: Collection[date] = frozenset()
    _days: dict[int, _Day] = field(default_factory=dict, repr=False)
    _years: dict[int, list[float]] = field(default_factory=dict, repr=False)

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Open seconds from one moment to a later one; 0 when the end is not later."""
        if end <= start:
            return 0
        (year, first), (last_year, last) = self._at(start), self._at(end)
        whole = sum(self._year(each)[-1] for each in range(year, last_year))
        return round(whole + last - first)

    def due(self, start: datetime, seconds: int, within: int = 3_660) -> datetime | None:
        """The moment by which so many open seconds have passed; None when that is not within so many days."""
        left, day = float(seconds), start.astimezone(self.zone).toordinal()
        begun = start.timestamp()
        for ordinal in range(day, day + within):
            found = self._day(ordinal)
            for opens, shuts in zip(found.opens, found.shuts, strict=True):
                here = max(opens, begun)
                if shuts - here >= left and shuts > here:
                    return datetime.fromtimestamp(here + left, UTC)
                left -= max(0.0, shuts - here)
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether the counter is open at this moment."""
        found = self._day(at.astimezone(self.zone).toordinal())
        place = bisect_right(found.opens, at.timestamp()) - 1
        return place >= 0 and at.timestamp() < found.shuts[place]

    def _at(self, at: datetime) -> tuple[int, float]:
        """The local year of a moment, and the open seconds of that year before it."""
        local = at.astimezone(self.zone)
        day = self._day(local.toordinal())
        moment = at.timestamp()
        place = bisect_right(day.opens, moment) - 1
        passed = 0.0
        if place >= 0:
            passed = day.before[place] + min(moment, day.shuts[place]) - day.opens[place]
        return local.year, self._year(local.year)[
            local.toordinal() - date(local.year, 1, 1).toordinal()
        ] + passed

    def _year(self, year: int) -> list[float]:
        """Open seconds of a year before each of its days, and at the end of all."""
        if year not in self._years:
            first, following = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
            totals = (self._day(each).total for each in range(first, following))
            self._years[year] = [0.0, *accumulate(totals)]
        return self._years[year]

    def _day(self, ordinal: int) -> _Day:
        if ordinal not in self._days:
            spans = self._spans(date.fromordinal(ordinal))
            lengths = [shuts - opens for opens, shuts in spans]
            passed = [0.0, *accumulate(lengths)]
            self._days[ordinal] = _Day(
                [opens for opens, _ in spans], [shuts for _, shuts in spans], passed[:-1], passed[-1]
            )
        return self._days[ordinal]

    def _spans(self, day: date) -> list[tuple[float, float]]:
        """The moments between which a day is open."""
        spans = self.week[day.weekday()]
        if not spans or day in self.days_off:
            return []
        begins, ends = self._midnight(day), self._midnight(day + timedelta(days=1))
        if ends - begins == DAY:
            return [(begins + 60 * opens, begins + 60 * shuts) for opens, shuts in spans]
        return self._odd(day, begins, ends)

    def _odd(self, day: date, begins: float, ends: float) -> list[tuple[float, float]]:
        """The same on a day when the clock is set: minute by minute, as the wall shows them."""
        found: list[tuple[float, float]] = []
        for minute in range(round((ends - begins) / 60)):
            moment = begins + 60 * minute
            wall = datetime.fromtimestamp(moment, self.zone)
            shown = 60 * wall.hour + wall.minute
            if wall.date() != day or not any(
                opens <= shown < shuts for opens, shuts in self.week[day.weekday()]
            ):
                continue
            if found and found[-1][1] == moment:
                found[-1] = (found[-1][0], moment + 60)
            else:
                found.append((moment, moment + 60))
        return found

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()
