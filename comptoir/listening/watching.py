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
from django.db.models import Q
from psycopg.types.json import Jsonb

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.listening import storms
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

_FOLLOWED: dict[str, str] = {Alert.Kind.SPIKE: "spike_followed", Alert.Kind.SILENCE: "silence_followed"}
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

    @property
    def most(self) -> int:
        """Posts of the loudest episode that is told of."""
        return max((told.episode.posts for _moment, told in self.told if told.episode), default=0)


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
    # What is heard most of a storm tells of it, and the others join.
    for each in sorted(ready, key=lambda fed: -fed.most):
        for moment, told in each.told:
            if told.what != "silent" or each.brand not in deaf:
                _tell(each, moment, told)
    _part(ready, until)
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
    rows = (
        Alert.objects.of(fed.brand).filter(query=fed.row.query_id, kind=kind).select_related("query", "first")
    )
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
    if news:
        first = storms.join(alert, fed.brand, moment)
    else:
        alert.grew, first = moment, alert.first
    if first is None:
        if not news:
            Notice.settle(fed.brand, alert.about)
        _say(fed.brand, alert, news)
    else:
        alert.save()
        if news:
            announce(
                fed.brand,
                "alert.joined",
                alert=alert.pk,
                query=alert.query_id,
                what=alert.kind,
                first=first.pk,
            )
            if not alert.judge_as(first):
                _notify_joined(fed.brand, first, alert)
    tell(AlertsRaised([alert.pk]))


def _say(brand: int, alert: Alert, began: bool) -> None:
    """Tell people of an alert, and programs where it began."""
    alert.save()
    Notice.post_all(_drafts(brand, alert, managers=True))
    if began:
        announce(brand, "alert.began", alert=alert.pk, query=alert.query_id, what=alert.kind)


def _part(some: list[Fed], until: datetime) -> None:
    """Alerts that joined others are alerts of their own once something else is said there."""
    by_query = {each.row.query_id: each for each in some}
    rows = Alert.objects.everywhere().going_on().exclude(first=None)
    for alert in rows.filter(query__in=by_query, began__lt=until).select_related("query", "first"):
        fed = by_query[alert.query_id]
        episode = fed.row.watch().episode
        if fed.row.on and episode and storms.part(alert, episode, fed.row.floor, until):
            alert.take(episode, from_local(episode.until, fed.zone) + STRETCH)
            alert.began, alert.grew = until, None
            _say(fed.brand, alert, began=True)
            tell(AlertsRaised([alert.pk]))


def _end(fed: Fed, alert: Alert, moment: datetime, told: Told) -> None:
    alert.over = moment
    if told.episode:
        alert.take(told.episode, from_local(told.episode.until, fed.zone) + STRETCH)
    else:
        alert.until = moment
    alert.save()
    announce(
        fed.brand, "alert.over", alert=alert.pk, query=alert.query_id, what=alert.kind, first=alert.first_id
    )
    tell(AlertsRaised([alert.pk]))


def _notify_joined(brand: int, first: Alert, alert: Alert) -> None:
    """Who follows the query and was not told of its storm yet is told; who was reads where else it is heard."""
    drafts = _drafts(brand, first, managers=False)
    open_ones = Notice.objects.of(brand).filter(about=first.about, settled_at=None)
    open_ones.update(facts=_facts(first))
    told = set(
        Notice.objects.of(brand).filter(about=first.about, created__gte=first.grew or first.began)
        .exclude(to=None).values_list("to", flat=True)
    )  # fmt: skip
    Notice.post_all(each for each in drafts if each.to_id not in told)


def _drafts(brand: int, alert: Alert, managers: bool) -> list[Draft]:
    """Managers are told, and whoever follows a query of its storm."""
    queries = [each.query_id for each in alert.together()]
    followers = Follower.objects.of(brand).filter(query__in=queries).values_list("user", flat=True).distinct()
    facts, kind = _facts(alert), alert.kind
    drafts = [Draft(brand, _FOLLOWED[kind], alert.about, facts, user) for user in followers]
    return [Draft(brand, kind, alert.about, facts), *drafts] if managers else drafts


def _facts(alert: Alert) -> dict[str, Any]:
    """What its notice says: also where else its storm is heard."""
    facts: dict[str, Any] = {"query": alert.query.name, "id": alert.pk}
    if alert.kind == Alert.Kind.SILENCE:
        return facts | {"missed": round(alert.missed)}
    facts |= {"posts": alert.posts, "usual": round(alert.usual), "negative": alert.negative_percent}
    also = [each.query.name for each in alert.together() if each.pk != alert.pk]
    return facts | {"days": alert.days} | ({"also": also} if also else {})


def _close(queries: Sequence[int]) -> None:
    """Nothing goes on of queries that are paused, or learnt anew."""
    Alert.objects.everywhere().going_on().filter(query__in=queries).update(over=clock.now())


def _settle_over() -> None:
    """Take down notices of storms that have been over for a while, on every query that heard them."""
    before = clock.now() - OVER_FOR
    rows = Alert.objects.everywhere().filter(over__lt=before, over__gte=before - OVER_FOR)
    over = {first or pk: brand for pk, first, brand in rows.values_list("pk", "first", "query__brand")}
    late = Alert.objects.everywhere().filter(Q(pk__in=over) | Q(first__in=over))
    late = late.filter(Q(over=None) | Q(over__gte=before))
    going = {first or pk for pk, first in late.values_list("pk", "first")}
    for pk, brand in over.items():
        if pk not in going:
            Notice.settle(brand, f"alert:{pk}")
