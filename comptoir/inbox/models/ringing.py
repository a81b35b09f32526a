"""Telling people that a target is about to be missed, was missed, and still is: each once for each due time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from comptoir.inbox.models.awaited import Lateness
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Alarm, Brand, Draft, Notice

AT_ONCE = 500
"""Threads in one transaction."""
RESTS = timedelta(hours=1)
"""For so long after somebody took such a call nobody is called because of further threads that are late."""
_RINGING = """
SELECT t.id, t.brand_id, coalesce(t.queue_id, 0), t.assignee_id, t.due_at, t.due_for, t.lateness,
    t.channel_id, (SELECT handle FROM networks_channel c WHERE c.id = t.channel_id), w.escalates,
    coalesce(w.calls, false)
FROM inbox_thread t LEFT JOIN LATERAL (
    SELECT * FROM inbox_target w WHERE w.brand_id = t.brand_id AND (w.queue_id = t.queue_id OR w.queue_id IS NULL)
    ORDER BY w.queue_id NULLS LAST LIMIT 1) w ON true
WHERE t.rings_at <= %(now)s ORDER BY t.rings_at LIMIT {most} FOR UPDATE OF t SKIP LOCKED
"""
_RUNG = """
UPDATE inbox_thread t SET lateness = n.lateness, rings_at = n.rings
FROM unnest(%(threads)s::bigint[], %(lateness)s::smallint[], %(rings)s::timestamptz[]) AS n(id, lateness, rings)
WHERE t.id = n.id
"""
_QUEUES = """
SELECT x.brand, x.queue, coalesce(q.name, b.name), n.free, n.late, ARRAY(
    SELECT m.user_id FROM inbox_queuemember m WHERE m.queue_id = x.queue)
FROM unnest(%(brands)s::bigint[], %(queues)s::bigint[]) x(brand, queue)
JOIN organisation_brand b ON b.id = x.brand LEFT JOIN inbox_queue q ON q.id = x.queue
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE t.assignee_id IS NULL) AS free, count(*) FILTER (WHERE t.lateness > 1) AS late
    FROM inbox_thread t WHERE t.brand_id = x.brand AND coalesce(t.queue_id, 0) = x.queue AND t.lateness > 0
        AND t.due_at IS NOT NULL) n
"""
_NO_LONGER_SOON = """
UPDATE organisation_notice SET settled_at = %(now)s
WHERE code = 'thread_soon' AND settled_at IS NULL AND about = ANY(%(abouts)s::text[]) AND brand_id = ANY(%(brands)s)
"""
_WELL = """
UPDATE organisation_notice n SET settled_at = %(now)s
WHERE n.settled_at IS NULL AND n.code IN ('queue_due', 'queue_late') AND NOT EXISTS (
    SELECT FROM inbox_thread t WHERE t.brand_id = n.brand_id AND t.due_at IS NOT NULL
        AND coalesce(t.queue_id, 0) = split_part(n.about, ':', 2)::bigint
        AND CASE n.code WHEN 'queue_due' THEN t.lateness > 0 AND t.assignee_id IS NULL ELSE t.lateness > 1 END)
"""

_OVER = """
SELECT a.id, a.brand_id FROM organisation_alarm a WHERE a.about = 'late' AND a.acknowledged_at IS NULL AND NOT EXISTS (
    SELECT FROM inbox_thread t CROSS JOIN LATERAL (
        SELECT w.calls FROM inbox_target w
        WHERE w.brand_id = t.brand_id AND (w.queue_id = t.queue_id OR w.queue_id IS NULL)
        ORDER BY w.queue_id NULLS LAST LIMIT 1) w
    WHERE t.brand_id = a.brand_id AND t.due_at IS NOT NULL AND t.lateness > 1 AND w.calls)
"""
_NAMES = """
SELECT coalesce(q.name, b.name) FROM unnest(%(queues)s::bigint[]) x(id) JOIN organisation_brand b ON b.id = %(brand)s
LEFT JOIN inbox_queue q ON q.id = x.id ORDER BY q.place NULLS LAST, x.id LIMIT 5
"""


class _Ringing(NamedTuple):
    """A thread of which there is something to say. `queue` is 0 for none."""

    pk: int
    brand: int
    queue: int
    assignee: int | None
    due_at: datetime
    due_for: str
    lateness: int
    channel_id: int
    channel: str
    escalates: int | None
    calls: bool

    def stands(self, now: datetime) -> tuple[Lateness, datetime | None]:
        """How late it is, and when the next word is to be said."""
        if now < self.due_at:
            return Lateness.SOON, self.due_at
        if self.escalates is None:
            return Lateness.LATE, None
        then = self.due_at + timedelta(minutes=self.escalates)
        return (Lateness.ESCALATED, None) if now >= then else (Lateness.LATE, then)


def ring() -> int:
    """Say whatever is to be said by now; of how many threads. Several may do it at once, or do it again."""
    done = 0
    while some := _ring_some():
        done += some
        if some < AT_ONCE:
            break
    ask(_WELL, {"now": clock.now()})
    for pk, brand in ask(_OVER, {}):
        for alarm in Alarm.objects.of(brand).filter(pk=pk):
            alarm.acknowledge(None)
    return done


def _ring_some() -> int:
    now = clock.now()
    with transaction.atomic():
        rows = [_Ringing(*row) for row in ask(_RINGING.format(most=AT_ONCE), {"now": now})]
        if not rows:
            return 0
        stand = {row.pk: row.stands(now) for row in rows}
        ask(_RUNG, {
            "threads": [row.pk for row in rows], "lateness": [int(stand[row.pk][0]) for row in rows],
            "rings": [stand[row.pk][1] for row in rows],
        })  # fmt: skip
        news = [(row, lateness) for row in rows if (lateness := stand[row.pk][0]) > row.lateness]
        Notice.post_all([*_to_assignees(news), *_to_queues(news)])
        if missed := [row for row, lateness in news if row.lateness < Lateness.LATE <= lateness]:
            abouts = [f"thread:{row.pk}" for row in missed]
            ask(_NO_LONGER_SOON, {"abouts": abouts, "brands": [row.brand for row in missed], "now": now})
            _announce(missed)
            _call([row for row in missed if row.calls])
        for brand in {row.brand for row in rows}:
            nudge(brand, [row.pk for row in rows if row.brand == brand])
    return len(rows)


def _to_assignees(news: Sequence[tuple[_Ringing, Lateness]]) -> Iterator[Draft]:
    """Whoever has a thread hears of it, before it is late and when it is."""
    for row, lateness in news:
        if row.assignee is not None and row.lateness < Lateness.LATE:
            code = "thread_soon" if lateness == Lateness.SOON else "thread_late"
            yield Draft(row.brand, code, f"thread:{row.pk}", {"channel": row.channel}, row.assignee)


def _to_queues(news: Sequence[tuple[_Ringing, Lateness]]) -> Iterator[Draft]:
    """What is nobody's: those named for its queue hear of it. What is to be escalated, or is nobody's where nobody is
    named: managers. Each once for a queue, however many are late, until nothing there is."""
    free = {(row.brand, row.queue) for row, _lateness in news if row.assignee is None}
    escalated = {(row.brand, row.queue) for row, lateness in news if lateness == Lateness.ESCALATED}
    places = sorted(free | escalated)
    values = {"brands": [brand for brand, _queue in places], "queues": [queue for _brand, queue in places]}
    for brand, queue, name, count, late, people in ask(_QUEUES, values) if places else ():
        about = f"queue:{queue}"
        if (brand, queue) in free and count:
            for user in people:
                yield Draft(brand, "queue_due", about, {"queue": name, "count": count}, user)
        if late and ((brand, queue) in escalated or not people):
            yield Draft(brand, "queue_late", about, {"queue": name, "count": late})


def _announce(missed: Sequence[_Ringing]) -> None:
    """Tell webhooks which targets were missed: one call for each brand and target."""
    for brand, what in sorted({(row.brand, row.due_for) for row in missed}):
        threads = sorted(row.pk for row in missed if (row.brand, row.due_for) == (brand, what))
        announce(brand, "thread.late", threads=threads, target=what, by=None)


def _call(missed: Sequence[_Ringing]) -> None:
    """Call whoever is on duty: once for a brand, however many are late in however many queues."""
    brands = Brand.objects.everywhere().filter(pk__in={row.brand for row in missed}, archived_at=None)
    for brand in brands if missed else ():
        if Alarm.goes_on(brand, "late", RESTS):
            continue
        # One that nobody took for a day calls nobody any more: the new one takes its place.
        for spent in Alarm.objects.of(brand).filter(about="late", acknowledged_at=None):
            spent.acknowledge(None)
        mine = [row for row in missed if row.brand == brand.pk]
        names = ask(_NAMES, {"brand": brand.pk, "queues": sorted({row.queue for row in mine})})
        Alarm.sound(
            brand, "late", "late", queue=", ".join(name for (name,) in names),
            channels=sorted({row.channel_id for row in mine}),
        )  # fmt: skip
