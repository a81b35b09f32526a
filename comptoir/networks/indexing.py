"""The words by which messages are found: made on the way in, and anew where the rule for them has changed."""

from comptoir.kernel.asking import ask
from comptoir.reading.folding import spaced

SEARCH_MOST = 4_000
"""Characters of a text that are searched."""
AT_ONCE = 1_000

_OLDER = """
SELECT a.id, a.title, a.text, coalesce(p.name, ''), coalesce(p.handle, '')
FROM networks_activity a LEFT JOIN networks_actor p ON p.id = a.actor_id
WHERE a.id > %(after)s AND a.deleted IS NULL AND a.erased IS NULL ORDER BY a.id LIMIT %(most)s
"""
_KEEP = """
UPDATE networks_activity a SET search = to_tsvector('simple', n.folded)
FROM unnest(%(ids)s::bigint[], %(folded)s::text[]) AS n(id, folded)
WHERE a.id = n.id AND a.deleted IS NULL AND a.erased IS NULL AND a.search <> to_tsvector('simple', n.folded)
"""


def searchable(title: str, text: str, name: str, handle: str) -> str:
    """The folded words of a message and its author, for the index."""
    return spaced(f"{title[:500]} {text[:SEARCH_MOST]} {name} {handle}")


def index_anew(after: int) -> int:
    """Index the next messages after this id by the rule of today; the last id looked at, 0 when there was none."""
    rows = ask(_OLDER, {"after": after, "most": AT_ONCE})
    if not rows:
        return 0
    ids = [row[0] for row in rows]
    ask(_KEEP, {"ids": ids, "folded": [searchable(*row[1:]) for row in rows]})
    return int(ids[-1])
