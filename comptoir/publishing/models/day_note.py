"""What people write on days of the calendar: a note, an event, a time that something lasts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TITLE_MOST = 80
TEXT_MOST = 2_000
LONGEST = timedelta(days=366)
KEPT = timedelta(days=7)
"""How long a removed one can be brought back."""


class DayNoteQuerySet(BrandQuerySet["DayNote"]):
    def there(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed=None)

    def between(self, first: date, last: date) -> Self:
        """Those on any of these days, the longest of a day at its top."""
        return self.there().filter(first__lte=last, last__gte=first).order_by("first", "-last", "pk")

    def over(self) -> Self:
        """Those that were removed so long ago that they do not come back."""
        return self.filter(removed__lt=clock.now() - KEPT)


class DayNoteManager(BrandManager["DayNote", "DayNoteQuerySet"]):
    queryset_class = DayNoteQuerySet


@dataclass(frozen=True, slots=True)
class Noted:
    """What a note says: on the days from `first` to `last`."""

    first: date
    last: date
    title: str
    text: str = ""
    colour: str = "grey"


class DayNote(models.Model):
    """Something that colleagues should know of some days, from `first` to `last`. Nobody outside reads it."""

    class Colour(models.TextChoices):
        GREY = "grey", _("Grey")
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        YELLOW = "yellow", _("Yellow")
        RED = "red", _("Red")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="day_notes", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    title = models.CharField(max_length=TITLE_MOST)
    text = models.TextField(blank=True)
    colour = models.CharField(max_length=6, choices=Colour.choices, default=Colour.GREY)
    changed = models.DateTimeField(default=clock.now)
    removed = models.DateTimeField(null=True)

    objects: ClassVar[DayNoteManager] = DayNoteManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="day_note_takes_time"),
            models.CheckConstraint(condition=~Q(title=""), name="day_note_says_something"),
        ]
        indexes = [models.Index(fields=["brand", "last"], name="day_note_of_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def noted(self) -> Noted:
        """What it says."""
        return Noted(self.first, self.last, self.title, self.text, self.colour)

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days among these."""
        begins, ends = max(self.first, first), min(self.last, last)
        for n in range((ends - begins).days + 1):
            yield begins + timedelta(days=n)

    @classmethod
    def make(cls, brand: Brand, by: User, noted: Noted) -> DayNote:
        """Write one."""
        with transaction.atomic():
            made = cls.objects.create(
                brand=brand, by=by, first=noted.first, last=noted.last, title=noted.title, text=noted.text,
                colour=noted.colour,
            )  # fmt: skip
            made._told("day_note_made", by)
        return made

    def settle(self, by: User, noted: Noted) -> bool:
        """Have it say this; False when it did already."""
        with transaction.atomic():
            held = take_hold(DayNote.objects.of(self.brand_id).there(), self.pk)
            if held.noted == noted:
                return False
            held.first, held.last, held.title = noted.first, noted.last, noted.title
            held.text, held.colour, held.changed = noted.text, noted.colour, clock.now()
            keep(held)
            held._told("day_note_changed", by)
        self.refresh_from_db()
        return True

    def remove(self, by: User) -> bool:
        """Take it off the calendar; False where it was off already. It can be brought back for `KEPT`."""
        with transaction.atomic():
            rows = DayNote.objects.of(self.brand_id).there().filter(pk=self.pk)
            if not rows.update(removed=clock.now()):
                return False
            self._told("day_note_removed", by)
        return True

    def bring_back(self, by: User) -> bool:
        """Undo its removal; False where it stands there."""
        with transaction.atomic():
            rows = DayNote.objects.of(self.brand_id).filter(pk=self.pk, removed__isnull=False)
            if not rows.update(removed=None):
                return False
            self._told("day_note_back", by)
        return True

    def _told(self, code: str, by: User) -> None:
        record(code, self.brand_id, self, by, note=self.title, day=str(self.first))
        nudge(self.brand_id, what="posts")
