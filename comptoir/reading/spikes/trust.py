"""Trust: what people's verdicts on alerts teach, kept as a value: each verdict makes a new one of it.

Each kind of sign may be wrong once in four weeks. A kind that cries wolf has to be rarer than that before it counts,
one that was right may be less rare. Near-copies count less, the more often they turned out to be spam.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

KINDS = ("volume", "tone", "speed", "authors")
"""The signs of a spike: how many posts, the negative share, how fast they come, how many people their authors reach."""

_BEFORE = 2.0
_SUPPOSED_HAM = 0.25
_FADE = 0.9
"""What a verdict leaves of those before it: after twenty, the first one counts for an eighth."""


class Verdict(StrEnum):
    """What a person said that an alert was."""

    REAL = "real"
    PLANNED = "planned"
    """Announced, and done: it says nothing of the days to come."""
    WEEKLY = "weekly"
    """Planned, and comes back each week."""
    SPAM = "spam"
    FALSE = "false"
    """A "false bad buzz": real people, and nothing to it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How often each kind was right and wrong, and how many copies were spam or not."""

    right: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    wrong: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    spam: float = 0.0
    ham: float = 0.0

    def of(self, kind: str) -> float:
        """What a sign of this kind counts for: 1 before anybody said anything, never 0 and never 2."""
        right, wrong = self.right[kind] + _BEFORE, self.wrong[kind] + _BEFORE
        return 2 * right / (right + wrong)

    def copies(self) -> float:
        """What a near-copy counts for: 1 before anybody said anything."""
        return (self.ham + _SUPPOSED_HAM) / (self.spam + self.ham + _SUPPOSED_HAM)

    def after(self, verdict: Verdict, shares: Mapping[str, float], copied: float) -> Trust:
        """What is trusted after a verdict on an alert: `shares` of it come from each kind, so much of it was `copied`.

        A planned event was a spike indeed: it takes no trust away. Spam is the copies' fault, as far as there were any.
        """
        right = {kind: count * _FADE for kind, count in self.right.items()}
        wrong = {kind: count * _FADE for kind, count in self.wrong.items()}
        spam, ham = self.spam * _FADE, self.ham * _FADE
        for kind, share in shares.items():
            if verdict is Verdict.REAL:
                right[kind] += share
            elif verdict is Verdict.FALSE:
                wrong[kind] += share
            elif verdict is Verdict.SPAM:
                wrong[kind] += share * (1 - copied)
        if verdict is Verdict.SPAM:
            spam += copied
        elif verdict in (Verdict.REAL, Verdict.FALSE):
            ham += copied
        return replace(self, right=right, wrong=wrong, spam=spam, ham=ham)
