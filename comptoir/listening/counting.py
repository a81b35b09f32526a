"""How many mentions there are: the one place where Explore asks for its counts.

`counted` takes which queries, when and what of them, and gives rows of counts, exactly; `counted_by_kind` gives fewer.
Old mentions may be stored in files: their rows come beside, and rows of the same are added up by whoever asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from comptoir.kernel.asking import ask
from comptoir.kernel.sight import sight
from comptoir.listening import stored
from comptoir.listening.period import Moment, Period, Unit

type By = Literal["time", "network", "language", "tone"]
BYS: tuple[By, ...] = ("time", "network", "language", "tone")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: mentions of queries that were said in a period; of one network, language or tone, or of any.

    None is any, "" what could not be told. Noise is no part of it: counts are told apart by it.
    """

    queries: tuple[int, ...]
    period: Period
    network: str | None = None
    language: str | None = None
    tone: str | None = None

    @property
    def kinds(self) -> dict[str, str | None]:
        """Of which network, language and tone, each by its name."""
        return {"network": self.network, "language": self.language, "tone": self.tone}

    def values(self) -> dict[str, Any]:
        """What statements are given."""
        return {
            "queries": list(self.queries), "since": self.period.since, "until": self.period.until,
            "first": self.period.since.date(), "after": self.period.until.date(),
            **self.kinds,
        }  # fmt: skip


class Counted(NamedTuple):
    """So many mentions of a query and noise, and so many followers of those who said them, each post counted.

    `key` says of which part of the period, network, language or tone, as `by` has it: each kind tells all mentions.
    """

    by: By
    query: int
    key: Moment | str
    noise: str
    n: int
    followers: int


def counted(scope: Scope) -> list[Counted]:
    """The counts of all that is kept, and that whoever asks may see, by each of BYS."""
    if not scope.queries:
        return []
    rows = ask(_COUNTED.format(rows=_rows(scope)), scope.values() | _zone(scope), again=False)
    found = [
        Counted(_SETS[which], query, key if moment is None else moment, *rest)
        for which, query, moment, key, *rest in rows
    ]
    files = stored.shelved(scope.queries, scope.period.since, scope.period.until)
    return [*found, *_stored(scope, files)] if files else found


class Kind(NamedTuple):
    """So many mentions of a network, language, tone and noise."""

    network: str
    language: str
    tone: str
    noise: str
    n: int


def counted_by_kind(scope: Scope) -> list[Kind]:
    """The same counts by what mentions are alone, of all queries and the whole period: a list's filters need no more,
    and ninety days of ten queries are a few hundred rows."""
    if not scope.queries:
        return []
    rows = ask(_BY_KIND.format(rows=_rows(scope)), scope.values() | _zone(scope), again=False)
    found = [Kind(*row) for row in rows]
    files = stored.shelved(scope.queries, scope.period.since, scope.period.until)
    if not files:
        return found
    with stored.opened(files) as opened:
        said = stored.within(opened.rows, scope.queries, scope.kinds, scope.period)
        old = opened.ask(said.group_by("network", "language", "tone", "noise").aggregate(n=said.count()))
    return [*found, *(Kind(**row) for row in old)]


def _stored(scope: Scope, files: list[stored.Shelved]) -> list[Counted]:
    """The same of what is stored. Each mention falls into the part of the period that began last before it."""
    period = scope.period
    moments = period.moments()
    begins = [period.part(each)[0].astimezone(UTC) for each in moments]
    with stored.opened(files) as found:
        parts = found.table(part=("int64", range(len(begins))), begins=("at", begins))
        said = stored.within(found.rows, scope.queries, scope.kinds, scope.period)
        said = said.asof_join(parts, on=said.at >= parts.begins)
        rows = found.ask(
            said.group_by("query_id", "noise", "part", "network", "language", "tone").aggregate(
                n=said.count(), reach=said.followers.sum()
            )
        )
    n: Counter[tuple[By, int, Moment | str, str]] = Counter()
    reach = n.copy()
    for row in rows:
        keys: dict[By, Moment | str] = {"time": moments[row["part"]]} | {
            by: row[by] for by in ("network", "language", "tone")
        }
        for by, key in keys.items():
            n[by, row["query_id"], key, row["noise"]] += row["n"]
            reach[by, row["query_id"], key, row["noise"]] += row["reach"]
    return [Counted(*kind, n[kind], reach[kind]) for kind in n]


ONLY = """(%(network)s::text IS NULL OR network = %(network)s)
    AND (%(language)s::text IS NULL OR language = %(language)s) AND (%(tone)s::text IS NULL OR tone = %(tone)s)"""
"""Of a row of mentions or of counts: that it is of the network, language and tone of a scope."""
_SETS: dict[int, By] = {0b0111: "time", 0b1011: "network", 0b1101: "language", 0b1110: "tone"}
_COUNTED = """
SELECT grouping(moment, network, language, tone), query_id, moment, coalesce(network, language, tone), noise,
    sum(count)::bigint, sum(followers)::bigint
FROM ({rows}) found
GROUP BY GROUPING SETS (
    (query_id, noise, moment), (query_id, noise, network), (query_id, noise, language), (query_id, noise, tone))
"""
_KIND = "network, language, tone, noise"
_BY_KIND = f"SELECT {_KIND}, sum(count)::bigint FROM ({{rows}}) found GROUP BY {_KIND}"  # noqa: S608
_HOURS = f"""SELECT query_id, hour AS moment, {_KIND}, count, followers FROM listening_rollup
    WHERE query_id = ANY(%(queries)s) AND hour >= %(since)s AND hour < %(until)s AND {ONLY}"""  # noqa: S608
_DAYS = f"""SELECT query_id, {{moment}} AS moment, {_KIND}, count, followers FROM listening_dayrollup
    WHERE query_id = ANY(%(queries)s) AND day >= %(first)s AND day < %(after)s AND {ONLY}"""  # noqa: S608
_MENTIONS = f"""SELECT query_id, {{moment}} AS moment, {_KIND}, 1 AS count, followers FROM listening_mention
    WHERE query_id = ANY(%(queries)s) AND at >= %(since)s AND at < %(until)s AND {ONLY}"""  # noqa: S608
"""Rollups know no channels: for somebody who is given some of them, what they see is counted."""
_OF_ROWS: dict[Unit, str] = {
    "hour": "date_trunc('hour', at, %(zone)s)",
    "day": "(at AT TIME ZONE %(zone)s)::date",
    "week": "date_trunc('week', at AT TIME ZONE %(zone)s)::date",
}


def _rows(scope: Scope) -> str:
    unit = scope.period.unit
    if sight() is not None:
        return _MENTIONS.format(moment=_OF_ROWS[unit])
    if unit == "hour":
        return _HOURS
    return _DAYS.format(moment="date_trunc('week', day)::date" if unit == "week" else "day")


def _zone(scope: Scope) -> dict[str, str]:
    return {"zone": str(scope.period.zone)} if sight() is not None else {}


class MinuteCounted(NamedTuple):
    """So many mentions of a noise from `moment` on. `tag` is the place of the newest tag that they carry among those
    asked for, None where they carry none."""

    moment: datetime
    tag: int | None
    noise: str
    n: int


def counted_by_minute(
    query: int, since: datetime, until: datetime, step: timedelta, patterns: Sequence[str] = ()
) -> list[MinuteCounted]:
    """What a query heard in [since, until), in steps of so many whole minutes, told apart by the tags that it carries:
    `patterns` are regular expressions of the database's, the newest tag last."""
    values = {
        "query": query, "since": since, "until": until, "step": step, "patterns": list(reversed(patterns)),
        "last": len(patterns),
    }  # fmt: skip
    statement = _TAGGED_MINUTES if patterns else _MINUTES
    return [MinuteCounted(*row) for row in ask(statement, values, again=False)]


_BIN = "date_bin(%(step)s, m.at, TIMESTAMPTZ '1970-01-01 00:00+00')"
_WITHIN = "m.query_id = %(query)s AND m.at >= %(since)s AND m.at < %(until)s"
_MINUTES = f"""
SELECT {_BIN}, NULL::bigint, m.noise, count(*) FROM listening_mention m WHERE {_WITHIN} GROUP BY 1, 3 ORDER BY 1
"""  # noqa: S608 - nothing in it comes from outside
CARRIED = "(SELECT min(p.place) FROM unnest(%(patterns)s::text[]) WITH ORDINALITY p(tag, place) WHERE {text} ~ p.tag)"
"""Of a text: the place, from 1 on, of the first pattern that it has."""
_TAGGED_MINUTES = f"""
SELECT moment, %(last)s::bigint - place, noise, count(*) FROM (
    SELECT {_BIN} AS moment, {CARRIED.format(text="(a.title || ' ' || a.text)")} AS place, m.noise
    FROM listening_mention m JOIN networks_activity a ON a.id = m.activity_id WHERE {_WITHIN}) said
GROUP BY 1, 2, 3 ORDER BY 1
"""  # noqa: S608
