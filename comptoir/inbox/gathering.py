"""Threads from activities: which conversation each message belongs to, in batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from comptoir.inbox import gathering_sql as sql
from comptoir.inbox.models.due import count_down
from comptoir.inbox.models.thread import RECENT
from comptoir.inbox.telling import tell_answered
from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.networks.connector import OPENING, Kind
from comptoir.networks.models import Channel
from comptoir.organisation.announcing import Listeners, announce


@dataclass(slots=True)
class Message:
    """What gathering needs of an activity that reached a channel."""

    id: int
    remote_id: str
    kind: str
    in_reply_to: str
    conversation: str
    at: datetime
    own: bool
    addressed: bool
    historic: bool
    actor_id: int | None
    text: str
    standing: str

    @property
    def hidden(self) -> bool:
        """Whether the brand hides it, so that nobody waits for an answer."""
        return self.standing in ("spam", "removed")

    @property
    def asks(self) -> bool:
        """Whether somebody waits for what the brand does about it."""
        return self.addressed and not self.own and not self.hidden


@dataclass(slots=True)
class Begun:
    """Threads of a batch by conversation. Those in `fresh` began with it, and their figures are right already."""

    threads: dict[str, int]
    fresh: set[int]


def gather(channel: Channel, ids: Sequence[int]) -> list[int]:
    """Put a channel's activities into threads and bring the threads' figures up to date; ids of the threads touched.

    A message belongs to the thread of the message it answers, when we know that one; else to its conversation, which
    is begun by a message addressed to the brand, or by an answer of the brand's. Likes, follows and reposts open
    nothing. Safe to run twice.
    """
    with transaction.atomic():
        messages = _messages(channel, ids)
        placed, fresh = _place(channel, messages)
        if not placed:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql.HOLD, {"threads": sorted({t for _, t in placed} - fresh)})
            known = {pk: (assigned, closed) for pk, _hidden, assigned, closed in cursor.fetchall()}
            rows = [(thread, m) for m, thread in placed]
            cursor.execute(sql.ENTRIES, {
                "threads": [t for t, _ in rows], "activities": [m.id for _, m in rows],
                "own": [m.own for _, m in rows], "addressed": [m.addressed for _, m in rows],
                "at": [m.at for _, m in rows], "news": [t in known and _is_news(m) for t, m in rows],
            })  # fmt: skip
            entered = [(entry, activity, thread) for entry, activity, thread, new in cursor.fetchall() if new]
        touched = sorted({thread for _, thread in placed})
        live = sorted({t for m, t in placed if _is_news(m) and t in known})
        _refresh(known)
        reopen(thread for thread in live if known[thread][1])
        tell_answered([thread for thread in live if known[thread][0]])
        if told := sorted({thread for m, thread in placed if not m.historic}):
            nudge(channel.brand_id, told)
        _announce(channel, entered, {m.id: m for m, _ in placed}, fresh)
    return touched


def is_behind() -> bool:
    """Whether what came in waits to be put into threads. Until it is there to be seen, what can wait does."""
    with connection.cursor() as cursor:
        cursor.execute(sql.BEHIND)
        found: tuple[bool] = cursor.fetchone()
    return found[0]


def refresh(threads: Iterable[int]) -> None:
    """Bring what lists show of these threads up to date with their entries and replies, and by when they are due."""
    ids = list(threads)
    _refresh(ids)
    count_down(ids)


def _refresh(threads: Iterable[int]) -> None:
    if ids := list(threads):
        with connection.cursor() as cursor:
            cursor.execute(sql.REFRESH, {"threads": ids, "recent": clock.now() - RECENT})


def follow(threads: Iterable[int]) -> None:
    """Messages of these threads changed: bring the threads up to date. A thread in which a message was hidden and
    nothing else waits is closed; one in which a message came to light that waits for an answer is open again.
    """
    if ids := list(threads):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.HOLD, {"threads": ids})
            before = {pk: hidden for pk, hidden, _assigned, _closed in cursor.fetchall()}
            _refresh(ids)
            cursor.execute(sql.WAITING, {"threads": ids})
            after = cursor.fetchall()
            done = [pk for pk, hidden, answered in after if hidden > before[pk] and answered]
            cursor.execute(sql.CLOSE, {"threads": done, "now": clock.now()})
            _announce_all("thread.closed", cursor.fetchall())
            reopen(pk for pk, hidden, answered in after if hidden < before[pk] and not answered)
            count_down(ids)


def reopen(threads: Iterable[int]) -> None:
    """Open these threads again: whatever comes in does that."""
    ids = list(threads)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.REOPEN, {"threads": ids, "now": clock.now()})
        _announce_all("thread.reopened", cursor.fetchall())


def _announce_all(kind: str, moved: Iterable[tuple[int, int]]) -> None:
    """Tell webhooks that threads (brand and thread) moved by themselves: one call for each brand."""
    by_brand: dict[int, list[int]] = {}
    for brand, thread in moved:
        by_brand.setdefault(brand, []).append(thread)
    for brand, threads in by_brand.items():
        announce(brand, kind, threads=sorted(threads), by=None)


def _announce(
    channel: Channel, entered: list[tuple[int, int, int]], messages: dict[int, Message], fresh: set[int]
) -> None:
    """Tell webhooks what came in live: threads that began, and messages (entry, activity and thread) to the brand."""
    heard = [each for each in entered if _is_news(messages[each[1]])]
    if not heard:
        return
    listeners = Listeners(channel.brand_id, ["thread.opened", "message.received"])
    if begun := sorted({thread for _entry, _activity, thread in heard} & fresh):
        listeners.tell("thread.opened", {"threads": begun, "channel": channel.pk})
    told = [{"id": entry, "thread": thread, "kind": messages[m].kind} for entry, m, thread in heard]
    listeners.tell("message.received", {"messages": told, "channel": channel.pk})


def _is_news(m: Message) -> bool:
    return m.asks and not m.historic


def _messages(channel: Channel, ids: Sequence[int]) -> list[Message]:
    with connection.cursor() as cursor:
        cursor.execute(sql.MESSAGES, {"ids": list(ids), "channel": channel.pk})
        return [Message(*row) for row in cursor.fetchall()]


def _place(channel: Channel, messages: list[Message]) -> tuple[list[tuple[Message, int]], set[int]]:
    """Each message with its thread's id, and the threads that begin here; who belongs to no thread is left out."""
    by_id = {m.remote_id: m for m in messages if not _stands_alone(m)}
    tops = {m.remote_id: _top(m, by_id) for m in by_id.values()}
    known = _threads_of_parents(channel, {t.in_reply_to for t in tops.values()} | set(by_id))
    groups: dict[str, list[Message]] = {}
    placed: list[tuple[Message, int]] = []
    for m in by_id.values():
        top = tops[m.remote_id]
        thread = known.get(m.remote_id) or known.get(top.remote_id) or known.get(top.in_reply_to)
        if thread:
            placed.append((m, thread))
        else:
            groups.setdefault(top.conversation or top.remote_id, []).append(m)
    begun = _threads_of_conversations(channel, groups)
    placed += [
        (m, begun.threads[key]) for key, group in groups.items() if key in begun.threads for m in group
    ]
    return placed, begun.fresh


def _stands_alone(m: Message) -> bool:
    """The brand's own posts begin no thread: what is said below them does. A private message begins one."""
    return m.own and not m.in_reply_to and m.kind != Kind.MESSAGE


def _top(m: Message, by_id: dict[str, Message]) -> Message:
    """The first message of the batch above this one."""
    seen = set()
    while m.in_reply_to in by_id and m.remote_id not in seen:
        seen.add(m.remote_id)
        m = by_id[m.in_reply_to]
    return m


def _threads_of_parents(channel: Channel, remote_ids: set[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PARENTS,
            {"channel": channel.pk, "network": channel.network, "ids": sorted(remote_ids - {""})},
        )
        return dict(cursor.fetchall())


def _threads_of_conversations(channel: Channel, groups: dict[str, list[Message]]) -> Begun:
    """The thread of each conversation, begun where it is new and something in it may begin one."""
    begun = Begun({}, set())
    if not groups:
        return begun
    with connection.cursor() as cursor:
        cursor.execute(sql.KNOWN, {"channel": channel.pk, "keys": list(groups)})
        begun.threads.update(cursor.fetchall())
        now = clock.now()
        news = [_begin(key, group, now) for key, group in groups.items() if key not in begun.threads]
        rows = [row for row in news if row]
        if rows:
            values: dict[str, Any] = {
                "brand": channel.brand_id,
                "channel": channel.pk,
                "threads": json.dumps(rows),
            }
            cursor.execute(sql.BEGIN, values)
            for key, thread, is_new in cursor.fetchall():
                begun.threads[key] = thread
                if is_new:
                    begun.fresh.add(thread)
    return begun


def _begin(key: str, group: list[Message], now: datetime) -> dict[str, Any] | None:
    """A new thread with its figures, as `refresh` would find them; None when nothing here may begin one."""
    group.sort(key=lambda m: (m.at, m.id))
    heard = [m for m in group if m.addressed and not m.own]
    opening = [m for m in heard if m.kind in OPENING]
    spoken = [m for m in group if m.own]
    # Private messages that need no answer, an automatic one say, are filed as a closed thread of their own.
    filed = [m for m in group if m.kind == Kind.MESSAGE and not m.own]
    if not opening and not spoken and not filed:
        return None
    asking = [m for m in heard if m.asks]
    live = any(not m.historic for m in opening if m.asks)
    last_in = asking[-1].at if asking else None
    answered = last_in is None or bool(spoken and spoken[-1].at >= last_in)
    return {
        "conversation": key,
        "kind": (opening or spoken or filed)[0].kind,
        "person": (heard or filed)[0].actor_id if heard or filed else None,
        "last_at": group[-1].at.isoformat(),
        "last_in": last_in.isoformat() if last_in else None,
        "closed_at": None if live else now.isoformat(),
        "last_text": group[-1].text,
        "last_own": group[-1].own,
        "messages": len(group),
        "answered": answered,
        "held": sum(1 for m in heard if m.standing == "held"),
        "hidden": sum(1 for m in heard if m.hidden),
        "offered": not live and not answered and last_in is not None and last_in > now - RECENT,
    }
