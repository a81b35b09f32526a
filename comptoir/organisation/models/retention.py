"""How long things are kept, as owners chose, and the proof of what was removed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet


class Retention(models.Model):
    """An owner's choice for one kind of thing, in days; kinds without a row keep their default."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="retentions")
    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()

    objects: ClassVar[BrandManager[Retention, BrandQuerySet[Retention]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "kind"], name="one_retention_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days} days"


class PurgeRun(models.Model):
    """What the purge removed of one kind on one day, of the house without a brand. A row of 0 proves that it looked."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="purges")
    kind = models.CharField(max_length=40)
    day = models.DateField()
    removed = models.PositiveBigIntegerField(default=0)
    finished = models.BooleanField(default=False)

    objects: ClassVar[BrandManager[PurgeRun, BrandQuerySet[PurgeRun]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "brand", "kind"], name="one_purge_a_day_and_kind", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["brand", "-day", "kind"], name="purges_of_brand")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}: {self.removed}"

    @classmethod
    def add(cls, day: date, brand: Brand | None, kind: str, removed: int, finished: bool) -> None:
        """Count what a batch removed."""
        row, _new = cls.objects.get_queryset().everywhere().get_or_create(day=day, brand=brand, kind=kind)
        cls.objects.everywhere().filter(pk=row.pk).update(
            removed=models.F("removed") + removed, finished=finished
        )


class InformationPage(models.Model):
    """What only an owner knows for the public page about personal data: who is responsible, and how to reach them."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="information")
    controller = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    officer = models.TextField(blank=True)
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[BrandManager[InformationPage, BrandQuerySet[InformationPage]]] = BrandManager()

    def __str__(self) -> str:
        return f"information page of {self.brand_id}"

    @property
    def is_public(self) -> bool:
        """Whether it says enough to be shown to everybody."""
        return bool(self.controller.strip() and self.contact.strip())

    @classmethod
    def published(cls, slug: str) -> InformationPage | None:
        """The public page of the brand at this address, None while its owner has not written it."""
        found = cls.objects.everywhere().filter(brand__slug=slug).select_related("brand").first()
        return found if found is not None and found.is_public else None
