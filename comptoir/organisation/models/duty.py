"""The duty list of a brand: who is called, when, in which place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.organisation import audit
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.notice import Notice
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet
from comptoir.organisation.rota import DAY, Pattern, watch_at

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

MOST = 200
"""Shifts of one brand."""
LONGEST = 31 * DAY
"""Minutes that a shift of a date may last; one of every week a day."""


class TooManyShifts(Exception):
    """The brand has as many as one may have."""


class Place(models.IntegerChoices):
    """In which order people are called."""

    FIRST = 1, _("First")
    SECOND = 2, _("Second")
    THIRD = 3, _("Third")


class ShiftQuerySet(BrandQuerySet["Shift"]):
    def patterns(self, brand: Brand) -> list[Pattern]:
        """These, as far as their people may answer for the brand today, for `organisation.rota` to lay out."""
        rows = self.filter(user__in=brand.answerers()).order_by("pk")
        return [Pattern(*row) for row in rows.values_list(*_PATTERN)]


_PATTERN = ("pk", "place", "user", "weekday", "day", "begins", "lasts")


class ShiftManager(BrandManager["Shift", "ShiftQuerySet"]):
    queryset_class = ShiftQuerySet


class Shift(models.Model):
    """Somebody is on duty: on a `weekday` (0 is Monday) of every week, or once from a `day` on.

    `begins` and `lasts` are minutes on the clock of the brand's time zone. The lower the `place`, the sooner they are
    called.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(choices=Place.choices, default=Place.FIRST)
    weekday = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True)
    begins = models.PositiveSmallIntegerField()
    lasts = models.PositiveIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[ShiftManager] = ShiftManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, day__isnull=False)
                | Q(weekday__range=(0, 6), day__isnull=True),
                name="shift_of_a_week_or_a_date",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, 3), begins__lt=DAY, lasts__range=(1, LONGEST)),
                name="shift_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"shift {self.pk}"

    @classmethod
    def weekly(
        cls, brand: Brand, user: User, place: int, weekdays: Iterable[int], begins: int, ends: int, by: User
    ) -> list[Shift]:
        """On these days of every week, from one minute of the day to another: of the next day when it is not later."""
        lasts = ends - begins if ends > begins else ends + DAY - begins
        made = [
            cls(brand=brand, user=user, place=place, weekday=day, begins=begins, lasts=lasts, made_by=by)
            for day in sorted(set(weekdays))
        ]
        return cls._kept(brand, made, by)

    @classmethod
    def dated(cls, brand: Brand, user: User, place: int, begins: datetime, ends: datetime, by: User) -> Shift:
        """Once, between two times on the wall (naive), instead of whoever has the place then. ValueError("until") when
        the end is not later, or more than a month later."""
        lasts = (ends - begins) // timedelta(minutes=1)
        if not 1 <= lasts <= LONGEST:
            raise ValueError("until")
        made = cls(
            brand=brand, user=user, place=place, day=begins.date(),
            begins=begins.hour * 60 + begins.minute, lasts=lasts, made_by=by,
        )  # fmt: skip
        return cls._kept(brand, [made], by)[0]

    @classmethod
    def _kept(cls, brand: Brand, shifts: list[Shift], by: User) -> list[Shift]:
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() + len(shifts) > MOST:
                raise TooManyShifts
            for shift in shifts:
                shift.save()
            audit.record_each("shift_made", brand, shifts, by, member=str(shifts[0].user))
            if (user := shifts[0].user) != by:
                Notice.post(brand.pk, "duty_given", "duty", user.pk, by=str(by))
        return shifts

    def remove(self, by: User) -> None:
        """It is nobody's any more."""
        with transaction.atomic():
            audit.record("shift_removed", self.brand_id, self, by, member=str(self.user))
            if self.user != by:
                Notice.post(self.brand_id, "duty_given", "duty", self.user_id, by=str(by))
            self.delete()


def on_duty(brand: Brand, at: datetime | None = None) -> list[User]:
    """Who is on duty, in the order in which they are called."""
    from comptoir.organisation.models.user import User

    patterns = Shift.objects.of(brand).patterns(brand)
    people = watch_at(patterns, brand.zone, at or clock.now()).people
    found = User.objects.in_bulk(people)
    return [found[pk] for pk in people]
