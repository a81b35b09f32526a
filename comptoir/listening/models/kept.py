"""What is kept for a brand and was said in public: what its queries kept, and what its channels heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from comptoir.kernel.asking import ask
from comptoir.listening.models.mention import Mention
from comptoir.networks.models import Activity

_CHANNELS_LOOKED_AT = 50_000
_NEWEST = f"""
WITH ours AS (SELECT id FROM networks_channel WHERE brand_id = %(brand)s)
SELECT DISTINCT a.published, a.id FROM (
    SELECT u.activity_id FROM (
        SELECT activity_id, channel_id FROM networks_audience ORDER BY id DESC LIMIT {_CHANNELS_LOOKED_AT}) u
    WHERE u.channel_id IN (SELECT id FROM ours)
    UNION ALL
    SELECT m.activity_id FROM listening_query q CROSS JOIN LATERAL (
        SELECT activity_id FROM listening_mention WHERE query_id = q.id ORDER BY at DESC, id DESC LIMIT %(most)s) m
    WHERE q.brand_id = %(brand)s) found
JOIN networks_activity a ON a.id = found.activity_id
WHERE {{public}} ORDER BY 1 DESC, 2 DESC LIMIT %(most)s
"""  # noqa: S608 - a number
"""Of the channels, what came last to the house: a brand that is rarely spoken to is not looked for for ever."""
PUBLIC = """a.kind NOT IN ('message', 'like', 'follow', 'repost') AND a.standing = '' AND a.automatic = ''
    AND a.deleted IS NULL AND a.erased IS NULL AND a.actor_id IS NOT NULL"""
"""Of an activity `a`: that it was said in public, by a person, and still is."""
_LATELY = """
SELECT query_id, coalesce(sum(count) FILTER (WHERE hour >= %(today)s), 0)::bigint, sum(count)::bigint
FROM listening_rollup WHERE query_id = ANY(%(queries)s) AND hour >= %(week)s GROUP BY query_id
"""


class Lately(NamedTuple):
    """How many mentions a query got today and in seven days."""

    today: int = 0
    week: int = 0


def newest(brand_id: int, most: int) -> list[int]:
    """The last of what is kept for a brand, the newest first."""
    rows = ask(_NEWEST.format(public=PUBLIC), {"brand": brand_id, "most": most})
    return [pk for _at, pk in rows]


def activities(brand_id: int, ids: Sequence[int]) -> list[Activity]:
    """These, as far as the brand may see them: what reached its channels, and what its queries kept."""
    found = {each.pk: each for each in _of_channels(brand_id, ids)}
    missing = [pk for pk in ids if pk not in found]
    if missing:
        rows = Mention.objects.of(brand_id).filter(activity__in=missing).select_related("activity__actor")
        found |= {each.activity_id: each.activity for each in rows}
    return [found[pk] for pk in ids if pk in found]


def _of_channels(brand_id: int, ids: Sequence[int]) -> Iterator[Activity]:
    rows = Activity.objects.of(brand_id).filter(pk__in=ids)
    yield from rows.select_related("actor").defer("search").distinct()


def lately(queries: Sequence[int], today: datetime, week: datetime) -> dict[int, Lately]:
    """How many mentions queries got since today began, and since a week ago."""
    rows = ask(_LATELY, {"queries": list(queries), "today": today, "week": week})
    return {pk: Lately(now, before) for pk, now, before in rows}
