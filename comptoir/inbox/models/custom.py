"""Fields of a brand's own: what its people note of a thread besides its tags. Values are kept on the thread's row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.models.sorting import FOLDED_MOST
from comptoir.inbox.models.thread import Thread
from comptoir.inbox.models.variables import FIELD, has_own
from comptoir.kernel.asking import ask
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep
from comptoir.reading.folding import fold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

MOST = 30
"""Fields of one brand."""
TEXT_MOST = 300
CHOICES_MOST = 100


class TooManyFields(Exception):
    """The brand has as many as one may have."""


class CustomField(models.Model):
    """One field. `folded` is its name for comparing; a thread without the `required` ones is not closed by hand."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice")
        DATE = "date", _("Date")
        YESNO = "yesno", _("Yes or no")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="fields", db_index=False)
    name = models.CharField(max_length=40)
    folded = models.CharField(max_length=FOLDED_MOST)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    choices = ArrayField(models.CharField(max_length=60), default=list)
    place = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=False)

    objects: ClassVar[BrandManager[CustomField, BrandQuerySet[CustomField]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "folded"], name="custom_field_once")]
        ordering: ClassVar[list[str]] = ["place", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def called(cls, brand: Brand, name: str) -> CustomField:
        """The brand's field of this name, however it is written. CustomField.DoesNotExist for none."""
        return cls.objects.of(brand).get(folded=fold(name).strip())

    @classmethod
    def make(cls, brand: Brand, by: User, **given: Any) -> CustomField:
        """A new field. ValueError for a name without letters or a choice of nothing; NameTaken, TooManyFields."""
        field = cls(brand=brand, **given)
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= MOST:
                raise TooManyFields
            field._keep()
            record("field_made", brand, field, by, field=field.name)
        return field

    def change(self, by: User, **given: Any) -> None:
        """Another name, place or choices. Its kind stays, and so do values that are no choice any more. Saved replies
        with its variable have it under the new name."""
        from comptoir.inbox.models.saved import rename_field

        before = self.folded
        for name in ("name", "choices", "place", "required"):
            setattr(self, name, given.get(name, getattr(self, name)))
        with transaction.atomic():
            self._keep()
            if self.folded != before:
                rename_field(self.brand_id, before, self.name)
            record("field_changed", self.brand_id, self, by, field=self.name)

    def _keep(self) -> None:
        # Queries ask for it with "=", saved replies name it between braces.
        self.name = " ".join(self.name.translate(_SIGNS).split())
        self.folded = fold(self.name).strip()
        if not any(letter.isalnum() for letter in self.name) or len(self.folded) > FOLDED_MOST:
            raise ValueError("name")
        if self.kind == self.Kind.CHOICE and not self.choices:
            raise ValueError("choices")
        keep(self)

    def count(self) -> int:
        """How many threads have a value of it."""
        return Thread.objects.of(self.brand_id).filter(fields__has_key=str(self.pk)).count()

    def remove(self, by: User) -> int:
        """It is gone, with its values; of how many threads."""
        with transaction.atomic():
            gone = len(ask(_DROP, {"brand": self.brand_id, "key": str(self.pk)}))
            record("field_removed", self.brand_id, self, by, field=self.name, count=gone)
            self.delete()
        return gone

    def value_of(self, given: Any) -> Any:
        """What somebody gave, as it is kept; None for nothing. ValueError or KeyError when it will not do."""
        text = str(given).replace("\x00", "").strip() if given is not None else ""
        if not text:
            return None
        match self.kind:
            case self.Kind.NUMBER:
                number = float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
                if not isfinite(number) or abs(number) >= 1e15:
                    raise ValueError("number")
                return int(number) if number.is_integer() else number
            case self.Kind.CHOICE:
                return {fold(each): each for each in self.choices}[fold(text)]
            case self.Kind.DATE:
                return date.fromisoformat(text).isoformat()
            case self.Kind.YESNO:
                return _TRUTHS[text.lower()]
        if len(text) > TEXT_MOST:
            raise ValueError("text")
        return " ".join(text.split())


_SIGNS = str.maketrans("={}", "   ")
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}
_DROP = """
UPDATE inbox_thread SET fields = fields - %(key)s::text WHERE brand_id = %(brand)s AND fields ? %(key)s::text
RETURNING id
"""
_SET = """
UPDATE inbox_thread SET fields = (fields || %(values)s::jsonb) - %(gone)s::text[], handled = true
WHERE id = %(thread)s AND brand_id = %(brand)s
RETURNING fields
"""


def fill(thread: Thread, values: dict[CustomField, Any], by: User | None) -> list[str]:
    """Give a thread these values, None for none; the names of the fields that changed. Others stay as they are."""
    with transaction.atomic():
        now = (
            Thread.objects.of(thread.brand_id)
            .select_for_update()
            .values_list("fields", flat=True)
            .get(pk=thread.pk)
        )
        changed = {field: value for field, value in values.items() if now.get(str(field.pk)) != value}
        if not changed:
            return []
        kept = {str(field.pk): value for field, value in changed.items() if value is not None}
        gone = [str(field.pk) for field, value in changed.items() if value is None]
        given = {"values": json.dumps(kept), "gone": gone, "thread": thread.pk, "brand": thread.brand_id}
        ((thread.fields,),) = ask(_SET, given)
        thread.handled = True
        for field in changed:
            record("field_filled", thread.brand_id, thread, by, field=field.name)
        names = [field.name for field in changed]
        thread.spread("thread.filled", by, fields=names)
    return names


def missing(thread: Thread) -> list[str]:
    """The fields that a thread needs before it is closed and does not have."""
    asked: Iterable[CustomField] = CustomField.objects.of(thread.brand_id).filter(required=True)
    return [field.name for field in asked if str(field.pk) not in thread.fields]


def by_name(brand_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Values by the names of their fields, in the brand's order."""
    if not fields:
        return {}
    known = CustomField.objects.of(brand_id).filter(pk__in=[int(key) for key in fields])
    return {field.name: fields[str(field.pk)] for field in known}


def words_of(kind: str, value: Any) -> str:
    """A value as people read it, in the language of the moment; "" for none."""
    if value is None:
        return ""
    match kind:
        case CustomField.Kind.YESNO:
            return gettext("Yes") if value else gettext("No")
        case CustomField.Kind.DATE:
            return date_format(date.fromisoformat(str(value)), gettext("j M Y"))
        case CustomField.Kind.NUMBER:
            return str(number_format(value, force_grouping=True))
    return str(value)


def fields_for(brand_id: int, texts: Iterable[str]) -> list[CustomField]:
    """The brand's own fields, where one of these texts has a variable of one."""
    return list(CustomField.objects.of(brand_id)) if has_own(texts) else []


def variables_of(known: Iterable[CustomField], fields: dict[str, Any]) -> dict[str, str]:
    """What fills the variables of these fields for a thread with these values, in the language of the moment."""
    return {FIELD + each.folded: _within(each.kind, fields.get(str(each.pk))) for each in known}


def day_words(day: date) -> str:
    """A day within a sentence, in the language of the moment."""
    written = "j F Y" if (get_language() or "").partition("-")[0] in ("en", "fr") else "DATE_FORMAT"
    return date_format(day, written)


def _within(kind: str, value: Any) -> str:
    """A value within a sentence: yes and no in small letters, in whichever language the framework knows."""
    if kind == CustomField.Kind.YESNO and value is not None:
        return gettext("yes,no,maybe").lower().split(",")[0 if value else 1]
    if kind == CustomField.Kind.DATE and value is not None:
        return day_words(date.fromisoformat(str(value)))
    return words_of(kind, value)
