"""Where a thread stands: new, open, waiting for somebody or for a moment, closed; and how it moves between these."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction

from comptoir.inbox.telling import tell_awake, tell_followers
from comptoir.kernel import clock
from comptoir.kernel.acting import acting
from comptoir.kernel.live import nudge
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Closure
    from comptoir.organisation.models import User

LONGEST = timedelta(days=366)
"""The furthest that a thread is put off."""


class Priority(models.IntegerChoices):
    LOW = -1
    NORMAL = 0
    HIGH = 1
    URGENT = 2


class Waits(models.TextChoices):
    """What a thread that is set aside waits for."""

    PERSON = "person"
    COLLEAGUE = "colleague"
    MOMENT = "moment"


def state_of(closed: bool, waits: str, handled: bool) -> str:
    """Where a thread stands, in one word: new, open, person, colleague, moment or closed."""
    if closed:
        return "closed"
    return waits or ("open" if handled else "new")


class Standing(models.Model):
    """The part of a thread that says where it stands.

    `fields` are the values of the brand's own fields, by their numbers: see `custom`.
    `handled` when a colleague has done something about it. `waits` is "" unless it is set aside, and `wakes_at` when it
    comes back by itself.
    """

    closed_at = models.DateTimeField(null=True)
    waits = models.CharField(max_length=9, blank=True, choices=Waits.choices, db_default="", default="")
    wakes_at = models.DateTimeField(null=True)
    handled = models.BooleanField(db_default=False, default=False)
    priority = models.SmallIntegerField(choices=Priority.choices, db_default=0, default=0)
    fields = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    objects: ClassVar[Any]
    brand_id: int
    _count_down: Any

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and not self.waits

    @property
    def state(self) -> str:
        """See `state_of`."""
        return state_of(self.closed_at is not None, self.waits, self.handled)

    def close(self, by: User | None) -> Closure | None:
        """Close it; None when it was closed already."""
        from comptoir.inbox.models.acts import Closure, Pause

        now = clock.now()
        with transaction.atomic():
            still_open = self._rows().filter(closed_at=None)
            if not still_open.update(closed_at=now, waits="", wakes_at=None, handled=True):
                return None
            Pause.objects.filter(thread=self.pk, ended_at=None).update(ended_at=now, ended_by=by)
            closure = Closure.objects.create(thread_id=self.pk, by=by, at=now)
            record("closed", self.brand_id, self, by)
            self._moved("thread.closed", by, closed_at=now, waits="", wakes_at=None, handled=True)
        return closure

    def reopen(self, by: User | None) -> bool:
        """Open it again; False when it was not closed."""
        from comptoir.inbox.models.acts import Closure

        with transaction.atomic():
            shut = self._rows().filter(closed_at__isnull=False, merged_into=None)
            if not shut.update(closed_at=None, offered=False):
                return False
            again = {"reopened_at": clock.now(), "reopened_by": by}
            Closure.objects.filter(thread=self.pk, reopened_at=None).update(**again)
            record("reopened", self.brand_id, self, by)
            self._moved("thread.reopened", by, closed_at=None)
        return True

    def pause(self, waits: str, by: User, until: datetime | None = None) -> bool:
        """Set it aside until the person answers, a colleague does, or a moment comes; at `until` at the latest.

        Whatever comes in takes it up again. False when it is closed; ValueError("until") when the moment is past, too
        far, or missing where it is all that is waited for.
        """
        from comptoir.inbox.models.acts import Pause

        now = clock.now()
        if (until is None and waits == Waits.MOMENT) or (until and not now < until <= now + LONGEST):
            raise ValueError("until")
        with transaction.atomic():
            if not self._rows().filter(closed_at=None).update(waits=waits, wakes_at=until, handled=True):
                return False
            Pause.objects.filter(thread=self.pk, ended_at=None).update(ended_at=now, ended_by=by)
            Pause.objects.create(thread_id=self.pk, waits=waits, until=until, by=by, created=now)
            at = until.isoformat(timespec="minutes") if until else None
            record(_PAUSED[waits], self.brand_id, self, by, until=at)
            self._moved("thread.paused", by, waits=waits, wakes_at=until, handled=True)
        return True

    def resume(self, by: User | None) -> bool:
        """Take it up again; False when it was not set aside."""
        from comptoir.inbox.models.acts import Pause

        with transaction.atomic():
            if not self._rows().exclude(waits="").update(waits="", wakes_at=None):
                return False
            Pause.objects.filter(thread=self.pk, ended_at=None).update(ended_at=clock.now(), ended_by=by)
            record("resumed", self.brand_id, self, by)
            self._moved("thread.reopened", by, waits="", wakes_at=None)
        return True

    def prioritise(self, priority: int, by: User | None) -> int:
        """Say how much it presses; what it was before."""
        with transaction.atomic():
            held = self._rows().select_for_update().get()
            before: int = held.priority
            if before != priority:
                changes = {"priority": priority, "handled": held.handled or not acting().rule}
                self._rows().update(**changes)
                record("prioritised", self.brand_id, self, by, priority=Priority(priority).name.lower())
                self._moved("thread.prioritised", by, **changes)
        return before

    def _rows(self) -> Any:
        return type(self).objects.of(self.brand_id).filter(pk=self.pk)

    def _moved(self, kind: str, by: User | None, **changes: Any) -> None:
        """It stands elsewhere now: this object is told, and everybody else."""
        for name, value in changes.items():
            setattr(self, name, value)
        if kind != "thread.prioritised":
            self._count_down()
        self.spread(kind, by)

    def spread(self, kind: str, by: User | None, **facts: Any) -> None:
        """What somebody did with it: programs are told, those who follow it, and open pages."""
        self._announce(kind, by, **facts)
        tell_followers(self, by)
        nudge(self.brand_id, [self.pk])

    def _announce(self, kind: str, by: User | None, **facts: Any) -> None:
        announce(self.brand_id, kind, threads=[self.pk], by=by.pk if by else None, **facts)


_PAUSED = {"person": "paused_person", "colleague": "paused_colleague", "moment": "paused_moment"}


def wake(most: int = 500) -> int:
    """Take up again what was set aside until now, and tell those who did so; how many."""
    from comptoir.inbox.models.acts import Pause
    from comptoir.inbox.models.thread import Thread

    with transaction.atomic():
        due = Thread.objects.everywhere().filter(wakes_at__lte=clock.now(), closed_at=None)
        threads = list(due.select_for_update(skip_locked=True).order_by("wakes_at")[:most])
        pauses = Pause.objects.filter(thread__in=threads, ended_at=None).select_related("thread__channel")
        tell_awake(list(pauses))
        for thread in threads:
            thread.resume(None)
    return len(threads)
