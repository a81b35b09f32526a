"""Threads from activities: which conversation each message belongs to, in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from comptoir.inbox import gathering_sql as sql
from comptoir.inbox.models.thread import RECENT
from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.networks.connector import OPENING
from comptoir.networks.models import Channel


@dataclass(slots=True)
class Message:
    """What gathering needs of an activity that reached a channel."""

    id: int
    remote_id: str
    kind: str
    in_reply_to: str
    conversation: str
    published: datetime
    own: bool
    addressed: bool
    historic: bool
    actor_id: int | None


def gather(channel: Channel, ids: Sequence[int]) -> list[int]:
    """Put a channel's activities into threads and bring the threads' figures up to date; ids of the threads touched.

    A message belongs to the thread of the message it answers, when we know that one; else to its conversation, which
    is begun by a message addressed to the brand, or by an answer of the brand's. Likes, follows and reposts open
    nothing. Safe to run twice.
    """
    with transaction.atomic():
        messages = _messages(channel, ids)
        placed = _place(channel, messages)
        if not placed:
            return []
        with connection.cursor() as cursor:
            rows = [(thread, m) for m, thread in placed]
            cursor.execute(sql.ENTRIES, {
                "threads": [t for t, _ in rows], "activities": [m.id for _, m in rows],
                "own": [m.own for _, m in rows], "addressed": [m.addressed for _, m in rows],
                "at": [m.published for _, m in rows],
            })  # fmt: skip
        touched = sorted({thread for _, thread in placed})
        live = sorted({t for m, t in placed if m.addressed and not m.own and not m.historic})
        refresh(touched)
        _reopen(live)
        nudge(channel.brand_id, touched)
    return touched


def refresh(threads: Iterable[int]) -> None:
    """Bring what lists show of these threads up to date with their entries and replies."""
    with connection.cursor() as cursor:
        cursor.execute(sql.REFRESH, {"threads": list(threads), "recent": clock.now() - RECENT})


def _reopen(threads: list[int]) -> None:
    """Whatever comes in opens the thread again."""
    with connection.cursor() as cursor:
        cursor.execute(sql.REOPEN, {"threads": threads, "now": clock.now()})


def _messages(channel: Channel, ids: Sequence[int]) -> list[Message]:
    with connection.cursor() as cursor:
        cursor.execute(sql.MESSAGES, {"ids": list(ids), "channel": channel.pk})
        return [Message(*row) for row in cursor.fetchall()]


def _place(channel: Channel, messages: list[Message]) -> list[tuple[Message, int]]:
    """Each message with its thread's id; those that belong to no thread are left out."""
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
    threads = _threads_of_conversations(channel, groups)
    placed += [(m, threads[key]) for key, group in groups.items() if key in threads for m in group]
    return placed


def _stands_alone(m: Message) -> bool:
    """The brand's own posts begin no thread: what is said below them does."""
    return m.own and not m.in_reply_to


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


def _threads_of_conversations(channel: Channel, groups: dict[str, list[Message]]) -> dict[str, int]:
    """The thread of each conversation, begun where it is new and something in it may begin one."""
    if not groups:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql.KNOWN, {"channel": channel.pk, "keys": list(groups)})
        threads: dict[str, int] = dict(cursor.fetchall())
        begun = [_begin(key, group) for key, group in groups.items() if key not in threads]
        rows = [row for row in begun if row]
        if rows:
            keys, kinds, people, ats, closed = zip(*rows, strict=True)
            values: dict[str, Any] = {
                "brand": channel.brand_id, "channel": channel.pk, "keys": list(keys), "kinds": list(kinds),
                "people": list(people), "ats": list(ats), "closed": list(closed),
            }  # fmt: skip
            cursor.execute(sql.BEGIN, values)
            threads.update(cursor.fetchall())
    return threads


def _begin(key: str, group: list[Message]) -> tuple[str, str, int | None, datetime, datetime | None] | None:
    """A new thread's values, or None when nothing in the group may begin one."""
    heard = sorted((m for m in group if m.addressed and m.kind in OPENING), key=lambda m: (m.published, m.id))
    spoken = [m for m in group if m.own]
    if not heard and not spoken:
        return None
    first = heard[0] if heard else spoken[0]
    live = any(not m.historic for m in heard)
    person = heard[0].actor_id if heard else None
    last = max(m.published for m in group)
    return key, first.kind, person, last, None if live else clock.now()
