"""Brands whose managers may see the figures of each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import Membership, User


class PeopleFiguresQuerySet(BrandQuerySet["PeopleFigures"]):
    pass


class PeopleFiguresManager(BrandManager["PeopleFigures", "PeopleFiguresQuerySet"]):
    queryset_class = PeopleFiguresQuerySet


class PeopleFigures(models.Model):
    """An owner decided that managers see what each person answered. Without a row everybody sees their own alone."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, primary_key=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(default=clock.now)

    objects: ClassVar[PeopleFiguresManager] = PeopleFiguresManager()

    def __str__(self) -> str:
        return f"figures of people of {self.brand_id}"

    @classmethod
    def switch_on(cls, brand: Brand, by: User) -> None:
        """Let managers see them from now on."""
        with transaction.atomic():
            if cls.objects.of(brand).get_or_create(brand=brand, defaults={"by": by})[1]:
                record("people_figures_on", brand, brand, by)

    @classmethod
    def switch_off(cls, brand: Brand, by: User) -> None:
        """Show everybody their own alone."""
        with transaction.atomic():
            if cls.objects.of(brand).delete()[0]:
                record("people_figures_off", brand, brand, by)


def seen_people(membership: Membership, brand: Brand) -> set[int] | None:
    """Whose own figures a member may see: None for everybody's."""
    shown = membership.may("manager") and PeopleFigures.objects.of(brand).exists()
    return None if shown else {membership.user_id}
