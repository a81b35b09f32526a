"""How long calls to those on duty are kept, and what comes of open ones in a backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from comptoir.kernel.restored import after_restoring
from comptoir.organisation.models import Alarm, Brand, Notice
from comptoir.organisation.retention import keeps


@keeps("alarms", gettext_noop("Calls to those on duty"), gettext_noop("after they were made"), days=365)
def forget_alarms(brand: Brand, before: datetime, most: int) -> int:
    """Calls with who was called, and what stood in them."""
    ids = list(Alarm.objects.of(brand).filter(created__lt=before).values_list("pk", flat=True)[:most])
    Notice.settle_each(brand.pk, [f"alarm:{pk}" for pk in ids])
    Alarm.objects.of(brand).filter(pk__in=ids).delete()
    return len(ids)


@after_restoring
def calls_to_people(moment: datetime) -> Iterator[str]:
    """Whoever was on duty when the backup was made is not roused for it again."""
    if count := Alarm.objects.everywhere().filter(next_at__isnull=False).update(next_at=None):
        yield f"{count} calls to those on duty that nobody had taken are open, and nobody else is called by itself."
