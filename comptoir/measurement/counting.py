"""Keeping the facts: what changed is counted again, thread by thread, and anything can be counted from nothing.

Sources: entries, replies and closures of the inbox, deliveries of `networks`, and for who was there the audit log.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from comptoir.inbox.gathering import is_behind
from comptoir.kernel import clock
from comptoir.measurement import counting_sql as sql
from comptoir.measurement.models import Heard, Staffed
from comptoir.organisation.audit_sentences import codes_of
from comptoir.organisation.models import Brand, Hours
from comptoir.organisation.opening import Calendar

AT_ONCE = 1_000
"""Threads in one transaction."""
PATIENCE = timedelta(minutes=1)
"""For how long figures give way to messages that nobody can see yet."""
_COLUMNS = (
    "entry", "brand", "channel", "thread", "team", "queue", "language", "at", "begins", "answered", "here", "by",
    "closed", "gone", "day", "hour", "wait", "solved", "wait_open", "solved_open",
)  # fmt: skip
_BRAND, _AT, _ANSWERED, _CLOSED = (_COLUMNS.index(name) for name in ("brand", "at", "answered", "closed"))


def count_due(seconds: float = 20) -> int:
    """Count again what is due, for so long; how many threads. To be run by one at a time."""
    done, end = 0, time.monotonic() + seconds
    calendars: _Calendars | None = None
    while time.monotonic() < end:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.TAKE, {"most": AT_ONCE})
            threads = sorted(pk for (pk,) in cursor.fetchall())
            if not threads:
                break
            # What changes from here on marks its thread anew, for the next round.
            cursor.execute(sql.DONE, {"threads": threads})
            # An idle house asks for no calendar.
            calendars = calendars or _Calendars()
            count(threads, calendars)
        done += len(threads)
    return done


def can_wait() -> bool:
    """Whether messages wait to be seen, which goes before, and nothing is due for long."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SINCE)
        since = cursor.fetchone()
    return since is not None and clock.now() - since[0] < PATIENCE and is_behind()


def count(threads: Sequence[int], calendars: _Calendars | None = None) -> None:
    """Make the facts of these threads anew, from what is stored now; those of threads that are gone go."""
    calendars = calendars or _Calendars()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.FORGET, {"threads": list(threads)})
        cursor.execute(sql.FACTS, {"threads": list(threads)})
        rows = [_measured(row, calendars.of(row[_BRAND])) for row in cursor.fetchall()]
        columns = zip(*rows, strict=True) if rows else [[] for _ in _COLUMNS]
        cursor.execute(sql.KEEP, dict(zip(_COLUMNS, map(list, columns), strict=True)))


def count_again(brand_id: int | None = None) -> None:
    """Have all threads of a brand, or of the house, counted from nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        if brand_id is not None:
            Staffed.objects.of(brand_id).delete()
        cursor.execute(sql.AGAIN, {"brand": brand_id, "now": clock.now()})


def count_staff(since: datetime | None = None) -> None:
    """How many people were there in each hour since a moment; None, or the first time: as far as the audit log goes."""
    zones = _Calendars().zones()
    if since is None or not Staffed.objects.everywhere().exists():
        since = datetime(1970, 1, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.STAFF,
            {
                "brands": list(zones),
                "zones": list(zones.values()),
                "since": since,
                "acts": codes_of("threads"),
            },
        )


def behind(brand_id: int) -> tuple[int, datetime | None]:
    """How many threads of a brand wait to be counted again, and since when the first of them does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT d.thread), min(d.since) FROM measurement_due d"
            " JOIN inbox_thread t ON t.id = d.thread WHERE t.brand_id = %s",
            [brand_id],
        )
        found: tuple[int, datetime | None] = cursor.fetchone()
    return found


def oldest(brand_id: int) -> date | None:
    """The day of the first message that figures know of."""
    return Heard.objects.of(brand_id).order_by("day").values_list("day", flat=True).first()


class _Calendars:
    """The calendars of all brands, found once."""

    def __init__(self) -> None:
        own = Hours.objects.everywhere().filter(name="")
        self._own = {each.brand_id: each.calendar() for each in own}
        self._zones = dict(Brand.objects.everywhere().values_list("pk", "time_zone"))

    def of(self, brand_id: int) -> Calendar:
        if brand_id not in self._own:
            self._own[brand_id] = Calendar(ZoneInfo(self._zones.get(brand_id) or settings.TIME_ZONE))
        return self._own[brand_id]

    def zones(self) -> dict[int, str]:
        return {pk: str(self.of(pk).zone) for pk in self._zones}


def _measured(row: Sequence[Any], calendar: Calendar) -> tuple[Any, ...]:
    """A row with its day and hour by the brand's clock, and the seconds until it was answered and closed."""
    at, answered, closed = row[_AT], row[_ANSWERED], row[_CLOSED]
    wall = at.astimezone(calendar.zone)
    return (
        *row,
        wall.date(),
        wall.hour,
        round((answered - at).total_seconds()) if answered else None,
        round((closed - at).total_seconds()) if closed else None,
        calendar.elapsed(at, answered) if answered else None,
        calendar.elapsed(at, closed) if closed else None,
    )
