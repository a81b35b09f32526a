"""What webhooks are told of messages that changed, and of what became of answers."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.inbox.models import Entry, Reply
from comptoir.networks.models import Delivery
from comptoir.organisation.announcing import Listeners, announce

_OUTCOMES = {
    Delivery.State.SENT: "reply.sent",
    Delivery.State.REFUSED: "reply.refused",
    Delivery.State.UNCERTAIN: "reply.uncertain",
    Delivery.State.RETURNED: "reply.returned",
}


def announce_changes(brand_id: int, activities: Sequence[int]) -> None:
    """Tell of messages that people edited or took back, those of each kind in one call."""
    listeners = Listeners(brand_id, ["message.edited", "message.deleted"])
    if "message.edited" not in listeners and "message.deleted" not in listeners:
        return
    entries = Entry.objects.filter(activity__in=activities, thread__brand=brand_id, own=False)
    for kind, gone in (("message.edited", False), ("message.deleted", True)):
        found = (
            entries.filter(activity__deleted__isnull=not gone).order_by("pk").values_list("pk", "thread_id")
        )
        if told := [{"id": pk, "thread": thread} for pk, thread in found]:
            listeners.tell(kind, {"messages": told})


def announce_outcome(reply: Reply) -> None:
    """Tell what became of an answer, once it is known."""
    if kind := _OUTCOMES.get(Delivery.State(reply.delivery.state)):
        announce(
            reply.thread.brand_id, kind, thread=reply.thread_id, reply=reply.pk, code=reply.delivery.code
        )
