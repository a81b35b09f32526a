"""Who is on duty when: shifts of every week and shifts of dates, as they fall in the brand's time zone.

A shift is kept as the clock on the wall shows it. A time that does not exist when clocks are set forward is the moment
as long after (02:30 is 03:30 then); a time that comes twice is its first. A shift of a date stands above the weekly
ones of its place while it lasts, and the one written last above those before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple

from comptoir.organisation.wall_clock import moment

DAY = 1_440
"""Minutes."""


class Pattern(NamedTuple):
    """A shift as it is kept: on a day of every week (0 is Monday) or on a date, from `begins` for `lasts` minutes."""

    pk: int
    place: int
    user: int
    weekday: int | None
    day: date | None
    begins: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift as it falls: two moments."""

    begins: datetime
    ends: datetime
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Watch:
    """A time during which the same people are on duty: by place, who is called there, one after the other."""

    begins: datetime
    ends: datetime
    places: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def people(self) -> tuple[int, ...]:
        """Who is called, in order, nobody twice."""
        return tuple(dict.fromkeys(user for _place, users in self.places for user in users))

    def at(self, place: int) -> tuple[int, ...]:
        """Who is called there."""
        return dict(self.places).get(place, ())


def turns(patterns: Iterable[Pattern], zone: tzinfo, since: datetime, until: datetime) -> list[Turn]:
    """Every turn that touches the time between two moments."""
    found = []
    for pattern in patterns:
        for day in _days(pattern, since.astimezone(zone).date(), until.astimezone(zone).date()):
            wall = datetime.combine(day, time()) + timedelta(minutes=pattern.begins)
            begins, ends = moment(wall, zone), moment(wall + timedelta(minutes=pattern.lasts), zone)
            if begins < until and ends > since and begins < ends:
                found.append(Turn(begins, ends, pattern))
    return found


def _days(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    """The days on which it may begin and still touch these."""
    if pattern.day is not None:
        yield pattern.day
        return
    ordinal = first.toordinal() - (pattern.begins + pattern.lasts) // DAY - 1
    for each in range(ordinal, last.toordinal() + 2):
        if (each - 1) % 7 == pattern.weekday:
            yield date.fromordinal(each)


def watches(patterns: Sequence[Pattern], zone: tzinfo, since: datetime, until: datetime) -> list[Watch]:
    """Who is on duty from one moment to another, without a gap: nobody, too, is a watch."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    mine = turns(patterns, zone, since, until)
    cuts = {since, until}
    for turn in mine:
        cuts |= {each for each in (turn.begins, turn.ends) if since < each < until}
    edges = sorted(cuts)
    found: list[Watch] = []
    for begins, ends in pairwise(edges):
        places = _places([turn.pattern for turn in mine if turn.begins <= begins < turn.ends])
        if found and found[-1].places == places:
            found[-1] = Watch(found[-1].begins, ends, places)
        else:
            found.append(Watch(begins, ends, places))
    return found


def _places(running: list[Pattern]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    found = []
    for place in sorted({each.place for each in running}):
        here = sorted(each for each in running if each.place == place)
        dated = [each for each in here if each.day is not None]
        found.append((place, tuple(dict.fromkeys(each.user for each in (dated[-1:] or here)))))
    return tuple(found)


def watch_at(patterns: Sequence[Pattern], zone: tzinfo, at: datetime) -> Watch:
    """Who is on duty at a moment."""
    return watches(patterns, zone, at, at + timedelta(seconds=1))[0]


def gaps(found: Iterable[Watch]) -> list[Watch]:
    """When nobody is on duty."""
    return [watch for watch in found if not watch.places]
