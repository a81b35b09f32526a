"""Corrections: what a person says of a message where a guess said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.networks.events import ReadingCorrected
from comptoir.networks.models.activity import Activity
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TONES = ("positive", "neutral", "negative")
SPAM = ("spam", "ham")


class CorrectionQuerySet(BrandQuerySet["Correction"]):
    def standing(self) -> CorrectionQuerySet:
        """Those that nobody took back."""
        return self.filter(undone_at=None)


class CorrectionManager(BrandManager["Correction", "CorrectionQuerySet"]):
    queryset_class = CorrectionQuerySet


class Correction(models.Model):
    """One thing that somebody said of a message: its tone, its language, or whether it is spam. `was` is what had been
    read. Of several that stand, the newest counts. It holds for the brand whose people said it, wherever they see it.
    """

    class What(models.TextChoices):
        TONE = "tone"
        LANGUAGE = "language"
        SPAM = "spam"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="corrections", db_index=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="corrections")
    what = models.CharField(max_length=8, choices=What.choices)
    value = models.CharField(max_length=16)
    was = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[CorrectionManager] = CorrectionManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return f"{self.what} of {self.activity_id}: {self.value}"

    @classmethod
    def make(
        cls, brand: Brand, activity: Activity, by: User, what: str, value: str, was: str = ""
    ) -> Correction:
        """Say what is true of a message. What was said already stands as it was said. ValueError: there is no such
        value."""
        if not _fits(what, value):
            raise ValueError(value)
        with transaction.atomic():
            brand.hold()
            rows = cls.objects.of(brand).standing().filter(activity=activity, what=what)
            if (before := rows.order_by("-pk").first()) is not None and before.value == value:
                return before
            made = cls.objects.create(
                brand=brand,
                activity=activity,
                by=by,
                what=what,
                value=value,
                was=before.value if before else was,
            )
            record("reading_corrected", brand, activity, by, field=what, value=value, was=made.was)
            tell(ReadingCorrected(brand.pk, activity.pk))
        return made

    def undo(self, by: User | None = None) -> bool:
        """Take it back: what was said before counts again, else what is read. False when that is done already."""
        with transaction.atomic():
            rows = Correction.objects.of(self.brand_id).standing().filter(pk=self.pk)
            if not rows.update(undone_at=clock.now()):
                return False
            record(
                "correction_undone",
                self.brand_id,
                self.activity,
                by or self.by,
                field=self.what,
                value=self.value,
            )
            tell(ReadingCorrected(self.brand_id, self.activity_id))
        return True


def _fits(what: str, value: str) -> bool:
    if what == "tone":
        return value in TONES
    if what == "spam":
        return value in SPAM
    return (
        what == "language"
        and len(value) in (2, 3)
        and value.isascii()
        and value.isalpha()
        and value.islower()
    )
