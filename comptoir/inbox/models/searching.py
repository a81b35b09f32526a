"""Threads by the language of queries: an index proposes, the one evaluator of `reading` decides.

The brand's id is one whose right the caller has proved at the door.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from comptoir.inbox.models.listed import OPEN, condition_of, queue_of, somewhere
from comptoir.inbox.models.standing import Priority, state_of
from comptoir.kernel.asking import ask
from comptoir.networks.correcting import NOBODY, Corrections, Said, seen_so
from comptoir.networks.proposing import is_common, proposing
from comptoir.reading.folding import fold
from comptoir.reading.query import Document, Query
from comptoir.reading.query.syntax import And, Field, Node, Not, Or, Word, asks_for

AT_ONCE = (60, 400, 2_000)
"""Threads looked at in one go: few first, since most searches are answered by what is newest."""
PATIENCE = 2.0
"""Seconds after which a search says how far it came, and can be gone on with."""
PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}
TYPES = {"mention": "post", "post": "post", "message": "dm"}
"""What the language calls our kinds of messages, where it is another word."""
READ = frozenset({"lang", "sentiment", "is"})
"""Fields that ask for what is read of a message."""
_MESSAGES_MOST = 500
"""Messages of one thread that are looked at, the newest first."""

Place = tuple[datetime, int]


class Matched(NamedTuple):
    """Threads that a query is true of, in order. `stopped` is the place up to where it looked, None at the end."""

    threads: list[int]
    stopped: Place | None


def matching(
    brand_id: int,
    user_id: int,
    show: str,
    query: Query,
    *,
    older: Place | None = None,
    newer: Place | None = None,
    limit: int = 51,
    zone: tzinfo = UTC,
    me: str = "",
) -> Matched:
    """The threads of a list that a query is true of: of the thread, and of at least one of its messages.

    Newest first below `older`; with `newer` the nearest ones above it, upwards. `me` is who asks, for `assignee:me`.
    """
    query = _named(query, me)
    given = _Given(brand_id, user_id, show, query, upwards=newer is not None and older is None)
    place, found, until = older or newer, [], time.monotonic() + PATIENCE
    for most in (*AT_ONCE, *[AT_ONCE[-1]] * 10_000):
        threads = given.candidates(place, most)
        for thread in threads:
            place = (thread.at, thread.pk)
            if any(map(query.matches, thread.documents(zone, given.told))):
                found.append(thread.pk)
                if len(found) == limit:
                    return Matched(found, place)
        if len(threads) < most:
            return Matched(found, None)
        if time.monotonic() > until:
            return Matched(found, place)
    return Matched(found, place)


class _Thread:
    """A thread that may match, with the messages that an index proposes."""

    def __init__(self, pk: int, at: datetime, *facts: Any) -> None:
        self.pk, self.at, self.facts = pk, at, facts
        self.messages: list[tuple[int, tuple[Any, ...]]] = []

    def documents(self, zone: tzinfo, told: Callable[[int, str], Said]) -> Iterator[Document]:
        """Each message as queries see it, as people corrected it; the thread's own facts in each."""
        plain = plain_document(self.facts, zone)
        for activity, message in self.messages:
            document = document_of(plain, message)
            yield seen_so(document, told(activity, document.text or document.title))


def plain_document(facts: Sequence[Any], zone: tzinfo) -> Document:
    """What queries see of a thread: its FACTS."""
    (
        closed,
        waits,
        handled,
        priority,
        language,
        tone,
        channel,
        network,
        has,
        team,
        queue,
        late,
        tags,
        fields,
    ) = facts
    return Document(
        lang=language or None, network=network, channel=channel, sentiment=tone or None,
        state=state_of(closed, waits, handled), priority=PRIORITIES[priority],
        assignee=has or team or "nobody", queue=queue, tags=frozenset(tags or ()), fields=_filled(fields), zone=zone,
        is_=frozenset({"late"} if late else ()),
    )  # fmt: skip


def _filled(fields: Sequence[Any] | None) -> frozenset[str]:
    """The brand's own fields of a thread, each as its name and as "name=value"."""
    found = set()
    for name, kind, value in fields or ():
        found |= {name, f"{name}={_TRUTHS[value] if kind == 'yesno' else value}"}
    return frozenset(found)


_TRUTHS = {"true": "yes", "false": "no"}


def document_of(plain: Document, message: Sequence[Any]) -> Document:
    """What queries see of a message (its SAID) in a thread."""
    own, kind, title, text, lang, url, at, media, name, handle, followers, *counts = message
    likes, shares, comments, reach = counts
    known = [count for count in (likes, shares, comments) if count is not None]
    return replace(
        plain, title=title, text=text, lang=lang or plain.lang, url=url or None, at=at, name=name,
        handle=handle, followers=followers, likes=likes, shares=shares, comments=comments, reach=reach,
        engagement=sum(known) if known else None, type=TYPES.get(kind, kind), has=_has(media),
        is_=(plain.is_ or frozenset()) | ({"own"} if own else frozenset()),
    )  # fmt: skip


def _has(media: Sequence[Any]) -> frozenset[str]:
    return frozenset(str(each.get("kind")) for each in media if isinstance(each, dict))


FACTS = """t.closed_at IS NOT NULL, t.waits, t.handled, t.priority, t.language, t.tone,
    c.handle, c.network, coalesce(nullif(u.name, ''), u.email), g.name,
    (SELECT z.name FROM inbox_queue z WHERE z.id = t.queue_id), t.due_at <= now(),
    ARRAY(SELECT k.name FROM inbox_tagging x JOIN inbox_tag k ON k.id = x.tag_id WHERE x.thread_id = t.id),
    (SELECT json_agg(json_build_array(f.name, f.kind, t.fields ->> f.id::text))
        FROM inbox_customfield f WHERE f.brand_id = t.brand_id AND t.fields ? f.id::text)"""
AROUND = """
JOIN networks_channel c ON c.id = t.channel_id
LEFT JOIN organisation_user u ON u.id = t.assignee_id
LEFT JOIN organisation_team g ON g.id = t.team_id
"""
SAID = """e.own, a.kind, a.title, a.text, a.language, a.url, a.published, a.media, p.name, p.handle,
    p.followers, s.likes, s.reposts, s.replies, s.views"""
BESIDE = """
LEFT JOIN networks_actor p ON p.id = a.actor_id
LEFT JOIN LATERAL (
    SELECT likes, reposts, replies, views FROM networks_snapshot WHERE activity_id = a.id ORDER BY at DESC LIMIT 1) s
    ON true
"""
_THREADS = f"""
SELECT t.id, t.last_at, {FACTS}
FROM (SELECT * FROM inbox_thread t WHERE {{where}} ORDER BY t.last_at {{way}}, t.id {{way}} LIMIT {{limit}}) t
{AROUND} ORDER BY t.last_at {{way}}, t.id {{way}}
"""  # noqa: S608 - nothing in it comes from outside
_MESSAGES = f"""
SELECT e.thread_id, a.id, {SAID}
FROM unnest(%(threads)s::bigint[]) t(id) CROSS JOIN LATERAL (
    SELECT thread_id, own, activity_id, at, id FROM inbox_entry WHERE thread_id = t.id
    ORDER BY at DESC, id DESC LIMIT %(most)s) e
JOIN networks_activity a ON a.id = e.activity_id {{only}}
{BESIDE}"""  # noqa: S608 - nothing in it comes from outside
_WITHIN = """t.id IN (SELECT e.thread_id FROM (SELECT id FROM networks_activity a WHERE {says} OFFSET 0) a
    JOIN inbox_entry e ON e.activity_id = a.id)"""


class _Given:
    """A search under way: what the database can say of it, and in which order."""

    def __init__(self, brand_id: int, user_id: int, show: str, query: Query, upwards: bool) -> None:
        self.values: dict[str, Any] = {"brand": brand_id, "user": user_id, "queue": queue_of(show)}
        self.where = ["t.brand_id = %(brand)s", condition_of(show)]
        self.way, self.sign = ("ASC", ">") if upwards else ("DESC", "<")
        self.says, self.proposed = proposing(query)
        self._asks_what_is_read = asks_for(query.root, READ)
        self._said = NOBODY
        if self.says:
            common = is_common(self.proposed["words"], self.proposed["rows"].count("<->"))
            self.where.append(somewhere(self.says) if common else _WITHIN.format(says=self.says))
        for number, (condition, *value) in enumerate(_conditions(query.root)):
            self.where.append(condition.format(name=f"%(v{number})s"))
            self.values |= {f"v{number}": each for each in value}

    def candidates(self, place: Place | None, most: int) -> list[_Thread]:
        """The next threads that may match, with their messages that may."""
        where, values = list(self.where), self.values | self.proposed
        if place:
            values["at"], values["pk"] = place
            where.append(f"(t.last_at, t.id) {self.sign} (%(at)s, %(pk)s)")
        statement = _THREADS.format(where=" AND ".join(where), way=self.way, limit=most)
        # The best plan hangs on the words and on the place.
        threads = {row[0]: _Thread(*row) for row in ask(statement, values, again=False)}
        if threads:
            given = {"threads": list(threads), "most": _MESSAGES_MOST} | self.proposed
            only = f"AND {self.says}" if self.says else ""
            found = ask(_MESSAGES.format(only=only), given, again=False)
            for pk, activity, *message in found:
                threads[pk].messages.append((activity, tuple(message)))
            if self._asks_what_is_read:
                self._said = Corrections([self.values["brand"]], [row[1] for row in found])
        return list(threads.values())

    def told(self, activity: int, text: str) -> Said:
        """What people said of a message, where the query asks for what is read of it."""
        return self._said.people(self.values["brand"], activity, text) if self._said else {}


_STATES = {
    "closed": "t.closed_at IS NOT NULL",
    "new": f"{OPEN} AND NOT t.handled",
    "open": f"{OPEN} AND t.handled",
    **{waits: f"t.closed_at IS NULL AND t.waits = '{waits}'" for waits in ("person", "colleague", "moment")},
}


def _conditions(root: Node) -> Iterator[tuple[Any, ...]]:
    """What the database can tell of a query by itself: conditions that hold of whatever it matches, each with the
    value that it names, if it names one."""
    for part in root.parts if isinstance(root, And) else (root,):
        if not isinstance(part, Field) or not isinstance(part.value, Word):
            continue
        value = fold(part.value.text).strip()
        if "*" in value or "?" in value:
            continue
        if part.name == "state" and value in _STATES:
            yield (_STATES[value],)
        elif part.name == "is" and value == "late":
            yield ("t.due_at <= now()",)
        elif part.name == "queue":
            yield ("t.queue_id IS NOT NULL",)
        elif part.name == "tag":
            yield (
                "t.id IN (SELECT x.thread_id FROM inbox_tagging x JOIN inbox_tag k ON k.id = x.tag_id"
                " WHERE k.folded = {name} AND k.brand_id = %(brand)s)", value,
            )  # fmt: skip
        elif part.name == "field":
            yield (
                "NOT t.fields = '{{}}'::jsonb AND t.fields ?| ARRAY(SELECT f.id::text FROM inbox_customfield f"
                " WHERE f.folded = {name} AND f.brand_id = %(brand)s)", value.partition("=")[0].strip(),
            )  # fmt: skip
        elif part.name == "priority" and value in PRIORITIES.values():
            yield "t.priority = {name}", next(n for n, word in PRIORITIES.items() if word == value)


@lru_cache(maxsize=256)
def _named(query: Query, me: str) -> Query:
    """The query with the name of who asks in the place of `assignee:me`."""
    return Query(_renamed(query.root, me), query.text, query.warnings) if me else query


def _renamed(node: Node, me: str) -> Node:
    if isinstance(node, And | Or):
        return type(node)(tuple(_renamed(part, me) for part in node.parts))
    if isinstance(node, Not):
        return Not(_renamed(node.node, me))
    if isinstance(node, Field) and node.name == "assignee" and node.value == Word("me"):
        return Field(node.name, Word(me))
    return node
