"""Public counts at a moment, raw: formulas live in `measurement`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from comptoir.kernel import clock
from comptoir.networks.connector import Counts
from comptoir.networks.models.activity import Activity

FIGURES = ("likes", "reposts", "replies", "quotes", "views")


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
