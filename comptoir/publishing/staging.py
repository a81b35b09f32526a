"""Posts for whoever tries speaking: what a stage proposes stands in the calendar of a fresh house."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils import timezone

from comptoir.networks.connector import Proposed, Publishes, Rehearses
from comptoir.networks.found import connector_class
from comptoir.networks.models import Channel
from comptoir.organisation.models import User
from comptoir.publishing.models import Campaign, Content, Post, Slot, Variant

WEEK = ((0, time(9)), (2, time(9)), (4, time(17, 30)))
"""Slots of the queue."""


def stage(channel: Channel, by: User) -> list[Post]:
    """Have a brand that rehearses speak as well: what its stage proposes is scheduled, queued, a draft or an idea.
    Nothing where the network is no stage, or nothing can be posted there."""
    kind = connector_class(channel.network)
    if not (issubclass(kind, Rehearses) and issubclass(kind, Publishes)) or not kind.worth_saying:
        return []
    # A queue that the house filled itself warns nobody of running dry.
    Slot.put(channel, by, WEEK, "", warn_days=0)
    campaigns: dict[str, Campaign] = {}
    return [_made(channel, by, each, campaigns) for each in kind.worth_saying]


def _made(channel: Channel, by: User, given: Proposed, campaigns: dict[str, Campaign]) -> Post:
    first, *others = given.texts
    words = [Variant(parts=list(given.texts[first]))]
    words += [Variant(language=each, parts=list(given.texts[each])) for each in others]
    made = Post.make(
        channel.brand, by, Content(first, words, [(channel.pk, "")]), given.title, idea=given.idea
    )
    if given.campaign:
        name, purpose = given.campaign
        if name not in campaigns:
            campaigns[name] = Campaign.make(channel.brand, by, name, purpose)
        made.belong(by, campaigns[name])
    elif given.reason:
        made.belong(by, None, given.reason)
    if given.tip:
        made.queue(by)
    elif given.days is not None:
        today = timezone.localdate(timezone=channel.brand.zone)
        made.plan(by, today + timedelta(days=given.days), time(given.hour), "")
        made.schedule(by)
    return made
