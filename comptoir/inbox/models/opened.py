"""A thread as its page needs it, asked of the database in a few statements written by hand.

All take the brand's id, whose right the caller has proved at the door, or a thread that was fetched with it.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from comptoir.inbox.models.listed import AROUND
from comptoir.inbox.models.person_file import file_column, file_from
from comptoir.inbox.models.queue import Queue
from comptoir.inbox.models.thread import Thread
from comptoir.kernel.asking import ask, columns, made
from comptoir.networks.models import Actor, Channel
from comptoir.organisation.models import Role, Team, User

_NAME = "coalesce(nullif({0}.name, ''), {0}.email)"

_THREAD = f"""
SELECT r.at, d.state, EXISTS (SELECT FROM inbox_follow f WHERE f.thread_id = t.id AND f.by_id = %(user)s),
    (SELECT json_object_agg(b.kind, json_build_array(b.text, b.warning)) FROM inbox_draft b
        WHERE b.thread_id = t.id AND b.by_id = %(user)s),
    (SELECT json_agg(json_build_array(e.id, e.mime, e.alt, e.name, octet_length(e.content)) ORDER BY e.id)
        FROM inbox_enclosure e WHERE e.thread_id = t.id AND e.by_id = %(user)s),
    ARRAY(SELECT k.name FROM inbox_tagging x JOIN inbox_tag k ON k.id = x.tag_id
        WHERE x.thread_id = t.id ORDER BY k.folded),
    {file_column("t.brand_id", "t.person_id")},
    (SELECT json_agg(json_build_array(f.id, f.name, f.kind, f.choices, f.required) ORDER BY f.place, f.id)
        FROM inbox_customfield f WHERE f.brand_id = t.brand_id),
    (SELECT json_build_array(m.id, q.name) FROM inbox_entry e JOIN listening_mention m ON m.activity_id = e.activity_id
        JOIN listening_query q ON q.id = m.query_id AND q.brand_id = t.brand_id
        WHERE e.thread_id = t.id ORDER BY e.at, m.id LIMIT 1),
    {columns(Thread, "t")}, {columns(Channel, "c")}, {columns(Actor, "p")}, {columns(User, "u")}, {columns(Team, "g")},
    {columns(Queue, "k")}
FROM inbox_thread t {AROUND} LEFT JOIN inbox_queue k ON k.id = t.queue_id
WHERE t.id = %(thread)s AND t.brand_id = %(brand)s
"""  # noqa: S608 - names of columns


def opened(brand_id: int, user_id: int, pk: int) -> Any:
    """The brand's thread with channel, person, assignee, team and queue, or None.

    `read_at` is when the user last looked, `follows_it` whether they follow it, `begun` what they began to write (text
    and warning by kind), `enclosed` what lies beside that (number, type, words, name, bytes), `tag_names` its tags,
    `file` what is kept of the person, `custom` the brand's own fields (number, name, kind, choices, required);
    `heard` is the mention (number, name of its query) of the first of its messages that a query listens for;
    `trouble` "uncertain", "refused" or "returned" when its newest answer did not arrive.
    """
    rows = ask(_THREAD, {"brand": brand_id, "user": user_id, "thread": pk})
    if not rows:
        return None
    read_at, state, follows, drafts, enclosed, tags, file, custom, heard, *values = rows[0]
    parts = []
    for model in (Thread, Channel, Actor, User, Team, Queue):
        count = len(model._meta.concrete_fields)
        parts.append(made(model, values[:count]) if values[0] is not None else None)
        del values[:count]
    thread: Any = parts[0]
    thread.channel, thread.person, thread.assignee, thread.team, thread.queue = parts[1:]
    thread.read_at, thread.follows_it, thread.begun = read_at, follows, drafts or {}
    thread.enclosed = enclosed or []
    thread.tag_names, thread.file, thread.custom = tags, file_from(file), custom or []
    thread.heard = heard
    thread.trouble = state if state in ("uncertain", "refused", "returned") else ""
    return thread


class Said(NamedTuple):
    """A message of a thread. `actor` names its author, whom `actor_id` alone may know; counts are the newest."""

    pk: int
    at: datetime
    own: bool
    addressed: bool
    activity_id: int
    network: str
    kind: str
    text: str
    language: str
    url: str
    about: str
    media: list[Any]
    spans: list[Any]
    edited: datetime | None
    gone: bool
    actor_id: str | None
    name: str | None
    handle: str | None
    likes: int | None
    reposts: int | None
    quotes: int | None
    views: int | None
    erased: bool = False
    title: str = ""
    warning: str = ""
    quoted: str = ""
    automatic: str = ""
    standing: str = ""
    corrected: dict[str, str] | None = None


_SAID = """
SELECT e.id, e.at, e.own, e.addressed, a.id, a.network, a.kind, a.text, a.language, a.url, a.about, a.media, a.spans,
       a.edited, a.deleted IS NOT NULL, p.remote_id, p.name, p.handle, s.likes, s.reposts, s.quotes, s.views,
       a.erased IS NOT NULL, a.title, a.warning, a.quoted, a.automatic, a.standing,
       (SELECT json_object_agg(c.what, c.value ORDER BY c.id) FROM networks_correction c
        WHERE c.activity_id = a.id AND c.undone_at IS NULL
            AND c.brand_id = (SELECT brand_id FROM inbox_thread WHERE id = e.thread_id))
FROM inbox_entry e
JOIN networks_activity a ON a.id = e.activity_id
LEFT JOIN networks_actor p ON p.id = a.actor_id
LEFT JOIN LATERAL (
    SELECT * FROM networks_snapshot s WHERE s.activity_id = a.id ORDER BY s.at DESC LIMIT 1) s ON true
WHERE e.thread_id = %(thread)s {earlier}
ORDER BY e.at DESC, e.id DESC LIMIT {limit}
"""
_EARLIER = """AND e.id <> %(before)s
    AND e.at <= (SELECT b.at FROM inbox_entry b WHERE b.id = %(before)s AND b.thread_id = %(thread)s)"""


def said(thread_id: int, before: int, limit: int) -> list[Said]:
    """The newest messages of a thread, oldest first; with `before`, an entry's id, those that came before it."""
    statement = _SAID.format(earlier=_EARLIER if before else "", limit=limit)
    values = {"thread": thread_id} | ({"before": before} if before else {})
    return [Said(*row) for row in reversed(ask(statement, values))]


class Done(NamedTuple):
    """What was done with a thread: `kind` is reply, note, assigned, closed, reopened, paused, resumed, merged, left,
    split, called, taken, handed, moderated, defended or ruled; `who` a name or "", for an answer and a note also whose
    person they are ("Anna, Agence X"). `to` is who got it, what a pause waits for (`not_before` until when), or the
    other thread's number. Of a case, `text` is our number and `url` the desk's own.

    `attached` is what lies beside a reply: number, type, words and name of each.
    From `delivery` on it is a reply's or a verdict's: the delivery's id, the activity that it became or is about, and
    what became of it: its delivery's state, or "asking" where somebody has to decide. Of a reply, `change` is the last
    time that the network was asked to "edit" or "delete" it. Of a verdict, `to` is which one, `url` the reason and
    `text` the words beside it; of a defence likewise (block, unblock or report). What a rule did has its name in `who`,
    what it did in `facts`, and in `to` the saved reply that it proposes, while there is one.
    """

    kind: str
    pk: int
    at: datetime
    who: str
    text: str
    to: str
    delivery: int = 0
    result: int | None = None
    state: str = ""
    url: str = ""
    code: str = ""
    facts: dict[str, Any] | None = None
    not_before: datetime | None = None
    tries: int = 0
    change: str = ""
    change_state: str = ""
    change_code: str = ""
    change_facts: dict[str, Any] | None = None
    attached: list[Any] | None = None


_DONE = """
(SELECT 'reply'::text, y.id, y.created, coalesce({who} || {for_reply}, ''), d.text, ''::text, d.id, d.result_id,
    CASE WHEN d.state = 'waiting' AND d.asking <> '' THEN 'asking' ELSE d.state END, d.url, d.code, d.facts,
    d.not_before, d.tries, coalesce(x.act, ''), coalesce(x.state, ''),
    coalesce(x.code, ''), x.facts,
    (SELECT json_agg(json_build_array(w.id, w.mime, w.alt, w.name) ORDER BY w.id) FROM networks_attachment w
        WHERE w.delivery_id = d.id)
 FROM inbox_reply y JOIN networks_delivery d ON d.id = y.delivery_id LEFT JOIN organisation_user u ON u.id = y.author_id
 LEFT JOIN LATERAL (SELECT * FROM networks_delivery x WHERE x.target_id = d.result_id AND x.act IN ('edit', 'delete')
    ORDER BY x.id DESC LIMIT 1) x ON true
 WHERE y.thread_id = %(thread)s ORDER BY y.id DESC LIMIT {limit})
UNION ALL
SELECT 'note', n.id, n.created, coalesce({who} || {for_note}, n.said_as), n.text, '', {none}
 FROM inbox_note n LEFT JOIN organisation_user u ON u.id = n.author_id
 WHERE n.thread_id = %(thread)s AND n.withdrawn_at IS NULL
UNION ALL
SELECT 'assigned', g.id, g.created, coalesce({who}, ''), '', coalesce({to}, o.name, ''), {none}
 FROM inbox_assignment g LEFT JOIN organisation_user u ON u.id = g.by_id LEFT JOIN organisation_user v ON v.id = g.to_id
 LEFT JOIN organisation_team o ON o.id = g.team_id
 WHERE g.thread_id = %(thread)s
UNION ALL
SELECT 'closed', k.id, k.at, coalesce({who}, ''), '', '', {none}
 FROM inbox_closure k LEFT JOIN organisation_user u ON u.id = k.by_id
 WHERE k.thread_id = %(thread)s
UNION ALL
SELECT 'reopened', k.id, k.reopened_at, coalesce({who}, ''), '', '', {none}
 FROM inbox_closure k LEFT JOIN organisation_user u ON u.id = k.reopened_by_id
 WHERE k.thread_id = %(thread)s AND k.reopened_at IS NOT NULL
UNION ALL
SELECT 'paused', x.id, x.created, coalesce({who}, ''), '', x.waits,
    0, NULL, '', '', '', NULL, x.until, 0, '', '', '', NULL, NULL
 FROM inbox_pause x LEFT JOIN organisation_user u ON u.id = x.by_id WHERE x.thread_id = %(thread)s
UNION ALL
SELECT 'resumed', x.id, x.ended_at, coalesce({who}, ''), '', x.waits, {none}
 FROM inbox_pause x LEFT JOIN organisation_user u ON u.id = x.ended_by_id
 WHERE x.thread_id = %(thread)s AND x.ended_at IS NOT NULL
UNION ALL
SELECT CASE WHEN x.is_split THEN 'split' WHEN x.thread_id = %(thread)s THEN 'left' ELSE 'merged' END, x.id, x.created,
    coalesce({who}, ''), '', CASE WHEN x.thread_id = %(thread)s THEN x.into_id ELSE x.thread_id END::text, {none}
 FROM inbox_merge x LEFT JOIN organisation_user u ON u.id = x.by_id
 WHERE (x.thread_id = %(thread)s OR x.into_id = %(thread)s) AND x.undone_at IS NULL
UNION ALL
SELECT 'handed', k.id, k.created, coalesce({who}, ''), k.number::text, d.name, 0, NULL, k.state, k.theirs, '', NULL,
    NULL, 0, '', '', '', NULL, NULL
 FROM inbox_case k JOIN inbox_servicedesk d ON d.id = k.desk_id LEFT JOIN organisation_user u ON u.id = k.by_id
 WHERE k.thread_id = %(thread)s
UNION ALL
SELECT 'called', w.id, w.created, coalesce({who}, ''), w.note, '', {none}
 FROM organisation_alarm w LEFT JOIN organisation_user u ON u.id = w.by_id WHERE w.about = %(about)s
UNION ALL
SELECT 'taken', w.id, w.acknowledged_at, coalesce({who}, ''), '', '', {none}
 FROM organisation_alarm w LEFT JOIN organisation_user u ON u.id = w.acknowledged_by_id
 WHERE w.about = %(about)s AND w.acknowledged_at IS NOT NULL
UNION ALL
SELECT 'moderated', m.id, m.at, coalesce({who}, ''), m.words, m.verdict, d.id, m.activity_id, d.state, m.reason,
    d.code, d.facts, d.not_before, d.tries, '', '', '', NULL, NULL
 FROM inbox_entry e JOIN networks_moderation m ON m.activity_id = e.activity_id
 JOIN networks_delivery d ON d.id = m.delivery_id LEFT JOIN organisation_user u ON u.id = m.by_id
 WHERE e.thread_id = %(thread)s AND m.channel_id = %(channel)s AND d.state <> 'withdrawn'
UNION ALL
SELECT 'defended', f.id, f.at, coalesce({who}, ''), f.words, f.act, d.id, f.activity_id, d.state,
    coalesce(nullif(f.label, ''), f.reason), d.code, d.facts, d.not_before, d.tries, '', '', '', NULL, NULL
 FROM networks_defence f JOIN networks_delivery d ON d.id = f.delivery_id
 LEFT JOIN organisation_user u ON u.id = f.by_id
 WHERE f.channel_id = %(channel)s AND d.state <> 'withdrawn' AND CASE WHEN f.activity_id IS NULL
    THEN f.actor_id = (SELECT t.person_id FROM inbox_thread t WHERE t.id = %(thread)s)
    ELSE f.activity_id IN (SELECT e.activity_id FROM inbox_entry e WHERE e.thread_id = %(thread)s) END
UNION ALL
SELECT 'ruled', x.id, x.at, x.name, '', coalesce(s.id::text, ''), 0, e.activity_id, '', '', '', x.did, NULL, 0,
    '', '', '', NULL, NULL
 FROM inbox_entry e JOIN inbox_deed x ON x.entry_id = e.id LEFT JOIN inbox_savedreply s ON s.id::text = x.did->>'saved'
 WHERE e.thread_id = %(thread)s AND x.did <> '{{}}'
"""
_COMPANY = "CASE {0}.on_behalf_of WHEN '' THEN '' ELSE ', ' || {0}.on_behalf_of END"
_NONE = "0, NULL, '', '', '', NULL, NULL, 0, '', '', '', NULL, NULL"


def done(thread_id: int, channel_id: int, limit: int) -> list[Done]:
    """Everything done with a thread here; of replies the newest `limit`, newest first."""
    values = {"thread": thread_id, "channel": channel_id, "about": f"thread:{thread_id}"}
    return [Done(*row) for row in ask(_all_done(limit), values)]


@lru_cache(maxsize=4)
def _all_done(limit: int) -> str:
    return _DONE.format(
        who=_NAME.format("u"), to=_NAME.format("v"), none=_NONE, limit=limit,
        for_reply=_COMPANY.format("y"), for_note=_COMPANY.format("n"),
    )  # fmt: skip


class Colleague(NamedTuple):
    pk: int
    name: str


class Choices(NamedTuple):
    """What a thread can be given to and tagged with: colleagues who answer for the brand, its teams, queues, tags; and
    where they are asked for, the brand's own fields (name, kind, choices)."""

    people: tuple[Colleague, ...] = ()
    teams: tuple[Colleague, ...] = ()
    queues: tuple[Colleague, ...] = ()
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str, list[str]], ...] = ()


_CHOICES = f"""
(SELECT 'person', u.id, {_NAME.format("u")} FROM organisation_membership m JOIN organisation_user u ON u.id = m.user_id
 WHERE m.brand_id = %(brand)s AND m.role = ANY(%(roles)s) AND u.is_active
    AND (m.until IS NULL OR m.until > now())
    AND (m.channels IS NULL OR %(channel)s::bigint IS NULL OR %(channel)s = ANY(m.channels)) AND u.id <> %(user)s
 ORDER BY u.name, u.email)
UNION ALL
(SELECT 'team', id, name FROM organisation_team WHERE brand_id = %(brand)s ORDER BY name LIMIT 100)
UNION ALL
(SELECT 'queue', id, name FROM inbox_queue WHERE brand_id = %(brand)s ORDER BY place, id)
UNION ALL
(SELECT 'tag', id, name FROM inbox_tag WHERE brand_id = %(brand)s ORDER BY folded LIMIT 1000)
UNION ALL
(SELECT 'field', id, json_build_array(name, kind, choices)::text FROM inbox_customfield
 WHERE brand_id = %(brand)s AND %(fields)s ORDER BY place, id)
"""  # noqa: S608 - names of columns


def choices(brand_id: int, user_id: int, channel_id: int | None = None, fields: bool = False) -> Choices:
    """What the user chooses from when they give and tag threads of a brand, or of one channel; they are no colleague of
    their own."""
    values = {
        "brand": brand_id, "user": user_id, "channel": channel_id, "roles": Role.AGENT.and_above(), "fields": fields,
    }  # fmt: skip
    found: dict[str, list[Colleague]] = {"person": [], "team": [], "queue": [], "tag": [], "field": []}
    for what, pk, name in ask(_CHOICES, values):
        found[what].append(Colleague(pk, name))
    people, teams, queues = (tuple(found[what]) for what in ("person", "team", "queue"))
    own = tuple(json.loads(each.name) for each in found["field"])
    return Choices(people, teams, queues, tuple(each.name for each in found["tag"]), own)


class Before(NamedTuple):
    pk: int
    words: str
    at: datetime
    closed: bool
    network: str
    channel: str
    channel_id: int
    merged: bool


_BEFORE = """
SELECT t.id, left(t.last_text, 120), t.last_at, t.closed_at IS NOT NULL, c.network, c.handle, c.id,
       t.merged_into_id IS NOT NULL
FROM inbox_thread t JOIN networks_channel c ON c.id = t.channel_id
WHERE t.person_id = ANY(%(people)s) AND t.brand_id = %(brand)s AND t.id <> %(thread)s
ORDER BY t.last_at DESC LIMIT 8
"""


def others_of(thread: Any) -> list[Before]:
    """The person's other threads with the brand, newest first, on whatever channel, under any handle of theirs."""
    people = thread.file.people(thread.person_id)
    values = {"people": people, "brand": thread.brand_id, "thread": thread.pk}
    return [Before(*row) for row in ask(_BEFORE, values)] if thread.person_id else []
