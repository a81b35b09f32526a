"""Mentions picked evenly out of many, and who speaks: what is asked of texts and people without reading all of them.

A period is cut into slices of equally many mentions, by its counts, and the same number is taken from the end of each:
a loud day has more of the sample, as it has of the mentions. Where there are few, all are taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from comptoir.kernel.asking import ask
from comptoir.listening import stored
from comptoir.listening.counting import ONLY, Counted, Scope
from comptoir.listening.models.mention import LOUD

TEXTS = 600
"""Mentions of a sample whose texts are read."""
VOICES = 15_000
"""Mentions of a sample whose authors are counted."""
_SLICES = 50
_LOOKED_AT = 2_000
"""Mentions of a slice of texts that are looked at for those that are of a scope."""
_PEOPLE = 10
_CANDIDATES = 30
SUBSTANCE, EVERYTHING = "", "all"
"""Without what is noise, and with it. Any other word is noise of that kind alone."""


class Said(NamedTuple):
    """A mention of a sample."""

    query: int
    author: int
    at: datetime
    text: str
    title: str
    url: str

    @property
    def site(self) -> str:
        """Where it stands: the host of its address, "" where it has none."""
        return _host(self.url[: self.url.find("/", 8)] if self.url.count("/") > 2 else self.url)


@lru_cache(1_024)
def _host(address: str) -> str:
    """Of an address as far as its path."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class Speaker(NamedTuple):
    """Somebody, by the number of their account: how often they spoke, how many follow them, and that makes together."""

    author: int
    n: int
    followers: int
    reach: int
    name: str | None
    handle: str | None
    network: str | None


class Speakers(NamedTuple):
    """Those who speak most, and those who are heard by most; `sampled` of how many mentions they were found among."""

    most: list[Speaker]
    heard: list[Speaker]
    sampled: int


def keeps(noise: str, code: str) -> bool:
    """Whether a rule for noise keeps mentions of a kind of noise."""
    return noise in (EVERYTHING, code)


def texts(scope: Scope, rows: Iterable[Counted], noise: str = SUBSTANCE, most: int = TEXTS) -> list[Said]:
    """A sample of the texts of a scope, whose counts by time these are."""
    slices, total = _slices(scope, rows, noise)
    if not total:
        return []
    each = most if total <= most else -(-most // len(slices))
    given = _given(scope, slices, noise) | {"each": each, "looked": _LOOKED_AT}
    found = [Said(*row) for row in ask(_TEXTS, given, again=False)]
    files = stored.shelved(scope.queries, scope.period.since, scope.period.until)
    return (
        _evenly([*found, *_stored_texts(scope, files, slices, noise, each)], slices, each) if files else found
    )


def _stored_texts(
    scope: Scope, files: Sequence[stored.Shelved], slices: Sequence[Slice], noise: str, each: int
) -> list[Said]:
    """The same of what is stored: so many of each slice, the newest of it."""
    import ibis

    of, begins, ends = zip(*slices, strict=True)
    with stored.opened(files) as opened:
        said = stored.within(opened.rows, scope.queries, scope.kinds, scope.period)
        if noise != EVERYTHING:
            said = said.filter(said.noise == noise)
        parts = opened.table(of=("int64", of), begins=("at", begins), ends=("at", ends))
        said = said.join(parts, [said.query_id == parts.of, said.at >= parts.begins, said.at < parts.ends])
        newest = ibis.window(group_by=[said.of, said.begins], order_by=[said.at.desc(), said.id.desc()])
        said = said.mutate(place=ibis.row_number().over(newest))
        said = said.filter(said.place < each).mutate(text=said.text.left(1_000))
        rows = opened.ask(said[["query_id", "author", "at", "text", "title", "url"]])
    return [Said(*row.values()) for row in rows]


def _evenly(said: Iterable[Said], slices: Sequence[Slice], each: int) -> list[Said]:
    """So many of each slice at the most, the newest of it."""
    starts = sorted((query, begins) for query, begins, _ends in slices)
    taken: Counter[int] = Counter()
    found = []
    for one in sorted(said, key=lambda one: one.at, reverse=True):
        place = bisect_right(starts, (one.query, one.at))
        taken[place] += 1
        if taken[place] <= each:
            found.append(one)
    return found


def speakers(scope: Scope, rows: Iterable[Counted], noise: str = SUBSTANCE) -> Speakers:
    """Who speaks most and who is heard by most: looked for in a sample, and among all who are followed by LOUD and
    more; what they said is counted in full."""
    slices, total = _slices(scope, rows, noise)
    if not total:
        return Speakers([], [], 0)
    each = VOICES if total <= VOICES else -(-VOICES // len(slices))
    files = stored.shelved(scope.queries, scope.period.since, scope.period.until)
    old = _stored_speakers(scope, files, noise) if files else {}
    given = _given(scope, slices, noise) | {"each": each, "looked": 4 * each, "also": list(old)}
    found = ask(_SPEAKERS, given, again=False)
    if others := [author for author, *_rest in found if author not in old] if files else []:
        old |= _stored_speakers(scope, files, noise, others)
    people = [_with_old(Speaker(*row[:-1]), old.get(row[0])) for row in found]
    sampled = (int(found[0][-1] or 0) if found else 0) + sum(each["all"] for each in list(old.values())[:1])
    most = sorted(people, key=lambda one: (-one.n, -one.reach, one.author))
    heard = sorted(people, key=lambda one: (-one.reach, -one.n, one.author))
    return Speakers(most[:_PEOPLE], [one for one in heard[:_PEOPLE] if one.reach], sampled)


def _stored_speakers(
    scope: Scope, files: Sequence[stored.Shelved], noise: str, authors: Sequence[int] = ()
) -> dict[int, dict[str, Any]]:
    """Of what is stored, all counted: the mentions of these authors, else of those who have most or are heard by most,
    the most of their followers, and what that makes together; `all` is how many mentions there are of all."""
    with stored.opened(files) as opened:
        said = stored.within(opened.rows, scope.queries, scope.kinds, scope.period)
        if noise != EVERYTHING:
            said = said.filter(said.noise == noise)
        people = said.group_by("author").aggregate(
            n=said.count(), followers=said.followers.max(), reach=said.followers.sum()
        )
        people = people.mutate(all=people.n.sum().over())
        if authors:
            rows = opened.ask(people.filter(people.author.isin(list(authors))))
            return {row["author"]: row for row in rows}
        most = people.order_by(people.n.desc(), people.author).limit(_CANDIDATES)
        heard = people.order_by(people.reach.desc(), people.author).limit(_CANDIDATES)
        rows = opened.ask(most.union(heard, distinct=True))
    return {row["author"]: row for row in rows}


def _with_old(one: Speaker, old: dict[str, Any] | None) -> Speaker:
    if old is None:
        return one
    followers = max(one.followers or 0, old["followers"])
    return one._replace(n=one.n + old["n"], followers=followers, reach=(one.reach or 0) + old["reach"])


type Slice = tuple[int, datetime, datetime]


def _slices(scope: Scope, rows: Iterable[Counted], noise: str) -> tuple[list[Slice], int]:
    """Parts of the period with equally many mentions, more of the queries that have more; and how many there are."""
    by_query: dict[int, list[tuple[datetime, datetime, int]]] = {}
    counts: dict[tuple[int, Any], int] = {}
    for row in rows:
        if row.by == "time" and keeps(noise, row.noise):
            counts[row.query, row.key] = counts.get((row.query, row.key), 0) + row.n
    for (query, moment), n in sorted(counts.items()):
        by_query.setdefault(query, []).append((*scope.period.part(moment), n))
    total = sum(counts.values())
    found: list[Slice] = []
    for query, parts in by_query.items():
        have = sum(n for _since, _until, n in parts)
        found += [(query, *ends) for ends in _cut(parts, have, max(1, round(_SLICES * have / total)))]
    return found, total


def _cut(
    parts: Sequence[tuple[datetime, datetime, int]], have: int, many: int
) -> list[tuple[datetime, datetime]]:
    """So many slices of parts, as if what is said in each were said evenly."""
    ends, passed, at = [parts[0][0]], 0, 1
    for since, until, n in parts:
        while at < many and passed + n >= at * have / many:
            ends.append(since + (until - since) * ((at * have / many - passed) / n))
            at += 1
        passed += n
    ends.append(parts[-1][1])
    return list(pairwise(ends))


def _given(scope: Scope, slices: Sequence[Slice], noise: str) -> dict[str, Any]:
    of, begins, ends = zip(*slices, strict=True)
    return scope.values() | {"of": list(of), "begins": list(begins), "ends": list(ends), "noise": noise}


WANTED = f"{ONLY} AND (%(noise)s = '{EVERYTHING}' OR noise = %(noise)s)"
"""Of a mention: that it is of a scope's kind, and that a rule for noise keeps it."""
_PLACES = (
    "unnest(%(of)s::bigint[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) p(query, begins, ends)"
)
_TEXTS = f"""
SELECT p.query, m.author, m.at, left(a.text, 1000), a.title, a.url
FROM {_PLACES} CROSS JOIN LATERAL (
    SELECT id FROM (
        SELECT id, network, language, tone, noise FROM listening_mention
        WHERE query_id = p.query AND at >= p.begins AND at < p.ends ORDER BY at DESC, id DESC LIMIT %(looked)s) near
    WHERE {WANTED} LIMIT %(each)s) picked
JOIN listening_mention m ON m.id = picked.id
JOIN networks_activity a ON a.id = m.activity_id
"""  # noqa: S608 - nothing in it comes from outside
_SPEAKERS = f"""
WITH seen AS MATERIALIZED (
    SELECT author, count(*) AS n, sum(followers) AS reach FROM {_PLACES} CROSS JOIN LATERAL (
        SELECT author, followers FROM (
            SELECT author, followers, network, language, tone, noise FROM listening_mention
            WHERE query_id = p.query AND at >= p.begins AND at < p.ends ORDER BY at DESC, id DESC LIMIT %(looked)s) near
        WHERE {WANTED} LIMIT %(each)s) picked
    GROUP BY author),
loud AS MATERIALIZED (
    SELECT author FROM listening_mention
    WHERE query_id = ANY(%(queries)s) AND at >= %(since)s AND at < %(until)s AND followers >= {LOUD} AND {WANTED}
    GROUP BY author ORDER BY sum(followers) DESC, author LIMIT {_CANDIDATES}),
known AS (
    (SELECT author FROM seen ORDER BY n DESC, author LIMIT {_CANDIDATES})
    UNION (SELECT author FROM seen ORDER BY reach DESC, author LIMIT {_CANDIDATES}) UNION (SELECT author FROM loud)
    UNION SELECT unnest(%(also)s::bigint[]))
SELECT k.author, m.n, m.followers, m.reach, a.name, a.handle, a.network, (SELECT sum(n)::bigint FROM seen)
FROM known k CROSS JOIN LATERAL (
    SELECT count(*) AS n, max(followers) AS followers, sum(followers)::bigint AS reach
    FROM unnest(%(queries)s::bigint[]) q(id) JOIN listening_mention ON query_id = q.id
    WHERE author = k.author AND at >= %(since)s AND at < %(until)s AND {WANTED}) m
LEFT JOIN networks_actor a ON a.id = k.author
WHERE m.n > 0 OR k.author = ANY(%(also)s::bigint[])
"""  # noqa: S608 - nothing in it comes from outside
