"""Brands that ask their members for a second step when they sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.live import revoke
from comptoir.organisation.audit import record
from comptoir.organisation.models.brand import Brand

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


class SecondStepRule(models.Model):
    """A brand asks every member for a second step: an app's codes, or a passkey. Who has none sees nothing of it."""

    brand = models.OneToOneField(
        Brand, on_delete=models.CASCADE, primary_key=True, related_name="second_step_rule"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[SecondStepRule]] = models.Manager()

    def __str__(self) -> str:
        return f"second step for {self.brand_id}"

    @classmethod
    def lay_down(cls, brand: Brand, by: User) -> None:
        """Ask for it from now on: open pages of members without one lose the live stream at once."""
        with transaction.atomic():
            _rule, new = cls.objects.get_or_create(brand=brand, defaults={"by": by})
            if new:
                record("second_step_required", brand, brand, by)
                for person in brand.memberships.values_list("user_id", flat=True):
                    revoke(person, brand.pk)

    @classmethod
    def lift(cls, brand: Brand, by: User) -> None:
        """Ask for it no longer."""
        with transaction.atomic():
            if cls.objects.filter(brand=brand).delete()[0]:
                record("second_step_optional", brand, brand, by)
