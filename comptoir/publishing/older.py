"""Lists by time: so many rows, and where the older ones begin."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.organisation.programs.paging import moment, next_moment


class Part(NamedTuple):
    """Rows of a list, below the place `before` ("" for the top); `older` is the place of the next ones, "" for none."""

    rows: list[Any]
    before: str
    older: str


def part_of(request: HttpRequest, rows: QuerySet[Any], field: str, most: int) -> Part:
    """The part of a page's list that was asked for, newest first by a field. BadRequest for no such place."""
    before = request.GET.get("before", "")
    place = clock.placed(before)
    if before and not place:
        raise BadRequest(_("There is no such place in the list."))
    found, last = _below(rows, field, place, most)
    return Part(found, before, clock.place(getattr(last, field), last.pk) if last else "")


def paged_by(
    request: HttpRequest, rows: QuerySet[Any], field: str, kind: str, cursor: str, limit: int
) -> tuple[list[Any], str | None]:
    """A page of such a list for programs, and the address of the next one. Problem for no such place."""
    found, last = _below(rows, field, moment(cursor, kind), limit)
    return found, next_moment(request, kind, getattr(last, field), last.pk) if last else None


def _below(
    rows: QuerySet[Any], field: str, place: tuple[datetime, int] | None, most: int
) -> tuple[list[Any], Any]:
    """Rows below a place; the last of them where there are more."""
    if place:
        at, pk = place
        rows = rows.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": pk}))
    found = list(rows.order_by(f"-{field}", "-pk")[: most + 1])
    return found[:most], found[most - 1] if len(found) > most else None
