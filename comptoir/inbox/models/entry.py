"""What is in a thread, and up to where each colleague has read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from comptoir.inbox.models.thread import Thread
from comptoir.networks.models import Activity


class Entry(models.Model):
    """An activity's place in a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="entries", db_index=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="entries", db_index=False)
    own = models.BooleanField(default=False)
    addressed = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "thread"], name="entry_once")]
        indexes = [models.Index(fields=["thread", "at", "id"], name="entry_order")]

    def __str__(self) -> str:
        return f"{self.activity_id} in {self.thread_id}"


class Reading(models.Model):
    """When a user last looked at a thread."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.thread_id}"
