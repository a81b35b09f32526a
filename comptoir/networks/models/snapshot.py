"""Public counts at a moment, raw: formulas live in `measurement`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models

from comptoir.kernel import clock
from comptoir.networks.connector import Counts
from comptoir.networks.models.activity import Activity
from comptoir.networks.models.channel import Channel
from comptoir.organisation.models import BrandManager, BrandQuerySet, calendar_of

FIGURES = ("likes", "reposts", "replies", "quotes", "views")


class AccountSnapshot(models.Model):
    """How many followed a channel's account on one day, by its brand's clock: as the network said when it was first
    asked that day, None where it did not say."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="counted", db_index=False)
    day = models.DateField()
    at = models.DateTimeField(default=clock.now)
    followers = models.BigIntegerField(null=True)

    objects: ClassVar[BrandManager[AccountSnapshot, BrandQuerySet[AccountSnapshot]]] = BrandManager.along(
        "channel__brand"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "day"], name="account_snapshot_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} on {self.day}"

    @classmethod
    def is_due(cls, channel: Channel) -> bool:
        """Whether nobody asked today."""
        return not cls.objects.of(channel.brand_id).filter(channel=channel, day=_today(channel)).exists()

    @classmethod
    def keep(cls, channel: Channel, followers: int | None) -> None:
        """Store today's count, if there is none."""
        cls.objects.bulk_create(
            [cls(channel=channel, day=_today(channel), followers=followers)], ignore_conflicts=True
        )


def _today(channel: Channel) -> date:
    return clock.now().astimezone(calendar_of(channel.brand).zone).date()


class Snapshot(models.Model):
    """What a network said of one message's counts at one moment; None where it does not say."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="snapshots")
    at = models.DateTimeField(default=clock.now)
    likes = models.BigIntegerField(null=True)
    reposts = models.BigIntegerField(null=True)
    replies = models.BigIntegerField(null=True)
    quotes = models.BigIntegerField(null=True)
    views = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Snapshot]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["activity", "-at"], name="snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.activity_id} at {self.at}"

    @classmethod
    def keep(cls, counts: Mapping[int, Counts]) -> None:
        """Store the counts of activities, by their id, where they differ from the latest known."""
        known = cls.objects.filter(activity__in=counts).order_by("activity", "-at").distinct("activity")
        latest = {each.activity_id: [getattr(each, name) for name in FIGURES] for each in known}
        fresh = {pk: [getattr(each, name) for name in FIGURES] for pk, each in counts.items()}
        cls.objects.bulk_create(
            cls(activity_id=pk, **dict(zip(FIGURES, figures, strict=True)))
            for pk, figures in fresh.items()
            if latest.get(pk) != figures
        )
