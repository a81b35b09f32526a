"""Calling the one on duty: one person after the other, until somebody takes it."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.organisation import audit
from comptoir.organisation.announcing import announce
from comptoir.organisation.events import AlarmMoved
from comptoir.organisation.models.brand import Brand, Role
from comptoir.organisation.models.duty import on_duty
from comptoir.organisation.models.notice import Draft, Notice
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet
from comptoir.organisation.models.user import User
from comptoir.organisation.topics import CALLS

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTE_MOST = 300
OVER = timedelta(hours=24)
"""After so long nobody new is called; it stays open until somebody takes it."""


class Alarm(models.Model):
    """Something needs the one on duty. Who was called when are its `calls`; who took it and when stands on it.

    `reason` names a sentence of `topics.CALLS`, `facts` fill it, `about` says what it concerns ("thread:12", "late" for
    all that is): one open alarm for each. `next_at` is when the next one is called, None once nobody will be any more.
    Acknowledged by nobody: it was over by itself.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="alarms", db_index=False)
    reason = models.CharField(max_length=20)
    about = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict)
    note = models.CharField(max_length=NOTE_MOST, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    next_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[BrandManager[Alarm, BrandQuerySet[Alarm]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "about"],
                condition=Q(acknowledged_at__isnull=True) & ~Q(about=""),
                name="one_open_alarm_a_thing",
            )
        ]
        indexes = [
            models.Index(fields=["brand", "-id"], name="alarms_newest"),
            models.Index(fields=["about"], name="alarms_about"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="alarms_due"),
        ]

    def __str__(self) -> str:
        return f"alarm {self.pk}"

    @classmethod
    def sound(
        cls, brand: Brand, reason: str, about: str = "", by: User | None = None, note: str = "", **facts: Any
    ) -> Alarm:
        """Call the one on duty. What is called about already, and nobody took yet, is not called about again."""
        if reason not in CALLS:
            raise KeyError(f"{reason}: say in organisation.topics.CALLS what it means")
        kept = {
            "reason": reason,
            "by": by,
            "note": " ".join(note.split())[:NOTE_MOST],
            "facts": {"by": str(by or ""), **facts},
        }
        with transaction.atomic():
            if about:
                alarm, new = cls.objects.of(brand).get_or_create(
                    brand=brand, about=about, acknowledged_at=None, defaults=kept
                )
            else:
                alarm, new = cls.objects.create(brand=brand, **kept), True
            if new:
                audit.record("alarm_sounded", brand, alarm, by)
                announce(brand.pk, "alarm.sounded", **alarm.named(), by=by.pk if by else None)
                Notice.post(brand.pk, "alarm_open", f"alarm:{alarm.pk}", **alarm.facts, reason=reason)
                alarm.call_next()
        return alarm

    @classmethod
    def goes_on(cls, brand: Brand, reason: str, rests: timedelta, **facts: Any) -> bool:
        """Whether somebody is being called for this reason, or took such a call less than so long ago."""
        lately = Q(acknowledged_at=None, next_at__isnull=False) | Q(acknowledged_at__gt=clock.now() - rests)
        same = {f"facts__{name}": value for name, value in facts.items()}
        return cls.objects.of(brand).filter(lately, reason=reason, **same).exists()

    def call_next(self) -> list[User]:
        """Call the next one: of those on duty now, in their order, who was not called yet; after them all owners.

        Whoever comes on duty later, while nobody has taken it, is called too. The caller holds the row.
        """
        from comptoir.organisation.access import sees

        now = clock.now()
        done = dict(self.calls.values_list("user", "step"))
        with transaction.atomic():
            waiting = (user for user in on_duty(self.brand, now) if user.pk not in done)
            people = list(islice((user for user in waiting if sees(user, self)), 1))
            step = AlarmCall.Step.DUTY
            if not people and AlarmCall.Step.OWNER not in done.values():
                people, step = self._owners(done), AlarmCall.Step.OWNER
            AlarmCall.objects.bulk_create(
                AlarmCall(alarm=self, user=user, step=step, at=now) for user in people
            )
            topic = "duty_called" if step == AlarmCall.Step.DUTY else "duty_unanswered"
            facts = {**self.facts, "reason": self.reason, "note": self.note}
            Notice.post_all(
                Draft(self.brand_id, topic, f"alarm:{self.pk}", facts, user.pk) for user in people
            )
            if people:
                announce(self.brand_id, "alarm.called", **self.named(), people=[user.pk for user in people])
            over = now - self.created >= OVER
            self._set(next_at=None if over else now + timedelta(minutes=self.brand.duty_minutes))
        return people

    def _owners(self, done: Iterable[int]) -> list[User]:
        owners = User.objects.filter(
            memberships__brand=self.brand, memberships__role=Role.OWNER, is_active=True
        )
        return list(owners.exclude(pk__in=list(done)).order_by("pk"))

    def acknowledge(self, by: User | None) -> bool:
        """Take it: nobody else is called. False when somebody has it already. By nobody when all is well again."""
        now = clock.now()
        with transaction.atomic():
            mine = Alarm.objects.of(self.brand_id).filter(pk=self.pk, acknowledged_at=None)
            if not mine.update(acknowledged_at=now, acknowledged_by=by, next_at=None):
                return False
            if by:
                audit.record("alarm_acknowledged", self.brand_id, self, by)
            else:
                audit.record("alarm_over", self.brand_id, self)
            Notice.settle(self.brand_id, f"alarm:{self.pk}")
            announce(self.brand_id, "alarm.acknowledged", **self.named(), by=by.pk if by else None)
            self.acknowledged_at, self.acknowledged_by, self.next_at = now, by, None
            tell(AlarmMoved(self.brand_id, self.about))
        return True

    def named(self) -> dict[str, Any]:
        """What programs are told of it."""
        return {"alarm": self.pk, "reason": self.reason, "about": self.about}

    def _set(self, **changes: Any) -> None:
        Alarm.objects.of(self.brand_id).filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)
        tell(AlarmMoved(self.brand_id, self.about))


class AlarmCall(models.Model):
    """Somebody was called: because they are on duty, or because they own the brand and nobody on duty took it."""

    class Step(models.TextChoices):
        DUTY = "duty"
        OWNER = "owner"

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="calls", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=5, choices=Step.choices)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "user"], name="called_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.alarm_id}"


def call_next_ones(most: int = 100) -> int:
    """Go one step on with every alarm whose time has come, each in a transaction of its own; how many."""
    for done in range(most):
        with transaction.atomic():
            due = Alarm.objects.everywhere().filter(
                next_at__lte=clock.now(), acknowledged_at=None, brand__archived_at=None
            )
            alarm = (
                due.select_for_update(skip_locked=True, of=("self",))
                .select_related("brand")
                .order_by("next_at")
                .first()
            )
            if alarm is None:
                return done
            alarm.call_next()
    return most
