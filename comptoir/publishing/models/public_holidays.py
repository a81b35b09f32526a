"""Public holidays: those of the countries that a brand chose, with their names as readers say them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.feasts import feasts

if TYPE_CHECKING:
    from comptoir.organisation.models import User

COUNTRIES_MOST = 20


class PublicHolidays(models.Model):
    """Those of one country, which a brand chose.

    place  its code, with that of a part of it where that has days of its own: "FR", "FR-57"
    years  the first and the last year that are here
    days   by ISO date, the names by language; "" is the language of the place
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="public_holidays", db_index=False)
    place = models.CharField(max_length=20)
    upto = models.PositiveSmallIntegerField()
    days = models.JSONField(default=dict)

    objects: ClassVar[BrandManager[PublicHolidays, BrandQuerySet[PublicHolidays]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "place"], name="public_holidays_once")]

    def __str__(self) -> str:
        return self.place

    @classmethod
    def choose(cls, brand: Brand, by: User, places: Collection[str]) -> bool:
        """Have the calendar show the holidays of these places; False when it does. KeyError for one that nothing is
        known of."""
        known = set(cls.objects.of(brand).values_list("place", flat=True))
        if known == set(places):
            return False
        first, upto = _years()
        new = sorted(set(places) - known)
        found = feasts(new, first, upto)
        rows = [cls(brand=brand, place=each, upto=upto, days=found[each]) for each in new]
        with transaction.atomic():
            brand.hold()
            cls.objects.of(brand).exclude(place__in=places).delete()
            cls.objects.bulk_create(rows, ignore_conflicts=True)
            record("holidays_chosen", brand, brand, by, places=", ".join(sorted(places)) or "–")
        return True

    @classmethod
    def look_ahead(cls) -> int:
        """Write down another year where too few are; how many rows. For a job."""
        first, upto = _years()
        rows = list(cls.objects.everywhere().filter(upto__lt=upto))
        found = feasts(sorted({each.place for each in rows}), first, upto) if rows else {}
        for each in rows:
            each.days, each.upto = {**each.days, **found.get(each.place, {})}, upto
        cls.objects.everywhere().bulk_update(rows, ["days", "upto"])
        return len(rows)


def _years() -> tuple[int, int]:
    """The first year that is written down, and the last."""
    year = clock.now().year
    return year - 1, year + 2


def named(rows: Collection[PublicHolidays], day: date, language: str) -> list[tuple[str, list[str]]]:
    """What a day is called, each name with the places where it is one."""
    found: dict[str, list[str]] = {}
    for each in rows:
        if names := each.days.get(day.isoformat()):
            name = names.get(language) or names.get("en") or names[""]
            found.setdefault(name, []).append(each.place)
    return list(found.items())
