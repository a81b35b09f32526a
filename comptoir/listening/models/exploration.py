"""What somebody asked Explore for, kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

EXPLORATIONS_MOST = 200
"""Kept ones of one person and brand."""


class TooManyExplorations(Exception):
    """They keep as many as one may."""


class ExplorationQuerySet(BrandQuerySet["Exploration"]):
    def for_user(self, user: User) -> ExplorationQuerySet:
        """Those that are shared, and the user's own, by name."""
        return self.filter(Q(shared=True) | Q(by=user)).order_by("name", "pk")


class ExplorationManager(BrandManager["Exploration", "ExplorationQuerySet"]):
    queryset_class = ExplorationQuerySet


class Exploration(models.Model):
    """A view of Explore: their own, or shared with the brand's people. `asked` is the query of its address."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="explorations", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=1_000, blank=True)
    shared = models.BooleanField(default=False)

    objects: ClassVar[ExplorationManager] = ExplorationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "by", "name"], name="exploration_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, brand: Brand, name: str, by: User, asked: str, shared: bool) -> Exploration:
        """Keep what was asked; one of theirs of the same name is replaced. TooManyExplorations."""
        with transaction.atomic():
            brand.hold()
            own = cls.objects.of(brand).filter(by=by)
            if not own.filter(name=name).exists() and own.count() >= EXPLORATIONS_MOST:
                raise TooManyExplorations
            kept, _new = cls.objects.of(brand).update_or_create(
                brand=brand, by=by, name=name, defaults={"asked": asked, "shared": shared}
            )
            record("exploration_kept", brand, kept, by, view=name)
        return kept

    def remove(self, by: User) -> None:
        """There is no such view any more; what was heard stays."""
        with transaction.atomic():
            record("exploration_removed", self.brand_id, self, by, view=self.name)
            self.delete()
