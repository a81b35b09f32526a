"""The detector of spikes: a row in, how rare it is out; online, and in a memory that does not grow.

A row is compared with the rhythm of its series, at once and smoothed over an hour and half a day of five minutes' rows:
one great burst, and a murmur that does not end. Each has its own peaks, and the rarest of them is what is told.
The score speaks where it is rarer than once in four weeks, and then rests for a day: it says "look", not how long.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from math import log, log1p
from typing import Any, NamedTuple

from comptoir.reading.spikes.rarity import Peaks, days_of
from comptoir.reading.spikes.rhythm import DAY, Rhythm, unsteady

SPANS = (1, 12, 144)
"""Rows that each look is smoothed over."""
EVERY = 28.0
"""Days: what is rarer than once in so many is told. It is as well how often one bears to be told for nothing."""
REST = DAY

_HUSH = 0.1
_BAR = log(EVERY)


class Reading(NamedTuple):
    """What a row says.

    `score`: 0 where there is nothing to tell, from 0.5 on where there is. `every`: as much as this is seen once in so
    many days, whether told or not; `span`: over how many rows; `lately`: the same without the widest look, which keeps
    a burst in mind for long. `missed`: how many were expected since it fell silent; `hush`: so much silence is met
    with once in so many days.
    """

    score: float
    every: float
    span: int
    lately: float
    usual: float
    missed: float
    hush: float


@dataclass(slots=True)
class Detector:
    """One series: what it learnt, and whether it spoke today."""

    rhythm: Rhythm = field(default_factory=Rhythm)
    smooth: list[float] = field(default_factory=lambda: [0.0] * len(SPANS))
    peaks: list[Peaks] = field(default_factory=lambda: [Peaks() for _span in SPANS])
    missed: float = 0.0
    hushes: Peaks = field(default_factory=Peaks)
    day: float | None = None
    spoke: float | None = None

    def feed(self, moment: float, value: float) -> Reading:
        """Read the next row: what is told of it depends on it and on those before alone."""
        usual = self.rhythm.usual(moment)
        above = self.rhythm.learn(moment, value)
        self._turn(moment)
        lately, rarest, over = -1.0, -1.0, 1
        for at, span in enumerate(SPANS):
            height = self.smooth[at] = self.smooth[at] + (above - self.smooth[at]) / span
            rarity = self.peaks[at].rarity(height)
            lately = rarest
            if rarity > rarest:
                rarest, over = rarity, span
        expected = unsteady(usual)
        quiet = value <= expected * _HUSH
        self.missed = self.missed + max(0.0, expected) if quiet else 0.0
        hush = self.hushes.rarity(log1p(self.missed))
        every = days_of(rarest)
        score = self._score(moment, rarest, every)
        return Reading(score, every, over, days_of(lately), expected, self.missed, days_of(hush))

    def _score(self, moment: float, rarity: float, every: float) -> float:
        if rarity < _BAR or (self.spoke is not None and moment - self.spoke < REST):
            return 0.0
        self.spoke = moment
        return every / (every + EVERY)

    def _turn(self, moment: float) -> None:
        if self.day is None:
            self.day = moment
        elif (passed := (moment - self.day) // DAY) >= 1:
            for each in (*self.peaks, self.hushes):
                each.turn(self.day)
            self.day += passed * DAY

    def forget(self, since: float, until: float) -> None:
        """Have a span raise no bar for what comes after it."""
        for each in self.peaks:
            each.forget(since, until)

    def kept(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Detector:
        """As it was kept."""
        return cls(
            **{
                **kept,
                "rhythm": Rhythm(**kept["rhythm"]),
                "peaks": [_peaks(each) for each in kept["peaks"]],
                "hushes": _peaks(kept["hushes"]),
            }
        )


def _peaks(kept: dict[str, Any]) -> Peaks:
    return Peaks(**{**kept, "days": [(began, height) for began, height in kept["days"]]})
