"""How far what is kept has been asked for again, network by network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from comptoir.kernel import clock
from comptoir.networks.found import label_of
from comptoir.networks.sentences import sentence

WITHIN = timedelta(days=1)
"""All that is kept is to be asked for again in so long."""


class Round(models.Model):
    """A walk through all that is kept of a network, the oldest first, again and again. Of the house, not of a brand.

    began  when the last round began, and `ended`: when it was through, None while it is under way
    upto   the number of the last message that was asked for in it
    kept   how many there were when it began, of which `asked` have been asked for
    gaps   whether a place could not be asked for some of them, and why (`code`, `facts`)
    whole  when the last round began that had no gap: since then all that was kept has been asked for again
    """

    network = models.CharField(max_length=30, unique=True)
    first = models.DateTimeField(default=clock.now)
    began = models.DateTimeField(default=clock.now)
    ended = models.DateTimeField(null=True)
    upto = models.BigIntegerField(default=0)
    kept = models.PositiveBigIntegerField(default=0)
    asked = models.PositiveBigIntegerField(default=0)
    gaps = models.BooleanField(default=False)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    whole = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Round]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.network}: {self.asked} of {self.kept}"

    @property
    def label(self) -> str:
        """The network's name as people say it."""
        return label_of(self.network)

    @property
    def since(self) -> datetime:
        """Since when all that was kept has been asked for again; since when that is tried, before it was ever done."""
        return self.whole or self.first

    @property
    def is_behind(self) -> bool:
        """Whether that is longer ago than it should be."""
        return clock.now() - self.since > WITHIN

    @property
    def hours(self) -> int:
        """The same in hours."""
        return int((clock.now() - self.since).total_seconds() // 3600)

    @property
    def trouble(self) -> str:
        """Why some could not be asked for, "" when all could."""
        return sentence(self.code, self.facts, self.label) if self.code else ""
