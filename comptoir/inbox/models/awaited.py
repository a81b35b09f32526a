"""What a thread is waited for: by when, for what, and how much hangs on it."""

from __future__ import annotations

from typing import Any

from django.db import models

from comptoir.inbox.models.due import count_down


class Lateness(models.IntegerChoices):
    """How near a thread is to missing its target, or by how far it did."""

    IN_TIME = 0
    SOON = 1
    LATE = 2
    ESCALATED = 3


class Awaited(models.Model):
    """The part of a thread that says by when something has to be done about it.

    `due_at` is when a target is missed, None while none runs; `due_for` is which one. `rings_at` is when the next word
    is to be said about that, and `lateness` what the last one said. `reach` counts the digits of how many follow the
    person, from ten thousand on: 0 for fewer.
    """

    class For(models.TextChoices):
        FIRST = "first"
        NEXT = "next"
        RESOLUTION = "resolution"

    due_at = models.DateTimeField(null=True)
    due_for = models.CharField(max_length=10, blank=True, choices=For.choices, db_default="", default="")
    rings_at = models.DateTimeField(null=True)
    lateness = models.SmallIntegerField(choices=Lateness.choices, db_default=0, default=0)
    reach = models.SmallIntegerField(db_default=0, default=0)

    pk: Any

    class Meta:
        abstract = True

    def _count_down(self) -> None:
        """Something changed that its due time hangs on."""
        due = count_down([self.pk]).get(self.pk)
        self.due_at, self.due_for = (due.at, due.what) if due else (None, "")
