"""What was agreed with somebody who works for a brand: until when, and in whose name they speak."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comptoir.kernel import clock

COMPANY_MOST = 80


@dataclass(frozen=True, slots=True)
class Terms:
    """`until` ends the access by itself, None never does; `on_behalf_of` is whose person it is when not the brand's
    own: an agency, a partner. `channels`: the numbers of those that they see and answer on, None for all."""

    until: datetime | None = None
    on_behalf_of: str = ""
    channels: tuple[int, ...] | None = None

    def under(self, giver: Terms) -> Terms:
        """What of them somebody may give who works here under such terms: nobody lets others in for longer than they
        are here themselves, or in another company's name."""
        ends = [each for each in (self.until, giver.until) if each is not None]
        return replace(
            self,
            until=min(ends) if ends else None,
            on_behalf_of=giver.on_behalf_of or self.on_behalf_of,
        )

    def said(self) -> dict[str, str]:
        """What the audit log says of them."""
        told = {
            "until": self.until.isoformat(" ", "minutes") if self.until else "",
            "company": self.on_behalf_of,
            "channels": ", ".join(map(str, self.channels or ())),
        }
        return {name: value for name, value in told.items() if value}


class Agreed(models.Model):
    """A row of a brand that holds terms."""

    brand: Any
    until = models.DateTimeField(null=True)
    on_behalf_of = models.CharField(max_length=COMPANY_MOST, blank=True, default="", db_default="")
    channels = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        abstract = True

    @property
    def terms(self) -> Terms:
        return Terms(self.until, self.on_behalf_of, None if self.channels is None else tuple(self.channels))

    def take(self, values: dict[str, Any]) -> None:
        """Keep these."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    @property
    def last_day(self) -> date | None:
        """The last day on which they work here, by the brand's clock; None when no end was agreed."""
        return clock.last_day_before(self.until, self.brand.zone) if self.until else None

    @property
    def is_over(self) -> bool:
        """Whether what was agreed has passed, whether or not anybody has ended it since."""
        return self.until is not None and self.until <= clock.now()


def going_on() -> Q:
    """Of rows with terms: those that are not over."""
    return Q(until=None) | Q(until__gt=clock.now())


def seeing(channel: int) -> Q:
    """Of rows with terms: those to which this channel belongs."""
    return Q(channels=None) | Q(channels__contains=[channel])


def spoken_for(name: Any, company: str) -> str:
    """Who speaks, and whose person they are when not the brand's own."""
    return f"{name} ({company})" if company else str(name)
