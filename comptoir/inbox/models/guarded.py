"""What is done against a person: blocked on a thread's channel or wherever they are known, let again, reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models, transaction
from django.db.models import Q

from comptoir.networks import defending
from comptoir.networks.connector import Blocks
from comptoir.networks.models import Activity, Actor, Channel, Defence

if TYPE_CHECKING:
    from comptoir.networks.models.defence import DefenceQuerySet
    from comptoir.organisation.models import Brand, User


class Guarded(models.Model):
    """The part of a thread that keeps its person away, or brings them before the network."""

    channel: models.ForeignKey[Channel, Channel]
    person: models.ForeignKey[Actor | None, Actor | None]
    brand_id: int
    entries: Any
    _set: Any

    class Meta:
        abstract = True

    def block(self, by: User, *, reason: str = "", words: str = "") -> Defence:
        """Block its person on its channel. ValueError with the codes of `networks.defending`."""
        with transaction.atomic():
            made = defending.block(self.channel, self._somebody(), by, reason=reason, words=words)
            self._set()
        return made

    def unblock(self, by: User) -> Defence:
        """Let its person again. ValueError with the codes of `networks.defending`."""
        with transaction.atomic():
            made = defending.unblock(self.channel, self._somebody(), by)
            self._set()
        return made

    def report(
        self, by: User, *, ground: str, words: str = "", message: Activity | None = None, after: float = 0
    ) -> Defence:
        """Report one of its messages, whoever wrote it, or without one its person's account. ValueError likewise."""
        who = message.actor if message is not None else self._somebody()
        if who is None:
            raise ValueError("gone")
        with transaction.atomic():
            made = defending.report(
                self.channel, who, by, ground=ground, words=words, message=message, after=after
            )
            self._set()
        return made

    def defences(self) -> DefenceQuerySet:
        """What was decided against its person, and about its messages."""
        here = Q(activity=None, actor=self.person) | Q(activity__in=self.entries.values("activity"))
        return Defence.objects.of(self.brand_id).filter(here, channel=self.channel)

    def _somebody(self) -> Actor:
        if self.person is None:
            raise ValueError("gone")
        return self.person


class Place(NamedTuple):
    """A channel where somebody wrote under one of their handles, and whether it blocks them, or is about to."""

    who: Actor
    channel: Channel
    blocked: bool


def places_of(brand: Brand, people: Collection[int]) -> list[Place]:
    """Where these handles of a person wrote to the brand and can be blocked now."""
    from comptoir.inbox.models.entry import Entry

    wrote = Entry.objects.filter(thread__brand=brand, activity__actor__in=people, own=False)
    found = wrote.order_by("activity__actor", "thread__channel").values_list(
        "activity__actor", "thread__channel"
    )
    pairs = list(found.distinct())
    actors = Actor.objects.in_bulk({actor for actor, _channel in pairs})
    channels = Channel.objects.of(brand).in_bulk({channel for _actor, channel in pairs})
    standing = Defence.objects.of(brand).standing().filter(actor__in=people)
    blocked = set(standing.values_list("actor", "channel"))
    return [
        Place(actors[actor], channels[channel], (actor, channel) in blocked)
        for actor, channel in pairs
        if channel in channels
        and channels[channel].can_now(Blocks)
        and channels[channel].network == actors[actor].network
    ]


def block_at(places: Iterable[Place], by: User, *, reason: str, words: str = "") -> list[Defence]:
    """Block somebody at all of these, or at none. ValueError with the codes of `networks.defending`."""
    with transaction.atomic():
        return [
            defending.block(each.channel, each.who, by, reason=reason, words=words)
            for each in places
            if not each.blocked
        ]


def unblock_at(places: Iterable[Place], by: User) -> list[Defence]:
    """Let somebody again at all of these. ValueError likewise."""
    with transaction.atomic():
        return [defending.unblock(each.channel, each.who, by) for each in places if each.blocked]
