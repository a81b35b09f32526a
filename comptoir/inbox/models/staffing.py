"""How queues stand: what waits in each, and who is there to answer it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from comptoir.inbox.models.listed import OPEN
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.organisation.models import Role


class Staffed(NamedTuple):
    """A queue now. Of its open threads that wait for an answer: how many `wait`, are `free` (nobody's) and `late`, and
    since when the first of them waits. `people` work in it, `room` is how many more they take at once, None where one
    of them takes any number. Without number and name: what waits in no queue, for everybody."""

    pk: int | None
    name: str
    waiting: int
    free: int
    late: int
    since: datetime | None
    people: int
    room: int | None


_STAFFING = f"""
WITH people AS (
    SELECT m.user_id, c.most, coalesce(c.skills, '{{}}') AS skills, (
        SELECT count(*) FROM inbox_thread t WHERE t.brand_id = %(brand)s AND t.assignee_id = m.user_id
            AND {OPEN} AND NOT t.answered) AS has
    FROM organisation_membership m JOIN organisation_user u ON u.id = m.user_id
    LEFT JOIN inbox_clerk c ON c.brand_id = m.brand_id AND c.user_id = m.user_id
    WHERE m.brand_id = %(brand)s AND m.role = ANY(%(roles)s) AND u.is_active
        AND (m.until IS NULL OR m.until > %(now)s)
), waiting AS (
    SELECT t.queue_id, count(*) AS waiting, count(*) FILTER (WHERE t.assignee_id IS NULL) AS free,
        count(*) FILTER (WHERE t.due_at <= %(now)s) AS late, min(t.last_in) AS since
    FROM inbox_thread t WHERE t.brand_id = %(brand)s AND {OPEN} AND NOT t.answered
    GROUP BY t.queue_id
)
SELECT q.id, coalesce(q.name, ''), coalesce(w.waiting, 0), coalesce(w.free, 0), coalesce(w.late, 0), w.since,
    p.people, CASE WHEN p.people = 0 OR p.bound THEN p.room END
FROM (
    SELECT id, name, place, skills, EXISTS (SELECT FROM inbox_queuemember m WHERE m.queue_id = q.id) AS named
    FROM inbox_queue q WHERE q.brand_id = %(brand)s
    UNION ALL SELECT NULL, NULL, NULL, '{{}}', false) q
LEFT JOIN waiting w ON w.queue_id IS NOT DISTINCT FROM q.id
CROSS JOIN LATERAL (
    SELECT count(*) AS people, bool_and(p.most IS NOT NULL) AS bound,
        coalesce(sum(greatest(p.most - p.has, 0)), 0)::int AS room
    FROM people p WHERE q.skills <@ p.skills AND (NOT q.named OR EXISTS (
        SELECT FROM inbox_queuemember m WHERE m.queue_id = q.id AND m.user_id = p.user_id))) p
ORDER BY q.place NULLS LAST, q.id
"""  # noqa: S608 - nothing in it comes from outside


def staffing(brand_id: int) -> list[Staffed]:
    """How each queue of a brand stands, in their order, and last what waits in none: in one query. The caller has
    proved the right to the brand."""
    values = {"brand": brand_id, "roles": Role.AGENT.and_above(), "now": clock.now()}
    return [Staffed(*row) for row in ask(_STAFFING, values)]
