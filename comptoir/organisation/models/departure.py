"""Who left a brand, and by whose word."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models.brand import Brand, Role

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


class Departure(models.Model):
    """Somebody's role on a brand was taken away. It tells them so when they knock again with a page left open."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="departures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="departures")
    role = models.CharField(max_length=8, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Departure]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="departure_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} left {self.brand_id}"

    @classmethod
    def last_of(cls, user: User | int, slug: str = "") -> Departure | None:
        """How somebody left last, or left the brand of this address; None when they never did."""
        found = cls.objects.filter(user=user, **({"brand__slug": slug} if slug else {}))
        return found.select_related("brand").order_by("-at", "-pk").first()
