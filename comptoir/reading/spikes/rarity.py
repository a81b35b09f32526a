"""Rarity: once in how many days as much is seen, by what the highest of each day was.

The highest of the last four weeks' days are kept. How far they lie above their own middle says how far the next one may
well lie, and it thins out evenly from there (Gumbel, "Statistics of Extremes", 1958): so much further, so many times
rarer. What was reached on several of these days is no rarer than that, whatever they thin out like. A series that
bursts every other day needs a bigger burst to surprise than a quiet one, with nothing to set.
"""

from dataclasses import dataclass, field
from math import exp, log

MEMORY = 28
"""Days that are remembered."""
RAREST = 100_000.0
"""Days: rarer than that, nobody can tell."""

_DOUBT = 3
_TWICE = 2
_WEEK = 7
_LEAST = 0.1
_BEYOND = 1e9  # not infinity, which JSON does not have


@dataclass(slots=True)
class Peaks:
    """The highest of each day, each with when its day began, and what follows from them."""

    days: list[tuple[float, float]] = field(default_factory=list)
    highest: float = -_BEYOND
    middle: float = 0.0
    spread: float = _BEYOND

    def rarity(self, height: float) -> float:
        """How rare a height is: the logarithm of the days in which it is reached once. Today's highest is kept."""
        if height > self.highest:
            self.highest = height
        rare = (height - self.middle) / self.spread
        if rare > 1:
            reached = sum(before >= height for _began, before in self.days)
            if reached >= _TWICE:
                return min(rare, log((len(self.days) + 1) / reached))
        return rare

    def turn(self, began: float) -> None:
        """A day that began then is over. One of which nothing is known, having been forgotten, leaves no trace."""
        if self.highest > -_BEYOND:
            self.days.append((began, self.highest))
            del self.days[:-MEMORY]
            self.highest = -_BEYOND
            self._weigh()

    def forget(self, since: float, until: float) -> None:
        """Have the days of a span be like any other: what happened in it says nothing of the days to come."""
        others = [each for each in self.days if not since - 86_400 < each[0] <= until]
        if others and len(others) < len(self.days):
            middle = _middle([height for _began, height in others])
            within = {each[0] for each in self.days} - {each[0] for each in others}
            self.days = [
                (began, min(height, middle) if began in within else height) for began, height in self.days
            ]
            self._weigh()
        self.highest = -_BEYOND  # what is smoothed over a span that still lasts comes back by itself

    def _weigh(self) -> None:
        heights = [height for _began, height in self.days]
        self.middle = _middle(heights)
        above = [height - self.middle for height in heights if height > self.middle]
        supposed = max(abs(self.middle), _LEAST) / 2
        spread = (sum(above) + _DOUBT * supposed) / (len(above) + _DOUBT)
        # Until a week was heard, what a weekday or a weekend is like is a guess.
        self.spread = spread * (1 + max(0, _WEEK - len(heights)) / (2 * _WEEK))


def days_of(rarity: float) -> float:
    """Once in how many days, for a rarity."""
    return exp(rarity) if rarity < 11.5 else RAREST


def _middle(heights: list[float]) -> float:
    ordered = sorted(heights)
    return (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2
