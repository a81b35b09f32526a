"""Public counts at a moment, raw: formulas live in `measurement`."""

from django.db import models

from comptoir.kernel import clock
from comptoir.networks.models.activity import Activity


class Snapshot(models.Model):
    """What a network said of one message's counts at one moment; None where it does not say."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="snapshots")
    at = models.DateTimeField(default=clock.now)
    likes = models.BigIntegerField(null=True)
    reposts = models.BigIntegerField(null=True)
    replies = models.BigIntegerField(null=True)
    quotes = models.BigIntegerField(null=True)
    views = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["activity", "-at"], name="snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.activity_id} at {self.at}"
