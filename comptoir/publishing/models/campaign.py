"""Campaigns: what posts are for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

NAME_MOST = 80
PURPOSE_MOST = 500


class CampaignQuerySet(BrandQuerySet["Campaign"]):
    def open(self) -> Self:
        """Those that posts may be given to."""
        return self.filter(closed=None).order_by("name", "pk")


class CampaignManager(BrandManager["Campaign", "CampaignQuerySet"]):
    queryset_class = CampaignQuerySet


class Campaign(models.Model):
    """Posts that belong together. `purpose` says what they are for; `first` and `last` are days, None for open ends."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="campaigns", db_index=False)
    name = models.CharField(max_length=NAME_MOST)
    purpose = models.TextField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    closed = models.DateTimeField(null=True)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[CampaignManager] = CampaignManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="campaign_once"),
            models.CheckConstraint(condition=~Q(purpose=""), name="campaign_has_purpose"),
            models.CheckConstraint(
                condition=Q(first=None) | Q(last=None) | Q(last__gte=F("first")), name="campaign_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls,
        brand: Brand,
        by: User,
        name: str,
        purpose: str,
        first: date | None = None,
        last: date | None = None,
    ) -> Campaign:
        """A new one. NameTaken."""
        with transaction.atomic():
            made = cls(brand=brand, name=name, purpose=purpose, first=first, last=last)
            keep(made)
            record("campaign_made", brand, made, by, campaign=name)
        return made

    def settle(self, by: User, name: str, purpose: str, first: date | None, last: date | None) -> bool:
        """Have other words or days; False when all is as it was. NameTaken."""
        with transaction.atomic():
            held = take_hold(Campaign.objects.of(self.brand_id), self.pk)
            if (held.name, held.purpose, held.first, held.last) == (name, purpose, first, last):
                return False
            held.name, held.purpose, held.first, held.last = name, purpose, first, last
            keep(held)
            record("campaign_changed", self.brand_id, self, by, campaign=name)
        self.refresh_from_db()
        return True

    def close(self, by: User, closed: bool = True) -> bool:
        """No new post belongs to it, or some may again; False when it was so already."""
        with transaction.atomic():
            rows = Campaign.objects.of(self.brand_id).filter(pk=self.pk, closed__isnull=closed)
            if not rows.update(closed=clock.now() if closed else None):
                return False
            code = "campaign_closed" if closed else "campaign_opened"
            record(code, self.brand_id, self, by, campaign=self.name)
        self.refresh_from_db(fields=["closed"])
        return True
