"""What is done against the person of a thread: blocked on its channel, let again, reported to the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q

from comptoir.networks import defending
from comptoir.networks.models import Activity, Actor, Channel, Defence

if TYPE_CHECKING:
    from comptoir.networks.models.defence import DefenceQuerySet
    from comptoir.organisation.models import User


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
