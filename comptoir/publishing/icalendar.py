"""Calendars as other programs read them: iCalendar, RFC 5545.

Written by hand: nothing is needed of the format but days, moments and text, and each process of pages would be 11 MB
larger with the library that the test reads it by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LINE = 75
"""Bytes of a line at the most."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar: at a moment, or on whole days from one to another.

    uid      the same for as long as it is the same thing
    state    "TENTATIVE", "CONFIRMED" or "CANCELLED"
    """

    uid: str
    changed: datetime
    title: str
    at: datetime | None = None
    days: tuple[date, date] | None = None
    text: str = ""
    url: str = ""
    state: str = "CONFIRMED"


def written(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar of this name."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Comptoir//Calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for each in entries:
        lines += _event(each)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _event(entry: Entry) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_moment(entry.changed)}")
    yield f"LAST-MODIFIED:{_moment(entry.changed)}"
    if entry.at:
        yield f"DTSTART:{_moment(entry.at)}"
    elif entry.days:
        yield f"DTSTART;VALUE=DATE:{entry.days[0]:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.days[1] + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.text:
        yield f"DESCRIPTION:{_text(entry.text)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield from (f"STATUS:{entry.state}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    clean = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces that are short enough, cut between letters; each after the first begins with a space."""
    piece = b""
    for letter in line:
        more = letter.encode("utf-8", "replace")
        if len(piece) + len(more) > _LINE:
            yield piece
            piece = b" "
        piece += more
    yield piece
