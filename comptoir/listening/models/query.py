"""Queries: what a brand listens for, in the language of queries, and how each was written over time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.listening.events import LookBackAsked, QueryRemoved
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold
from comptoir.reading.query import parse

if TYPE_CHECKING:
    from comptoir.organisation.models import User

QUERIES_MOST = 1_000
"""Queries of one brand."""
_KNOWN = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %(zone)s)"


class TooManyQueries(Exception):
    """The brand has as many as one may have."""


class QueryBook(models.Model):
    """One row: how often queries were changed, so that whoever matches knows when to read them again.

    Changes wait for each other here, so stamps come in the order in which they can be seen. `key` is this
    database's own: stamps of another one say nothing.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    key = models.UUIDField(default=uuid4)
    changes = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[QueryBook]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_query_book")]

    def __str__(self) -> str:
        return f"{self.changes} changes"

    @classmethod
    def stamp(cls) -> int:
        """The number of this change, in the caller's transaction."""
        cls.objects.get_or_create(id=1)
        cls.objects.update(changes=F("changes") + 1)
        return cls.objects.get().changes


class QueryQuerySet(BrandQuerySet["Query"]):
    def by_name(self) -> Self:
        """As people look for them."""
        return self.order_by("name", "pk")

    def restamp(self) -> None:
        """Have whoever matches read these again."""
        with transaction.atomic():
            self.update(stamp=QueryBook.stamp())


class QueryManager(BrandManager["Query", "QueryQuerySet"]):
    """Those that there are."""

    queryset_class = QueryQuerySet

    def get_queryset(self) -> QueryQuerySet:
        return super().get_queryset().filter(removed=None)


class LeavingManager(BrandManager["Query", "QueryQuerySet"]):
    """Those that were removed, as long as what they kept is still there."""

    queryset_class = QueryQuerySet

    def get_queryset(self) -> QueryQuerySet:
        return super().get_queryset().exclude(removed=None)


class Query(models.Model):
    """What a brand listens for. `text` is its normal form now, `number` that of its last version.

    stamp   the change of the query book by which it is as it is
    on      whether anything new is kept for it; what was kept stays
    zone    by whose hours and days its mentions are counted: the brand's
    removed when somebody removed it: then nothing shows it, and a job lets go of what it kept, and of it
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="queries", db_index=False)
    name = models.CharField(max_length=80)
    on = models.BooleanField(default=True)
    text = models.TextField()
    number = models.PositiveIntegerField(default=1)
    stamp = models.BigIntegerField(db_index=True)
    made = models.DateTimeField(default=clock.now)
    zone = models.CharField(max_length=60, default="UTC", db_default="UTC")
    removed = models.DateTimeField(null=True)

    objects: ClassVar[QueryManager] = QueryManager()
    leaving: ClassVar[LeavingManager] = LeavingManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"], condition=models.Q(removed=None), name="query_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, by: User, name: str, text: str) -> Query:
        """A new one, on. `reading.query.Wrong` for a text that is no query; NameTaken; TooManyQueries."""
        normal = str(parse(text))
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= QUERIES_MOST:
                raise TooManyQueries
            made = cls(brand=brand, name=name, text=normal, stamp=QueryBook.stamp(), zone=counted_in(brand))
            keep(made)
            made.versions.create(number=1, text=normal, by=by)
            record("query_made", brand, made, by, query=name, text=normal)
        return made

    def rewrite(self, by: User, text: str, name: str = "", back_to: int | None = None) -> bool:
        """Have it look for something else, as a new version, or call it otherwise; False when all is as it was."""
        normal, name = str(parse(text)), name or self.name
        with transaction.atomic():
            held = self._held()
            before = held.text
            if (before, held.name) == (normal, name):
                return False
            held.name, held.stamp = name, QueryBook.stamp()
            if before != normal:
                held.text, held.number = normal, held.number + 1
                held.versions.create(number=held.number, text=normal, by=by, back_to=back_to)
            keep(held)
            record("query_changed", self.brand_id, self, by, query=name, number=held.number,
                   before=before, after=normal)  # fmt: skip
        self.refresh_from_db()
        return True

    def go_back(self, by: User, number: int) -> bool:
        """Have it be as it was in a version, which makes a new one; False when it is so."""
        return self.rewrite(by, self.versions.get(number=number).text, back_to=number)

    def switch(self, on: bool, by: User) -> bool:
        """Listen for it, or pause; False when it is so already."""
        with transaction.atomic():
            held = self._held()
            if held.on == on:
                return False
            held.on, held.stamp = on, QueryBook.stamp()
            keep(held)
            self.on = on
            record("query_on" if on else "query_off", self.brand_id, self, by, query=held.name)
        return True

    def look_back(self, by: User) -> None:
        """Have it keep as well what it is true of among all that is kept for the brand, in the background."""
        with transaction.atomic():
            record("query_looked_back", self.brand_id, self, by, query=self.name)
            tell(LookBackAsked(self.brand_id), lock=f"look-back:{self.brand_id}")

    def remove(self, by: User) -> None:
        """There is no such query any more; what only it kept goes in the background."""
        with transaction.atomic():
            held = self._held()
            held.removed, held.on, held.stamp = clock.now(), False, QueryBook.stamp()
            keep(held)
            record("query_removed", self.brand_id, self, by, query=held.name)
            tell(QueryRemoved(self.brand_id, self.pk), lock=f"query:{self.pk}")

    def _held(self) -> Query:
        return take_hold(Query.objects.of(self.brand_id), self.pk)


class Version(models.Model):
    """A query as somebody wrote it. Every one is kept; `back_to` is the one that was taken up again."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    back_to = models.PositiveIntegerField(null=True)

    objects: ClassVar[BrandManager[Version, BrandQuerySet[Version]]] = BrandManager.along("query__brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.query_id}: {self.number}"


def counted_in(brand: Brand) -> str:
    """By whose hours and days a brand's mentions are counted: its own zone, if the database knows it by that name."""
    name = str(brand.zone)
    return name if _is_known(name) else "UTC"


@lru_cache(maxsize=600)
def _is_known(zone: str) -> bool:
    return bool(ask(_KNOWN, {"zone": zone})[0][0])


def pause_all(brand_id: int) -> Iterable[Query]:
    """The brand was put away: it listens no more, also when it is brought back, until somebody says so."""
    rows = list(Query.objects.of(brand_id).filter(on=True))
    with transaction.atomic():
        Query.objects.of(brand_id).filter(pk__in=[each.pk for each in rows]).update(
            on=False, stamp=QueryBook.stamp()
        )
        for each in rows:
            record("query_off", brand_id, each, query=each.name)
    return rows
