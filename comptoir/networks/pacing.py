"""Keeping a network's pace: when the next messages of a channel may leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from comptoir.kernel import clock
from comptoir.networks.connector import Pace, Replies
from comptoir.networks.found import installed
from comptoir.networks.models import Channel, Delivery

OURS = 0.8
"""The share of what a network allows that is taken for many at once: colleagues answer by hand at the same time."""
APART = timedelta(seconds=0.5)
"""Between two messages on a network that counts them."""


def paces_of(channel: Channel) -> tuple[Pace, ...]:
    """What the channel's network allows, nothing where it says nothing."""
    kind = installed(channel.network)
    return kind.paces if kind is not None and issubclass(kind, Replies) else ()


def slots(channel: Channel, many: int, after: float) -> list[datetime]:
    """When so many messages may leave, `after` seconds from now at the soonest, in order.

    In no stretch of time do they make the channel say more than `OURS` of what its network allows, with what left
    already and what is on its way.
    """
    earliest = clock.now() + timedelta(seconds=after)
    paces = paces_of(channel)
    if not paces:
        return [earliest] * many
    most = [max(1, int(pace.number * OURS)) for pace in paces]
    times = _taken(channel, max(most), max(pace.every for pace in paces))
    found: list[datetime] = []
    at = max([earliest, *(times[-1:])])
    for _each in range(many):
        for pace, number in zip(paces, most, strict=True):
            if len(times) >= number:
                at = max(at, times[-number] + pace.every)
        found.append(at)
        times.append(at)
        at += APART
    return found


def _taken(channel: Channel, most: int, every: timedelta) -> list[datetime]:
    """When messages of the channel left, or are to leave, the last of them, in order."""
    rows = Delivery.objects.of(channel.brand_id).filter(
        channel=channel, not_before__gt=clock.now() - every, act__in=(Delivery.Act.REPLY, Delivery.Act.POST)
    )
    taken = rows.exclude(state__in=(Delivery.State.WITHDRAWN, Delivery.State.REFUSED))
    newest = taken.order_by("-not_before").values_list("not_before", flat=True)
    return sorted(islice(newest.iterator(), most))
