"""Defending the brand's people against an account: blocking it, letting it again, reporting it to its network.

Each is a delivery like any other: it leaves by the same way and waits when the network is away. Blocks may be carried
out twice; a report is made once, and where nobody knows whether it was taken, a person says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from comptoir.networks.connector import Actor as Who
from comptoir.networks.connector import Blocks, Ground, Refused, Reports, Sent, TryLater
from comptoir.networks.models import Activity, Actor, Channel, Defence, Delivery
from comptoir.networks.models.activity import is_erased
from comptoir.networks.models.moderation import WORDS_MOST
from comptoir.organisation.audit import record

Act, State = Delivery.Act, Delivery.State
REPEATABLE = frozenset({Act.BLOCK, Act.UNBLOCK})
"""Those that are the same done twice."""


def block(channel: Channel, who: Actor, by: Any, *, reason: str = "", words: str = "") -> Defence:
    """Block somebody on a channel. The same decision made twice is one.

    ValueError with a code: "cannot" when the network has no blocks, "own" for the brand's own accounts, "gone" for
    whoever was erased, "stands" when they are blocked, "listens" where nothing may leave.
    """
    _possible(channel, who, Blocks)
    with transaction.atomic():
        newest = _held(channel, who)
        if newest and newest.act == Act.UNBLOCK and newest.delivery.withdraw():
            record("defence_undone", channel.brand_id, who, by)
            return _held(channel, who) or newest
        if newest and newest.act == Act.BLOCK:
            if newest.under_way:
                return newest
            raise ValueError("stands")
        made = _make(channel, who, Act.BLOCK, by, reason=reason, words=words[:WORDS_MOST])
        record("person_blocked", channel.brand_id, who, by, channel=str(channel), reason=reason)
    return made


def unblock(channel: Channel, who: Actor, by: Any) -> Defence:
    """Let somebody again whom the channel blocks; one that has not left never leaves.

    ValueError with a code: "cannot", "gone", and "stands" when they are not blocked from here.
    """
    _possible(channel, who, Blocks)
    with transaction.atomic():
        newest = _held(channel, who)
        if newest is None or newest.act == Act.UNBLOCK:
            if newest and newest.under_way:
                return newest
            raise ValueError("stands")
        if newest.delivery.withdraw():
            record("defence_undone", channel.brand_id, who, by)
            return newest
        made = _make(channel, who, Act.UNBLOCK, by)
        record("person_unblocked", channel.brand_id, who, by, channel=str(channel))
    return made


def report(
    channel: Channel,
    who: Actor,
    by: Any,
    *,
    ground: str,
    words: str = "",
    message: Activity | None = None,
    after: float = 0,
) -> Defence:
    """Report somebody's message, or without one their account, to the network; it leaves `after` seconds from now.

    ValueError with a code: "cannot", "own", "gone" when the message is, "ground" for one that the network does not
    have, "stands" for a message that was reported already.
    """
    _possible(channel, who, Reports)
    grounds = {each.code: each.label for each in grounds_of(channel)}
    if ground not in grounds:
        raise ValueError("ground" if grounds else "cannot")
    with transaction.atomic():
        Actor.objects.select_for_update(no_key=True).get(pk=who.pk)
        if message is not None and not _is_here(message, channel, who):
            raise ValueError("gone")
        earlier = Defence.objects.of(channel.brand_id).valid().filter(channel=channel, actor=who)
        earlier = earlier.filter(act=Act.REPORT, activity=message).select_related("delivery")
        if (same := earlier.order_by("-pk").first()) is not None:
            if same.under_way:
                return same
            if message is not None:
                raise ValueError("stands")
        made = _make(
            channel, who, Act.REPORT, by, after, activity=message, reason=ground,
            label=grounds[ground][:300], words=words[:most_words(channel)],
        )  # fmt: skip
        if message is not None:
            record("message_reported", channel.brand_id, message, by, reason=ground)
        else:
            record("person_reported", channel.brand_id, who, by, reason=ground)
    return made


def take_back(made: Defence, by: Any) -> bool:
    """See `Defence.undo`."""
    with transaction.atomic():
        if made.delivery.withdraw():
            record("defence_undone", made.channel.brand_id, made.actor, by)
            return True
        newest = None if made.act == Act.REPORT else _held(made.channel, made.actor)
        if newest is None or newest.pk != made.pk:
            return False
        try:
            if made.act == Act.BLOCK:
                unblock(made.channel, made.actor, by)
            else:
                earlier = Defence.objects.of(made.channel.brand_id).filter(pk__lt=made.pk)
                why = earlier.about(made.channel, made.actor).filter(act=Act.BLOCK).first()
                reason, words = (why.reason, why.words) if why else ("", "")
                block(made.channel, made.actor, by, reason=reason, words=words)
        except ValueError:
            return False
    return True


def grounds_of(channel: Channel) -> Sequence[Ground]:
    """Why something can be reported on a channel; nothing where the network takes no reports."""
    return channel.connector().grounds() if channel.can(Reports) else ()


def most_words(channel: Channel) -> int:
    """How many letters may stand beside the ground of a report."""
    return min(WORDS_MOST, int(channel.connector().report_words))


def carry_out(connector: Any, delivery: Delivery) -> Sent:
    """Do it on the network. A decision that came before it and is still under way comes to its end first."""
    made = (
        Defence.objects.of(delivery.channel.brand_id)
        .select_related("actor", "activity")
        .get(delivery=delivery)
    )
    if is_erased(made.actor.remote_id):
        raise Refused("person_gone")
    who = Who(made.actor.remote_id, made.actor.handle, made.actor.name)
    if made.act == Act.REPORT:
        message = made.activity
        if message is not None and message.deleted:
            raise Refused("target_gone")
        shown = message.as_contract() if message else None
        return Sent(connector.report(who, shown, made.reason, made.words))
    earlier = Defence.objects.of(delivery.channel.brand_id).about(delivery.channel, made.actor)
    for each in earlier.filter(pk__lt=made.pk, delivery__state__in=(State.WAITING, State.SENDING)):
        if not each.delivery.withdraw():
            raise TryLater
    if made.act == Act.BLOCK:
        connector.block(who, delivery.key, delivery.said_at)
    else:
        connector.unblock(who)
    return Sent("")


def _possible(channel: Channel, who: Actor, ability: type[Any]) -> None:
    if channel.listen_only:
        raise ValueError("listens")
    if not channel.can(ability) or who.network != channel.network:
        raise ValueError("cannot")
    if is_erased(who.remote_id):
        raise ValueError("gone")
    own = Channel.objects.of(channel.brand_id).filter(network=who.network, remote_id=who.remote_id)
    if own.exists():
        raise ValueError("own")


def _held(channel: Channel, who: Actor) -> Defence | None:
    """The decision that holds, with the person locked: two made at once are made one after the other."""
    Actor.objects.select_for_update(no_key=True).get(pk=who.pk)
    return Defence.objects.of(channel.brand_id).about(channel, who).first()


def _is_here(message: Activity, channel: Channel, who: Actor) -> bool:
    here = Activity.objects.of(channel.brand_id).filter(pk=message.pk, audience__channel=channel, actor=who)
    return here.filter(deleted=None).exists()


def _make(channel: Channel, who: Actor, act: Delivery.Act, by: Any, after: float = 0, **rest: Any) -> Defence:
    from comptoir.networks.sending import send

    delivery = send(channel, "", by=by, act=act.value, after=after)
    return Defence.objects.of(channel.brand_id).create(
        channel=channel, actor=who, act=act, by=by, delivery=delivery, **rest
    )
