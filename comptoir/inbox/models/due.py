"""By when a thread has to be answered, or settled: counted from the targets of its queue, on its hours.

Batches are counted in four statements, whatever their size. What is counted hangs on nothing but what is stored: it
may be done twice, and whatever it hangs on is followed by doing it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from comptoir.inbox.gathering_sql import LAST_OUT
from comptoir.kernel.asking import ask
from comptoir.organisation.models import Hours, Notice
from comptoir.organisation.models.hours import calendar_by
from comptoir.organisation.opening import Calendar

_HOLD = "SELECT id FROM inbox_thread WHERE id = ANY(%(threads)s) ORDER BY id FOR UPDATE"
_WANTED = """
SELECT x.brand_id, x.queue_id, w.first, w.next, w.resolution, w.open_hours, w.warns,
    b.time_zone, h.zone, h.week, h.days_off
FROM (SELECT DISTINCT brand_id, queue_id FROM inbox_thread WHERE id = ANY(%(threads)s)) x
JOIN organisation_brand b ON b.id = x.brand_id
CROSS JOIN LATERAL (
    SELECT * FROM inbox_target w WHERE w.brand_id = x.brand_id AND (w.queue_id = x.queue_id OR w.queue_id IS NULL)
    ORDER BY w.queue_id NULLS LAST LIMIT 1) w
LEFT JOIN inbox_queue q ON q.id = x.queue_id
LEFT JOIN organisation_hours h ON h.brand_id = x.brand_id
    AND CASE WHEN q.hours_id IS NULL THEN h.name = '' ELSE h.id = q.hours_id END
"""
_WAITING = f"""
SELECT t.id, t.brand_id, t.queue_id, t.answered, s.begun, coalesce(s.since, s.last), o.out >= s.begun, p.pauses
FROM inbox_thread t
CROSS JOIN LATERAL (SELECT max(c.at) AS at FROM inbox_closure c WHERE c.thread_id = t.id) c
CROSS JOIN LATERAL (SELECT {LAST_OUT} AS out) o
CROSS JOIN LATERAL (
    SELECT coalesce(min(e.at) FILTER (WHERE e.at > coalesce(c.at, '-infinity')), max(e.at)) AS begun,
        min(e.at) FILTER (WHERE e.at > coalesce(greatest(c.at, o.out), '-infinity')) AS since, max(e.at) AS last
    FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
    LEFT JOIN networks_audience u ON u.activity_id = e.activity_id AND u.channel_id = t.channel_id
    WHERE e.thread_id = t.id AND e.addressed AND NOT e.own AND a.standing NOT IN ('spam', 'removed')
        AND a.automatic = '' AND NOT coalesce(u.historic, false)) s
LEFT JOIN LATERAL (
    SELECT array_agg(array[p.created, p.ended_at] ORDER BY p.created) AS pauses FROM inbox_pause p
    WHERE p.thread_id = t.id AND p.waits = 'person' AND p.ended_at > s.begun) p ON true
WHERE t.id = ANY(%(threads)s) AND t.closed_at IS NULL AND t.waits <> 'person' AND s.last IS NOT NULL
"""  # noqa: S608 - nothing in it comes from outside
"""Of threads that wait for the brand: since when their matter is open, and since when somebody waits for an answer;
whether an answer was given before; and when they waited for the person. As in figures, what was read back from before
the channel was connected, what machines wrote and what the brand hides is not counted."""
_KEEP = """
UPDATE inbox_thread t SET due_at = n.due, due_for = coalesce(n.what, ''), rings_at = n.rings, lateness = 0
FROM (SELECT s.id, x.due, x.what, x.rings, o.lateness FROM unnest(%(threads)s::bigint[]) s(id)
    JOIN inbox_thread o ON o.id = s.id
    LEFT JOIN unnest(%(ids)s::bigint[], %(due)s::timestamptz[], %(what)s::text[], %(rings)s::timestamptz[])
        AS x(id, due, what, rings) ON x.id = s.id) n
WHERE t.id = n.id AND (t.due_at, t.due_for) IS DISTINCT FROM (n.due, coalesce(n.what, ''))
RETURNING t.id, t.brand_id, n.lateness
"""
Pauses = Sequence[Sequence[datetime]]


class Due(NamedTuple):
    """When a target is missed, which one, and when the first word about it is to be said."""

    at: datetime
    what: str
    rings: datetime


@dataclass(frozen=True)
class _Wanted:
    """The times wanted of a queue, in minutes, and what they are counted by."""

    first: int | None
    next: int | None
    resolution: int | None
    warns: int | None
    calendar: Calendar | None

    def due(self, what: str, since: datetime, pauses: Pauses) -> Due | None:
        """When this target is missed, of somebody who has waited since then; None when there is no such target."""
        minutes: int | None = getattr(self, what)
        if not minutes:
            return None
        at = self._passed(since, 60 * minutes, pauses)
        # Hours that never come: nothing is ever late.
        if at is None:
            return None
        warned = self._passed(since, 60 * minutes * self.warns // 100, pauses) if self.warns else None
        return Due(at, what, warned or at)

    def _passed(self, since: datetime, seconds: int, pauses: Pauses) -> datetime | None:
        """When so much time has passed that counts: not while the thread waited for the person."""
        for begun, ended in pauses:
            run = self._elapsed(since, max(begun, since))
            if run >= seconds:
                break
            seconds, since = seconds - run, max(since, ended)
        if self.calendar is None:
            return since + timedelta(seconds=seconds)
        return self.calendar.due(since, seconds)

    def _elapsed(self, since: datetime, until: datetime) -> int:
        if self.calendar is None:
            return max(0, round((until - since).total_seconds()))
        return self.calendar.elapsed(since, until)


def count_down(threads: Iterable[int]) -> dict[int, Due]:
    """Say of these threads by when something has to be done about them; of those of which nothing is wanted any more,
    that nothing is. What had been said about another time is settled."""
    ids = sorted(set(threads))
    if not ids:
        return {}
    with transaction.atomic():
        # Whoever answers one meanwhile is waited for, and what they did is counted.
        ask(_HOLD, {"threads": ids})
        wanted = {(row[0], row[1]): _wanted(row[2:]) for row in ask(_WANTED, {"threads": ids})}
        found: dict[int, Due] = {}
        if wanted:
            for pk, brand, queue, *facts in ask(_WAITING, {"threads": ids}):
                if (target := wanted.get((brand, queue))) and (due := _soonest(target, *facts)):
                    found[pk] = due
        values = {
            "threads": ids, "ids": list(found), "due": [due.at for due in found.values()],
            "what": [due.what for due in found.values()], "rings": [due.rings for due in found.values()],
        }  # fmt: skip
        told = defaultdict(list)
        for pk, brand, lateness in ask(_KEEP, values):
            if lateness:
                told[brand].append(f"thread:{pk}")
        for brand, abouts in told.items():
            Notice.settle_each(brand, abouts, "thread_soon", "thread_late")
    return found


def _wanted(row: Sequence[Any]) -> _Wanted:
    first, following, resolution, open_hours, warns, brand_zone, zone, week, days_off = row
    own = Hours(zone=zone, week=week, days_off=days_off) if zone else None
    return _Wanted(first, following, resolution, warns, calendar_by(own, brand_zone) if open_hours else None)


def _soonest(
    wanted: _Wanted,
    answered: bool,
    begun: datetime,
    since: datetime,
    before: bool | None,
    pauses: Pauses | None,
) -> Due | None:
    """The target that is missed first."""
    running = [wanted.due("resolution", begun, pauses or ())]
    if not answered:
        running.append(wanted.due("next" if before else "first", since, pauses or ()))
    return min((due for due in running if due), default=None)
