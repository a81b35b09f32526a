"""What is usually said of a query, day after day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Model

from comptoir.inbox.tests.building import TOWN
from comptoir.kernel.asking import ask
from comptoir.listening.models import Mention, Query
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor
from comptoir.reading.tests.talk import talk

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)


def ordinary(query: Query, days: float, since: datetime = MONDAY, seed: int = 3) -> None:
    """What is usually said, kept as if it had been heard then."""
    who, _new = Actor.objects.get_or_create(network=TOWN, remote_id="crowd", handle="crowd")
    at = [
        since + timedelta(seconds=n * 300 + place * 7)
        for n, (_moment, posts) in enumerate(talk(days, 3, seed))
        for place in range(posts)
    ]
    row = Row.objects.create(network=TOWN, remote_id=f"{query.pk} {seed}", kind="post", actor=who,
                             published=since, text="A cup from my teapot")  # fmt: skip
    mention = Mention.objects.create(query=query, activity=row, at=since, author=who.pk, followers=90, network=TOWN,
                                     language="en", tone="neutral")  # fmt: skip
    rows = repeated(row, at, published="given.at", text="made.text || ', number ' || given.n",
                    remote_id="made.remote_id || ' ' || given.n")  # fmt: skip
    repeated(mention, at, rows, at="given.at", activity_id="given.key", author="made.author + given.n % 400",
             tone="CASE given.n % 6 WHEN 0 THEN 'negative' ELSE made.tone END")  # fmt: skip
    row.delete()


def repeated(made: Model, moments: list[datetime], keys: Sequence[int] = (), **otherwise: str) -> list[int]:
    """The same row once for each moment, with some columns otherwise; of thousands in a tenth of the time that
    `bulk_create` takes. Their primary keys."""
    columns = [
        each.column for each in made._meta.concrete_fields if not each.primary_key and not each.generated
    ]
    values = ", ".join(otherwise.get(each, f"made.{each}") for each in columns)
    table = made._meta.db_table
    statement = f"""
        INSERT INTO {table} ({", ".join(columns)}) SELECT {values} FROM {table} made,
            unnest(%(moments)s::timestamptz[], %(keys)s::bigint[]) WITH ORDINALITY given (at, key, n)
        WHERE made.id = %(made)s ORDER BY given.n RETURNING id
    """
    return [
        pk for (pk,) in ask(statement, {"moments": moments, "keys": list(keys), "made": made.pk}, again=False)
    ]
