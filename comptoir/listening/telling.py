"""Telling programs and open pages of mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import compress

from comptoir.kernel.live import nudge
from comptoir.listening.models import Mention
from comptoir.organisation.announcing import Listeners

SIGNS = tuple(Mention.Sign.values)
MARKS = (*filter(None, Mention.Noise.values), *SIGNS)
"""What a mention may be marked as."""


def announce_mentions(ids: Sequence[int], past: bool = False) -> None:
    """Tell of new mentions, those of a brand and a query in one call; and which of them are marked as what. Of the past
    only open pages are told."""
    rows = Mention.objects.everywhere().filter(pk__in=ids).order_by("pk")
    by_brand: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    marked: dict[int, dict[str, list[int]]] = defaultdict(lambda: {name: [] for name in MARKS})
    for pk, query, brand, noise, *signs in rows.values_list(
        "pk", "query_id", "query__brand_id", "noise", *SIGNS
    ):
        by_brand[brand][query].append(pk)
        for name in [noise, *compress(SIGNS, signs)]:
            if name:
                marked[query][name].append(pk)
    for brand, queries in by_brand.items():
        nudge(brand, what="mentions")
        if past:
            continue
        listeners = Listeners(brand, ["mention.heard"])
        for query, mentions in queries.items():
            listeners.tell("mention.heard", {"query": query, "mentions": mentions, **marked[query]})
