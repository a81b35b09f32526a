"""One storm that several queries hear is told once: alerts of a brand that are made of mostly the same posts.

What is compared is the rise, not the talk: of what is beyond the usual on a query, how much is what the other one hears
as well. Queries that always share most of their posts are not one storm for that reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from comptoir.kernel.asking import ask
from comptoir.listening.models import Alert
from comptoir.listening.models.alert import SOUR
from comptoir.reading.spikes.episodes import Episode

BEFORE = timedelta(days=1)
"""From so long before the rise it is known how much two queries share anyway."""
LATELY = timedelta(hours=1)
"""An alert that joined another is an alert of its own once what came in so long is mostly something else."""
MOST = 0.5
"""Of what is beyond the usual, more than this share is what the other query hears as well."""
LEADS_MOST = 10
"""Alerts at a time with which a new one is compared, the newest."""

_SHARED = """
WITH mine AS MATERIALIZED (
    SELECT id, activity_id, words, fold, at >= %(since)s AS now, at < %(begun)s AS before
    FROM listening_mention
    WHERE query_id = %(mine)s AND at >= %(before)s AND at < %(until)s AND (NOT %(sour)s OR tone = 'negative')),
other AS MATERIALIZED (
    SELECT id, activity_id, words, fold FROM listening_mention
    WHERE query_id = %(other)s AND at >= %(before)s AND at < %(until)s),
bands AS MATERIALIZED (
    SELECT unnest(p.bands) AS band FROM other o JOIN listening_print p ON p.mention = o.id
    UNION SELECT unnest(p.bands) FROM other o JOIN listening_print p ON p.fold = o.fold),
alike AS MATERIALIZED (
    SELECT m.id, m.fold FROM mine m JOIN other o ON o.activity_id = m.activity_id
    UNION SELECT m.id, m.fold FROM mine m
    JOIN (SELECT DISTINCT words FROM other WHERE words NOT IN (0, -2147483648)) o ON o.words = m.words
    UNION SELECT m.id, m.fold FROM mine m JOIN listening_print p ON p.mention = m.id
    CROSS JOIN unnest(p.bands) AS u (band) JOIN bands b ON b.band = u.band),
shared AS (
    SELECT m.id, m.now, m.before FROM mine m JOIN alike a ON a.id = m.id
    UNION SELECT m.id, m.now, m.before FROM mine m
    JOIN (SELECT DISTINCT fold FROM alike WHERE fold IS NOT NULL) a ON a.fold = m.fold)
SELECT (SELECT count(*) FILTER (WHERE now) FROM mine), (SELECT count(*) FILTER (WHERE before) FROM mine),
    (SELECT count(*) FILTER (WHERE now) FROM shared), (SELECT count(*) FILTER (WHERE before) FROM shared)
"""
"""Posts of one query, and those of them that another heard as well: the very message, its words, or a near-copy.

The two sums of words are those of what was not read, and of what has none: a picture alone says nothing in common.
Joins throughout: a choice between conditions would be looked up post by post, minutes long in a storm."""


class Rise(NamedTuple):
    """What is beyond the usual on a query, and how much of that is its own: the other query does not hear it."""

    posts: float
    own: float

    @property
    def is_same(self) -> bool:
        """Whether it is what the other query hears as well, for the most part."""
        return self.own < (1 - MOST) * max(self.posts, 0.0)


def join(alert: Alert, brand: int, until: datetime) -> Alert | None:
    """Have an alert that is about to begin join the one whose storm it is made of, if there is one: which."""
    if alert.kind != Alert.Kind.SPIKE:
        return None
    leads = Alert.objects.of(brand).filter(kind=Alert.Kind.SPIKE, first=None, since__lt=until)
    leads = leads.filter(Q(over=None) | Q(until__gte=alert.since)).exclude(query=alert.query_id)
    best: tuple[float, Alert] | None = None
    for lead in leads.select_related("query").newest()[:LEADS_MOST]:
        if both := alert.rises & lead.rises:
            usual = alert.usual_negative if both == SOUR else alert.usual
            rise = _rise(alert, lead, (alert.since, until), usual)
            if rise.is_same and (best is None or rise.own < best[0]):
                best = rise.own, lead
    alert.first = best[1] if best else None
    return alert.first


def part(alert: Alert, now: Episode, floor: int, until: datetime) -> bool:
    """Whether an alert that joined another has become one of its own: what came lately is mostly something else, and
    as much as what it was raised by. `now` is its episode as it is by `until`."""
    assert alert.first is not None
    told = alert.grew or alert.began
    since = max(told, until - LATELY)
    if since >= until:
        return False
    sour = alert.rises & alert.first.rises == SOUR
    usual = now.usual_negative - alert.usual_negative if sour else now.usual - alert.usual
    rise = _rise(alert, alert.first, (since, until), usual * ((until - since) / (until - told)))
    if rise.is_same or rise.own < max(floor, alert.extra):
        return False
    alert.first = None
    return True


def _rise(alert: Alert, other: Alert, span: tuple[datetime, datetime], usual: float) -> Rise:
    since, until = span
    asked: dict[str, Any] = {
        "mine": alert.query_id, "other": other.query_id, "since": since, "until": until, "begun": alert.since,
        "before": alert.since - BEFORE, "sour": alert.rises & other.rises == SOUR,
    }  # fmt: skip
    (row,) = ask(_SHARED, asked, again=False)
    return _beyond(row, usual)


def _beyond(counts: Sequence[int], usual: float) -> Rise:
    """Of posts now and before, and of those of them that are shared, what is beyond the usual."""
    now, before, shared, shared_before = counts
    alone = (before - shared_before) / before if before else 1.0
    return Rise(now - usual, max(0.0, now - shared - alone * usual))
