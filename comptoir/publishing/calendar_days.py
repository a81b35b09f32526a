"""What stands on the days of the calendar: posts, as little of each as is shown, notes, public holidays, free slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models import DayNote, Destination, Post, PublicHolidays, Timetable
from comptoir.publishing.models.public_holidays import named
from comptoir.publishing.models.slot import free


class Shown(NamedTuple):
    """A free slot: when it is, its day and hour on its channel's own clock, and whose it is."""

    at: datetime
    day: date
    hour: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the calendar shows it.

    at      when it leaves, by the reader's clock
    where   the handle of its first channel, "" without one; `others` is on how many more it is
    move    the address where it is moved, "" where it is not
    """

    name: str
    at: datetime
    state: str
    state_words: str
    address: str
    where: str
    others: int
    move: str


@dataclass(slots=True)
class Day:
    """A day of the calendar: the posts shown, how many there are, and what else is known of it.

    holidays  each name with the places where it is one
    free      slots at which nothing leaves yet, those shown; `frees` is how many there are
    """

    date: date
    posts: list[Entry] = field(default_factory=list)
    count: int = 0
    notes: list[DayNote] = field(default_factory=list)
    holidays: list[tuple[str, list[str]]] = field(default_factory=list)
    free: list[Shown] = field(default_factory=list)
    frees: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.posts)

    @property
    def more_free(self) -> int:
        """How many free slots are not shown."""
        return self.frees - len(self.free)


def entries(posts: Sequence[Post], brand: Brand, moves: bool) -> list[Entry]:
    """Posts of a brand that have a time, as entries; `moves` for whoever may move them."""
    zone = timezone.get_current_timezone()
    prefetch_related_objects([each for each in posts if not each.title], "variants")
    rows = Destination.objects.of(brand).filter(post__in=[each.pk for each in posts]).order_by("post", "pk")
    handles: defaultdict[int, list[str]] = defaultdict(list)
    for post, handle in rows.values_list("post_id", "channel__handle"):
        handles[post].append(handle)
    words = {state.value: str(state.label) for state in Post.State}
    return [
        Entry(
            each.name, each.due.astimezone(zone), each.state, words[each.state],
            reverse("post", args=[brand.slug, each.pk]),
            handles[each.pk][0] if handles[each.pk] else "", max(0, len(handles[each.pk]) - 1),
            reverse("post-move", args=[brand.slug, each.pk]) if moves and each.is_movable else "",
        )
        for each in posts
        if each.due
    ]  # fmt: skip


def write_on(days: dict[date, Day], brand: Brand, first: date, last: date, language: str) -> None:
    """Put notes and holidays from one day to another on their days; one that has none yet is added."""
    notes: defaultdict[date, list[DayNote]] = defaultdict(list)
    for note in DayNote.objects.of(brand).between(first, last):
        for day in note.days(first, last):
            notes[day].append(note)
    rows: Sequence[PublicHolidays] = list(PublicHolidays.objects.of(brand).order_by("place"))
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        holidays = named(rows, day, language)
        if notes[day] or holidays:
            found = days.setdefault(day, Day(day))
            found.notes, found.holidays = notes[day], holidays


def offer_on(
    days: dict[date, Day], brand: Brand, first: date, last: date, most: int, channel: int | None = None
) -> None:
    """Put free slots on their days, `most` of each day at the most; a day that has nothing yet is added."""
    zone = timezone.get_current_timezone()
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    shown: list[tuple[Day, datetime, int]] = []
    for at, those in free(brand, begin, end, [channel] if channel else []).items():
        found = days.setdefault(at.astimezone(zone).date(), Day(at.astimezone(zone).date()))
        shown += [(found, at, each) for each in sorted(those)[: max(0, most - found.frees)]]
        found.frees += len(those)
    numbers = {each for _day, _at, each in shown}
    known = Channel.objects.of(brand).select_related("timetable").in_bulk(list(numbers))
    for found, at, each in shown:
        there = at.astimezone(Timetable.zone_of(known[each], brand))
        found.free.append(Shown(at, there.date(), f"{there:%H:%M}", known[each]))
