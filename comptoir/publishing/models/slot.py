"""Slots: the hours of the week at which a channel has posts leave from its queue, one at each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.models.content import NotNow
from comptoir.publishing.models.destination import Destination
from comptoir.publishing.models.timetable import Timetable

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.post import Post

SLOTS_MOST = 100
"""Slots of one channel in a week."""
AHEAD = 366
"""Days within which a free slot is looked for."""
Week = Sequence[tuple[int, time]]
"""Slots of a week: each a day, 0 for Monday, and an hour on the channel's clock."""


class Slot(models.Model):
    """An hour of the week at which a channel has one post leave from its queue, by the channel's own clock."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="slots", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    hour = models.TimeField()

    objects: ClassVar[BrandManager[Slot, BrandQuerySet[Slot]]] = BrandManager.along("channel__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "weekday", "hour"], name="slot_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.hour:%H:%M}"

    @classmethod
    def put(cls, channel: Channel, by: User, week: Week, zone: str, warn_days: int | None = None) -> bool:
        """Give a channel these slots and this clock ("" for the brand's), and have it warn so many days before its
        queue is empty (None: as before); False when it has them. What is in the queue stays where it is."""
        wanted = set(week)
        with transaction.atomic():
            table = _held([channel])[channel.pk]
            now = set(cls.objects.of(channel.brand_id).filter(channel=channel).values_list("weekday", "hour"))
            warns = table.warn_days if warn_days is None else warn_days
            if (now, table.zone, table.warn_days) == (wanted, zone, warns):
                return False
            rows = cls.objects.of(channel.brand_id).filter(channel=channel)
            for weekday, hour in now - wanted:
                rows.filter(weekday=weekday, hour=hour).delete()
            cls.objects.bulk_create(
                cls(channel=channel, weekday=weekday, hour=hour) for weekday, hour in sorted(wanted - now)
            )
            table.zone, table.warn_days = zone, warns
            table.save(update_fields=["zone", "warn_days"])
            told = {"channel": channel.handle, "n": str(len(wanted))}
            record("slots_set", channel.brand_id, channel, by, **told)
        return True


def take(post: Post, after: datetime | None = None, anew: bool = True) -> None:
    """Have a held post leave each of its channels at the next slot that is free there, after a moment or from now on;
    or (not `anew`) those channels that have no time yet. Whoever else takes one on these channels waits meanwhile.
    NotNow("slotless") for a channel without a free one."""
    now = max(clock.now(), after) if after else clock.now()
    rows = list(post.destinations.select_related("channel__timetable", "post__brand").order_by("channel"))
    _held([each.channel for each in rows])
    channels = [each.channel_id for each in rows]
    slots = _by_channel(channels, post.brand_id)
    gone = _taken(post.brand_id, channels, now, now + timedelta(days=AHEAD + 2), but=post)
    for each in rows:
        if each.due and not anew:
            continue
        coming = _moments(slots[each.channel_id], each.zone, now, AHEAD)
        each.due = next((at for at in coming if (each.channel_id, at) not in gone), None)
        if each.due is None:
            raise NotNow("slotless")
    Destination.objects.of(post.brand_id).bulk_update(rows, ["due"])
    first = min(rows, key=lambda each: each.due or now)
    wall = (first.due or now).astimezone(first.zone)
    post.day, post.hour, post.zone, post.due = wall.date(), wall.time(), str(first.zone), first.due
    post.queued = True
    post.save(update_fields=["day", "hour", "zone", "due", "queued"])


def leave(post: Post) -> None:
    """Have a held post, which waits for nothing any more, give its slots up; it then has no time."""
    if post.queued:
        post.destinations.update(due=None)
        post.day = post.hour = post.due = None
        post.queued = False
        post.save(update_fields=["day", "hour", "due", "queued"])


def free(
    brand: Brand, begin: datetime, end: datetime, channels: Collection[int] = ()
) -> dict[datetime, set[int]]:
    """The slots from one moment to before another, and not over yet, at which nothing leaves: by moment, in order, the
    channels. Of some channels, or of all."""
    begin = max(begin, clock.now())
    rows = Slot.objects.of(brand).exclude(channel__state=Channel.State.OFF)
    if channels:
        rows = rows.filter(channel__in=channels)
    days = (end - begin).days + 2
    # Channels with the same clock and hours share the reckoning: many channels have few moments.
    alike: defaultdict[tuple[str, int, time], set[int]] = defaultdict(set)
    for channel, zone, weekday, hour in rows.values_list(
        "channel", "channel__timetable__zone", "weekday", "hour"
    ):
        alike[zone or "", weekday, hour].add(channel)
    found: defaultdict[datetime, set[int]] = defaultdict(set)
    for (name, weekday, hour), those in alike.items():
        for at in _moments([(weekday, hour)], clock.zone_of(name, brand.time_zone), begin, days):
            if begin <= at < end:
                found[at] |= those
    waiting = Destination.objects.of(brand).filter(state=Destination.State.WAITING, post__state__in=KEEPING)
    for channel, due in waiting.filter(due__in=list(found)).values_list("channel", "due"):
        if due:
            found[due].discard(channel)
    return {at: found[at] for at in sorted(found) if found[at]}


def _held(channels: Iterable[Channel]) -> dict[int, Timetable]:
    """The timetables of channels, made where there is none, held in one order until the transaction is over."""
    known = {each.pk: each for each in channels}
    # By number: a channel that is handed over would take the new row for its own.
    Timetable.objects.bulk_create((Timetable(channel_id=pk) for pk in known), ignore_conflicts=True)
    brands = {each.brand_id for each in known.values()}
    rows = [
        each
        for brand in sorted(brands)
        for each in Timetable.objects.of(brand).filter(channel__in=known).order_by("channel")
        .select_for_update(of=("self",))
    ]  # fmt: skip
    return {each.channel_id: each for each in rows}


def _by_channel(channels: Collection[int], brand: int) -> defaultdict[int, list[tuple[int, time]]]:
    found: defaultdict[int, list[tuple[int, time]]] = defaultdict(list)
    for each in Slot.objects.of(brand).filter(channel__in=channels):
        found[each.channel_id].append((each.weekday, each.hour))
    return found


def _taken(
    brand: int, channels: Collection[int], begin: datetime, end: datetime, but: Post | None = None
) -> set[tuple[int, datetime]]:
    """On which channels something leaves when."""
    rows = Destination.objects.of(brand).filter(channel__in=channels, due__gte=begin, due__lt=end)
    rows = rows.filter(post__state__in=KEEPING).exclude(state=Destination.State.WITHDRAWN)
    if but is not None:
        rows = rows.exclude(post=but)
    return {(channel, due) for channel, due in rows.values_list("channel", "due") if due}


def _moments(week: Week, zone: tzinfo, after: datetime, days: int) -> Iterator[datetime]:
    """When slots of a week come after a moment, in order. One that a clock jumps over is as much later, one that comes
    twice is meant the first time, as everywhere."""
    first = after.astimezone(zone).date() - timedelta(days=1)
    for n in range(days + 2):
        day: date = first + timedelta(days=n)
        hours = [hour for weekday, hour in week if weekday == day.weekday()]
        yield from sorted(at for hour in hours if (at := moment(datetime.combine(day, hour), zone)) > after)


KEEPING = ("review", "changes", "approved", "scheduled", "leaving", "asking", "published", "partly", "failed")
"""States in which a post keeps its slots from others."""
