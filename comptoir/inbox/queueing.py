"""New threads into queues: each into the first one that wants it, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from comptoir.inbox.models.due import count_down
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge

AT_ONCE = 2_000
"""Threads in one transaction."""
_HOLD = """
SELECT id FROM inbox_thread WHERE id = ANY(%(threads)s) AND queue_id IS NULL AND NOT handled AND closed_at IS NULL
    AND EXISTS (SELECT FROM inbox_queue q WHERE q.brand_id = inbox_thread.brand_id AND q.takes)
    AND NOT EXISTS (SELECT FROM inbox_assignment a WHERE a.thread_id = inbox_thread.id AND a.by_id IS NOT NULL)
ORDER BY id FOR UPDATE
"""
_QUEUE_UP = """
UPDATE inbox_thread t SET queue_id = w.queue
FROM (
    SELECT n.id, q.id AS queue FROM inbox_thread n JOIN networks_channel c ON c.id = n.channel_id
    CROSS JOIN LATERAL (
        SELECT q.id FROM inbox_queue q
        WHERE q.brand_id = n.brand_id AND q.takes
            AND (q.languages = '{}' OR n.language = ANY(q.languages))
            AND (q.countries = '{}' OR c.country = ANY(q.countries))
            AND (q.sought = '' OR EXISTS (
                SELECT FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
                WHERE e.thread_id = n.id AND e.addressed AND NOT e.own
                    AND a.search @@ to_tsquery('simple', q.sought)))
        ORDER BY q.place, q.id LIMIT 1) q
    WHERE n.id = ANY(%(threads)s)
) w
WHERE t.id = w.id AND t.queue_id IS NULL
RETURNING t.id, t.brand_id
"""
_OPEN = """
SELECT id FROM inbox_thread WHERE brand_id = %(brand)s AND closed_at IS NULL AND id > %(after)s ORDER BY id LIMIT {most}
"""


def queue_up(threads: Iterable[int]) -> None:
    """Put those of these threads that are new, and wait in no queue, into the first one that wants each. What a
    colleague has done something about, or took out of its queue, stays where it is. Safe to run twice."""
    with transaction.atomic():
        ids = [pk for (pk,) in ask(_HOLD, {"threads": sorted(threads)})]
        if not ids:
            return
        by_brand: dict[int, list[int]] = {}
        for pk, brand in ask(_QUEUE_UP, {"threads": ids}):
            by_brand.setdefault(brand, []).append(pk)
        for brand, moved in by_brand.items():
            nudge(brand, moved)


def queue_up_all(brand_id: int) -> None:
    """Queues want other threads than before: what is new and waits in none is looked at again, and all due times."""
    for some in open_threads(brand_id):
        queue_up(some)
        count_down(some)


def count_down_all(brand_id: int) -> None:
    """Targets or hours are others than before: all due times are counted again."""
    for some in open_threads(brand_id):
        count_down(some)


def open_threads(brand_id: int) -> Iterator[list[int]]:
    """The numbers of a brand's open threads, a batch at a time."""
    after = 0
    while found := [pk for (pk,) in ask(_OPEN.format(most=AT_ONCE), {"brand": brand_id, "after": after})]:
        yield found
        after = found[-1]
