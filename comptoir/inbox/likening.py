"""Gathering near-copies: which cluster the message that waits in a thread belongs to, many threads at once.

A message joins the cluster of the exemplar that it is most like, where it is like enough to the cluster's centre as
well; else it begins one. Nothing is ever moved from one cluster to another by what comes later, so that what somebody
looks at stays what it is while thousands come in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comptoir.inbox.gathering_sql import LAST_OUT
from comptoir.inbox.models.clusters import ALONE, Band, Cluster, Exemplar
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.reading.likeness import shingles
from comptoir.reading.nearness import Example, Group, Shelves, gathered, marked
from comptoir.reading.pressing import presses

LIKE = 0.45
"""From this likeness on, numbers apart, a message joins: another place and another sentence at the end."""
CENTRAL = 0.3
"""As like as this at least to a cluster's first message: a chain of small steps leads far."""
BIG = 40
"""The biggest clusters of late, with which a message is compared in any case: by bands alone one in three that is just
like enough is missed."""

_NUMBER = re.compile(r"\d+")
_ONE_AT_A_TIME = 7_240_007
_LOCK = "SELECT pg_advisory_xact_lock(%(place)s::int, %(brand)s::int)"
_BRANDS = "SELECT DISTINCT brand_id FROM inbox_thread WHERE id = ANY(%(threads)s) ORDER BY brand_id"
_WORDS = """CASE WHEN a.title = '' OR a.kind IN ('comment', 'reply') THEN a.text ELSE a.title || ' ' || a.text END"""
_WAITING = f"""
SELECT t.id, e.activity_id, e.at, left(e.words, 2000), e.said, m.cluster_id, m.activity_id
FROM unnest(%(threads)s::bigint[]) AS g(id) JOIN inbox_thread t ON t.id = g.id
CROSS JOIN LATERAL (SELECT {LAST_OUT} AS at) s
CROSS JOIN LATERAL (
    SELECT (array_agg(w.activity_id ORDER BY w.at, w.id))[1] AS activity_id, min(w.at) AS at,
        (array_agg(w.words ORDER BY w.at, w.id))[1] AS words, array_agg(left(w.words, 4000)) AS said
    FROM (
        SELECT n.id, n.activity_id, n.at, {_WORDS} AS words
        FROM inbox_entry n JOIN networks_activity a ON a.id = n.activity_id
        WHERE n.thread_id = t.id AND n.addressed AND NOT n.own AND (s.at IS NULL OR n.at > s.at)
            AND a.deleted IS NULL AND a.standing NOT IN ('spam', 'removed')
        ORDER BY n.at, n.id LIMIT 20) w) e
LEFT JOIN inbox_likened m ON m.thread_id = t.id
WHERE t.brand_id = %(brand)s AND t.closed_at IS NULL AND t.merged_into_id IS NULL AND NOT t.answered
    AND e.activity_id IS NOT NULL
ORDER BY e.at, t.id
"""  # noqa: S608 - nothing in it comes from outside
"""What waits for an answer in each thread: the first message of it, and all of them."""
_SHELVES = """
SELECT b.band, x.id, x.cluster_id FROM inbox_band b
JOIN inbox_exemplar x ON x.id = b.exemplar_id JOIN inbox_cluster c ON c.id = x.cluster_id
WHERE b.band = ANY(%(bands)s) AND c.brand_id = %(brand)s ORDER BY x.id
"""
_BIG = """
SELECT id FROM inbox_cluster WHERE brand_id = %(brand)s AND last_at > %(lately)s AND size > 1
ORDER BY size DESC, id LIMIT %(most)s
"""
_EXEMPLARS = f"""
SELECT x.id, x.cluster_id, left({_WORDS}, 2000)
FROM inbox_exemplar x JOIN networks_activity a ON a.id = x.activity_id
WHERE x.cluster_id = ANY(%(clusters)s) ORDER BY x.id
"""  # noqa: S608 - nothing in it comes from outside
_KEEP = """
INSERT INTO inbox_likened AS m (thread_id, cluster_id, activity_id, likeness, more, pressing, at)
SELECT * FROM unnest(%(threads)s::bigint[], %(clusters)s::bigint[], %(activities)s::bigint[], %(likenesses)s::float8[],
    %(more)s::boolean[], %(pressing)s::boolean[], %(at)s::timestamptz[])
ON CONFLICT (thread_id) DO UPDATE SET cluster_id = excluded.cluster_id, activity_id = excluded.activity_id,
    likeness = CASE WHEN m.activity_id = excluded.activity_id THEN m.likeness ELSE excluded.likeness END,
    more = excluded.more, pressing = excluded.pressing, at = excluded.at
WHERE (m.cluster_id, m.activity_id, m.more, m.pressing)
    IS DISTINCT FROM (excluded.cluster_id, excluded.activity_id, excluded.more, excluded.pressing)
"""
_FIGURES = """
UPDATE inbox_cluster c SET size = n.size, last_at = greatest(c.last_at, n.last_at) FROM (
    SELECT m.cluster_id, count(*) AS size, max(m.at) AS last_at FROM inbox_likened m
    WHERE m.cluster_id = ANY(%(clusters)s) GROUP BY m.cluster_id) n
WHERE c.id = n.cluster_id
"""


@dataclass(slots=True)
class Waiting:
    """What waits in a thread. `cluster` and `by` are those that it was last likened with."""

    thread: int
    activity: int
    at: datetime
    words: str
    said: Sequence[str]
    cluster: int | None
    by: int | None
    likeness: float = 1.0

    @property
    def bare(self) -> str:
        """Its words without their numbers: another flight is the same question."""
        return _NUMBER.sub("0", self.words)

    @property
    def is_known(self) -> bool:
        """Whether it has its place already, by the same message."""
        return self.cluster is not None and self.by == self.activity


def liken(threads: Iterable[int]) -> int:
    """Put what waits in these threads into clusters; how many are new in theirs. Safe to run twice."""
    found = sorted(set(threads))
    placed = 0
    for (brand,) in ask(_BRANDS, {"threads": found}):
        with transaction.atomic():
            # One at a time in a brand: two who hear the same words for the first time would begin a cluster each.
            ask(_LOCK, {"place": _ONE_AT_A_TIME, "brand": brand})
            rows = ask(_WAITING, {"threads": found, "brand": brand})
            placed += _place(brand, [Waiting(*row) for row in rows])
    return placed


def _place(brand: int, waiting: Sequence[Waiting]) -> int:
    unplaced = [each for each in waiting if not each.is_known]
    groups = _grouped(brand, unplaced)
    _begin(brand, groups)
    members = [(each, group.pk) for group in groups for each in group.members]
    kept = [(each, each.cluster) for each in waiting if each.is_known]
    _keep([*members, *kept])
    touched = {group.pk for group in groups} | {each.cluster for each in unplaced if each.cluster}
    if touched:
        ask(_FIGURES, {"clusters": sorted(pk for pk in touched if pk)})
        nudge(brand, what="surge")
    return len(members)


def _grouped(brand: int, waiting: Sequence[Waiting]) -> list[Group[Waiting]]:
    """The clusters that these belong to, each with its new members."""
    marks = marked(waiting)
    return gathered(marks, _shelves(brand, {band for _each, mark in marks for band in mark.bands}))


def _shelves(brand: int, bands: set[int]) -> Shelves[Waiting]:
    """The exemplars that have any of these bands, and those of the biggest clusters."""
    found = ask(_SHELVES, {"bands": sorted(bands), "brand": brand}) if bands else []
    big = {pk for (pk,) in ask(_BIG, {"brand": brand, "lately": clock.now() - ALONE, "most": BIG})}
    clusters = sorted(big | {cluster for _band, _exemplar, cluster in found})
    groups: dict[int, Group[Waiting]] = {}
    examples: dict[int, Example[Waiting]] = {}
    for exemplar, cluster, words in ask(_EXEMPLARS, {"clusters": clusters}):
        group = groups.setdefault(cluster, Group(cluster))
        examples[exemplar] = Example(shingles(_NUMBER.sub("0", words)), group)
        group.cuts.append(examples[exemplar].cut)
    by_band: dict[int, list[Example[Waiting]]] = defaultdict(list)
    for band, exemplar, _cluster in found:
        by_band[band].append(examples[exemplar])
    centres = [Example(groups[pk].cuts[0], groups[pk]) for pk in sorted(big & groups.keys())]
    return Shelves(by_band, centres, LIKE, CENTRAL)


def _begin(brand: int, groups: Sequence[Group[Waiting]]) -> None:
    """Keep new clusters, and what messages are compared with from now on."""
    new = [group for group in groups if group.pk is None]
    made = Cluster.objects.bulk_create(
        Cluster(brand_id=brand, first_at=group.members[0].at, last_at=group.members[0].at) for group in new
    )
    for group, cluster in zip(new, made, strict=True):
        group.pk = cluster.pk
    fresh = [(group, each, mark) for group in groups for each, mark in group.new]
    exemplars = Exemplar.objects.bulk_create(
        Exemplar(cluster_id=group.pk or 0, activity_id=each.activity) for group, each, _mark in fresh
    )
    Band.objects.bulk_create(
        [
            Band(band=band, exemplar=exemplar)
            for exemplar, (_group, _each, mark) in zip(exemplars, fresh, strict=True)
            for band in sorted(set(mark.bands))
        ],
        batch_size=5_000,
    )


def _keep(members: Sequence[tuple[Waiting, int | None]]) -> None:
    if not members:
        return
    rows = sorted(members, key=lambda row: row[0].thread)
    each = [waiting for waiting, _cluster in rows]
    ask(_KEEP, {
        "threads": [w.thread for w in each], "clusters": [cluster for _w, cluster in rows],
        "activities": [w.activity for w in each], "likenesses": [w.likeness for w in each],
        "more": [len(w.said) > 1 for w in each], "pressing": [any(map(presses, w.said)) for w in each],
        "at": [w.at for w in each],
    })  # fmt: skip
