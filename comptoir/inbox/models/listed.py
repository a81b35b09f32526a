"""The counter's list, asked of the database in two statements written by hand.

Both take the brand, whose right the caller has proved at the door.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from comptoir.kernel.asking import ask
from comptoir.networks.proposing import SAYS, is_common
from comptoir.reading.folding import words

OPEN = "t.closed_at IS NULL AND t.waits = ''"
MY_TEAMS = "ARRAY(SELECT m.team_id FROM organisation_teammember m WHERE m.user_id = %(user)s)"
UNREAD = f"""{OPEN} AND t.last_in IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM inbox_reading r WHERE r.thread_id = t.id AND r.user_id = %(user)s AND r.at >= t.last_in)"""  # noqa: S608 - nothing in it comes from outside

SHOWS = {
    "unread": UNREAD,
    "open": OPEN,
    "mine": f"{OPEN} AND t.assignee_id = %(user)s",
    "offered": "t.offered",
    "held": "t.held > 0",
    "closed": "t.closed_at IS NOT NULL AND t.merged_into_id IS NULL",
    "all": "t.merged_into_id IS NULL",
    "free": f"{OPEN} AND t.assignee_id IS NULL",
    "team": f"{OPEN} AND t.team_id = ANY({MY_TEAMS})",
    "followed": "t.id IN (SELECT f.thread_id FROM inbox_follow f WHERE f.by_id = %(user)s)",
    "praise": f"{OPEN} AND NOT t.answered AND t.tone = 'positive'",
    "waiting": "t.closed_at IS NULL AND t.waits <> ''",
    "due": "t.due_at IS NOT NULL",
}
"""The ways to look at a brand's threads, each a condition on `inbox_thread t`. Besides, each queue is one: see
`condition_of`."""
_OF_QUEUE = re.compile(r"q([1-9]\d{0,8})", re.ASCII)
COUNTED = ("unread", "open", "mine", "offered", "held", "closed", "all", "late")
"""Those whose number stands beside them."""

SAYING = """t.id IN (SELECT e.thread_id FROM networks_activity a JOIN inbox_entry e ON e.activity_id = a.id
    WHERE a.search @@ to_tsquery('simple', %(words)s))"""

NEWEST = "SELECT * FROM inbox_thread t WHERE {where} ORDER BY t.{by} {way}, t.id {way} LIMIT {limit}"
THESE = "SELECT * FROM inbox_thread t WHERE t.id = ANY(%(threads)s) AND t.brand_id = %(brand)s"
FOUND_NEWEST = (
    "SELECT * FROM (SELECT * FROM found t WHERE {where} OFFSET 0) t"
    " ORDER BY t.{by} {way}, t.id {way} LIMIT {limit}"
)
AROUND = """
JOIN networks_channel c ON c.id = t.channel_id
LEFT JOIN networks_actor p ON p.id = t.person_id
LEFT JOIN organisation_user u ON u.id = t.assignee_id
LEFT JOIN organisation_team g ON g.id = t.team_id
LEFT JOIN LATERAL (
    SELECT at FROM inbox_reading WHERE thread_id = t.id AND user_id = %(user)s LIMIT 1) r ON true
LEFT JOIN LATERAL (
    SELECT d.state, y.id AS reply FROM inbox_reply y JOIN networks_delivery d ON d.id = y.delivery_id
    WHERE y.thread_id = t.id AND d.state <> 'withdrawn' ORDER BY y.id DESC LIMIT 1) d ON true
"""
"""Around a thread `t`: channel, person, assignee, team, when the user read it, its newest answer's state and number."""

ROWS = (
    """
SELECT t.id, t.last_at, t.last_in, left(t.last_text, 140), t.last_own, t.answered, t.offered, t.closed_at IS NOT NULL,
       t.assignee_id, c.network, c.handle, p.name, p.handle, p.remote_id, coalesce(nullif(u.name, ''), u.email),
       r.at, d.state, t.held > 0, t.waits, t.wakes_at, t.priority, g.name, t.due_at, t.toxic
FROM ({page}) t
"""
    + AROUND
    + "ORDER BY t.{by} {way}, t.id {way}"
)
FOUND = "WITH found AS MATERIALIZED (SELECT * FROM inbox_thread t WHERE t.brand_id = %(brand)s AND {saying}) "


class Listed(NamedTuple):
    """A thread as the list needs it. `state` is that of the newest answer given here."""

    pk: int
    last_at: datetime
    last_in: datetime | None
    last_text: str
    last_own: bool
    answered: bool
    offered: bool
    closed: bool
    assignee_id: int | None
    network: str
    channel: str
    person: str | None
    handle: str | None
    person_id: str | None
    has: str | None
    read_at: datetime | None
    state: str | None
    held: bool = False
    waits: str = ""
    wakes_at: datetime | None = None
    priority: int = 0
    team: str | None = None
    due_at: datetime | None = None
    toxic: bool = False

    def place(self, show: str) -> tuple[datetime, int]:
        """Where it stands in a list."""
        return (self.due_at if by_of(show) == "due_at" and self.due_at else self.last_at), self.pk


def somewhere(says: str) -> str:
    """That a thread `t` has a message `a` of which a condition holds."""
    return f"""EXISTS (SELECT FROM inbox_entry e JOIN networks_activity a ON a.id = e.activity_id
    WHERE e.thread_id = t.id AND {says})"""


SOMEWHERE = somewhere(SAYS)


def is_list(show: str) -> bool:
    """Whether there is such a way to look: one of SHOWS, or a queue by its number ("q12")."""
    return show in SHOWS or queue_of(show) > 0


def queue_of(show: str) -> int:
    """The number of the queue whose list it is, 0 for any other list."""
    found = _OF_QUEUE.fullmatch(show)
    return int(found[1]) if found else 0


def condition_of(show: str) -> str:
    """What is true of the threads of a list. Of a queue's list with its number in `queue`."""
    return f"{OPEN} AND t.queue_id = %(queue)s" if queue_of(show) else SHOWS[show]


def by_of(show: str) -> str:
    """What a list is ordered by: by when its threads are due, the soonest first, or when they moved last."""
    return "due_at" if show == "due" else "last_at"


def asked(brand_id: int, user_id: int, show: str, saying: str) -> tuple[list[str], dict[str, Any]] | None:
    """The conditions of a list and their values; None when what it is to say has no word in it."""
    found = words(saying)
    if saying and not found:
        return None
    values: dict[str, Any] = {"brand": brand_id, "user": user_id, "queue": queue_of(show)}
    if not saying:
        return [condition_of(show), "t.brand_id = %(brand)s"], values
    values["words"] = query_of(found)
    if is_common(values["words"]):
        return [condition_of(show), "t.brand_id = %(brand)s", SOMEWHERE], values
    return [condition_of(show)], values


def paged_of(where: list[str], saying: str, way: str, limit: int, by: str = "last_at") -> tuple[str, str]:
    """The statement of a page of threads, and what stands before the whole one: what an index proposes."""
    gathers = bool(saying) and SOMEWHERE not in where
    page = (FOUND_NEWEST if gathers else NEWEST).format(
        where=" AND ".join(where), way=way, limit=limit, by=by
    )
    return page, FOUND.format(saying=SAYING) if gathers else ""


def listed(
    brand_id: int,
    user_id: int,
    show: str,
    saying: str = "",
    older: tuple[datetime, int] | None = None,
    newer: tuple[datetime, int] | None = None,
    limit: int = 51,
) -> list[Listed]:
    """Threads of a brand, newest first, or those due first first; with `newer`, those just above that place, nearest
    first.

    `older` and `newer` are places in the list. Every thread of any list can be reached through them.
    """
    if (begun := asked(brand_id, user_id, show, saying)) is None:
        return []
    where, values = begun
    by = by_of(show)
    upwards = newer is not None and older is None
    way = "ASC" if upwards == (by == "last_at") else "DESC"
    if older or newer:
        values["at"], values["pk"] = older or newer or (None, 0)
        where.append(f"(t.{by}, t.id) {'>' if way == 'ASC' else '<'} (%(at)s, %(pk)s)")
    page, before = paged_of(where, saying, way, limit, by)
    statement = before + ROWS.format(page=page, way=way, by=by)
    # The best plan of a search hangs on its words.
    return [Listed(*row) for row in ask(statement, values, again=not saying)]


def listed_of(brand_id: int, user_id: int, threads: Sequence[int]) -> list[Listed]:
    """These threads of a brand, newest first."""
    values = {"brand": brand_id, "user": user_id, "threads": list(threads)}
    return [Listed(*row) for row in ask(ROWS.format(page=THESE, way="DESC", by="last_at"), values)]


class Around(NamedTuple):
    """What stands around a list: how many threads each way to look shows, the views (name, show, q) kept for the user,
    those of all first, the brand's queues (number, name), and whether many write at once."""

    counted: dict[str, int]
    views: list[tuple[str, str, str]]
    queues: list[tuple[int, str]]
    surges: bool


def around(brand_id: int, user_id: int, most: int) -> Around:
    """What stands around the user's list, in one query; threads are counted up to `most`.

    What is unread is open and what is open is one of all: where the lesser count is full, the greater is not taken.
    """
    *counts, views, queues, surges = ask(_around(most), {"brand": brand_id, "user": user_id})[0]
    counted = dict(zip(COUNTED, counts, strict=True))
    kept = [tuple(view) for view in views or ()]
    return Around(counted, kept, [tuple(queue) for queue in queues or ()], surges)


@lru_cache(maxsize=4)
def _around(most: int) -> str:
    one = (
        "(SELECT count(*) FROM (SELECT 1 FROM inbox_thread t WHERE t.brand_id = %(brand)s AND {} LIMIT {}) n)"
    )
    counts = {show: one.format(SHOWS[show], most) for show in COUNTED if show in SHOWS}
    late = one.format("t.due_at <= now()", most)
    return f"""
    SELECT u.n, o.n, {counts["mine"]}, {counts["offered"]}, {counts["held"]}, c.n, least(o.n + c.n, {most}),
        {late},
        (SELECT json_agg(json_build_array(v.name, v.show, v.q) ORDER BY v.shared DESC, v.name) FROM (
            SELECT name, show, q, shared FROM inbox_view
            WHERE brand_id = %(brand)s AND (shared OR by_id = %(user)s) ORDER BY shared DESC, name LIMIT 100) v),
        (SELECT json_agg(json_build_array(q.id, q.name) ORDER BY q.place, q.id)
            FROM inbox_queue q WHERE q.brand_id = %(brand)s),
        EXISTS (SELECT FROM organisation_notice s WHERE s.brand_id = %(brand)s AND s.code = 'surge'
            AND s.about = '' AND s.to_id IS NULL AND s.settled_at IS NULL)
    FROM (SELECT {counts["unread"]} AS n OFFSET 0) u,
    LATERAL (SELECT CASE WHEN u.n >= {most} THEN u.n ELSE {counts["open"]} END AS n OFFSET 0) o,
    (SELECT {counts["closed"]} AS n OFFSET 0) c
    """  # noqa: S608 - nothing in it comes from outside


def query_of(found: list[str]) -> str:
    """All the words, the last of which may be a beginning, for to_tsquery."""
    return " & ".join([*(f"'{word}'" for word in found[:-1]), f"'{found[-1]}':*"]) if found else ""
