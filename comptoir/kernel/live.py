"""Nudges to open pages: what changed, never its content. Delivered by PostgreSQL when the transaction commits."""

import json
from collections.abc import Iterable
from typing import Any

CHANNEL = "comptoir_live"
MOST = 200


def nudge(brand_id: int, threads: Iterable[int] = (), what: str = "threads") -> None:
    """Tell the pages of a brand that threads changed, or `what` else did.

    NOTIFY carries 8,000 bytes: past 200 ids only "many" is said.
    """
    ids = list(threads)
    named = ids if len(ids) <= MOST else []
    _notify({"brand": brand_id, "what": what, "threads": named, "n": len(ids)}, named)


def revoke(user_id: int, brand_id: int | None = None, session: str = "") -> None:
    """Close a person's streams at once: on one brand, those of one session that ended, or everywhere."""
    _notify({"revoked": user_id, "brand": brand_id, "session": session})


def _notify(payload: dict[str, Any], threads: list[int] | None = None) -> None:
    # Imported late: the live process reads this module's names and has no Django in its memory.
    from django.db import connection

    with connection.cursor() as cursor:
        if threads:
            cursor.execute(_NOTIFY_OF, [CHANNEL, json.dumps(payload), threads])
        else:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])


_NOTIFY_OF = """
SELECT pg_notify(%s, (%s::jsonb || jsonb_build_object('of', jsonb_agg(coalesce(t.channel_id, 0) ORDER BY i.n)))::text)
FROM unnest(%s::bigint[]) WITH ORDINALITY i(id, n) LEFT JOIN inbox_thread t ON t.id = i.id
"""
"""With the channel that each thread is on, beside it: there are people who hear of some channels only."""
