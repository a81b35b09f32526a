"""What waits on several brands at once, for whoever chooses between them."""

from __future__ import annotations

from typing import NamedTuple

from comptoir.inbox.models.listed import OPEN, UNREAD
from comptoir.kernel.asking import ask


class Waiting(NamedTuple):
    """What waits on a brand for somebody: open threads, and those of them that they have not read."""

    open: int
    unread: int


_WAITING = f"""
SELECT b.id, o.n, CASE WHEN o.n = 0 THEN 0 ELSE
    (SELECT count(*) FROM (SELECT 1 FROM inbox_thread t WHERE t.brand_id = b.id AND {UNREAD} LIMIT %(most)s) u) END
FROM unnest(%(brands)s::bigint[]) b(id), LATERAL
    (SELECT count(*) AS n FROM (
        SELECT 1 FROM inbox_thread t WHERE t.brand_id = b.id AND {OPEN} LIMIT %(most)s) x OFFSET 0) o
"""  # noqa: S608 - nothing in it comes from outside


def open_and_unread(brand_ids: list[int], user_id: int, most: int) -> dict[int, Waiting]:
    """What waits on each of these brands, counted up to `most`, in one query. The caller has the right to all."""
    values = {"brands": brand_ids, "user": user_id, "most": most}
    return {brand: Waiting(opened, unread) for brand, opened, unread in ask(_WAITING, values)}
