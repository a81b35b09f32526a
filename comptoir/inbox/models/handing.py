"""Handing out: the thread that matters most, to one person, and never to two."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import ngettext

from comptoir.inbox.models.listed import MY_TEAMS, OPEN, UNREAD
from comptoir.inbox.models.thread import Thread
from comptoir.inbox.models.writing import Locked, hold
from comptoir.kernel import clock
from comptoir.kernel.asking import ask

if TYPE_CHECKING:
    from comptoir.organisation.models import User

_MINE = f"""
SELECT t.id FROM inbox_thread t
WHERE t.brand_id = %(brand)s AND {UNREAD} AND NOT t.answered AND t.assignee_id = %(user)s
ORDER BY t.lateness DESC, t.priority DESC, t.last_in, t.id LIMIT 1
"""  # noqa: S608 - nothing in it comes from outside
_CLERK = "SELECT most, languages, skills FROM inbox_clerk WHERE brand_id = %(brand)s AND user_id = %(user)s FOR UPDATE"
_IN_HAND = f"""
SELECT count(*) FROM inbox_thread t
WHERE t.brand_id = %(brand)s AND {OPEN} AND NOT t.answered AND t.assignee_id = %(user)s
"""  # noqa: S608 - nothing in it comes from outside
MY_QUEUES = """
    SELECT q.id FROM inbox_queue q WHERE q.brand_id = %(brand)s AND q.skills <@ %(skills)s::varchar[]
        AND (EXISTS (SELECT FROM inbox_queuemember m WHERE m.queue_id = q.id AND m.user_id = %(user)s)
            OR NOT EXISTS (SELECT FROM inbox_queuemember m WHERE m.queue_id = q.id))"""
"""The queues of a brand that somebody with these skills works in."""
_CAN = f"""{OPEN} AND NOT t.answered AND t.assignee_id IS NULL
    AND (t.team_id IS NULL OR t.team_id = ANY({MY_TEAMS}))
    AND (cardinality(%(languages)s::varchar[]) = 0 OR t.language = '' OR t.language = ANY(%(languages)s))
    AND NOT EXISTS (
        SELECT FROM inbox_lock l WHERE l.thread_id = t.id AND l.until > %(now)s AND l.by_id <> %(user)s)"""
_ORDER = "t.lateness DESC, t.priority DESC, t.reach DESC, t.due_at, t.last_in, t.id"
"""What matters most: how near its target is, or how far behind; how much it presses, how many people follow whoever
wrote, whose target is missed first, who has waited longest."""
_FIRST = (
    f"SELECT t.id FROM inbox_thread t WHERE t.brand_id = %(brand)s AND {{where}} AND {_CAN} ORDER BY {_ORDER}"  # noqa: S608 - the same
)
_NEXT = f"""
WITH near AS MATERIALIZED (
    ({_FIRST.format(where="t.queue_id IS NULL")} LIMIT {{most}})
    UNION ALL
    SELECT n.id FROM ({MY_QUEUES}) q CROSS JOIN LATERAL (
        {_FIRST.format(where="t.queue_id = q.id")} LIMIT {{most}}) n
)
SELECT t.id FROM inbox_thread t WHERE t.id = ANY(ARRAY(SELECT id FROM near)) AND {_CAN}
ORDER BY {_ORDER} LIMIT 1 FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - the same
"""The first of each queue, by its index, and of these the first that nobody else is being handed."""
_MOST = (32, 2_000)
"""How many of each queue are looked at: as many as people may ask at one moment, then far more."""


class Full(Exception):
    """Somebody has as many in hand as they take at once: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__("full")
        self.most = most

    @property
    def words(self) -> str:
        """Why nothing more is handed to them."""
        return ngettext(
            "You have %(count)s in hand, as many as you take at once: answer it, or hand it on, first.",
            "You have %(count)s in hand, as many as you take at once: answer or hand on one of them first.",
            self.most,
        ) % {"count": self.most}


def hand_out(brand_id: int, to: User) -> Thread | None:
    """Give somebody the thread that matters most among those that wait and are nobody's, of the queues that they work
    in and of what waits in none, in a language that they answer in. It is theirs, and their hand is on the answer; None
    when nothing waits for them, Full when they have as many as they take at once.

    What is theirs and they have not seen comes first: the page may have been lost on the way to them. A row that is
    being handed to somebody else is passed over, so that nobody waits and nothing goes to two.
    """
    values: dict[str, Any] = {"brand": brand_id, "user": to.pk}
    if rows := ask(_MINE, values):
        return Thread.objects.of(brand_id).select_related("channel").get(pk=rows[0][0])
    with transaction.atomic():
        # Whoever asks twice at once waits for themselves.
        most, languages, skills = next(iter(ask(_CLERK, values)), (None, [], []))
        if most is not None and ask(_IN_HAND, values)[0][0] >= most:
            raise Full(most)
        values |= {"now": clock.now(), "languages": languages, "skills": skills}
        for looked in _MOST:
            if rows := ask(_NEXT.format(most=looked), values):
                break
        else:
            return None
        thread = Thread.objects.of(brand_id).select_related("channel").get(pk=rows[0][0])
        thread.assign(to, to)
        with suppress(Locked):  # whoever began to write this very moment is seen on the page
            hold(thread, to)
    return thread
