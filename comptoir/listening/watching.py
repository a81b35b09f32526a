"""Feeding the watches: every five minutes what was said of each query is put to its watch, and what it tells is kept.

Some queries at a time, in one transaction: what was learnt, up to when, the alerts, their notices and calls. A worker
that dies leaves the stretch for the next one; what is held by another worker is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.listening.events import AlertsRaised
from comptoir.listening.models import Alert, Follower, Query, Source, Watching
from comptoir.listening.models.alert import remind
from comptoir.listening.models.source import LATE
from comptoir.listening.models.watching import FORM, LOOKED_BACK, STRETCH, floor_of, from_local, local_seconds
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Notice
from comptoir.organisation.models.notice import Draft
from comptoir.reading.spikes.episodes import Alert as Told
from comptoir.reading.spikes.episodes import Heard

AT_ONCE = 100
"""Queries of one transaction."""
LAG = timedelta(minutes=1, seconds=30)
"""What was said is heard a little later."""
DOWN = timedelta(minutes=20)
"""Nothing was fed for so long: the house was down, and what was said meanwhile is on its way."""
PATIENCE = timedelta(minutes=15)
"""So long it is waited for."""
LATE_MOST = timedelta(minutes=10)
"""What was said so long before what is fed, and was not heard by then, counts as said now. What is later still is a
place that is slow by nature, and would make a burst of a trickle."""
OVER_FOR = timedelta(days=1)
"""The notice of an alert that is over stays for so long: nobody's quiet hours are longer."""

_PAUSED = """
WITH paused AS (
    UPDATE listening_watching w SET upto = NULL, waits = NULL FROM listening_query q
    WHERE q.id = w.query_id AND NOT q."on" AND w.upto IS NOT NULL RETURNING w.query_id)
SELECT query_id FROM paused
"""
_TAKE = f"""
SELECT w.id, w.query_id, w.kept, w.form, w.upto, w.told_from, w.waits, w."on", w.every, w.floor, w.rest, w.seen,
    w.learnt_from, q.brand_id, q.zone, q.name
FROM listening_watching w JOIN listening_query q ON q.id = w.query_id
WHERE w.id > %(after)s AND q."on" AND (w.upto IS NULL OR w.upto < %(until)s)
ORDER BY w.id LIMIT {AT_ONCE} FOR UPDATE OF w SKIP LOCKED FOR KEY SHARE OF q SKIP LOCKED
"""  # noqa: S608 - a number
_COUNT = """
WITH said AS MATERIALIZED (
    SELECT a.id, greatest(date_bin('5 minutes', m.at, TIMESTAMPTZ '1970-01-01 00:00+00'), a.since) AS stretch,
        date_trunc('minute', m.at) AS minute, m.author, m.followers, m.tone, m.noise
    FROM unnest(%(queries)s::bigint[], %(sinces)s::timestamptz[], %(lates)s::timestamptz[], %(seens)s::bigint[])
        AS a (id, since, late, seen)
    JOIN listening_mention m ON m.query_id = a.id AND m.at >= a.late AND m.at < %(until)s
        AND (m.at >= a.since OR m.id > a.seen)),
minutes AS (SELECT id, stretch, count(*) AS n FROM said GROUP BY id, stretch, minute),
fastest AS (SELECT id, stretch, max(n) AS n FROM minutes GROUP BY id, stretch),
authors AS (SELECT id, stretch, max(followers) AS n FROM said GROUP BY id, stretch, author),
reach AS (SELECT id, stretch, sum(n)::float8 AS n FROM authors GROUP BY id, stretch),
posts AS (
    SELECT id, stretch, count(*) AS n, count(*) FILTER (WHERE tone = 'negative') AS negative,
        count(*) FILTER (WHERE noise <> '') AS copies
    FROM said GROUP BY id, stretch)
SELECT p.id, p.stretch, p.n, p.negative, f.n, r.n, p.copies FROM posts p
JOIN fastest f ON (f.id, f.stretch) = (p.id, p.stretch) JOIN reach r ON (r.id, r.stretch) = (p.id, p.stretch)
UNION ALL SELECT 0, NULL, coalesce(max(id), 0), NULL, NULL, NULL, NULL FROM listening_mention
"""
"""The last row is the newest mention as this very statement saw them: nothing is counted twice."""
_KEEP = """
UPDATE listening_watching w SET kept = n.kept, form = %(form)s, upto = n.upto, waits = n.waits, seen = n.seen
FROM unnest(%(ids)s::bigint[], %(kept)s::jsonb[], %(uptos)s::timestamptz[], %(waits)s::timestamptz[],
    %(seens)s::bigint[]) AS n (id, kept, upto, waits, seen) WHERE w.id = n.id
"""

type Counts = dict[datetime, tuple[Any, ...]]


@dataclass(slots=True)
class Fed:
    """A watching in the middle of its feeding."""

    row: Watching
    brand: int
    zone: str
    name: str
    fresh: bool
    resumed: bool
    told: list[tuple[datetime, Told]] = field(default_factory=list)


def watch() -> int:
    """Feed every query that is on; how many were."""
    Watching.begin()
    if paused := [pk for (pk,) in ask(_PAUSED, {})]:
        _close(paused)
    until, place, fed = floor_of(clock.now() - LAG), 0, 0
    while True:
        with transaction.atomic():
            some = [_fed(row) for row in ask(_TAKE, {"after": place, "until": until})]
            if not some:
                break
            fed += _feed_all(some, until)
            place = some[-1].row.pk
    _settle_over()
    return fed


def _fed(values: Sequence[Any]) -> Fed:
    names = (
        "id",
        "query_id",
        "kept",
        "form",
        "upto",
        "told_from",
        "waits",
        "on",
        "every",
        "floor",
        "rest",
        "seen",
        "learnt_from",
    )
    row = Watching(**dict(zip(names, values, strict=False)))
    fresh = not row.kept or row.form != FORM
    brand, zone, name = values[len(names) :]
    return Fed(row, brand, zone, name, fresh, resumed=row.upto is None)


def _feed_all(some: list[Fed], until: datetime) -> int:
    late, deaf = _places(some)
    ready = [each for each in some if not _waits(each.row, each.fresh, each.brand in late)]
    for each in ready:
        # Where the house was down for weeks, or the query was paused, nothing is known of what lies before.
        begun = max(each.row.upto or until - STRETCH, floor_of(until - LOOKED_BACK))
        each.row.upto = min(begun, until)
    counts = _counted(ready, until)
    for each in ready:
        _feed(each, counts.get(each.row.query_id, {}), until)
    _keep(some)
    if anew := [each.row.query_id for each in ready if each.fresh or each.resumed]:
        _close(anew)
    for each in ready:
        for moment, told in each.told:
            if told.what != "silent" or each.brand not in deaf:
                _tell(each, moment, told)
    return len(ready)


def _places(some: list[Fed]) -> tuple[set[int], set[int]]:
    """Brands of which a place is heard late, and those of which one is out of reach: they are deaf there."""
    now, late, deaf = clock.now(), set(), set()
    for each in Source.objects.everywhere().filter(on=True, brand__in={fed.brand for fed in some}):
        if each.failures:
            deaf.add(each.brand_id)
        if each.behind or (each.failures and now - (each.alive_at or each.made) < LATE):
            late.add(each.brand_id)
    return late, deaf


def _waits(row: Watching, fresh: bool, late: bool) -> bool:
    """Whether what was said may still be on its way: then it is waited for, so that it is fed in order."""
    now = clock.now()
    if fresh or row.upto is None:
        row.waits = None
    elif row.waits is None:
        row.waits = now if late or now - row.upto > DOWN else None
    elif now - row.waits >= (PATIENCE if late else STRETCH):
        row.waits = None
    return row.waits is not None


def _counted(some: list[Fed], until: datetime) -> dict[int, Counts]:
    """What was said of each, stretch by stretch."""
    if not some:
        return {}
    found: dict[int, Counts] = {}
    *rows, (*_none, newest, _a, _b, _c, _d) = ask(_COUNT, _asked(some, until), again=False)
    for query, stretch, *rest in rows:
        found.setdefault(query, {})[stretch] = tuple(rest)
    for each in some:
        each.row.seen = newest
    return found


def _asked(some: list[Fed], until: datetime) -> dict[str, Any]:
    """What is counted: from where each stands on, and what was late for what it was fed before."""
    since = {each.row.query_id: each.row.upto or until for each in some}
    lates = [
        since[each.row.query_id] if each.fresh or each.resumed or not each.row.seen
        else max(since[each.row.query_id] - LATE_MOST, each.row.told_from, each.row.learnt_from)
        for each in some
    ]  # fmt: skip
    return {
        "queries": [*since], "sinces": [*since.values()], "lates": lates,
        "seens": [each.row.seen for each in some], "until": until,
    }  # fmt: skip


def _feed(fed: Fed, counts: Counts, until: datetime) -> None:
    """Put each stretch to the watch, also those without a post."""
    row, watch = fed.row, fed.row.watch()
    learns, moment = fed.fresh, row.upto or until
    if fed.resumed:
        watch.episode, watch.spoke, watch.quiet_since, watch.hushed = None, None, None, False
    while moment < until:
        if learns and moment >= row.told_from:
            learns, watch.episode, watch.spoke = False, None, None
        heard = Heard(local_seconds(moment, fed.zone), *counts.get(moment, ()) or (0,))
        alerts = watch.feed(heard)
        moment += STRETCH
        if row.on and moment > row.told_from:
            fed.told += [(moment, told) for told in alerts]
    if fed.fresh:
        remind(watch, Query(pk=row.query_id, brand_id=fed.brand))
    row.upto, row.kept, row.form = moment, watch.kept(), FORM


def _keep(some: list[Fed]) -> None:
    rows = [each.row for each in some]
    given = {
        "form": FORM, "ids": [row.pk for row in rows], "kept": [Jsonb(row.kept) for row in rows],
        "uptos": [row.upto for row in rows], "waits": [row.waits for row in rows],
        "seens": [row.seen for row in rows],
    }  # fmt: skip
    ask(_KEEP, given)


def _tell(fed: Fed, moment: datetime, told: Told) -> None:
    """Write down what a watch tells, put its notice up and call programs."""
    kind = Alert.Kind.SPIKE if told.episode else Alert.Kind.SILENCE
    rows = Alert.objects.of(fed.brand).filter(query=fed.row.query_id, kind=kind)
    found = rows.going_on().first()
    if told.what in ("over", "back"):
        if found is not None:
            _end(fed, found, moment, told)
        return
    since = from_local(told.since, fed.zone)
    news = found is None
    alert = found or Alert(query_id=fed.row.query_id, kind=kind, since=since, until=moment, began=moment)
    alert.missed = told.missed
    if told.episode:
        alert.take(told.episode, from_local(told.episode.until, fed.zone) + STRETCH)
    if not news:
        alert.grew = moment
        Notice.settle(fed.brand, alert.about)
    alert.save()
    _notify(fed, alert)
    if news:
        announce(fed.brand, "alert.began", alert=alert.pk, query=alert.query_id, what=alert.kind)
    tell(AlertsRaised([alert.pk]))


def _end(fed: Fed, alert: Alert, moment: datetime, told: Told) -> None:
    alert.over = moment
    if told.episode:
        alert.take(told.episode, from_local(told.episode.until, fed.zone) + STRETCH)
    else:
        alert.until = moment
    alert.save()
    announce(fed.brand, "alert.over", alert=alert.pk, query=alert.query_id, what=alert.kind)
    tell(AlertsRaised([alert.pk]))


def _notify(fed: Fed, alert: Alert) -> None:
    """Managers are told, and whoever follows the query."""
    spike = alert.kind == Alert.Kind.SPIKE
    facts: dict[str, Any] = {"query": fed.name, "id": alert.pk}
    if spike:
        facts |= {"posts": alert.posts, "usual": round(alert.usual), "negative": alert.negative_percent}
        facts |= {"days": alert.days}
    else:
        facts |= {"missed": round(alert.missed)}
    brand, about = fed.brand, alert.about
    followers = Follower.objects.of(brand).filter(query=alert.query_id).values_list("user", flat=True)
    if spike:
        drafts = [Draft(brand, "spike", about, facts)]
        drafts += [Draft(brand, "spike_followed", about, facts, user) for user in followers]
    else:
        drafts = [Draft(brand, "silence", about, facts)]
        drafts += [Draft(brand, "silence_followed", about, facts, user) for user in followers]
    Notice.post_all(drafts)


def _close(queries: Sequence[int]) -> None:
    """Nothing goes on of queries that are paused, or learnt anew."""
    Alert.objects.everywhere().going_on().filter(query__in=queries).update(over=clock.now())


def _settle_over() -> None:
    """Take down notices of alerts that have been over for a while."""
    now = clock.now()
    rows = Alert.objects.everywhere().filter(over__lt=now - OVER_FOR, over__gte=now - 2 * OVER_FOR)
    for pk, brand in rows.values_list("pk", "query__brand"):
        Notice.settle(brand, f"alert:{pk}")
