"""Reading what people wrote: the language and the tone of each thread's last words, and how far they carry."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.kernel.asking import ask
from comptoir.reading.language import language_of
from comptoir.reading.tone import tone_of

_LAST = """
SELECT t.id, a.text, a.language, coalesce(least(greatest(length(p.followers::text) - 4, 0), 9), 0)
FROM unnest(%(threads)s::bigint[]) t(id) CROSS JOIN LATERAL (
    SELECT activity_id FROM inbox_entry WHERE thread_id = t.id AND addressed AND NOT own
    ORDER BY at DESC, id DESC LIMIT 1) e
JOIN networks_activity a ON a.id = e.activity_id LEFT JOIN networks_actor p ON p.id = a.actor_id
"""
_KEEP = """
UPDATE inbox_thread t SET language = n.language, tone = n.tone, reach = n.reach
FROM unnest(%(threads)s::bigint[], %(languages)s::text[], %(tones)s::text[], %(reaches)s::smallint[])
    AS n(id, language, tone, reach)
WHERE t.id = n.id AND (t.language, t.tone, t.reach) IS DISTINCT FROM (n.language, n.tone, n.reach)
"""
_MOST = 2_000
"""Characters of a message that are read: what somebody wants stands at the beginning."""


def heard_as(text: str, said: str) -> tuple[str, str]:
    """The language and the tone of a message; `said` is what its network calls the language."""
    language = said.lower().partition("-")[0] or language_of(text[:_MOST]).code
    return language[:16], tone_of(text[:_MOST], language).label


def read_last_words(threads: Sequence[int]) -> None:
    """Guess the language and tone of what somebody last wrote in these threads, and note how many follow them. What the
    network says of the language counts. Safe to run twice."""
    found = []
    for thread, text, said, reach in ask(_LAST, {"threads": sorted(threads)}):
        found.append((thread, *heard_as(text, said), reach))
    if found:
        ids, languages, tones, reaches = (list(column) for column in zip(*sorted(found), strict=True))
        ask(_KEEP, {"threads": ids, "languages": languages, "tones": tones, "reaches": reaches})
