"""Lists in pages: the next page begins at a place, not at a number, so that what comes meanwhile shifts nothing."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query
from pydantic import BaseModel, Field

from comptoir.kernel import clock
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

MOST = 100
USUAL = 50
NUMBER_MOST = 2**62
"""The greatest number of a row that is asked for."""
_LARGEST = 2**63 - 1

Limit = Annotated[
    int,
    Query(ge=1, le=MOST, description=gettext_noop("How many at the most.")),
]
After = Annotated[
    str,
    Query(max_length=200, description=gettext_noop("Where the page begins: from next of the page before.")),
]


class Page[Item: BaseModel](BaseModel):
    """A page of a list."""

    items: list[Item]
    next: str | None = Field(description=gettext_noop("The address of the next page, null on the last one."))


def place(cursor: str, kind: str, numbers: int) -> tuple[int, ...] | None:
    """The numbers in a cursor that `next_page` made for lists of this kind; None for "". Problem for any other."""
    if not cursor:
        return None
    try:
        said = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except ValueError:
        said = None
    fits = isinstance(said, list) and len(said) == numbers + 1 and said[0] == kind
    if not fits or not all(type(n) is int and 0 <= n <= _LARGEST for n in said[1:]):
        raise _no_such_place()
    return tuple(said[1:])


def moment(cursor: str, kind: str) -> tuple[datetime, int] | None:
    """The time and number in a cursor that `next_moment` made."""
    found = place(cursor, kind, 2)
    try:
        return (clock.from_micros(found[0]), found[1]) if found else None
    except OverflowError:
        raise _no_such_place() from None


def _no_such_place() -> Problem:
    words = _("There is no such place in the list: take the address of the next page as it was given.")
    return wrong_at("cursor", words)


def next_page(request: HttpRequest, kind: str, numbers: Sequence[int]) -> str:
    """The address of the page that begins after this place, with everything else as it was asked for."""
    packed = json.dumps([kind, *numbers], separators=(",", ":")).encode()
    query = request.GET.copy()
    query["cursor"] = urlsafe_b64encode(packed).decode().rstrip("=")
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def paged(request: HttpRequest, kind: str, rows: list[Any], limit: int) -> tuple[list[Any], str | None]:
    """A page of rows that were asked for with one more than the limit, told apart by their number."""
    more, rows = len(rows) > limit, rows[:limit]
    return rows, next_page(request, kind, [rows[-1].pk]) if more else None


def next_moment(request: HttpRequest, kind: str, at: datetime, pk: int) -> str:
    """The address of the page after this row of a list by time."""
    return next_page(request, kind, [clock.micros(at), pk])


def newest(rows: Any, cursor: str, kind: str, limit: int) -> list[Any]:
    """A page of rows and one more for `paged`, the newest first."""
    before = place(cursor, kind, 1)
    if before is not None:
        rows = rows.filter(pk__lt=before[0])
    return list(rows.order_by("-pk")[: limit + 1])
