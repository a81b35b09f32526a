"""Drills: a storm ordered on the channels whose network is a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comptoir.kernel import clock
from comptoir.networks.connector import Rehearses
from comptoir.networks.found import connector_class, networks
from comptoir.networks.models import Audience, Channel
from comptoir.organisation.audit import record


class NoStage(Exception):
    """No connected channel can rehearse."""


def stages() -> tuple[str, ...]:
    """The installed networks that are stages."""
    return tuple(name for name in networks() if issubclass(connector_class(name), Rehearses))


def scenarios() -> tuple[str, ...]:
    """The scenarios that can be ordered, in the order in which their stages name them."""
    return tuple(dict.fromkeys(name for stage in stages() for name in connector_class(stage).scenarios))


def rehearse(scenario: str, rate: float, seconds: float) -> list[Channel]:
    """Order `rate` messages a second over `seconds`, from now on, on every connected stage; the channels that play.

    ValueError for a scenario, rate or length that the stage does not know; NoStage when none is connected.
    """
    if not (0 < rate <= 10_000 and 0 < seconds <= 86_400):
        raise ValueError("a rate from 0 to 10,000 messages a second, for at most 86,400 seconds")
    playing = Channel.objects.everywhere().filter(network__in=stages(), state=Channel.State.ACTIVE)
    with transaction.atomic():
        channels = list(playing.select_for_update())
        for channel in channels:
            channel.settings = dict(channel.connector().rehearse(scenario, rate, seconds))
            channel.next_fetch = clock.now()
            channel.save(update_fields=["settings", "next_fetch"])
            record("rehearsed", channel.brand_id, channel, scenario=scenario, rate=rate, seconds=seconds)
    if not channels:
        raise NoStage
    return channels


def heard(channels: Sequence[Channel], since: datetime) -> int:
    """How many things came in on these channels since then, not counting what the brand itself said."""
    rows = Audience.objects.filter(channel__in=channels, own=False, historic=False)
    return rows.filter(activity__received__gte=since).count()
