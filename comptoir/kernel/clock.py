"""The time, asked in one place so that tests can set it, and the zones that it is told in."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone


def now() -> datetime:
    """The moment, aware, in UTC."""
    return timezone.now()


@lru_cache(maxsize=600)
def zone_of(*names: str) -> tzinfo:
    """The first time zone that is one: the reader's as their browser named it, the brand's, the house's own."""
    for name in names:
        with suppress(ValueError, OSError, ZoneInfoNotFoundError):
            if 0 < len(name) < 60:
                return ZoneInfo(name)
    return timezone.get_default_timezone()


def end_of(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def last_day_before(end: datetime, zone: tzinfo) -> date:
    """The last day that has a moment before an end."""
    return (end - timedelta(microseconds=1)).astimezone(zone).date()
