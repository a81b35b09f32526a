"""When a brand's counter is open: weekly hours, a time zone, days off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.organisation import audit
from comptoir.organisation.events import HoursChanged
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.keeping import NameTaken, keep
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet
from comptoir.organisation.opening import OFFICE, Calendar, Week

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


class DayOff(NamedTuple):
    """A day on which the counter stays shut, and why ("" for no word)."""

    day: date
    name: str = ""


class HoursQuerySet(BrandQuerySet["Hours"]):
    def usual(self) -> Hours | None:
        """The brand's own hours."""
        return self.filter(name="").first()

    def named(self) -> HoursQuerySet:
        """Those beside them, by name."""
        return self.exclude(name="").order_by("name", "pk")


class HoursManager(BrandManager["Hours", "HoursQuerySet"]):
    queryset_class = HoursQuerySet


class Hours(models.Model):
    """Hours of a brand. Those named "" are its own; others may be named beside them, for a queue or a country.

    `week` holds seven lists, Monday first, of [from, to] in minutes of the day; `days_off` pairs of an ISO date and a
    name.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="hours", db_index=False)
    name = models.CharField(max_length=60, blank=True, default="")
    zone = models.CharField(max_length=60)
    week = models.JSONField()
    days_off = models.JSONField(default=list)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[HoursManager] = HoursManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="hours_once")]

    def __str__(self) -> str:
        return self.name or f"hours of {self.brand_id}"

    @property
    def off(self) -> list[DayOff]:
        """The days off, in order."""
        return [DayOff(date.fromisoformat(day), name) for day, name in self.days_off]

    def calendar(self) -> Calendar:
        """What counts by them."""
        week = tuple(tuple((opens, shuts) for opens, shuts in day) for day in self.week)
        return Calendar(ZoneInfo(self.zone), week, frozenset(each.day for each in self.off))

    @classmethod
    def settle(
        cls, brand: Brand, zone: str, week: Week, off: Sequence[DayOff], by: User, name: str = ""
    ) -> bool:
        """Give the brand its own hours, or those of a name; False when all is as it was. What counted by the old ones
        is told.
        """
        with transaction.atomic():
            brand.hold()
            found = cls.objects.of(brand).filter(name=name).first() or cls(brand=brand, name=name)
            return found.change(name, zone, week, off, by)

    def change(self, name: str, zone: str, week: Week, off: Sequence[DayOff], by: User) -> bool:
        """Have these hours be others; False when all is as it was. NameTaken when others of the brand have the name."""
        kept: dict[str, Any] = {
            "name": name,
            "zone": zone,
            "week": [[list(span) for span in day] for day in week],
            "days_off": [[each.day.isoformat(), each.name] for each in sorted(set(off))],
        }
        if self.pk and all(getattr(self, key) == value for key, value in kept.items()):
            return False
        with transaction.atomic():
            self.brand.hold()
            if type(self).objects.of(self.brand_id).filter(name=name).exclude(pk=self.pk).exists():
                raise NameTaken
            for key, value in (kept | {"changed_by": by, "changed_at": clock.now()}).items():
                setattr(self, key, value)
            keep(self)
            if name:
                audit.record("other_hours_settled", self.brand_id, self, by, hours=name, zone=zone)
            else:
                audit.record("hours_settled", self.brand_id, self.brand, by, zone=zone)
            tell(HoursChanged(self.brand_id, usual=not name))
        return True

    def remove(self, by: User) -> None:
        """There are no such hours any more: what counted by them counts by the brand's own."""
        with transaction.atomic():
            audit.record("other_hours_removed", self.brand_id, self, by, hours=self.name)
            tell(HoursChanged(self.brand_id, usual=False))
            self.delete()


def calendar_of(brand: Brand) -> Calendar:
    """The calendar that a brand counts business hours by: its own hours, else those of an office."""
    return calendar_by(Hours.objects.of(brand).usual(), brand.time_zone)


def calendar_by(own: Hours | None, zone: str) -> Calendar:
    """The calendar of these hours; without any, Monday to Friday, nine to six, in this zone or the house's."""
    return own.calendar() if own else Calendar(ZoneInfo(zone or settings.TIME_ZONE), OFFICE)
