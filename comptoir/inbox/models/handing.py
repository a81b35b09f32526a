"""Handing out: the thread that matters most, to one person, and never to two."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction

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
ORDER BY t.priority DESC, t.last_in, t.id LIMIT 1
"""  # noqa: S608 - nothing in it comes from outside
_NEXT = f"""
SELECT t.id FROM inbox_thread t
WHERE t.brand_id = %(brand)s AND {OPEN} AND NOT t.answered AND t.assignee_id IS NULL
    AND (t.team_id IS NULL OR t.team_id = ANY({MY_TEAMS}))
    AND NOT EXISTS (
        SELECT FROM inbox_lock l WHERE l.thread_id = t.id AND l.until > %(now)s AND l.by_id <> %(user)s)
ORDER BY t.priority DESC, t.last_in, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - nothing in it comes from outside


def hand_out(brand_id: int, to: User) -> Thread | None:
    """Give somebody the thread that matters most among those that wait and are nobody's: what presses most, then who
    has waited longest. It is theirs, and their hand is on the answer; None when nothing waits for them.

    What is theirs and they have not seen comes first: the page may have been lost on the way to them. A row that is
    being handed to somebody else is passed over, so that nobody waits and nothing goes to two.
    """
    values: dict[str, Any] = {"brand": brand_id, "user": to.pk}
    if rows := ask(_MINE, values):
        return Thread.objects.of(brand_id).select_related("channel").get(pk=rows[0][0])
    values["now"] = clock.now()
    with transaction.atomic():
        rows = ask(_NEXT, values)
        if not rows:
            return None
        thread = Thread.objects.of(brand_id).select_related("channel").get(pk=rows[0][0])
        thread.assign(to, to)
        with suppress(Locked):  # whoever began to write this very moment is seen on the page
            hold(thread, to)
    return thread
