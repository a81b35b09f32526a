"""What webhooks are told of messages that changed, and of what became of answers and of decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.inbox.models import Deed, Entry, Reply
from comptoir.networks.models import Defence, Delivery, Moderation
from comptoir.networks.models.moderation import LEADS_TO
from comptoir.networks.moderating import ACTS
from comptoir.organisation.announcing import Listeners, announce

_OUTCOMES = {
    Delivery.State.SENT: "reply.sent",
    Delivery.State.REFUSED: "reply.refused",
    Delivery.State.UNCERTAIN: "reply.uncertain",
    Delivery.State.RETURNED: "reply.returned",
}


def announce_changes(brand_id: int, activities: Sequence[int], same: Sequence[int] = ()) -> None:
    """Tell of messages that people edited or took back, those of each kind in one call. `same` say what they said."""
    listeners = Listeners(brand_id, ["message.edited", "message.deleted"])
    if "message.edited" not in listeners and "message.deleted" not in listeners:
        return
    entries = Entry.objects.filter(activity__in=activities, thread__brand=brand_id, own=False)
    for kind, gone in (("message.edited", False), ("message.deleted", True)):
        found = entries.filter(activity__deleted__isnull=not gone).order_by("pk")
        found = found if gone else found.exclude(activity__in=same)
        if told := [{"id": pk, "thread": thread} for pk, thread in found.values_list("pk", "thread_id")]:
            listeners.tell(kind, {"messages": told})


def announce_judged(brand_id: int, judged: Mapping[str, Sequence[int]]) -> None:
    """Tell of messages that somebody hid or showed in the network's own place: nobody here decided it."""
    if not judged:
        return
    listeners = Listeners(brand_id, _STANDINGS.values())
    for standing, activities in judged.items():
        if (kind := _STANDINGS[standing]) not in listeners:
            continue
        entries = Entry.objects.filter(activity__in=activities, thread__brand=brand_id, own=False)
        for message, thread, channel in entries.order_by("pk").values_list(
            "pk", "thread_id", "thread__channel_id"
        ):
            about = {"message": message, "thread": thread, "channel": channel}
            listeners.tell(kind, {"decision": None, **about, "reason": "", "by": None})


def announce_outcome(reply: Reply) -> None:
    """Tell what became of an answer, once it is known."""
    if kind := _OUTCOMES.get(Delivery.State(reply.delivery.state)):
        announce(
            reply.thread.brand_id, kind, thread=reply.thread_id, reply=reply.pk, code=reply.delivery.code
        )


_DONE = {
    Delivery.Act.APPROVE: "message.approved",
    Delivery.Act.HOLD: "message.held",
    Delivery.Act.SPAM: "message.spam",
    Delivery.Act.REMOVE: "message.removed",
    Delivery.Act.BLOCK: "person.blocked",
    Delivery.Act.UNBLOCK: "person.unblocked",
    Delivery.Act.REPORT: "person.reported",
}
_STANDINGS = {standing: _DONE[Delivery.Act(verdict.value)] for verdict, standing in LEADS_TO.items()}
_UNDONE = {Delivery.State.REFUSED: "decision.refused", Delivery.State.UNCERTAIN: "decision.uncertain"}


def announce_decision(delivery_id: int, state: str) -> None:
    """Tell that a decision about a message or a person is carried out, or what the network said to it."""
    delivery = Delivery.objects.everywhere().select_related("channel").filter(pk=delivery_id).first()
    if delivery is None or delivery.act not in _DONE or state not in ("", delivery.state):
        return
    act, now, brand = Delivery.Act(delivery.act), Delivery.State(delivery.state), delivery.channel.brand_id
    kind = _DONE[act] if now == Delivery.State.SENT else _UNDONE.get(now)
    if kind is None or kind not in (listeners := Listeners(brand, [kind])):
        return
    about = _of_verdict(delivery) if act.value in ACTS else _of_defence(delivery)
    if about is not None:
        code = {"act": act.value, "code": delivery.code} if now in _UNDONE else {}
        listeners.tell(kind, {**about, "channel": delivery.channel_id, **code})


def _of_verdict(delivery: Delivery) -> dict[str, Any] | None:
    """Which message, why, and by whom or by which rule; None where it is in no thread any more."""
    made = Moderation.objects.of(delivery.channel.brand_id).filter(delivery=delivery).first()
    entry = _entry(delivery, made.activity_id) if made else None
    if made is None or entry is None:
        return None
    told = {"decision": made.pk, **entry, "reason": made.reason, "by": made.by_id}
    deed = (
        None if made.by_id else Deed.objects.filter(entry=entry["message"], did__moderation=made.pk).first()
    )
    return told | ({"rule": {"id": deed.rule_id, "name": deed.name}} if deed else {})


def _of_defence(delivery: Delivery) -> dict[str, Any] | None:
    """Which person, why, and by whom; of a report also which message."""
    made = Defence.objects.of(delivery.channel.brand_id).filter(delivery=delivery).first()
    if made is None:
        return None
    about = {"person": made.actor_id, "reason": made.reason, "by": made.by_id}
    if made.act == Delivery.Act.REPORT:
        about |= (_entry(delivery, made.activity_id) if made.activity_id else None) or {"message": None}
    return {"decision": made.pk, **about}


def _entry(delivery: Delivery, activity: int) -> dict[str, Any] | None:
    """A message by its number and its thread's, on the channel of the delivery."""
    rows = Entry.objects.filter(activity=activity, thread__channel=delivery.channel_id).order_by("pk")
    found = rows.values_list("pk", "thread_id").first()
    return {"message": found[0], "thread": found[1]} if found else None
