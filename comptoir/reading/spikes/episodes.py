"""What an alert is made of: what was heard, the signs in it, and the episode that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import log
from typing import Any, NamedTuple

from comptoir.reading.spikes.detector import EVERY
from comptoir.reading.spikes.trust import KINDS, Trust

_ROWS = 2_000
"""Stretches of an episode that are remembered for a verdict: a week of five minutes'."""


class Heard(NamedTuple):
    """What was heard in a stretch of time, such as five minutes; stretches without a post are told of as well.

    `fastest`: posts in its fastest minute. `reach`: how many follow those who wrote. `copies`: posts that are
    near-copies of an earlier one.
    """

    moment: float
    posts: int
    negative: int = 0
    fastest: int = 0
    reach: float = 0.0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """When an alert is worth a person's time.

    `every`: what is rarer than once in so many days. `floor`: so many posts, or negative ones, beyond the usual.
    `rest`: seconds that are kept quiet after an alert. `calm`: seconds without a sign, after which an episode is over.
    """

    every: float = EVERY
    floor: int = 10
    rest: float = 3_600.0
    calm: float = 3_600.0


@dataclass(slots=True)
class Sign:
    """What a kind showed: what there was, what is usual, and once in how many days as much is seen."""

    moment: float
    value: float
    usual: float
    every: float


@dataclass(slots=True)
class Episode:
    """From the first stir to the last: what there was, beside what is usual. `signs` has the strongest of each kind."""

    since: float
    until: float
    posts: int = 0
    usual: float = 0.0
    negative: int = 0
    usual_negative: float = 0.0
    copies: int = 0
    signs: dict[str, Sign] = field(default_factory=dict)
    rows: list[list[float]] = field(default_factory=list)
    told: float = 0.0
    """How rare it was when it was last told of, in days; 0 where it was not."""

    @property
    def times(self) -> float:
        """How many times the usual there was."""
        return self.posts / max(self.usual, 1.0)

    @property
    def extra(self) -> float:
        """How many posts, or negative ones, there were beyond the usual."""
        return max(self.posts - self.usual, self.negative - self.usual_negative)

    @property
    def copied(self) -> float:
        """How much of what was beyond the usual near-copies make up."""
        return min(1.0, self.copies / max(self.posts - self.usual, self.copies, 1.0))

    @property
    def negative_share(self) -> float:
        """The share of negative posts."""
        return self.negative / self.posts if self.posts else 0.0

    def shares(self, trust: Trust) -> dict[str, float]:
        """How much of it each kind is to answer for; together 1."""
        weighed = {kind: trust.of(kind) * sign.every for kind, sign in self.signs.items()}
        total = sum(weighed.values())
        return {kind: each / total for kind, each in weighed.items()}

    def hear(
        self, heard: Heard, values: Mapping[str, float], usual: tuple[float, float], signs: Mapping[str, Sign]
    ) -> None:
        """Take a stretch in, in which so many posts, and so many negative ones, were usual."""
        self.posts += heard.posts
        self.negative += heard.negative
        self.copies += heard.copies
        self.usual += usual[0]
        self.usual_negative += usual[1]
        if len(self.rows) < _ROWS:
            self.rows.append([heard.moment, *(values[kind] for kind in KINDS)])
        for kind, sign in signs.items():
            self.until = heard.moment
            if kind not in self.signs or sign.every > self.signs[kind].every:
                self.signs[kind] = sign

    def row_of(self, kind: str) -> list[tuple[float, float]]:
        """What one kind was, stretch by stretch."""
        at = KINDS.index(kind) + 1
        return [(row[0], row[at]) for row in self.rows]

    def copy(self) -> Episode:
        """As it is now, whatever comes."""
        return Episode.of(asdict(self))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Episode:
        """As it was kept."""
        return cls(**{**kept, "signs": {kind: Sign(**sign) for kind, sign in kept["signs"].items()}})


class Alert(NamedTuple):
    """What is told. `what`: it `began`, it `grew` ten times rarer than was told, it is `over`; or the query is `silent`
    since `since`, with so many `missed`, and then `back`. The episode is as it was at that moment."""

    what: str
    moment: float
    since: float
    episode: Episode | None = None
    missed: float = 0.0


def rarity(signs: Mapping[str, Sign], trust: Trust) -> float:
    """Once in how many days all these signs together are seen.

    Volume, speed and reach go up together: the strongest speaks for them. Tone goes its own way: both at once is rarer
    than either (Fisher, "Statistical Methods for Research Workers", 1925).
    """
    weighed = {kind: trust.of(kind) * sign.every for kind, sign in signs.items()}
    sour = weighed.pop("tone", 1.0)
    loud = max(weighed.values(), default=1.0)
    both = max(1.0, sour) * max(1.0, loud)
    return max(sour, loud, both / (1 + log(both)))
