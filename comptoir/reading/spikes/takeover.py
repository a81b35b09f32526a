"""Takeovers: noise drowns what people say under a tag, and stays.

Minute by minute, a watch compares the last quarter of an hour with what the event had before. It warns where the share
of noise has risen far above the event's own, and has been there for some minutes; it is over once the share has
fallen well below, and stayed there. Many people at once are no takeover: their share of noise does not rise, and where
genuine messages have doubled as well, near-copies are left out, since people repeat each other when something happens.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple, Self

WINDOW = 15
"""Minutes that are compared with what was before them."""
HOLD = 5
"""Minutes that it has to last until it is told."""
CALM = 15
"""Minutes of calm after which it is over."""
FLOOR = 30
"""Noisy messages of a window, at the least: fewer drown nothing."""
SHARE, RISE, HIGHEST = 0.5, 0.25, 0.9
"""The share of noise that a window has to have, so far above the event's own, which need never be above the last."""
MORE = 1.5
"""So many times its own pace noise has to come: where people go home at night, its share rises by itself."""
BACK = 0.2
"""So far below that share it is calm again."""
PRIOR, PRIOR_SHARE = 30, 0.1
"""What nothing is known of yet is taken for so many messages with such a share of noise."""
KNOWN = 30
"""Minutes from which on the event's own pace is known; before that, only spam is held against a tag."""
SURGE = 2.0
"""So many times their own pace, genuine messages are a surge."""
SLOW, SLOWEST = 180, 0.5
"""Minutes in which the event's pace follows what is said, and genuine messages a minute below which it is not told."""

type What = Literal["began", "over"]


class Minute(NamedTuple):
    """What was said in a minute: genuine messages, spam, and near-copies of what was said before."""

    genuine: int = 0
    spam: int = 0
    copies: int = 0


class Told(NamedTuple):
    """A takeover began `ago` minutes before the end of this minute, or is over. `before` and `now` are shares of noise
    from 0 to 1; `noise` of `posts` messages of the window."""

    what: What
    ago: int
    before: float
    now: float
    noise: int
    posts: int


@dataclass(slots=True)
class TagWatch:
    """What is remembered of an event: its last minutes, and what there was before them, takeovers left out."""

    recent: list[Minute] = field(default_factory=list)
    genuine: int = 0
    spam: int = 0
    copies: int = 0
    minutes: int = 0
    pace: float = SLOWEST
    rising: int = 0
    calm: int = 0
    on: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """As `kept` wrote it."""
        return cls(**kept | {"recent": [Minute(*each) for each in kept.get("recent", ())]})

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"recent": [list(each) for each in self.recent]}

    def move(self) -> None:
        """People are asked to use another tag: what is heard under it has its own last minutes."""
        self.recent, self.rising, self.calm, self.on = [], 0, 0, False

    def feed(self, minute: Minute) -> Told | None:
        """Take the next minute, also one in which nothing was said."""
        self.recent.append(minute)
        if len(self.recent) > WINDOW:
            self._settle(self.recent.pop(0))
        noise, posts = self._held()
        share, before = noise / posts if posts else 0.0, self.before
        bar = min(HIGHEST, max(SHARE, before + RISE))
        if not self.on:
            drowned = noise >= max(FLOOR, MORE * WINDOW * self._noise_a_minute()) and share >= bar
            self.rising = self.rising + 1 if drowned else 0
            if self.rising < HOLD:
                return None
            self.on, self.calm = True, 0
            return Told("began", self._ago(bar), before, share, noise, posts)
        self.calm = self.calm + 1 if noise < FLOOR // 2 or share < bar - BACK else 0
        if self.calm < CALM:
            return None
        self.on, self.rising = False, 0
        return Told("over", 0, before, share, noise, posts)

    @property
    def before(self) -> float:
        """The event's own share of noise, before the window and outside takeovers."""
        noise = self.spam + self.copies
        return (noise + PRIOR * PRIOR_SHARE) / (self.genuine + noise + PRIOR)

    @property
    def surging(self) -> bool:
        """Whether so much that is genuine is said that people repeat each other; unknown, as if it were so."""
        if self.minutes < KNOWN:
            return True
        return sum(each.genuine for each in self.recent) / WINDOW >= SURGE * self.pace

    def _noise_a_minute(self) -> float:
        return (self.spam + self.copies) / self.minutes if self.minutes >= KNOWN else 0.0

    def _held(self) -> tuple[int, int]:
        """The window's noise, and the messages that it is a part of."""
        genuine, spam, copies = (sum(each[n] for each in self.recent) for n in range(3))
        noise = spam if self.surging else spam + copies
        return noise, genuine + noise

    def _ago(self, bar: float) -> int:
        """For how many minutes there has been more noise than the bar lets pass: from where most is too much."""
        ago, most, excess = 1, 0.0, 0.0
        for n, each in enumerate(reversed(self.recent), 1):
            noise = each.spam + each.copies
            excess += noise - bar * (noise + each.genuine)
            if excess > most:
                ago, most = n, excess
        return ago

    def _settle(self, minute: Minute) -> None:
        """A minute has left the window: it is what was before, unless a takeover drowned it."""
        if not self.on and not self.rising:
            self.genuine += minute.genuine
            self.spam += minute.spam
            self.copies += minute.copies
            # A surge pulls the pace no further than a little one does, so that its end is no news either.
            follows = max(SLOW if self.minutes >= KNOWN else self.minutes + 1, 1)
            seen = minute.genuine if self.minutes < KNOWN else min(minute.genuine, SURGE * self.pace)
            self.pace = max(SLOWEST, self.pace + (seen - self.pace) / follows)
            self.minutes += 1
