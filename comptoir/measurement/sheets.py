"""Every table of the figures as rows for a file: times in whole seconds, what there is no figure for left empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import batched
from typing import Any

from django.http import StreamingHttpResponse

from comptoir.inbox.models.survey import SCORES
from comptoir.kernel.asking import ask
from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.measurement import figures_sql as sql
from comptoir.measurement.asked import Asked
from comptoir.measurement.figures import Figures, Line, Spread, figures_of

Row = Sequence[Any]
_LINE = (
    "key", "label", "messages", "conversations", "answered", "answered_here", "answered_elsewhere", "waiting",
    "closed_unanswered", "response_rate", "within_2h", "within_8h", "within_24h", "later",
    *(f"{what}_{each}" for what in ("first_response", "next_response", "resolution")
      for each in ("n", "median_s", "p90_s", "mean_s")),
)  # fmt: skip
_WAIT = (
    "message", "thread", "channel", "team", "queue", "language", "at", "begins", "answered", "here", "by", "closed",
    "taken_back", "wait_s", "resolution_s", "wait_open_s", "resolution_open_s",
)  # fmt: skip
_BEGINS = {1: "conversation", 2: "turn"}
_CHUNK = 500
_BY = 10
"""Where in a wait its author's number stands."""


def _spread(found: Spread) -> tuple[Any, ...]:
    return (found.n, *(None if value is None else round(value) for value in found[1:]))


def cells(line: Line) -> Row:
    """All that a line says."""
    rate = None if line.rate is None else round(line.rate, 4)
    return (
        line.key, line.label, line.messages, line.segments, line.answered, line.here, line.elsewhere, line.waiting,
        line.left, rate, *line.buckets, *_spread(line.first), *_spread(line.next), *_spread(line.resolution),
    )  # fmt: skip


def _lines(name: str) -> Callable[[Figures], Iterable[Row]]:
    return lambda found: [_LINE, *map(cells, found.by[name])]


def _summary(found: Figures) -> Iterable[Row]:
    asked = found.asked
    spans = (
        (asked.since, asked.until, found.total),
        (asked.before, asked.since - timedelta(days=1), found.before),
    )
    yield ("from", "to", *_LINE[2:])
    for since, until, line in spans:
        yield (since, until, *cells(line)[2:])


def _week(found: Figures) -> Iterable[Row]:
    yield ("weekday", "hour", "messages")
    for day in range(7):
        for hour in range(24):
            yield (day + 1, hour, found.week.get((day, hour), 0))


def _workload(found: Figures) -> Iterable[Row]:
    yield ("hour", "messages_per_day", "people_per_day", "messages_per_person")
    for each in found.workload:
        load = None if each.load is None else round(each.load, 3)
        yield (each.hour, round(each.messages, 3), round(each.people, 3), load)


def _satisfaction(found: Figures) -> Iterable[Row]:
    scores = [f"score_{n}" for n in reversed(SCORES)]
    yield ("by", "key", "label", "asked", "answered", "response_rate", "satisfied", "mean_score", *scores)
    told = [("all", found.satisfaction.total)]
    told += [(name, line) for name, lines in found.satisfaction.by.items() for line in lines]
    for name, line in told:
        shares = (None if n is None else round(n, 4) for n in (line.rate, line.satisfied, line.mean))
        yield (
            name,
            line.key,
            line.label,
            line.asked,
            line.answered,
            *shares,
            *(many for _n, many in line.spread),
        )


SHEETS: dict[str, Callable[[Figures], Iterable[Row]]] = {
    "summary": _summary,
    "days": _lines("day"),
    "hours": _lines("hour"),
    "week": _week,
    "channels": _lines("channel"),
    "languages": _lines("language"),
    "teams": _lines("team"),
    "queues": _lines("queue"),
    "people": _lines("person"),
    "workload": _workload,
    "satisfaction": _satisfaction,
}
"""Tables by their names in addresses. "waits" beside them is every wait that the figures are made of."""


def rows_of(name: str, asked: Asked, sees: set[int] | None) -> Iterator[Row]:
    """A table's rows, the head first. `sees` are the people whose figures the asker may see, None for all.

    KeyError when there is no such table.
    """
    if name == "waits":
        yield _WAIT
        for row in ask(sql.WAITS, asked.values(), again=False):
            yield (
                *row[:6], row[6].isoformat(), _BEGINS[row[7]], _said(row[8]), row[9],
                row[_BY] if sees is None or row[_BY] in sees else None, _said(row[11]), *row[12:],
            )  # fmt: skip
        return
    for place, line in enumerate(SHEETS[name](figures_of(asked))):
        if name != "people" or place == 0 or sees is None or line[0] in sees:
            yield line


def streamed(rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """The rows as a CSV file of that name, some at a time."""
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    yield BOM
    for some in batched(rows, _CHUNK):
        yield csv_rows(some)


def _said(at: Any) -> str | None:
    return at.isoformat() if at else None
