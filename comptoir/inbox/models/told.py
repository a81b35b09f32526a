"""Threads, their messages and answers as programs are told of them, in statements written by hand.

All take the brand or the thread, whose right the caller has proved at the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from comptoir.inbox.models.listed import AROUND, THESE, asked, paged_of
from comptoir.inbox.models.standing import state_of
from comptoir.kernel.asking import ask


class Told(NamedTuple):
    """A thread. `state` is that of its newest answer given here, whose number is `newest_reply`."""

    pk: int
    kind: str
    last_at: datetime
    last_in: datetime | None
    last_text: str
    last_own: bool
    messages: int
    answered: bool
    offered: bool
    closed_at: datetime | None
    channel_id: int
    network: str
    channel: str
    assignee_id: int | None
    has: str | None
    person_id: int | None
    person: str | None
    handle: str | None
    read_at: datetime | None
    state: str | None
    newest_reply: int | None
    waits: str
    wakes_at: datetime | None
    handled: bool
    priority: int
    team_id: int | None
    team: str | None
    merged_into: int | None
    fields: dict[str, Any] | None
    queue_id: int | None = None
    queue: str | None = None
    due_at: datetime | None = None
    due_for: str = ""

    @property
    def standing(self) -> str:
        """See `state_of`."""
        return state_of(self.closed_at is not None, self.waits, self.handled)


_TOLD = (
    """
SELECT t.id, t.kind, t.last_at, t.last_in, t.last_text, t.last_own, t.messages, t.answered, t.offered, t.closed_at,
       c.id, c.network, c.handle, t.assignee_id, coalesce(nullif(u.name, ''), u.email), p.id, p.name, p.handle,
       r.at, d.state, d.reply, t.waits, t.wakes_at, t.handled, t.priority, t.team_id, g.name, t.merged_into_id,
       (SELECT json_object_agg(f.name, t.fields -> f.id::text ORDER BY f.place, f.id)
           FROM inbox_customfield f WHERE f.brand_id = t.brand_id AND t.fields ? f.id::text),
       t.queue_id, (SELECT z.name FROM inbox_queue z WHERE z.id = t.queue_id), t.due_at, t.due_for
FROM ({page}) t
"""  # noqa: S608 - nothing in it comes from outside
    + AROUND
    + "ORDER BY t.last_at DESC, t.id DESC"
)
_LIMITS = (11, 51, 101)
_ONE = "SELECT * FROM inbox_thread t WHERE t.id = %(thread)s AND t.brand_id = %(brand)s"


def told(
    brand_id: int,
    user_id: int,
    show: str = "all",
    saying: str = "",
    *,
    channel: int | None = None,
    assignee: int | None = None,
    older: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Told]:
    """Threads of a brand, newest first, one more than `limit` when there are more.

    `assignee`: whose they are, 0 for nobody's; `older`: a place in the list, (last_at, id).
    """
    if (begun := asked(brand_id, user_id, show, saying)) is None:
        return []
    where, values = begun
    if channel is not None:
        values["channel"] = channel
        where.append("t.channel_id = %(channel)s")
    if assignee is not None:
        values["assignee"] = assignee
        where.append("t.assignee_id = %(assignee)s" if assignee else "t.assignee_id IS NULL")
    if older:
        values["at"], values["pk"] = older
        where.append("(t.last_at, t.id) < (%(at)s, %(pk)s)")
    # Few limits, so that there are few statements to plan.
    most = next((most for most in _LIMITS if most > limit), limit + 1)
    page, before = paged_of(where, saying, "DESC", most)
    return [
        Told(*row) for row in ask(before + _TOLD.format(page=page), values, again=not saying)[: limit + 1]
    ]


def told_these(brand_id: int, user_id: int, threads: Sequence[int]) -> list[Told]:
    """These threads of the brand, newest first."""
    values = {"brand": brand_id, "user": user_id, "threads": list(threads)}
    return [Told(*row) for row in ask(_TOLD.format(page=THESE), values)]


def told_of(brand_id: int, user_id: int, pk: int) -> Told | None:
    """One thread of the brand."""
    rows = ask(_TOLD.format(page=_ONE), {"brand": brand_id, "user": user_id, "thread": pk})
    return Told(*rows[0]) if rows else None


class Message(NamedTuple):
    """A message of a thread. `reply` is the answer given here that it was, if it was one."""

    pk: int
    at: datetime
    own: bool
    addressed: bool
    network: str
    kind: str
    title: str
    text: str
    language: str
    url: str
    warning: str
    about: str
    media: list[Any]
    edited: datetime | None
    deleted: datetime | None
    person_id: int | None
    person: str | None
    handle: str | None
    reply: int | None
    likes: int | None
    reposts: int | None
    replies: int | None
    quotes: int | None
    views: int | None
    activity_id: int


_MESSAGES = """
SELECT e.id, e.at, e.own, e.addressed, a.network, a.kind, a.title, a.text, a.language, a.url, a.warning, a.about,
       a.media, a.edited, a.deleted, p.id, p.name, p.handle, y.id, s.likes, s.reposts, s.replies, s.quotes, s.views,
       a.id
FROM (SELECT * FROM inbox_entry e WHERE {where} ORDER BY e.at DESC, e.id DESC LIMIT {limit}) e
JOIN networks_activity a ON a.id = e.activity_id
LEFT JOIN networks_actor p ON p.id = a.actor_id
LEFT JOIN LATERAL (
    SELECT y.id FROM networks_delivery d JOIN inbox_reply y ON y.delivery_id = d.id
    WHERE d.result_id = a.id AND y.thread_id = e.thread_id LIMIT 1) y ON true
LEFT JOIN LATERAL (
    SELECT * FROM networks_snapshot s WHERE s.activity_id = a.id ORDER BY s.at DESC LIMIT 1) s ON true
ORDER BY e.at DESC, e.id DESC
"""


def messages(
    thread_id: int, older: tuple[datetime, int] | None = None, limit: int = 50, only: int | None = None
) -> list[Message]:
    """A thread's messages, newest first, one more than `limit` when there are more.

    `older` is a place among them, (at, id); `only` one message's number.
    """
    values: dict[str, Any] = {"thread": thread_id}
    where = ["e.thread_id = %(thread)s"]
    if older:
        values["at"], values["pk"] = older
        where.append("(e.at, e.id) < (%(at)s, %(pk)s)")
    if only is not None:
        values["only"] = only
        where.append("e.id = %(only)s")
    most = next((most for most in _LIMITS if most > limit), limit + 1)
    rows = ask(_MESSAGES.format(where=" AND ".join(where), limit=most), values)
    return [Message(*row) for row in rows[: limit + 1]]
