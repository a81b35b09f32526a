"""What a removed query kept goes in the background, some at a time, and the query at the end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Sum

from comptoir.listening.models import Query
from comptoir.listening.models.mention import drop_some
from comptoir.listening.models.rollup import DayRollup
from comptoir.organisation.models import Brand


def empty(brand_id: int, query_id: int) -> None:
    """Let go of what it kept. Each step stands by itself: whoever takes it up again goes on where it is.

    Nothing new is kept meanwhile: whoever was about to held the query before it was removed, or finds it off.
    """
    while True:
        with transaction.atomic():
            found = Query.leaving.of(brand_id).filter(pk=query_id).select_for_update().first()
            if found is None:
                return
            if not drop_some(found.mentions.all()):
                found.delete()
                return


def left(brand: Brand) -> list[tuple[Query, int]]:
    """The brand's queries that are on their way out, each with how many mentions of it there still are."""
    leaving = list(Query.leaving.of(brand).by_name())
    counts = kept_by(brand, [each.pk for each in leaving]) if leaving else {}
    return [(each, counts.get(each.pk, 0)) for each in leaving]


def kept_by(brand: Brand, queries: Iterable[int]) -> dict[int, int]:
    """How many mentions each of these queries has; what is counted already is not counted again."""
    rows = DayRollup.objects.of(brand).filter(query__in=list(queries))
    return dict(rows.values_list("query").annotate(Sum("count")))
