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


class Departures:
    """When the next messages of a channel may leave, one after the other.

    In no stretch of time does the channel say more than `OURS` of what its network allows, with what left already and
    what is on its way counted.
    """

    def __init__(self, channel: Channel) -> None:
        self._paces = [(max(1, int(pace.number * OURS)), pace.every) for pace in paces_of(channel)]
        self._times: list[datetime] = []
        if self._paces:
            self._times = _taken(channel, max(most for most, _every in self._paces), self._longest)

    @property
    def _longest(self) -> timedelta:
        return max(every for _most, every in self._paces)

    def next(self, after: float) -> datetime:
        """The next one's moment, `after` seconds from now at the soonest."""
        at = clock.now() + timedelta(seconds=after)
        if self._paces:
            at = max([at, *(last + APART for last in self._times[-1:])])
            for most, every in self._paces:
                if len(self._times) >= most:
                    at = max(at, self._times[-most] + every)
            self._times.append(at)
        return at


def _taken(channel: Channel, most: int, every: timedelta) -> list[datetime]:
    """When messages of the channel left, or are to leave, the last of them, in order."""
    rows = Delivery.objects.of(channel.brand_id).filter(
        channel=channel, not_before__gt=clock.now() - every, act__in=(Delivery.Act.REPLY, Delivery.Act.POST)
    )
    taken = rows.exclude(state__in=(Delivery.State.WITHDRAWN, Delivery.State.REFUSED))
    newest = taken.order_by("-not_before").values_list("not_before", flat=True)
    return sorted(islice(newest.iterator(), most))
