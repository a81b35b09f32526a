"""What a removed query kept goes in the background, some at a time, and the query at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Sum

from comptoir.kernel.asking import ask
from comptoir.listening.models import Query, StoredMention
from comptoir.listening.models.mention import drop_some
from comptoir.listening.models.rollup import DayRollup
from comptoir.listening.models.stored import forget_mentions
from comptoir.organisation.models import Brand

_AT_ONCE = 20_000
_STORED = """SELECT q.id, s.n FROM unnest(%(queries)s::bigint[]) q(id)
CROSS JOIN LATERAL (SELECT count(*) AS n FROM listening_storedmention WHERE query_id = q.id) s WHERE s.n > 0"""


def empty(brand_id: int, query_id: int) -> None:
    """Let go of what it kept. Each step stands by itself: whoever takes it up again goes on where it is.

    Nothing new is kept meanwhile: whoever was about to held the query before it was removed, or finds it off.
    """
    while True:
        with transaction.atomic():
            found = Query.leaving.of(brand_id).filter(pk=query_id).select_for_update().first()
            if found is None:
                return
            if not drop_some(found.mentions.all()) and not forget_mentions(_some_stored(found)):
                found.delete()
                return


def _some_stored(query: Query) -> list[int]:
    return list(
        StoredMention.objects.of(query.brand_id).filter(query=query).values_list("pk", flat=True)[:_AT_ONCE]
    )


def left(brand: Brand) -> list[tuple[Query, int]]:
    """The brand's queries that are on their way out, each with how many mentions of it there still are."""
    leaving = list(Query.leaving.of(brand).by_name())
    counts = kept_by(brand, [each.pk for each in leaving]) if leaving else {}
    return [(each, counts.get(each.pk, 0)) for each in leaving]


def kept_by(brand: Brand, queries: Iterable[int]) -> dict[int, int]:
    """How many mentions each of these queries has; what is counted already is not counted again."""
    wanted = list(queries)
    rows = DayRollup.objects.of(brand).filter(query__in=wanted)
    found: Counter[int] = Counter(dict(rows.values_list("query").annotate(Sum("count"))))
    found.update(dict(ask(_STORED, {"queries": wanted})))
    return dict(found)
