"""Somebody whose every word has a mark in it, and the search for that mark in every table."""

from __future__ import annotations

from typing import Any

from django.db import connection

from comptoir.inbox.models import Case, ServiceDesk, Survey, Thread
from comptoir.inbox.models.writing import keep_draft
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Actor as Somebody
from comptoir.networks.connector import Kind, Unusable
from comptoir.networks.models import (
    Actor,
)
from comptoir.organisation.models import Notice

MARK = "zyxmarker"


def marked_house() -> House:
    """Somebody whose every word has the mark in it, in a conversation with another person."""
    made = house("ours")
    me = Somebody(
        f"id-{MARK}", f"@{MARK}.example", f"Name {MARK}", f"https://example.org/{MARK}.png",
        f"https://example.org/{MARK}", f"About {MARK}",
    )  # fmt: skip
    first = said(
        f"{MARK}-1",
        f"Hello {MARK}",
        actor=me,
        facts={"root": f"{MARK}-1"},
        minutes_ago=60,
        title=f"Title {MARK}",
        warning=f"Warned {MARK}",
        quoted=f"Quoted {MARK}",
    )
    second = said(
        f"{MARK}-2", f"Again {MARK}", actor=me, in_reply_to=f"{MARK}-1", kind=Kind.REPLY, minutes_ago=50
    )
    other = said(
        "other-1", f"I agree, @{MARK}.example!", in_reply_to=f"{MARK}-1", conversation=f"{MARK}-1",
        kind=Kind.REPLY, facts={"root": f"{MARK}-1"}, minutes_ago=40,
    )  # fmt: skip
    like = said(f"{MARK}-like", " ", actor=me, kind=Kind.LIKE)
    hear(made.channel, [first, second, other, like, said("apart", "Something else", by=3)])
    thread = thread_of(made)
    thread.note(f"Rings every day: {MARK}", made.people["agent"])
    thread.reply(f"Dear {MARK}, we are sorry", made.people["agent"])
    desk, _secret = ServiceDesk.make(made.brand, "Desk", "mail", "sav@desk.example", made.people["owner"])
    Case.hand_over(
        thread,
        desk,
        made.people["agent"],
        note=f"Lost: {MARK}",
        contact=f"{MARK}@fan.example",
        consent=f"{MARK} said so",
    )
    _asked(thread, made)
    keep_draft(thread, made.people["agent"], "reply", f"We have not forgotten you, {MARK}")
    made.channel.receive([Unusable(f"{MARK}-bad", "unreadable", f"raw id-{MARK} raw")])
    Notice.post(made.brand.pk, "channel_reconnect", "x", channel=f"@{MARK}.example")
    return made


def _asked(thread: Any, made: House) -> None:
    """They were asked whether they were helped, and said something."""
    Survey.objects.create(
        brand=made.brand, thread=thread, reply=thread.replies.get(), channel=made.channel, digest="x", score=2,
        words=f"No, says {MARK}", answered_at=clock.now(), expires=clock.now(),
    )  # fmt: skip


def thread_of(house: House) -> Any:
    return Thread.objects.of(house.brand).get(person__remote_id=f"id-{MARK}")


def person() -> Actor:
    return Actor.objects.get(remote_id=f"id-{MARK}")


def places_of(mark: str) -> set[str]:
    """Every column of every table whose rows say the mark somewhere, also in JSON, search words and bytes."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector', 'bytea', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            as_text = f"encode(\"{column}\", 'escape')" if _is_bytes(table, column) else f'"{column}"::text'
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {as_text} ILIKE %s', [f"%{mark}%"])
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    return found


def _is_bytes(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        return bool(cursor.fetchone()[0] == "bytea")
