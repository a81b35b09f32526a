"""Rhythm: what a series usually is at this hour of this weekday, learnt a row at a time.

Counts of posts are heavy-tailed and many are small. They are laid on a scale on which chance makes about the same
noise everywhere: like the square root where they are small, like the logarithm where they are large (Anscombe, "The
Transformation of Poisson, Binomial and Negative-Binomial Data", 1948). On it the usual is a sum of three: the level of
these days, what this hour of the day adds, and what this hour of this weekday adds to that.

A burst pulls what is learnt no further than a little surprise does, so that it is not taken for the usual; a new level
is, after some days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import asinh, sinh, sqrt

HOUR = 3600.0
DAY = 86_400.0

_BURSTS = 0.02
"""How soon counts are taken for multiples of each other: from its inverse, 50, on."""
_ROOT = sqrt(_BURSTS)
_ZERO = 0.375
_FLAT = asinh(_ROOT * sqrt(_ZERO)) / _ROOT
_PULL = 1.5
_LEVEL_DAYS = 4.0
_HOUR_DAYS = 20.0
_WEEKDAY_WEEKS = 8.0
_MOST = 0.5
_HUGE = 1e15
"""Nothing is counted beyond it, so that nothing overflows."""


def steady(value: float) -> float:
    """A value on the scale where noise is the same everywhere; what is below zero mirrors what is above."""
    if value < 0:
        return -steady(-value)
    return asinh(_ROOT * sqrt(min(value, _HUGE) + _ZERO)) / _ROOT - _FLAT


def unsteady(steadied: float) -> float:
    """Back from it."""
    if steadied < 0:
        return -unsteady(-steadied)
    return float(max(0.0, (sinh((steadied + _FLAT) * _ROOT) / _ROOT) ** 2 - _ZERO))


@dataclass(slots=True)
class Rhythm:
    """What is usual. Moments are seconds of the clock that the talkers live by, the brand's, since 1970."""

    level: float | None = None
    hours: list[float] = field(default_factory=lambda: [0.0] * 24)
    week: list[float] = field(default_factory=lambda: [0.0] * 168)
    seen: list[int] = field(default_factory=lambda: [0] * 24)
    rows: int = 0
    moment: float = 0.0

    def usual(self, moment: float) -> float:
        """What is expected at a moment, on the steady scale."""
        hour = int(moment // HOUR)
        return (self.level or 0.0) + self.hours[hour % 24] + self.week[hour % 168]

    def learn(self, moment: float, value: float) -> float:
        """By how much a value is above the usual (below: less than zero), before it is learnt from."""
        stood = steady(value)
        if self.level is None:
            self.level, self.moment = stood, moment
        passed = max(0.0, moment - self.moment) / DAY
        self.moment = max(moment, self.moment)
        self.rows += 1
        hour = int(moment // HOUR)
        by_day, by_week = hour % 24, hour % 168
        above = stood - self.level - self.hours[by_day] - self.week[by_week]
        pull = max(-_PULL, min(_PULL, above))
        self.level += pull * min(_MOST, max(passed / _LEVEL_DAYS, 1 / (self.rows + 1)))
        seen = self.seen[by_day] = self.seen[by_day] + 1
        # An hour of the day comes once a day, and an hour of the week once a week: each row of it counts for more.
        self.hours[by_day] += pull * min(_MOST, max(passed * 24 / _HOUR_DAYS, _MOST / (seen + 1)))
        self.week[by_week] += pull * min(_MOST, passed * 24 / _WEEKDAY_WEEKS)
        return above

    def expect(self, rows: Iterable[tuple[float, float]]) -> None:
        """Take what these rows were for the usual of their hours of the week: they come back every week."""
        found: dict[int, list[float]] = {}
        for moment, value in rows:
            found.setdefault(int(moment // HOUR) % 168, []).append(steady(value) - self.usual(moment))
        for hour, above in found.items():
            self.week[hour] += sum(above) / len(above)
