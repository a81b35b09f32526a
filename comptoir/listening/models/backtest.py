"""Back-tests: what a query would have found in all that is kept or stored, and in the sample, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.listening.events import BacktestAsked
from comptoir.listening.models.query import Version
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User


class Backtest(models.Model):
    """A version of a query put to what is kept for the brand, the newest first, to what is stored, and to the sample.

    total, looked   how many messages are kept or stored, and how many of them were looked at so far
    since           when the oldest of these was said
    stored          how many of them are stored in files, `stored_matched` of these it is true of; `unread` are in
                    files that could not be read
    matched         how many of these it is true of; `lost` of those that the query has kept it is not true of
    sampled, of     how many messages of the sample it was put to, and for about how many they stand
    sample_matched  how many of these it is true of
    days            how many matched by day, on the brand's clock: {"2026-11-22": 31}
    place, shelf    the activity, and the file, up to which it has come
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="backtests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked = models.DateTimeField(default=clock.now)
    done = models.DateTimeField(null=True)
    place = models.BigIntegerField(null=True)
    total = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    stored = models.PositiveIntegerField(default=0)
    stored_matched = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    shelf = models.BigIntegerField(null=True)
    looked = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    sampled = models.PositiveIntegerField(default=0)
    of = models.PositiveBigIntegerField(default=0)
    sample_matched = models.PositiveIntegerField(default=0)
    days = models.JSONField(default=dict)

    objects: ClassVar[BrandManager[Backtest, BrandQuerySet[Backtest]]] = BrandManager.along(
        "version__query__brand"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(done=None), name="one_backtest_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.looked} of {self.total}"

    @classmethod
    def ask(cls, version: Version, by: User) -> Backtest:
        """Begin one, or find the one that is under way."""
        with transaction.atomic():
            made, new = cls.objects.of(version.query.brand_id).get_or_create(
                version=version, done=None, defaults={"by": by}
            )
            if new:
                record("query_backtested", version.query.brand_id, version.query, by,
                       query=version.query.name, number=version.number)  # fmt: skip
                tell(BacktestAsked(made.pk), lock=f"backtest:{made.pk}")
        return made

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 if self.done else min(99, self.looked * 100 // self.total if self.total else 0)
