"""A surge: who waits with what, and when nobody does any more, at the present pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from comptoir.inbox.models.clusters import NEWS
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.measurement import surge_sql as sql
from comptoir.networks.models import Channel
from comptoir.networks.pacing import paces_of
from comptoir.organisation.models import Brand

CLUSTERS = 40
PRESSING = 5
ALONE = 10
"""Of each list, on the page."""
HOUR = 60
SHORT = 15
"""Minutes that a pace is taken over."""


class Gathered(NamedTuple):
    """A cluster of people who wait: how many, since when, how many of them press."""

    pk: int
    waiting: int
    oldest: datetime
    pressing: int
    size: int
    first_at: datetime
    last_at: datetime
    text: str | None
    languages: Sequence[str] | None

    @property
    def is_new(self) -> bool:
        """Whether it was heard for the first time within the hour."""
        return self.first_at > clock.now() - NEWS


class Alone(NamedTuple):
    """Somebody who waits with words of their own."""

    place: str
    thread: int
    since: datetime
    text: str
    language: str
    who: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Pace:
    """In so many minutes: conversations in which somebody wrote, answers that left, and by how many people."""

    minutes: int
    came: int
    gone: int
    people: int

    @property
    def net(self) -> float:
        """By how many fewer wait after a minute."""
        return (self.gone - self.came) / self.minutes


@dataclass(frozen=True, slots=True)
class Limit:
    """What a network allows, where that is what decides: so many in so long, and how long all that waits then takes."""

    label: str
    number: int
    every: timedelta
    takes: timedelta


@dataclass(frozen=True, slots=True)
class Outlook:
    """When nobody waits any more. `state`: "none" waits, "soon" (within `left`), or "never" at this pace.

    `binds` is the network's limit where it, and not the people, decides. `needed`: how many people, answering as
    those do who answer now, would be through within an hour; None where nobody answers.
    """

    state: str
    left: timedelta
    binds: Limit | None
    needed: int | None


@dataclass(frozen=True, slots=True)
class Surge:
    """Everything on the page."""

    waiting: int
    pressing: int
    oldest: datetime | None
    groups: int
    together: int
    clusters: list[Gathered]
    press: list[Alone]
    alone: list[Alone]
    short: Pace
    long: Pace
    leaving: int
    last: datetime | None
    minutes: dict[str, list[int]]
    outlook: Outlook

    @property
    def singles(self) -> int:
        """How many wait with words that nobody else said."""
        return self.waiting - self.together


def surge_of(brand: Brand) -> Surge:
    """What there is now, in five statements whatever the number of threads."""
    now = clock.now()
    rows = ask(sql.CLUSTERS, {"brand": brand.pk, "most": CLUSTERS}, again=False)
    waiting, pressing, oldest, channels, groups, together = rows[0][:6]
    clusters = [Gathered(*row[6:]) for row in rows if row[6] is not None]
    singles = [
        Alone(*row)
        for row in ask(sql.ALONE, {"brand": brand.pk, "first": PRESSING, "most": ALONE}, again=False)
    ]
    minutes, short, long = _paces(brand, now)
    leaving = {pk: (n, last) for pk, n, last in ask(sql.LEAVING, {"brand": brand.pk})}
    limit = limit_of(
        brand, {int(pk): n for pk, n in channels.items()}, {pk: n for pk, (n, _l) in leaving.items()}
    )
    return Surge(
        waiting, pressing, oldest, groups, together, clusters,
        [each for each in singles if each.place == "pressing"],
        [each for each in singles if each.place == "alone"],
        short, long, sum(n for n, _last in leaving.values()),
        max((last for _n, last in leaving.values()), default=None), minutes,
        outlook(waiting, decisive(short, long), limit),
    )  # fmt: skip


def decisive(short: Pace, long: Pace) -> Pace:
    """The pace that is gone by: of the last quarter of an hour, where anybody was answered in it."""
    return short if short.gone else long


def _paces(brand: Brand, now: datetime) -> tuple[dict[str, list[int]], Pace, Pace]:
    """Each minute of the last hour, the latest first, and what the last quarter and the whole of it come to."""
    minutes = {"came": [0] * HOUR, "gone": [0] * HOUR}
    authors: list[set[int]] = [set() for _minute in range(HOUR)]
    since = now - timedelta(minutes=HOUR)
    for kind, minute, n, people in ask(
        sql.PACE, {"brand": brand.pk, "since": since, "now": now}, again=False
    ):
        if 0 <= minute < HOUR:
            minutes[kind][minute] = n
            authors[minute].update(people or ())

    def over(length: int) -> Pace:
        return Pace(
            length, sum(minutes["came"][:length]), sum(minutes["gone"][:length]),
            len(set().union(*authors[:length])),
        )  # fmt: skip

    return minutes, over(SHORT), over(HOUR)


def limit_of(brand: Brand, waiting: Mapping[int, int], leaving: Mapping[int, int]) -> Limit | None:
    """The network's limit that holds up longest what waits and what is on its way; None where none holds up."""
    found: Limit | None = None
    for channel in Channel.objects.of(brand):
        many = waiting.get(channel.pk, 0) + leaving.get(channel.pk, 0)
        for pace in paces_of(channel):
            takes = pace.every * (many / pace.number)
            if many > pace.number and (found is None or takes > found.takes):
                found = Limit(channel.label, pace.number, pace.every, takes)
    return found


def outlook(waiting: int, pace: Pace, limit: Limit | None) -> Outlook:
    """When nobody waits any more, should all go on as it does."""
    each = pace.gone / pace.minutes / pace.people if pace.people else 0.0
    needed = ceil((pace.came / pace.minutes + waiting / HOUR) / each - 1e-9) if each else None
    if not waiting:
        return Outlook("none", timedelta(), None, None)
    if pace.net <= 0:
        return Outlook("never", timedelta(), limit, needed)
    left = timedelta(minutes=waiting / pace.net)
    if limit is not None and limit.takes >= left:
        return Outlook("soon", limit.takes, limit, needed)
    return Outlook("soon", left, None, needed)
