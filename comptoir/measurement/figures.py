"""The figures of answering, each defined once. The page, the files and the interface for programs show these.

Sources of the definitions (the word "segment" is ours for what they call a conversation):

- Response rate: answered / (answered + needing an answer), first message of a conversation only, where a first message
  is one after 24 hours of silence and automatic answers do not count: Facebook's page response rate. What was closed
  without an answer, or taken back by its author, needs none and is counted beside it.
- First response time: from the first message of a segment to the first answer of a person: Front, "first response
  time"; business hours as in Zammad's service level agreements. Answers written on the network itself count, apart.
- Next response time: from the first message that waited to the answer, not from the last before it: Chatwoot's
  customer waiting time. The first wait of a segment is not among these.
- Resolution time: from the first message of a segment to the closing that lasted: Orlo, "average resolution time".
- Buckets up to 2 h, 8 h, 24 h and above: Socialbakers' response time.
- Medians and ninth deciles are linear between ranks (PostgreSQL's `percentile_cont`). A figure without a denominator is
  None and shown as a dash, never 0.

A wait belongs to the day on which it began. An answer counts from when it left; one that was refused, or came back,
does not. Messages read back from before a channel was connected, and those that the brand hides, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comptoir.inbox.models import Queue
from comptoir.kernel.asking import ask
from comptoir.measurement import figures_sql as sql
from comptoir.measurement.asked import Asked
from comptoir.measurement.counting import behind, oldest
from comptoir.measurement.satisfaction import Satisfaction, satisfaction_of
from comptoir.networks.models import Channel
from comptoir.organisation.models import Team, User
from comptoir.organisation.naming import language_name

DIMENSIONS = {
    "day": "day", "hour": "hour", "channel": "channel_id", "language": "language", "team": "team_id",
    "queue": "queue_id", "person": "by_id",
}  # fmt: skip
"""What figures are told by, each with the column of a fact that it stands in: another one is another line here."""
BUCKETS = ("2 h", "8 h", "24 h", "")
_SPREADS = 2 + len(DIMENSIONS) + 8
"""Where in a row the spreads begin: before them two marks, a key for each dimension, eight counts."""


class Spread(NamedTuple):
    """How long something took, in seconds: of how many, the median, what nine in ten stayed under, the mean."""

    n: int = 0
    median: float | None = None
    p90: float | None = None
    mean: float | None = None


NO_TIME = Spread()


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one day, channel, language ... `key` is what the database calls it, None for the unknown.

    messages  all that people wrote to the brand
    segments  conversations that began and were answered, or want to be
    answered  of these, how many a person answered; `here` not on the network itself but at the counter
    waiting   how many still need an answer
    left      how many were closed without one
    buckets   how many were answered within 2 h, 8 h, 24 h, and later
    """

    key: Any = None
    label: str = ""
    messages: int = 0
    segments: int = 0
    answered: int = 0
    waiting: int = 0
    left: int = 0
    here: int = 0
    buckets: tuple[int, ...] = (0, 0, 0, 0)
    first: Spread = NO_TIME
    next: Spread = NO_TIME
    resolution: Spread = NO_TIME

    @property
    def elsewhere(self) -> int:
        """How many were answered on the network itself."""
        return self.answered - self.here

    @property
    def rate(self) -> float | None:
        """The response rate, 0 to 1; None when nobody was answered and nobody waits."""
        wanted = self.answered + self.waiting
        return self.answered / wanted if wanted else None


@dataclass(frozen=True, slots=True)
class Workload:
    """One hour of the day, on average over the period's days: messages that came in, and people who were at work."""

    hour: int
    messages: float
    people: float

    @property
    def load(self) -> float | None:
        """Messages for each person; None when nobody was there."""
        return self.messages / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a period. `week` counts messages by (day of the week, hour), Monday being 0.

    `behind` is how many threads are still to be counted, since when; `oldest` the day of the first message known.
    """

    asked: Asked
    total: Line
    before: Line
    by: dict[str, list[Line]]
    week: dict[tuple[int, int], int]
    workload: list[Workload]
    satisfaction: Satisfaction
    behind: tuple[int, datetime | None] = (0, None)
    oldest: date | None = None

    def person(self, pk: int) -> Line:
        """What one person answered."""
        return next((line for line in self.by["person"] if line.key == pk), Line(pk))


def figures_of(asked: Asked) -> Figures:
    """Ask for everything: a fixed number of queries, whatever the number of messages."""
    total, before, by = Line(), Line(), {name: list[Line]() for name in DIMENSIONS}
    names = _names(asked)
    for name, inside, line in _lines(asked):
        if name is None:
            total, before = (line, before) if inside else (total, line)
        elif inside and not (name == "person" and line.key is None):
            by[name].append(line)
    by["day"] = _filled(by["day"], asked.all_days)
    by["hour"] = _filled(by["hour"], range(24))
    for name in ("channel", "language", "team", "queue", "person"):
        by[name] = _named(name, by[name], names)
    week = {(day, hour): n for day, hour, n in ask(sql.WEEK, asked.values(), again=False)}
    return Figures(
        asked,
        total,
        before,
        by,
        week,
        _workload(asked, by["hour"]),
        satisfaction_of(asked, lambda name, key: _label(name, key, names[name])),
        behind(asked.brand.pk),
        oldest(asked.brand.pk),
    )


def _statement(is_open: bool) -> str:
    columns = ", ".join(DIMENSIONS.values())
    sets = ", ".join(f"(inside, {column})" for column in DIMENSIONS.values())
    wait, solved = ("wait_open", "solved_open") if is_open else ("wait", "solved")
    return sql.FIGURES.format(keys=columns, sets=sets, wait=wait, solved=solved)


def _lines(asked: Asked) -> Iterator[tuple[str | None, bool, Line]]:
    """Every line with the dimension that it belongs to, and whether it is of the period or of the one before."""
    many = len(DIMENSIONS)
    # A bit for each dimension that a row is not told by.
    told_by = {(1 << many) - 1 - (1 << many - 1 - place): name for place, name in enumerate(DIMENSIONS)}
    for row in ask(_statement(asked.open), asked.values(), again=False):
        name = told_by.get(row[0])
        key = row[2 + list(DIMENSIONS).index(name)] if name else None
        messages, waiting, left, here, *buckets = row[2 + many : _SPREADS]
        first, following, resolution = (
            _spread(row[at : at + 3]) for at in (_SPREADS, _SPREADS + 3, _SPREADS + 6)
        )
        yield name, row[1], Line(
            key, "", messages, first.n + waiting + left, first.n, waiting, left, here, tuple(buckets),
            first, following, resolution,
        )  # fmt: skip


def _spread(found: Sequence[Any]) -> Spread:
    n, ranks, mean = found
    median, p90 = ranks or (None, None)
    return Spread(n, median, p90, mean)


def _filled(lines: list[Line], keys: Sequence[Any]) -> list[Line]:
    """A line for each day or hour, those without a message too."""
    found = {line.key: line for line in lines}
    return [found.get(key) or Line(key) for key in keys]


def _named(name: str, lines: list[Line], names: dict[str, dict[Any, str]]) -> list[Line]:
    """With what people call them; the one with most messages first."""
    known = names[name]
    made = [Line(**_values(line) | {"label": _label(name, line.key, known)}) for line in lines]
    return sorted(made, key=lambda line: (-line.messages, line.label))


def _values(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in Line.__dataclass_fields__}


def _label(name: str, key: Any, known: dict[Any, str]) -> str:
    if name == "language":
        return language_name(key) if key else _("Not known")
    if key is None:
        return {"team": _("No team"), "queue": _("In no queue")}.get(name, "–")
    gone = {"team": _("A team that is no more"), "queue": _("A queue that is no more")}
    return known.get(key) or gone.get(name, f"{key}")


def _names(asked: Asked) -> dict[str, dict[Any, str]]:
    channels = {each.pk: each.title for each in Channel.objects.of(asked.brand)}
    teams = dict(Team.objects.of(asked.brand).values_list("pk", "name"))
    people = {each.pk: str(each) for each in User.objects.filter(memberships__brand=asked.brand)}
    queues = dict(Queue.objects.of(asked.brand).values_list("pk", "name"))
    return {"channel": channels, "team": teams, "queue": queues, "person": people, "language": {}}


def _workload(asked: Asked, hours: list[Line]) -> list[Workload]:
    """Averages over all days of the period that have come."""
    days = max(1, asked.length)
    values = asked.values() | {"zone": str(asked.zone)}
    staff: dict[int, int] = dict(ask(sql.STAFF, values, again=False))
    return [Workload(line.key, line.messages / days, int(staff.get(line.key, 0)) / days) for line in hours]


def weekday_of(day: int) -> date:
    """Some day that falls on this day of the week, to be formatted."""
    return date(2024, 1, 1) + timedelta(days=day)
