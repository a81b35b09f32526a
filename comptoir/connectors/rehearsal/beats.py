"""When somebody speaks. A beat knows the moment of its i-th thing, and which are near a moment, without counting up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from comptoir.connectors.rehearsal.dice import mix
from comptoir.connectors.rehearsal.plan import Storm

PAGE = 500
"""About how many things one step of a fetch brings."""

MINUTE = 60_000
HOUR = 60 * MINUTE
_SHARE = float(1 << 64)


class Beat(Protocol):
    """`start` and `end` in milliseconds since 1970; `end` None when it goes on for ever."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int | None: ...
    def at(self, i: int) -> int: ...
    def near(self, since: int, until: int) -> range:
        """The numbers of all that may happen in (since, until]; a few outside it may be among them."""
        ...

    def reach(self, since: int) -> int:
        """Until when one page goes that begins at `since`."""
        ...


@dataclass(frozen=True, slots=True)
class Day:
    """The ordinary day: lively for ten minutes after the town opened, steady for three hours, then unhurried.

    One thing in each slot of 12.5, then 30, then 240 seconds, somewhere inside its slot.
    """

    start: int
    seed: int

    FIRST = (10 * MINUTE, 12_500)
    THEN = (3 * HOUR, 30_000)
    LATER = 240_000

    @property
    def end(self) -> int | None:
        return None

    def _slot(self, i: int) -> tuple[int, int]:
        """Where slot i begins after the start, and its width."""
        first = self.FIRST[0] // self.FIRST[1]
        then = first + (self.THEN[0] - self.FIRST[0]) // self.THEN[1]
        if i < first:
            return i * self.FIRST[1], self.FIRST[1]
        if i < then:
            return self.FIRST[0] + (i - first) * self.THEN[1], self.THEN[1]
        return self.THEN[0] + (i - then) * self.LATER, self.LATER

    def at(self, i: int) -> int:
        begins, width = self._slot(i)
        if i == 0:
            return self.start + 2_000
        return self.start + begins + int(width * (0.1 + 0.8 * mix(self.seed, i) / _SHARE))

    def _number(self, at: int) -> int:
        after = max(0, at - self.start)
        first = self.FIRST[0] // self.FIRST[1]
        then = first + (self.THEN[0] - self.FIRST[0]) // self.THEN[1]
        if after < self.FIRST[0]:
            return after // self.FIRST[1]
        if after < self.THEN[0]:
            return first + (after - self.FIRST[0]) // self.THEN[1]
        return then + (after - self.THEN[0]) // self.LATER

    def near(self, since: int, until: int) -> range:
        if until < self.start:
            return range(0)
        return range(self._number(since), self._number(until) + 1)

    def reach(self, since: int) -> int:
        _, width = self._slot(self._number(since))
        return since + PAGE * width


@dataclass(frozen=True, slots=True)
class Gale:
    """A storm's beat: so many a second, evenly, each somewhere in its share of the second."""

    start: int
    seed: int
    count: int
    step: float

    @classmethod
    def of(cls, storm: Storm, seed: int) -> Gale:
        return cls(storm.at, seed, max(1, round(storm.rate * storm.seconds)), 1000 / storm.rate)

    @property
    def end(self) -> int | None:
        return self.start + int(self.count * self.step) + 1

    def at(self, i: int) -> int:
        return self.start + 1 + int(self.step * (i + 0.9 * mix(self.seed, i) / _SHARE))

    def near(self, since: int, until: int) -> range:
        if until < self.start:
            return range(0)
        first = max(0, int((since - self.start) / self.step) - 1)
        last = int((until - self.start) / self.step) + 1
        return range(min(first, self.count), min(last, self.count))

    def reach(self, since: int) -> int:
        return since + max(1, int(PAGE * self.step))
