"""A notice on its way to a person."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models.notice import Notice

ABANDONED = timedelta(minutes=2)
"""How long a dispatch may be `sending` before it counts as left by a worker that died, and is sent again."""
MOST_TRIES = 6
AT_ONCE = 500


class Reach(models.Model):
    """A notice that a person is told of. `seen_at`: when they met it on the page."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reaches", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Reach]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="reaches_of_user"),
            models.Index(fields=["user"], condition=models.Q(seen_at=None), name="reaches_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.user_id}"


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    """Dispatches in numbers."""

    def claim(self) -> list[Dispatch]:
        """Take what is due, waiting > sending: each goes to one worker. What a dead worker left is taken again."""
        now = clock.now()
        left = models.Q(state="sending", claimed_at__lte=now - ABANDONED)
        due = self.filter(models.Q(state="waiting", due__lte=now) | left).order_by("due", "pk")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
        self.filter(pk__in=ids).update(state="sending", claimed_at=now, tries=models.F("tries") + 1)
        rows = self.filter(pk__in=ids).select_related("reach__user", "reach__notice__brand")
        return list(rows.order_by("pk"))


class Dispatch(models.Model):
    """One way by which a notice is told: waiting > sending > sent | failed | dropped (seen, settled or gone before)."""

    STATES = ("waiting", "sending", "sent", "failed", "dropped")

    reach = models.ForeignKey(Reach, on_delete=models.CASCADE, related_name="dispatches", db_index=False)
    way = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="waiting", choices=[(s, s) for s in STATES])
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Dispatch]] = models.Manager.from_queryset(DispatchQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "way"], name="dispatched_once_a_way"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending", "sent", "failed", "dropped"]),
                name="dispatch_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due"], condition=models.Q(state__in=["waiting", "sending"]), name="dispatch_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.state}"
