"""Deciding what others see of a message, where the place is the brand's own. A verdict is a delivery like any other:
it leaves by the same way, waits when the network is away, and may be carried out twice.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from comptoir.kernel.events import tell
from comptoir.networks.connector import Moderates, Verdict
from comptoir.networks.events import ActivitiesReceived
from comptoir.networks.found import connector_class
from comptoir.networks.models import Activity, Channel, Delivery, Moderation
from comptoir.networks.models.moderation import LEADS_TO, WORDS_MOST
from comptoir.organisation.audit import record

State = Delivery.State
ACTS = frozenset(verdict.value for verdict in Verdict)
"""The deliveries that are verdicts."""


def verdicts_of(channel: Channel) -> tuple[Verdict, ...]:
    """What can be decided about messages of a channel; nothing where its network has no such thing."""
    if not channel.can(Moderates):
        return ()
    kind: Any = connector_class(channel.network)
    found: tuple[Verdict, ...] = kind.verdicts
    return found


def moderate(
    channel: Channel,
    activity: Activity,
    verdict: Verdict,
    by: Any,
    *,
    reason: str = "",
    words: str = "",
    undoes: Moderation | None = None,
) -> Moderation:
    """Decide about a message of this channel. The same decision made twice is one.

    ValueError with a code: "cannot" when the network has no such verdict, "own" for what the brand said itself,
    "gone" when the message was taken back, "stands" when it stands so already, "listens" where nothing may leave.
    """
    from comptoir.networks.sending import send

    if channel.listen_only:
        raise ValueError("listens")
    if verdict not in verdicts_of(channel):
        raise ValueError("cannot")
    with transaction.atomic():
        held = Activity.objects.of(channel.brand_id).select_for_update(of=("self",)).filter(pk=activity.pk)
        message = held.filter(audience__channel=channel).first()
        if message is None or message.deleted:
            raise ValueError("gone")
        if message.audience.filter(channel=channel, own=True).exists():
            raise ValueError("own")
        waiting = _under_way(message)
        if waiting and waiting.verdict == verdict:
            return waiting
        if waiting:
            waiting.delivery.withdraw()
        elif message.standing == LEADS_TO[verdict]:
            raise ValueError("stands")
        delivery = send(channel, "", by=by, target=message, act=verdict.value)
        made = Moderation.objects.create(
            channel=channel, activity=message, verdict=verdict, reason=reason, words=words[:WORDS_MOST],
            before=message.standing, by=by, delivery=delivery, undoes=undoes,
        )  # fmt: skip
        record(_CODES[verdict], channel.brand_id, message, by, reason=reason, before=message.standing)
    return made


_CODES = {
    Verdict.APPROVE: "message_approved",
    Verdict.HOLD: "message_held",
    Verdict.SPAM: "message_spam",
    Verdict.REMOVE: "message_removed",
}


def _under_way(message: Activity) -> Moderation | None:
    """The decision about a message that has not reached the network yet."""
    rows = message.moderations.filter(delivery__state__in=[State.WAITING, State.SENDING])
    return rows.select_related("delivery").order_by("-pk").first()


def take_back(made: Moderation, by: Any) -> bool:
    """See `Moderation.undo`."""
    with transaction.atomic():
        if made.activity.moderations.filter(pk__gt=made.pk).exists():
            return False
        if made.delivery.withdraw():
            record("moderation_undone", made.channel.brand_id, made.activity, by)
            _told(made.channel, made.activity)
            return True
        verdict = next(verdict for verdict, standing in LEADS_TO.items() if standing == made.before)
        try:
            moderate(made.channel, made.activity, verdict, by, reason=made.reason, undoes=made)
        except ValueError:
            return False
    return True


def carried_out(delivery: Delivery) -> None:
    """The network did what a verdict asked for: the message has its new standing, and those who listen are told."""
    message = delivery.target
    if message is None:
        return
    rows = Activity.objects.of(delivery.channel.brand_id).filter(pk=message.pk)
    rows.update(standing=LEADS_TO[Verdict(delivery.act)])
    _told(delivery.channel, message)


def _told(channel: Channel, message: Activity) -> None:
    tell(ActivitiesReceived(channel.pk, [], [message.pk], same=[message.pk]), lock=f"gather:{channel.pk}")
