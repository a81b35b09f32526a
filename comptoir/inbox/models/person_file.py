"""A person as the panel shows them: handles, tags, notes, promises and exchanges, in statements written by hand.

All take the brand's id, whose right the caller has proved at the door.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from comptoir.kernel.asking import ask

NOTES_SHOWN = 3
"""Notes that the panel beside a thread shows."""

_WHO = "coalesce(nullif({0}.name, ''), {0}.email, '')"

FILE = """(
WITH linked AS (SELECT h.* FROM inbox_handle m JOIN inbox_handle h ON h.contact_id = m.contact_id
        WHERE m.brand_id = {brand} AND m.actor_id = {person}),
    people AS (SELECT actor_id FROM linked UNION SELECT {person})
SELECT json_build_object(
    'handles', (SELECT json_agg(json_build_array(a.id, a.name, a.handle, a.network, l.how, l.words, {who}, l.at)
            ORDER BY l.id)
        FROM linked l JOIN networks_actor a ON a.id = l.actor_id LEFT JOIN organisation_user u ON u.id = l.by_id),
    'tags', (SELECT json_agg(DISTINCT k.name) FROM inbox_persontag x JOIN inbox_tag k ON k.id = x.tag_id
        WHERE x.brand_id = {brand} AND x.actor_id IN (SELECT actor_id FROM people)),
    'notes', (SELECT json_agg(json_build_array(n.id, n.text, n.who, n.by_id, n.at) ORDER BY n.id DESC) FROM (
        SELECT n.*, {who} AS who FROM inbox_personnote n LEFT JOIN organisation_user u ON u.id = n.by_id
        WHERE n.brand_id = {brand} AND n.actor_id IN (SELECT actor_id FROM people) {older}
        ORDER BY n.id DESC LIMIT {notes}) n),
    'promises', (SELECT json_agg(json_build_array(p.id, p.what, p.due, p.who, p.thread_id) ORDER BY p.due, p.id) FROM (
        SELECT p.*, {who} AS who FROM inbox_promise p LEFT JOIN organisation_user u ON u.id = p.by_id
        WHERE p.brand_id = {brand} AND p.actor_id IN (SELECT actor_id FROM people) AND p.kept IS NULL
        ORDER BY p.due, p.id LIMIT 20) p),
    'blocks', (SELECT json_agg(json_build_array(b.id, b.actor_id, c.id, c.handle, c.network, b.reason, b.words, {who},
            b.at, d.state, coalesce(e.state, '')) ORDER BY b.id)
        FROM networks_defence b JOIN networks_channel c ON c.id = b.channel_id AND c.brand_id = {brand}
        JOIN networks_delivery d ON d.id = b.delivery_id AND d.state NOT IN ('withdrawn', 'refused')
        LEFT JOIN organisation_user u ON u.id = b.by_id
        LEFT JOIN LATERAL (SELECT y.state FROM networks_defence x JOIN networks_delivery y ON y.id = x.delivery_id
            WHERE x.actor_id = b.actor_id AND x.channel_id = b.channel_id AND x.id > b.id AND x.act = 'unblock'
                AND y.state NOT IN ('withdrawn', 'refused') ORDER BY x.id DESC LIMIT 1) e ON true
        WHERE b.actor_id IN (SELECT actor_id FROM people) AND b.act = 'block' AND coalesce(e.state, '') <> 'sent'
            AND NOT EXISTS (SELECT FROM networks_defence x JOIN networks_delivery y ON y.id = x.delivery_id
                WHERE x.actor_id = b.actor_id AND x.channel_id = b.channel_id AND x.id > b.id AND x.act = 'block'
                    AND y.state NOT IN ('withdrawn', 'refused')))))"""


def file_column(brand: str, person: str, notes: int = NOTES_SHOWN + 1, older: str = "") -> str:
    """The same as a column of a statement that has these two."""
    return FILE.format(brand=brand, person=person, notes=notes, older=older, who=_WHO.format("u"))


class Linked(NamedTuple):
    """Another handle of the same person: `how` they agreed, in which `words`, and who noted it when."""

    pk: int
    name: str
    handle: str
    network: str
    how: str
    words: str
    who: str
    at: datetime


class Noted(NamedTuple):
    pk: int
    text: str
    who: str
    by: int | None
    at: datetime


class Promised(NamedTuple):
    pk: int
    what: str
    due: date
    who: str
    thread: int | None


class Blocked(NamedTuple):
    """A channel blocks the person (`pk`: which of their handles): who decided it when and why. `state` is that of the
    decision's delivery, `ending` of the one that ends it, "" for none."""

    number: int
    pk: int
    channel_id: int
    channel: str
    network: str
    reason: str
    words: str
    who: str
    at: datetime
    state: str
    ending: str


class PersonFile(NamedTuple):
    """What is kept of a person; `handles` all of theirs, where there are several, this one among them."""

    handles: tuple[Linked, ...]
    tags: tuple[str, ...]
    notes: tuple[Noted, ...]
    promises: tuple[Promised, ...]
    blocks: tuple[Blocked, ...] = ()

    def people(self, pk: int) -> list[int]:
        """The numbers of all handles."""
        return [each.pk for each in self.handles] or [pk]


def file_from(told: dict[str, Any] | None) -> PersonFile:
    """The column read."""
    told = told or {}
    moment = datetime.fromisoformat
    return PersonFile(
        tuple(Linked._make([*row[:7], moment(row[7])]) for row in told.get("handles") or ()),
        tuple(sorted(told.get("tags") or (), key=str.casefold)),
        tuple(Noted._make([*row[:4], moment(row[4])]) for row in told.get("notes") or ()),
        tuple(
            Promised._make([*row[:2], date.fromisoformat(row[2]), *row[3:]])
            for row in told.get("promises") or ()
        ),
        tuple(Blocked._make([*row[:8], moment(row[8]), *row[9:]]) for row in told.get("blocks") or ()),
    )


def file_of(brand_id: int, actor_id: int, notes: int = NOTES_SHOWN + 1, before: int = 0) -> PersonFile:
    """What the brand keeps of a person; of notes the newest, or those before the one of this number."""
    column = file_column("%(brand)s", "%(person)s::bigint", notes, "AND n.id < %(before)s" if before else "")
    values = {"brand": brand_id, "person": actor_id} | ({"before": before} if before else {})
    return file_from(ask(f"SELECT {column}", values)[0][0])


class Exchange(NamedTuple):
    """A thread in which the person has a word. `theirs`: it is their own conversation."""

    pk: int
    words: str
    at: datetime
    closed: bool
    network: str
    channel: str
    messages: int
    theirs: bool
    handle: str


_EXCHANGES = """
SELECT t.id, left(t.last_text, 160), t.last_at, t.closed_at IS NOT NULL, c.network, c.handle, t.messages,
       t.person_id = ANY(%(people)s), coalesce(a.handle, '')
FROM inbox_thread t JOIN networks_channel c ON c.id = t.channel_id LEFT JOIN networks_actor a ON a.id = t.person_id
WHERE t.brand_id = %(brand)s AND t.id IN (
    SELECT o.id FROM inbox_thread o WHERE o.person_id = ANY(%(people)s) AND o.brand_id = %(brand)s
    UNION SELECT e.thread_id FROM networks_activity y JOIN inbox_entry e ON e.activity_id = y.id
        WHERE y.actor_id = ANY(%(people)s)) {before}
ORDER BY t.last_at DESC, t.id DESC LIMIT {limit}
"""


def exchanges_of(
    brand_id: int, people: list[int], before: tuple[datetime, int] | None, limit: int
) -> list[Exchange]:
    """The brand's threads in which these have a word, newest first; with `before`, those older than that place."""
    values: dict[str, Any] = {"brand": brand_id, "people": people}
    older = ""
    if before is not None:
        older = "AND (t.last_at, t.id) < (%(at)s, %(pk)s)"
        values |= {"at": before[0], "pk": before[1]}
    return [Exchange(*row) for row in ask(_EXCHANGES.format(before=older, limit=limit), values)]


_KNOWN = """
SELECT EXISTS (SELECT FROM inbox_thread WHERE person_id = %(person)s AND brand_id = %(brand)s) OR EXISTS (
    SELECT FROM networks_activity y JOIN inbox_entry e ON e.activity_id = y.id
    JOIN inbox_thread t ON t.id = e.thread_id WHERE y.actor_id = %(person)s AND t.brand_id = %(brand)s)
"""


def is_known(brand_id: int, actor_id: int) -> bool:
    """Whether somebody has a word in a thread of the brand's."""
    return bool(ask(_KNOWN, {"brand": brand_id, "person": actor_id})[0][0])
