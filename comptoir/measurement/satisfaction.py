"""Whether people were helped, as they said behind the link of one question.

Satisfied is a score of 4 or 5 of 5; the share is of those who answered (customer satisfaction, CSAT), and stands
beside the share of those asked who did (response rate). Asked is whose answer with the link left. A question belongs to
the day on which it was asked. A figure without a denominator is None, never 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comptoir.inbox.models.survey import SATISFIED, SCORES
from comptoir.kernel.asking import ask
from comptoir.measurement.asked import Asked

BY = ("channel", "team", "language")

_SURVEYS = """
SELECT s.channel_id, s.team_id, s.language, s.score::bigint, count(*) FROM inbox_survey s
JOIN inbox_reply y ON y.id = s.reply_id JOIN networks_delivery d ON d.id = y.delivery_id
WHERE s.brand_id = %(brand)s AND s.asked_at >= %(first)s AND s.asked_at < %(last)s
    AND (%(channel)s::bigint IS NULL OR s.channel_id = %(channel)s)
    AND (d.state = 'sent' OR s.answered_at IS NOT NULL)
GROUP BY 1, 2, 3, 4
"""


@dataclass(slots=True)
class Satisfied:
    """How many were asked, and how many gave each score."""

    key: Any = None
    label: str = ""
    asked: int = 0
    scores: Counter[int] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return self.scores.total()

    @property
    def rate(self) -> float | None:
        """The response rate, 0 to 1."""
        return self.answered / self.asked if self.asked else None

    @property
    def mean(self) -> float | None:
        """The mean score, 1 to 5."""
        return sum(n * many for n, many in self.scores.items()) / self.answered if self.answered else None

    @property
    def satisfied(self) -> float | None:
        """The share of those who answered with 4 or 5, 0 to 1."""
        happy = sum(many for n, many in self.scores.items() if n >= SATISFIED)
        return happy / self.answered if self.answered else None

    @property
    def spread(self) -> list[tuple[int, int]]:
        """How many gave each score, the best first."""
        return [(n, self.scores[n]) for n in reversed(SCORES)]

    def add(self, score: int | None, many: int) -> None:
        self.asked += many
        if score is not None:
            self.scores[score] += many


@dataclass(slots=True)
class Satisfaction:
    """The whole, and by channel, team and language."""

    total: Satisfied = field(default_factory=Satisfied)
    by: dict[str, list[Satisfied]] = field(default_factory=dict)


def satisfaction_of(asked: Asked, label: Callable[[str, Any], str]) -> Satisfaction:
    """Ask for it, in one query; `label` names a channel, team or language."""
    found = Satisfaction()
    lines: dict[str, dict[Any, Satisfied]] = {name: defaultdict(Satisfied) for name in BY}
    for *keys, score, many in ask(_SURVEYS, asked.values(), again=False):
        found.total.add(score, many)
        for name, key in zip(BY, keys, strict=True):
            lines[name][key].add(score, many)
    for name, of in lines.items():
        for key, line in of.items():
            line.key, line.label = key, label(name, key)
        found.by[name] = sorted(of.values(), key=lambda line: (-line.asked, line.label))
    return found
