"""Messages as rules see them: those that just came in, and the last thousand of a brand to try a rule on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from comptoir.inbox.models.rule import Rule
from comptoir.inbox.models.searching import AROUND, BESIDE, FACTS, SAID, document_of, plain_document
from comptoir.kernel.asking import ask
from comptoir.networks.correcting import Corrections, seen_so
from comptoir.organisation.opening import Calendar
from comptoir.reading.heard import heard_as
from comptoir.reading.query import Document, Query, Wrong, parse

LAST = 1_000
"""Messages that a rule is tried on."""
_THREADS = 2 * LAST
_EACH = 200
_BEFORE, _WIDTH = 8, 14
"""Columns before FACTS, and those of FACTS."""


class Heard(NamedTuple):
    """A message to the brand, with what queries see of it. `activity` and `standing` are the network's."""

    entry: int
    thread: int
    activity: int
    channel: int
    kind: str
    at: datetime
    standing: str
    document: Document


_COLUMNS = f"t.brand_id, e.id, e.thread_id, a.id, t.channel_id, a.kind, e.at, a.standing, {FACTS}, {SAID}"
_THESE = f"""
SELECT {_COLUMNS} FROM inbox_entry e JOIN inbox_thread t ON t.id = e.thread_id {AROUND}
JOIN networks_activity a ON a.id = e.activity_id {BESIDE}
WHERE e.activity_id = ANY(%(activities)s) AND t.channel_id = %(channel)s AND e.addressed AND NOT e.own
    AND a.deleted IS NULL AND NOT EXISTS (SELECT FROM networks_audience w
        WHERE w.activity_id = e.activity_id AND w.channel_id = t.channel_id AND w.historic)
ORDER BY e.at, e.id
"""  # noqa: S608 - nothing in it comes from outside
_LATEST = f"""
SELECT {_COLUMNS} FROM (
    SELECT e.* FROM (
        SELECT id FROM inbox_thread WHERE brand_id = %(brand)s ORDER BY last_at DESC, id DESC LIMIT %(threads)s) r
    CROSS JOIN LATERAL (
        SELECT * FROM inbox_entry WHERE thread_id = r.id AND addressed AND NOT own
        ORDER BY at DESC, id DESC LIMIT %(each)s) e
    ORDER BY e.at DESC, e.id DESC LIMIT %(last)s) e
JOIN inbox_thread t ON t.id = e.thread_id {AROUND}
JOIN networks_activity a ON a.id = e.activity_id {BESIDE}
WHERE a.deleted IS NULL ORDER BY e.at DESC, e.id DESC
"""  # noqa: S608 - nothing in it comes from outside


def just_heard(channel_id: int, activities: Sequence[int], zone: tzinfo) -> list[Heard]:
    """What of these came in live and is said to the brand, the oldest first."""
    return _all_heard(ask(_THESE, {"channel": channel_id, "activities": list(activities)}), zone)


def last_heard(brand_id: int, zone: tzinfo) -> list[Heard]:
    """The last messages that people wrote to a brand, the newest first."""
    given = {"brand": brand_id, "threads": _THREADS, "each": _EACH, "last": LAST}
    return _all_heard(ask(_LATEST, given), zone)


def _all_heard(rows: Sequence[tuple[Any, ...]], zone: tzinfo) -> list[Heard]:
    corrected = Corrections({row[0] for row in rows}, [row[3] for row in rows])
    return [_heard(row, zone, corrected) for row in rows]


def _heard(row: tuple[Any, ...], zone: tzinfo, corrected: Corrections) -> Heard:
    brand, entry, thread, activity, channel, kind, at, standing = row[:_BEFORE]
    document = document_of(plain_document(row[_BEFORE : _BEFORE + _WIDTH], zone), row[_BEFORE + _WIDTH :])
    # A thread knows the language and the tone of its last words: here each message is asked for its own.
    said, text = row[_BEFORE + _WIDTH + 4], document.text or document.title
    if corrected:
        read = corrected.read(brand, activity, text, said)
        language, tone = read.language, read.tone
    else:
        language, tone = heard_as(text, said)
    document = replace(document, lang=said or language or None, sentiment=tone or None)
    document = seen_so(document, corrected.people(brand, activity, text))
    return Heard(entry, thread, activity, channel, kind, at, standing, document)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule acts, ready to be asked about many messages. A query that cannot be read fits nothing."""

    queries: tuple[Query | None, ...] = ()
    channels: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    followers: int = 0
    hours: str = ""

    def fits(self, heard: Heard, calendar: Calendar) -> bool:
        """Whether a message is one of those meant."""
        document = heard.document
        return (
            (not self.channels or heard.channel in self.channels)
            and (not self.kinds or heard.kind in self.kinds)
            and (not self.followers or (document.followers or 0) >= self.followers)
            and (not self.hours or calendar.is_open(heard.at) == (self.hours == "open"))
            and all(query is not None and query.matches(document) for query in self.queries)
        )


def condition_of(rule: Rule) -> Condition:
    """When a rule acts; read once for each way in which it is written."""
    return _condition(rule.query, json.dumps(rule.conditions, sort_keys=True))


@lru_cache(maxsize=1_024)
def _condition(query: str, written: str) -> Condition:
    given = json.loads(written)
    asked = [query] if query else []
    if authors := given.get("authors"):
        asked.append(f"author:({' OR '.join(f'"{each}"' for each in authors)})")
    return Condition(
        tuple(map(_read, asked)), frozenset(given.get("channels", ())), frozenset(given.get("kinds", ())),
        given.get("followers", 0), given.get("hours", ""),
    )  # fmt: skip


def _read(text: str) -> Query | None:
    try:
        return parse(text)
    except Wrong:
        return None
