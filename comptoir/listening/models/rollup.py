"""How many mentions there are, by the hour and by the day of their brand: triggers keep both in step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models, transaction

from comptoir.kernel.asking import ask
from comptoir.listening.models.query import Query, counted_in
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

_HELD = "SELECT id FROM listening_query WHERE id = %(query)s AND zone <> %(zone)s FOR UPDATE"
_AGAIN = (
    "UPDATE listening_query SET zone = %(zone)s WHERE id = %(query)s",
    "DELETE FROM listening_rollup WHERE query_id = %(query)s",
    "DELETE FROM listening_dayrollup WHERE query_id = %(query)s",
    """INSERT INTO listening_rollup (query_id, hour, network, language, tone, noise, count, followers)
    SELECT query_id, date_trunc('hour', at, %(zone)s) AS hour, network, language, tone, noise, count(*), sum(followers)
    FROM listening_mention WHERE query_id = %(query)s GROUP BY 1, 2, 3, 4, 5, 6""",
    """INSERT INTO listening_dayrollup (query_id, day, network, language, tone, noise, count, followers)
    SELECT query_id, (at AT TIME ZONE %(zone)s)::date AS day, network, language, tone, noise, count(*), sum(followers)
    FROM listening_mention WHERE query_id = %(query)s GROUP BY 1, 2, 3, 4, 5, 6""",
)


class Counts(models.Model):
    """How many mentions of a query there are of a network, language, tone and noise, and how many follow their
    authors, each post counted."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="%(class)ss", db_index=False)
    network = models.CharField(max_length=30)
    language = models.CharField(max_length=16, blank=True)
    tone = models.CharField(max_length=8, blank=True)
    noise = models.CharField(max_length=8, blank=True)
    count = models.BigIntegerField()
    followers = models.BigIntegerField()

    class Meta:
        abstract = True


class Rollup(Counts):
    """The same of an hour, as it begins on the clock of the query's zone."""

    hour = models.DateTimeField()

    objects: ClassVar[BrandManager[Rollup, BrandQuerySet[Rollup]]] = BrandManager.along("query__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["query", "hour", "network", "language", "tone", "noise"], name="rollup_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.query_id}, {self.hour:%Y-%m-%d %H}: {self.count}"


class DayRollup(Counts):
    """The same of a day in the query's zone: three months are 90 rows of each kind, not 2,160."""

    day = models.DateField()

    objects: ClassVar[BrandManager[DayRollup, BrandQuerySet[DayRollup]]] = BrandManager.along("query__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["query", "day", "network", "language", "tone", "noise"], name="day_rollup_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.query_id}, {self.day}: {self.count}"


def settle_zone(brand: Brand) -> None:
    """Count a brand's mentions by the clock of its zone, where they are not; who hears for it meanwhile waits."""
    zone = counted_in(brand)
    for query in Query.objects.of(brand).exclude(zone=zone).values_list("pk", flat=True):
        with transaction.atomic():
            given = {"zone": zone, "query": query}
            if ask(_HELD, given):
                for statement in _AGAIN:
                    ask(statement, given, again=False)
