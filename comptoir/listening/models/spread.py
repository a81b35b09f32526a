"""How something spread: who said it first, who said the same after them, where, when, and who is heard by many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.kernel.asking import ask
from comptoir.listening.models.mention import Mention

LOUDEST = 5
_FIGURES = """
SELECT network, count(*), count(DISTINCT author), min(at), max(at) FROM listening_mention
WHERE fold = %(fold)s AND query_id = %(query)s GROUP BY network ORDER BY 2 DESC, 1
"""
_TIMES = """
SELECT date_trunc(%(step)s, at, %(zone)s) AS moment, count(*), coalesce(max(followers), 0) FROM listening_mention
WHERE fold = %(fold)s AND query_id = %(query)s GROUP BY 1 ORDER BY 1 LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """The figures of a fold. `networks` has each with how many there; `times` each hour, or day, with how many, and
    the most followers of one; `loudest` are the mentions whose authors have most followers."""

    size: int
    people: int
    first: datetime
    last: datetime
    by_day: bool
    networks: Sequence[tuple[str, int]]
    times: Sequence[tuple[datetime, int, int]]
    loudest: Sequence[Mention]

    @property
    def most(self) -> int:
        """Of an hour, or day."""
        return max(n for _moment, n, _followers in self.times)


def spread_of(mention: Mention) -> Spread | None:
    """How what a mention says spread; None where nobody else says it."""
    if mention.fold is None:
        return None
    given: dict[str, Any] = {"fold": mention.fold, "query": mention.query_id}
    rows = ask(_FIGURES, given)
    if sum(n for _network, n, *_rest in rows) < 2:
        return None
    first, last = min(row[3] for row in rows), max(row[4] for row in rows)
    by_day = (last - first).days >= 3
    zone = mention.query.brand.zone
    times = ask(_TIMES, given | {"step": "day" if by_day else "hour", "zone": str(zone)}, again=False)
    same = Mention.objects.of(mention.query.brand_id).filter(fold=mention.fold, query=mention.query_id)
    loudest = (
        same.select_related("activity__actor").defer("activity__search").order_by("-followers", "at", "pk")
    )
    return Spread(
        sum(row[1] for row in rows), sum(row[2] for row in rows), first, last, by_day,
        [(row[0], row[1]) for row in rows], times, list(loudest[:LOUDEST]),
    )  # fmt: skip
