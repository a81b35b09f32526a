"""Feeds of the calendar: a secret address by which a person's own calendar program reads a brand's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.organisation.models.tokens import digest, fresh

if TYPE_CHECKING:
    from comptoir.organisation.models import User

NOTED_EVERY = timedelta(hours=1)
"""When a feed was last read is written down this often, not at each request."""


class CalendarFeed(models.Model):
    """What opens one brand's calendar to one person's program. The address is shown once; its hash is what is kept."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="calendar_feeds", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=clock.now)
    read = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[CalendarFeed, BrandQuerySet[CalendarFeed]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "user"], name="calendar_feed_once")]

    def __str__(self) -> str:
        return f"calendar of {self.brand_id} for {self.user_id}"

    @classmethod
    def make(cls, brand: Brand, user: User) -> str:
        """The address of a new one; the one before opens nothing any more."""
        token, kept = fresh()
        with transaction.atomic():
            cls.objects.of(brand).update_or_create(
                brand=brand, user=user, defaults={"digest": kept, "made": clock.now(), "read": None}
            )
            record("calendar_feed_made", brand, brand, user)
        return f"{settings.PUBLIC_URL}{reverse('calendar-feed', args=[token])}"

    @classmethod
    def end(cls, brand: Brand, user: User) -> bool:
        """Have the address open nothing any more; False where there was none."""
        with transaction.atomic():
            gone, _by_kind = cls.objects.of(brand).filter(user=user).delete()
            if gone:
                record("calendar_feed_ended", brand, brand, user)
        return bool(gone)

    @classmethod
    def behind(cls, token: str) -> CalendarFeed | None:
        """What an address opens: nothing where it is unknown or ended, or its person or brand is gone."""
        rows = cls.objects.everywhere().filter(digest=digest(token), user__is_active=True)
        found = rows.filter(brand__archived_at=None).select_related("brand", "user").first()
        if found and (found.read is None or found.read < clock.now() - NOTED_EVERY):
            rows.update(read=clock.now())
        return found
