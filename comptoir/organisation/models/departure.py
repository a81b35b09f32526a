"""Who left a brand, and by whose word."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.organisation.models.brand import Brand, Role

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


def time_is_over(brand: str) -> str:
    """What somebody is told whose access ended as was agreed."""
    words = _(
        "Your access to %(brand)s was agreed for a time, and that is over. An owner of it can invite you again."
    )
    return words % {"brand": brand}


class Departure(models.Model):
    """Somebody's role on a brand was taken away, or ended as was agreed (`over`). It tells them so when they knock
    again with a page left open."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="departures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="departures")
    role = models.CharField(max_length=8, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    over = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[models.Manager[Departure]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="departure_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} left {self.brand_id}"

    @property
    def sentence(self) -> str:
        """What somebody is told who comes back."""
        if self.over:
            return time_is_over(self.brand.name)
        return _("You no longer work for %(brand)s.") % {"brand": self.brand.name}

    @classmethod
    def last_of(cls, user: User | int, slug: str = "") -> Departure | None:
        """How somebody left last, or left the brand of this address; None when they never did."""
        found = cls.objects.filter(user=user, **({"brand__slug": slug} if slug else {}))
        return found.select_related("brand").order_by("-at", "-pk").first()
