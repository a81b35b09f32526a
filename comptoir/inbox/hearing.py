"""Reading what people wrote: the language and the tone of each thread's last words, and how far they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from comptoir.inbox.models import Thread
from comptoir.inbox.models.told import Message
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.networks.correcting import Corrections, Read
from comptoir.networks.models import Activity

_LAST = """
SELECT t.id, w.brand_id, a.id, a.text, a.language, coalesce(least(greatest(length(p.followers::text) - 4, 0), 9), 0)
FROM unnest(%(threads)s::bigint[]) t(id) JOIN inbox_thread w ON w.id = t.id CROSS JOIN LATERAL (
    SELECT activity_id FROM inbox_entry WHERE thread_id = t.id AND addressed AND NOT own
    ORDER BY at DESC, id DESC LIMIT 1) e
JOIN networks_activity a ON a.id = e.activity_id LEFT JOIN networks_actor p ON p.id = a.actor_id
"""
_KEEP = """
UPDATE inbox_thread t SET language = n.language, tone = n.tone, toxic = n.toxic, reach = n.reach
FROM unnest(%(threads)s::bigint[], %(languages)s::text[], %(tones)s::text[], %(toxic)s::boolean[],
    %(reaches)s::smallint[]) AS n(id, language, tone, toxic, reach)
WHERE t.id = n.id AND (t.language, t.tone, t.toxic, t.reach)
    IS DISTINCT FROM (n.language, n.tone, n.toxic, n.reach)
"""


def read_last_words(threads: Sequence[int]) -> None:
    """Guess the language and tone of what somebody last wrote in these threads, whether it may be hateful, and note how
    many follow them. What the network says of the language counts, and what people of the brand said counts more. Safe
    to run twice."""
    rows = ask(_LAST, {"threads": sorted(threads)})
    said = Corrections({row[1] for row in rows}, [row[2] for row in rows])
    found = []
    for thread, brand, activity, text, language, reach in rows:
        read = said.read(brand, activity, text, language)
        found.append((thread, read.language, read.tone, read.signs.toxic, reach))
    if found:
        ids, languages, tones, toxic, reaches = (list(column) for column in zip(*sorted(found), strict=True))
        given = {"threads": ids, "languages": languages, "tones": tones, "toxic": toxic, "reaches": reaches}
        ask(_KEEP, given)


def read_again(brand_id: int, activity_id: int) -> None:
    """Somebody said what is true of a message: the threads of their brand that end with it follow."""
    threads = Thread.objects.of(brand_id).filter(entries__activity=activity_id)
    if ids := list(threads.values_list("pk", flat=True).distinct()):
        read_last_words(ids)
        nudge(brand_id, ids)


def reading_of(brand_id: int, activity: Activity) -> dict[str, str]:
    """How a message is read for a brand: its tone, its language, and whether it is spam."""
    said = Corrections([brand_id], [activity.pk])
    read = said.read(brand_id, activity.pk, activity.text or activity.title, activity.language)
    return {"tone": read.tone, "language": read.language, "spam": "spam" if read.signs.spam else "ham"}


def readings_of(brand_id: int, messages: Sequence[Message]) -> list[Read | None]:
    """How messages are read for a brand; None of what it said itself, and where there are no words. What the network
    says of a language stays as it says it."""
    said = Corrections([brand_id], [each.activity_id for each in messages])
    found: list[Read | None] = []
    for each in messages:
        text = each.text or each.title
        if each.own or not text:
            found.append(None)
            continue
        read = said.read(brand_id, each.activity_id, text, each.language)
        people = said.people(brand_id, each.activity_id, text)
        language = people.get("language") or each.language or read.language
        found.append(replace(read, language=language))
    return found
