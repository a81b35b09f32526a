"""How long what programs leave behind is kept, and what comes of calls that wait in a backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from comptoir.kernel.restored import after_restoring
from comptoir.organisation.models import Brand, Pace
from comptoir.organisation.models.webhook import WebhookCall
from comptoir.organisation.retention import house_keeps, keeps


@keeps(
    "webhook_calls",
    gettext_noop("Calls to webhooks"),
    gettext_noop("after they were made"),
    days=30,
    most=365,
)
def forget_calls(brand: Brand, before: datetime, most: int) -> int:
    """Calls with all their tries; those that still wait stay."""
    old = WebhookCall.objects.of(brand).filter(at__lt=before).exclude(state=WebhookCall.State.WAITING)
    ids = list(old.order_by("at").values_list("pk", flat=True)[:most])
    WebhookCall.objects.of(brand).filter(pk__in=ids).delete()
    return len(ids)


@house_keeps("paces", days=1)
def forget_paces(before: datetime, most: int) -> int:
    """How often somebody asked, long ago."""
    names = list(Pace.objects.filter(whole_at__lt=before).values_list("pk", flat=True)[:most])
    Pace.objects.filter(pk__in=names, whole_at__lt=before).delete()
    return len(names)


@after_restoring
def calls_under_way(moment: datetime) -> Iterator[str]:
    """What waited to be told then may have been told since: a person has it sent again, if it was not."""
    waiting = WebhookCall.objects.everywhere().filter(state=WebhookCall.State.WAITING)
    if count := waiting.update(state=WebhookCall.State.FAILED, code="restored"):
        yield f"{count} calls to webhooks that waited when the backup was made are not made by themselves."
