"""Which figures an address asks for: a period, a channel, the clock that waits are measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.numbers import number_of
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, calendar_of

PERIODS = (7, 28, 90)
"""Days that a page offers, the last of them today."""
USUAL = 28
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """`since` and `until` are days by the brand's clock, both counted. `open`: waits in business hours."""

    brand: Brand
    zone: tzinfo
    since: date
    until: date
    days: int = 0
    channel: Channel | None = None
    open: bool = False

    @classmethod
    def of(cls, brand: Brand, given: Mapping[str, Any]) -> Self:
        """Read an address's query: `days`, or `since` and `until`; `channel` by number; `hours` all or open.

        BadRequest with a sentence when it makes no sense.
        """
        zone = calendar_of(brand).zone
        today = clock.now().astimezone(zone).date()
        since, until, days = _day(given, "since"), _day(given, "until"), _number(given, "days", USUAL)
        if since or until:
            days, until = 0, until or today
            since = since or until - timedelta(days=USUAL - 1)
        else:
            until, since = today, today - timedelta(days=max(days, 1) - 1)
        if not timedelta(0) <= until - since < timedelta(days=LONGEST):
            raise BadRequest(_("A period has a day at least, and %(most)s at most.") % {"most": LONGEST})
        hours = given.get("hours") or "all"
        if hours not in ("all", "open"):
            raise BadRequest(_("Hours are all or open."))
        return cls(brand, zone, since, until, days, _channel(brand, given), hours == "open")

    @property
    def length(self) -> int:
        """Its days."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> date:
        """The first day of the period before, which is as long."""
        return self.since - timedelta(days=self.length)

    @property
    def all_days(self) -> list[date]:
        return [self.since + timedelta(days=n) for n in range(self.length)]

    def moment(self, day: date) -> datetime:
        """When a day begins by the brand's clock."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def query(self, **changes: str) -> str:
        """The same question as an address's query, with changes."""
        said = {"days": str(self.days)} if self.days else {"since": f"{self.since}", "until": f"{self.until}"}
        said["channel"] = str(self.channel.pk) if self.channel else ""
        said["hours"] = "open" if self.open else ""
        return urlencode({name: value for name, value in (said | changes).items() if value})

    def values(self) -> dict[str, Any]:
        """What the statements are given."""
        return {
            "brand": self.brand.pk, "since": self.since, "until": self.until, "before": self.before,
            "channel": self.channel.pk if self.channel else None,
            "first": self.moment(self.since), "last": self.moment(self.until + timedelta(days=1)),
        }  # fmt: skip


def _day(given: Mapping[str, Any], name: str) -> date | None:
    said = given.get(name) or ""
    try:
        found = said if isinstance(said, date) else date.fromisoformat(said) if said else None
    except ValueError:
        raise BadRequest(_("A day is written like 2026-05-01.")) from None
    if found is not None and not 1990 <= found.year <= 2200:
        raise BadRequest(_("There are no figures of that time."))
    return found


def _number(given: Mapping[str, Any], name: str, usual: int) -> int:
    number = number_of(str(given.get(name) or usual))
    if number is None:
        raise BadRequest(_("That is no number."))
    if name == "days" and not 1 <= number <= LONGEST:
        raise BadRequest(_("A period has a day at least, and %(most)s at most.") % {"most": LONGEST})
    return number


def _channel(brand: Brand, given: Mapping[str, Any]) -> Channel | None:
    number = _number(given, "channel", 0)
    if not number:
        return None
    found = Channel.objects.of(brand).filter(pk=number).first()
    if found is None:
        raise BadRequest(_("This brand has no such channel."))
    return found
