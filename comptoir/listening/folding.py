"""Folding: what says almost the same is put together, the first of it shown, the others repeats.

`reading.nearness` says what belongs together, as it does at the counter. A fold is of one query, and is given out one
batch after the other, so that two who hear the same words for the first time begin one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.models.fold import KNOWN, Fold, Print
from comptoir.reading.likeness import ALIKE, fingerprint, shingles
from comptoir.reading.nearness import Example, Group, Shelves, gathered, marked

_ONE_AT_A_TIME = 7_240_049
_LOCK = "SELECT pg_advisory_xact_lock(%(place)s::int, (%(query)s %% 2147483647)::int)"
_QUERIES = "SELECT DISTINCT query_id FROM listening_mention WHERE id = ANY(%(mentions)s) ORDER BY 1"
_WORDS = "left(CASE WHEN a.text = '' THEN a.title ELSE a.text END, 2000)"
_NEWCOMERS = f"""
SELECT m.id, m.at, {_WORDS} FROM listening_mention m JOIN networks_activity a ON a.id = m.activity_id
WHERE m.id = ANY(%(mentions)s) AND m.query_id = %(query)s AND m.fold IS NULL
    AND NOT EXISTS (SELECT FROM listening_print p WHERE p.mention = m.id)
ORDER BY m.id FOR UPDATE OF m
"""  # noqa: S608 - nothing in it comes from outside
_NEAR = """
SELECT p.mention, p.fold FROM listening_print p JOIN listening_mention m ON m.id = p.mention
WHERE p.bands && %(bands)s::bigint[] AND m.query_id = %(query)s ORDER BY p.mention DESC LIMIT 5000
"""
_EXEMPLARS = f"""
SELECT p.mention, p.fold, p.bands, {_WORDS} FROM listening_print p
JOIN listening_mention m ON m.id = p.mention JOIN networks_activity a ON a.id = m.activity_id
WHERE p.mention = ANY(%(alone)s) OR p.fold = ANY(%(folds)s) ORDER BY p.mention
"""  # noqa: S608
_JOIN = """
UPDATE listening_mention m SET fold = n.fold, noise = CASE
    WHEN coalesce(f.spam, m.noise = 'spam') THEN 'spam' WHEN n.new THEN 'repeat' ELSE m.noise END
FROM unnest(%(mentions)s::bigint[], %(folds)s::bigint[], %(new)s::boolean[]) n(id, fold, new)
JOIN listening_fold f ON f.id = n.fold WHERE m.id = n.id RETURNING m.fold
"""
_GROWN = """
UPDATE listening_fold f SET size = f.size + n.n, last_at = %(now)s
FROM (SELECT fold, count(*) AS n FROM unnest(%(folds)s::bigint[]) fold GROUP BY 1) n WHERE f.id = n.fold
"""
_ALONE_NO_MORE = """
UPDATE listening_print p SET fold = m.fold FROM listening_mention m
WHERE m.id = p.mention AND m.id = ANY(%(mentions)s) AND p.fold IS DISTINCT FROM m.fold
"""
_SETTLE = """
UPDATE listening_mention m SET noise = n.noise FROM (
    SELECT o.id, CASE WHEN o.id = h.id THEN '' ELSE 'repeat' END AS noise
    FROM unnest(%(folds)s::bigint[]) f(id)
    CROSS JOIN LATERAL (
        SELECT id FROM ((SELECT id, at FROM listening_mention WHERE fold = f.id AND noise = '' ORDER BY at, id LIMIT 1)
            UNION ALL
            (SELECT id, at FROM listening_mention WHERE fold = f.id AND noise = 'repeat' ORDER BY at, id LIMIT 1)) e
        ORDER BY at, id LIMIT 1) h
    JOIN listening_mention o ON o.fold = f.id AND (o.noise = '' OR o.id = h.id)) n
WHERE n.id = m.id AND m.noise <> n.noise
"""
"""The first that is no spam is shown, and no other."""
_TAKE_OUT = """
WITH before AS (SELECT id, fold FROM listening_mention WHERE id = ANY(%(mentions)s) AND query_id = %(query)s
    AND fold IS NOT NULL ORDER BY id FOR UPDATE)
UPDATE listening_mention m SET fold = NULL, noise = CASE WHEN m.noise = 'spam' THEN 'spam' ELSE '' END
FROM before WHERE m.id = before.id RETURNING before.fold
"""
_UNPRINT = """
DELETE FROM listening_print p USING listening_mention m
WHERE m.id = p.mention AND m.id = ANY(%(mentions)s) AND m.query_id = %(query)s
"""
_SHRUNK = """
UPDATE listening_fold f SET size = f.size - n.n
FROM (SELECT fold, count(*) AS n FROM unnest(%(folds)s::bigint[]) fold GROUP BY 1) n WHERE f.id = n.fold
"""
_STALE = """
DELETE FROM listening_print p WHERE p.mention IN (
    SELECT s.mention FROM listening_print s LEFT JOIN listening_fold f ON f.id = s.fold
    WHERE s.heard < %(before)s AND (f.id IS NULL OR f.last_at < %(before)s) LIMIT %(most)s)
RETURNING p.mention
"""
_UNMARKED = f"""
SELECT m.id, f.id, {_WORDS} FROM listening_fold f
JOIN listening_mention m ON m.fold = f.id AND m.noise = '' JOIN networks_activity a ON a.id = m.activity_id
WHERE f.query_id = %(query)s AND f.last_at >= %(since)s
    AND NOT EXISTS (SELECT FROM listening_print p WHERE p.fold = f.id)
"""  # noqa: S608
"""Folds of which everything that others were compared with was taken back: what is shown now takes its place."""


@dataclass(slots=True)
class Newcomer:
    """A mention that is still to be put with what it is like."""

    pk: int
    at: datetime
    bare: str
    likeness: float = 1.0


@dataclass(eq=False, slots=True)
class Gathered(Group[Newcomer]):
    """A fold while mentions are put to it; one of which only one mention is known has no number yet, and is it."""

    alone: int | None = None


def fold(mentions: Iterable[int]) -> int:
    """Put these mentions with what says almost the same; how many found company. Safe to run twice."""
    given = sorted(set(mentions))
    return sum(_fold(query, given) for (query,) in ask(_QUERIES, {"mentions": given}))


def fold_anew(mentions: Iterable[int]) -> int:
    """The same for mentions that say something else than before."""
    given = sorted(set(mentions))
    for (query,) in ask(_QUERIES, {"mentions": given}):
        with transaction.atomic():
            in_turn(query)
            left = [number for (number,) in ask(_TAKE_OUT, {"mentions": given, "query": query})]
            ask(_UNPRINT, {"mentions": given, "query": query})
            if left:
                ask(_SHRUNK, {"folds": left})
                settle(left)
    return fold(given)


def settle(folds: Iterable[int]) -> None:
    """Show the first of each of these folds that is no spam, and no other. For whoever holds the query's turn."""
    ask(_SETTLE, {"folds": sorted(set(folds))})


def sweep(most: int = 5_000) -> int:
    """Forget what nobody repeated for long; how many."""
    return len(ask(_STALE, {"before": clock.now() - KNOWN, "most": most}))


def in_turn(query: int) -> None:
    """Wait until nobody else folds what this query heard, and have others wait until the end of the transaction."""
    ask(_LOCK, {"place": _ONE_AT_A_TIME, "query": query})


def _fold(query: int, mentions: Sequence[int]) -> int:
    with transaction.atomic():
        in_turn(query)
        rows = [Newcomer(*row) for row in ask(_NEWCOMERS, {"mentions": mentions, "query": query})]
        marks = marked(sorted(rows, key=lambda each: (each.at, each.pk)))
        if not marks:
            return 0
        _mark_again(query)
        groups = gathered(marks, _shelves(query, {band for _each, mark in marks for band in mark.bands}))
        return _keep(query, groups)


def _mark_again(query: int) -> None:
    for pk, number, words in ask(_UNMARKED, {"query": query, "since": clock.now() - KNOWN}):
        if mark := fingerprint(words):
            Print.objects.create(mention=pk, fold=number, bands=sorted(set(mark.bands)))


def _shelves(query: int, bands: set[int]) -> Shelves[Newcomer]:
    """What is known of a query that shares some of these bands."""
    near = ask(_NEAR, {"bands": sorted(bands), "query": query})
    alone = sorted(pk for pk, number in near if number is None)
    folds = sorted({number for _pk, number in near if number is not None})
    groups: dict[int, Gathered] = {}
    by_band: dict[int, list[Example[Newcomer]]] = defaultdict(list)
    for pk, number, its_bands, words in ask(_EXEMPLARS, {"alone": alone, "folds": folds}):
        group = Gathered(None, alone=pk) if number is None else groups.setdefault(number, Gathered(number))
        example = Example(shingles(words), group)
        group.cuts.append(example.cut)
        for band in its_bands:
            by_band[band].append(example)
    return Shelves(by_band, [], ALIKE, ALIKE)


def _keep(query: int, groups: Sequence[Group[Newcomer]]) -> int:
    """Keep who is with whom, and what others are found by; how many newcomers have company."""
    alone = {id(group): group.alone for group in groups if isinstance(group, Gathered) and group.alone}
    begun = [group for group in groups if group.pk is None and (len(group.members) > 1 or id(group) in alone)]
    made = Fold.objects.bulk_create(Fold(query_id=query) for _group in begun)
    for group, row in zip(begun, made, strict=True):
        group.pk = row.pk
    joining = [(each.pk, group.pk, True) for group in groups if group.pk for each in group.members]
    joining += [(alone[id(group)], group.pk, False) for group in begun if group.pk and id(group) in alone]
    Print.objects.bulk_create(
        Print(mention=each.pk, fold=group.pk, bands=sorted(set(mark.bands)))
        for group in groups
        for each, mark in group.new
    )
    if joining:
        pks, folds, new = map(list, zip(*sorted(joining), strict=True))
        joined = [number for (number,) in ask(_JOIN, {"mentions": pks, "folds": folds, "new": new})]
        ask(_ALONE_NO_MORE, {"mentions": [pk for pk, is_new in zip(pks, new, strict=True) if not is_new]})
        ask(_GROWN, {"folds": joined, "now": clock.now()})
        settle(folds)
    return sum(new) if joining else 0
