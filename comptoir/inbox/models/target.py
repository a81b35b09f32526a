"""Service targets: within what time the people who write are answered, and their matter settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from comptoir.inbox.events import TargetsChanged
from comptoir.inbox.models.queue import Queue
from comptoir.kernel.events import tell
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

LONGEST = 366 * 24 * 60
"""Minutes of the longest target."""


def _minutes(least: int = 1, **rest: Any) -> Any:
    return models.PositiveIntegerField(
        validators=[MinValueValidator(least), MaxValueValidator(LONGEST)], **rest
    )


class Target(models.Model):
    """Within how many minutes a brand wants the people of a queue answered (of every other one: without a queue).

    `first` is to their first message, `next` to each later one, `resolution` until the thread is closed; None for no
    such target. With `open_hours` only the minutes count in which the counter is open. A warning comes when `warns` per
    cent of the time have passed, managers hear of it `escalates` minutes after it was missed; None for neither. With
    `calls` whoever is on duty is called when one is missed.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="targets", db_index=False)
    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, null=True, related_name="target")
    first = _minutes(null=True)
    next = _minutes(null=True)
    resolution = _minutes(null=True)
    open_hours = models.BooleanField(default=True)
    warns = models.PositiveSmallIntegerField(
        null=True, default=75, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    escalates = _minutes(0, null=True, default=0)
    calls = models.BooleanField(default=False)

    objects: ClassVar[BrandManager[Target, BrandQuerySet[Target]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "queue"], name="target_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=~Q(first=None, next=None, resolution=None), name="target_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"target of {self.queue_id or self.brand_id}"

    @classmethod
    def settle(cls, brand: Brand, queue: Queue | None, by: User, **wanted: Any) -> bool:
        """Want this of a queue, or of all that have nothing of their own; False when it is wanted already.

        With no time in `wanted` there is no such target any more.
        """
        with transaction.atomic():
            brand.hold()
            before = cls.objects.of(brand).filter(queue=queue).first()
            timed = any(wanted.get(name) for name in ("first", "next", "resolution"))
            if before is None and not timed:
                return False
            if before and timed and all(getattr(before, name) == value for name, value in wanted.items()):
                return False
            if timed:
                cls.objects.of(brand).update_or_create(brand=brand, queue=queue, defaults=wanted)
            elif before:
                before.delete()
            record("target_settled", brand, queue, by, queue=queue.name if queue else "–")
            tell(TargetsChanged(brand.pk))
        return True
