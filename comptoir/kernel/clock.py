"""The time, asked in one place so that tests can set it, the zones that it is told in, and places in lists by time."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


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


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - _EPOCH) // _MICRO


def from_micros(count: int) -> datetime:
    """The moment of so many microseconds since 1970. OverflowError when that is past all calendars."""
    return _EPOCH + count * _MICRO


def place(at: datetime, pk: int) -> str:
    """Where a row stands in a list by time, for an address."""
    return f"{micros(at)}-{pk}"


def placed(text: str) -> tuple[datetime, int] | None:
    """The time and number that `place` wrote; None when it did not write this."""
    found = _PLACE.fullmatch(text)
    return (from_micros(int(found[1])), int(found[2])) if found else None
