"""What was said at a place before anybody listened there, and what a brand that only tries things hears by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.listening.hearing import hear
from comptoir.listening.models import Query, Source
from comptoir.networks.connector import Activity, Overhears, Rehearses
from comptoir.networks.found import connector_class

if TYPE_CHECKING:
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import User

SPAN = timedelta(days=30)
"""How far back a place is asked."""


def recall(source: Source) -> None:
    """Put what was said there to all queries, page by page, each kept with where it stands. Whoever takes it up again
    goes on from there."""
    connector = source.connector()
    while (past := source.past) is not None and not past["over"]:
        page = connector.recall(clock.now() - SPAN, past["cursor"])
        said = [item for item in page.items if isinstance(item, Activity)]
        with transaction.atomic():
            news = {item.remote_id for item in said if _aware(item.published) >= source.made}
            hear(source.network, [item for item in said if item.remote_id not in news], past=True)
            hear(source.network, [item for item in said if item.remote_id in news])
            told = {"cursor": page.cursor, "told": past["told"] + len(said), "over": not page.more}
            if not Source.objects.of(source.brand_id).filter(pk=source.pk, past=past).update(past=told):
                return
        source.past = told
        nudge(source.brand_id, what="mentions")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stage(channel: Channel, by: User) -> Source | None:
    """Have a brand that rehearses listen as well: to the queries that its stage proposes, at its public place, with
    what was said there before. None where the network is no such stage."""
    kind = connector_class(channel.network)
    if not (issubclass(kind, Rehearses) and issubclass(kind, Overhears)):
        return None
    for name, text in kind.worth_hearing.items():
        Query.make(channel.brand, by, name, text)
    source = Source.beside(channel, by)
    source.recall(by)
    return source
