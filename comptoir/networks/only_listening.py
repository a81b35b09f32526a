"""Channels that only listen: everything arrives, and nothing leaves by any way until somebody says so."""

from __future__ import annotations

from django.db import transaction

from comptoir.networks.models import Channel, Delivery
from comptoir.networks.models.channel import ONLY_LISTENS
from comptoir.networks.models.hold import after_claims
from comptoir.organisation.audit import record


def only_listen(channel: Channel, on: bool) -> bool:
    """Have a channel do no more than listen, or speak again; False when it is so already.

    Once it only listens nothing new slips out, and what waited to leave is refused: it does not leave later either.
    """
    with transaction.atomic():
        after_claims()
        rows = Channel.objects.of(channel.brand_id).filter(pk=channel.pk).exclude(listen_only=on)
        if not rows.update(listen_only=on):
            return False
        code = "channel_listens_only" if on else "channel_speaks"
        record(code, channel.brand_id, channel, channel=str(channel))
        waiting = Delivery.objects.of(channel.brand_id).filter(channel=channel, state=Delivery.State.WAITING)
        for delivery in waiting if on else ():
            delivery.move(Delivery.State.WAITING, Delivery.State.REFUSED, code=ONLY_LISTENS)
    channel.listen_only = on
    return True
