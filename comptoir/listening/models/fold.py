"""Folds: what says almost the same, shown once, by whoever said it first, with how many there are."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from comptoir.kernel import clock
from comptoir.listening.models.query import Query
from comptoir.organisation.models import BrandManager, BrandQuerySet

KNOWN = timedelta(days=7)
"""For so long after it was last heard something is kept in mind, to find what says the same."""


class FoldQuerySet(BrandQuerySet["Fold"]):
    brand_path = "query__brand"


class FoldManager(BrandManager["Fold", "FoldQuerySet"]):
    queryset_class = FoldQuerySet


class Fold(models.Model):
    """Mentions of a query that say almost the same; `size` is how many.

    The one that was said first, and is no spam, is shown; the others are repeats, in whatever order they came. When it
    goes, the next is shown: a trigger sees to it, and to the size. `spam`: what a person said all of it is.
    """

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="folds")
    size = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=clock.now)
    spam = models.BooleanField(null=True)

    objects: ClassVar[FoldManager] = FoldManager()

    def __str__(self) -> str:
        return f"fold {self.pk}"


class Print(models.Model):
    """What near-copies of a mention are found by: the hashes that they are likely to share, and its fold once it has
    company. Kept of whatever may still be repeated; a trigger has it go with its mention."""

    mention = models.BigIntegerField(primary_key=True)
    fold = models.BigIntegerField(null=True)
    bands = ArrayField(models.BigIntegerField())
    heard = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Print]] = models.Manager()

    class Meta:
        indexes = [
            GinIndex(fields=["bands"], name="print_found"),
            models.Index(fields=["fold"], condition=models.Q(fold__isnull=False), name="print_folded"),
            models.Index(fields=["heard"], name="print_lately"),
        ]

    def __str__(self) -> str:
        return f"print of {self.mention}"
