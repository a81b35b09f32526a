"""By which clock times are meant on a channel."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from django.db import models

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

WARN_DAYS, WARN_MOST = 3, 60


class Timetable(models.Model):
    """When things leave a channel by themselves. `zone` is an IANA name, "" for the brand's own.

    warn_days  a queue that is filled for fewer days warns, 0 for never
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="timetable")
    zone = models.CharField(max_length=60, blank=True)
    warn_days = models.PositiveSmallIntegerField(default=WARN_DAYS, db_default=WARN_DAYS)

    objects: ClassVar[BrandManager[Timetable, BrandQuerySet[Timetable]]] = BrandManager.along(
        "channel__brand"
    )

    def __str__(self) -> str:
        return f"timetable of {self.channel_id}"

    @classmethod
    def zone_of(cls, channel: Channel, brand: Brand) -> tzinfo:
        """A channel's own clock."""
        own = getattr(channel, "timetable", None)
        return clock.zone_of(own.zone if own else "", brand.time_zone)
