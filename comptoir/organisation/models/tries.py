"""How often something was tried at an account, and from where; whoever tries too often waits longer and longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction

from comptoir.kernel import clock

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""What follows each try once the free ones are used up; the last one for all further."""
FORGOTTEN = timedelta(hours=3)
"""After so long without a try the count begins anew."""


class Tries(models.Model):
    """Tries at one account from one place. Both are digests: an address that was mistyped is not kept.

    A try is counted before it is judged, so that many at once cannot slip through together.
    """

    account = models.CharField(max_length=64)
    place = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(default=clock.now, db_index=True)
    until = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Tries]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "place"], name="tries_once_a_place")]

    def __str__(self) -> str:
        return f"{self.count} tries until {self.until}"

    @classmethod
    def take(cls, account: str, place: str, free: int) -> datetime | None:
        """Count one more try, of which `free` are without a wait after them. When to come back, if it is too early."""
        now = clock.now()
        with transaction.atomic():
            tries, new = cls.objects.select_for_update().get_or_create(account=account, place=place)
            if tries.until > now and not new:
                return tries.until
            if tries.last < now - FORGOTTEN:
                tries.count = 0
            tries.count, tries.last, tries.until = tries.count + 1, now, now
            if tries.count >= free:
                tries.until += WAITS[min(tries.count - free, len(WAITS) - 1)]
            tries.save()
        return None

    @classmethod
    def give_back(cls, account: str, place: str) -> None:
        """The last try was right: it does not count. The ones before it stay."""
        mine = cls.objects.filter(account=account, place=place, count__gt=0)
        mine.update(count=models.F("count") - 1, until=clock.now())

    @classmethod
    def forget(cls, account: str, place: str = "") -> None:
        """Begin anew, from one place or from all of them."""
        cls.objects.filter(account=account, **({"place": place} if place else {})).delete()

    @classmethod
    def clear_old(cls) -> None:
        """Drop what says nothing any more."""
        cls.objects.filter(last__lt=clock.now() - FORGOTTEN - WAITS[-1]).delete()
