"""The figures of an event: genuine against noise over its time, its health, who speaks, who makes a takeover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.counting import counted_by_minute
from comptoir.listening.models import Event, EventTag, Mention, Takeover
from comptoir.listening.models.event import as_pattern, same
from comptoir.networks.models import Actor
from comptoir.reading.query.words import marks

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POINTS_MOST = 200
STEPS = (1, 5, 15, 60, 180, 360)
SPANS: dict[str, tuple[timedelta, int]] = {"2h": (timedelta(hours=2), 1), "12h": (timedelta(hours=12), 5),
                                           "24h": (timedelta(hours=24), 15)}  # fmt: skip
"""What may be looked at of it, up to now, and in steps of how many minutes; beside these, all of it."""
ALL = "all"
SHOWN = 6
LOOKED_AT = 120
"""Messages that are looked at for those that are shown."""
ACCOUNTS = 5

_PEOPLE = """
SELECT count(DISTINCT author) FILTER (WHERE noise = ''), count(DISTINCT author) FILTER (WHERE noise <> '')
FROM listening_mention WHERE query_id = %(query)s AND at >= %(since)s AND at < %(until)s
"""
_NOISY = f"""
SELECT author, count(*), max(followers) FROM listening_mention
WHERE query_id = %(query)s AND at >= %(since)s AND at < %(until)s AND noise <> ''
GROUP BY author ORDER BY count(*) DESC, author LIMIT {ACCOUNTS}
"""  # noqa: S608 - a number


class Health(NamedTuple):
    """So many genuine messages and noisy ones; what part is genuine is unknown where nothing was said."""

    genuine: int = 0
    spam: int = 0
    copies: int = 0

    @property
    def n(self) -> int:
        return self.genuine + self.spam + self.copies

    @property
    def noise(self) -> int:
        return self.spam + self.copies

    @property
    def share(self) -> float | None:
        return self.genuine / self.n if self.n else None


@dataclass(slots=True)
class Point:
    """What was said from `moment` on for a step; `by_tag` has the same for each tag of the event, and for messages
    without one of them at the end. `moved` is the tag that is in use from a minute of it on."""

    moment: datetime
    by_tag: list[Health]
    in_use: str
    moved: str = ""

    @property
    def all(self) -> Health:
        """Under whatever tag: the series joined."""
        return Health(*(sum(each[n] for each in self.by_tag) for n in range(3)))


@dataclass(slots=True)
class Series:
    """An event's points from `since` on, each of `step` minutes."""

    since: datetime
    until: datetime
    step: int
    points: list[Point] = field(default_factory=list)

    @property
    def total(self) -> Health:
        return Health(*(sum(point.all[n] for point in self.points) for n in range(3)))


class Account(NamedTuple):
    """Who wrote noise: how many messages, and how many follow them."""

    name: str
    handle: str
    posts: int
    followers: int


@dataclass(slots=True)
class Now:
    """An event at a moment: its last quarter of an hour and hour under the tag in use, the last hour under former ones,
    and how many people said something genuine, or noise, in that hour."""

    at: datetime
    tags: list[EventTag]
    quarter: Health
    hour: Health
    former: Health
    people: int
    noisy: int

    @property
    def tag(self) -> str:
        return self.tags[-1].tag

    @property
    def moved_share(self) -> float | None:
        """Of the hour's genuine messages under any tag, the part that is under the one in use."""
        genuine = self.hour.genuine + self.former.genuine
        return self.hour.genuine / genuine if genuine else None


def now_of(event: Event, tags: list[EventTag]) -> Now:
    """How it is, or was at its end."""
    at = end_of(event)
    since = max(at - HOUR, event.begins)
    rows = counted_by_minute(event.query_id, since, at, MINUTE, _patterns(tags)) if since < at else []
    quarter, hour, former = Counter[str](), Counter[str](), Counter[str]()
    for each in rows:
        apart = each.tag is not None and each.tag < len(tags) - 1 and each.moment >= tags[-1].since
        (former if apart else hour)[each.noise] += each.n
        if not apart and each.moment >= at - 15 * MINUTE:
            quarter[each.noise] += each.n
    ((people, noisy),) = ask(_PEOPLE, {"query": event.query_id, "since": since, "until": at}, again=False)
    return Now(at, tags, _health(quarter), _health(hour), _health(former), people, noisy)


def series_of(event: Event, tags: list[EventTag], span: str) -> Series:
    """Its time, or the last of it, in steps that fit."""
    end = end_of(event)
    since, step = event.begins, 0
    if span in SPANS:
        length, step = SPANS[span]
        since = max(event.begins, end - length)
    if not step:
        length = max(end - since, MINUTE)
        step = next((each for each in STEPS if length / (each * MINUTE) <= POINTS_MOST), STEPS[-1])
    since = floor_to(since, step)
    found = Series(since, end, step)
    counts: dict[datetime, list[Counter[str]]] = {}
    if since < end:
        rows = counted_by_minute(
            event.query_id, max(since, event.begins), end, step * MINUTE, _patterns(tags)
        )
        for each in rows:
            place = len(tags) if each.tag is None else each.tag
            by_tag = counts.setdefault(each.moment, [Counter() for _tag in range(len(tags) + 1)])
            by_tag[place if len(tags) > 1 else 0][each.noise] += each.n
    moment = since
    while moment < end:
        after = moment + step * MINUTE
        moved = [each.tag for each in tags[1:] if moment <= each.since < after]
        used = next((each.tag for each in reversed(tags) if each.since < after), tags[0].tag)
        by_tag = counts.get(moment, [Counter() for _tag in range(len(tags) + 1)])
        found.points.append(
            Point(moment, [_health(each) for each in by_tag], used, moved[-1] if moved else "")
        )
        moment = after
    return found


def lately(event: Event, now: Now, noise: bool) -> list[Mention]:
    """The newest that is genuine, or noise, under the tag in use."""
    rows = Mention.objects.of(event.brand_id).filter(
        query=event.query_id, at__gte=event.begins, at__lt=now.at
    )
    rows = rows.exclude(noise="") if noise else rows.filter(noise="")
    page = rows.newest().select_related("activity__actor").defer("activity__search")[:LOOKED_AT]
    former = [each.tag for each in now.tags[:-1]]
    found = []
    for each in page:
        if former and each.at >= now.tags[-1].since and _is_former(each, now.tag, former):
            continue
        found.append(each)
        if len(found) == SHOWN:
            break
    return found


def noisy_accounts(event: Event, takeover: Takeover) -> list[Account]:
    """Who made most of the noise of a takeover."""
    until = takeover.over or end_of(event)
    rows = ask(_NOISY, {"query": event.query_id, "since": takeover.since, "until": until}, again=False)
    named = Actor.objects.in_bulk([who for who, *_rest in rows])
    return [
        Account(named[who].name or named[who].handle, named[who].handle, posts, followers)
        for who, posts, followers in rows
        if who in named
    ]


def end_of(event: Event) -> datetime:
    """Up to when there is anything to say of it: now, or its end."""
    return min(clock.now(), event.ends)


def floor_to(moment: datetime, step: int) -> datetime:
    """Where the step of so many minutes that a moment lies in begins."""
    return clock.from_micros(clock.micros(moment) // (step * 60_000_000) * (step * 60_000_000))


def _is_former(mention: Mention, tag: str, former: list[str]) -> bool:
    text = f"{mention.activity.title} {mention.activity.text}"
    carried = [found for _start, _end, found in marks(text)]
    names = [each for each in carried if any(same(each, one) for one in former)]
    return bool(names) and not any(same(each, tag) for each in carried)


def _patterns(tags: list[EventTag]) -> list[str]:
    return [as_pattern(each.tag) for each in tags] if len(tags) > 1 else []


def _health(counts: Any) -> Health:
    return Health(counts[""], counts["spam"], counts["repeat"])
