"""The stock of a channel's queue: how many posts wait there, and until when they last."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, Draft, Notice
from comptoir.publishing.models import Destination, Slot, Timetable
from comptoir.publishing.models.slot import free

DRY = "queue_dry"
FAR = timedelta(days=62)
"""How far the pages look for the first slot without a post."""
_S = Destination.State


class Stock(NamedTuple):
    """What is in a channel's queue: how many posts wait, and the first slot at which nothing leaves, None where there
    is none within the time that was looked at."""

    waits: int
    dry: datetime | None


def stocks(brand: Brand, channels: Collection[int], ahead: timedelta = FAR) -> dict[int, Stock]:
    """The stock of each of these channels, looked at so far ahead."""
    now = clock.now()
    rows = Destination.objects.of(brand).filter(channel__in=channels, post__queued=True, due__gt=now)
    waiting = rows.filter(state=_S.WAITING).order_by().values_list("channel").annotate(Count("pk"))
    waits: dict[int, int] = dict(waiting)
    dry: dict[int, datetime] = {}
    for at, those in free(brand, now, now + ahead, channels).items():
        for channel in those:
            dry.setdefault(channel, at)
    return {each: Stock(waits.get(each, 0), dry.get(each)) for each in channels}


def warn(brand: Brand) -> None:
    """Put up a notice for each channel whose queue runs dry within the days that it is to warn of, and take it down
    where it is filled again. A queue that nobody ever used warns of nothing."""
    used = Destination.objects.of(brand).filter(post__queued=True).order_by().values("channel").distinct()
    slotted = Slot.objects.of(brand).order_by().values("channel").distinct()
    rows = Channel.objects.of(brand).filter(pk__in=used).filter(pk__in=slotted)
    known = {each.pk: each for each in rows.select_related("timetable")}
    now, drafts = clock.now(), []
    longest = max((_warns(each) for each in known.values()), default=timedelta(0))
    for pk, stock in stocks(brand, list(known), longest).items() if longest else ():
        if stock.dry and stock.dry < now + _warns(known[pk]):
            facts = {"name": known[pk].handle, "moment": stock.dry.isoformat()}
            drafts.append(Draft(brand.pk, DRY, f"queue:{pk}", facts))
    Notice.post_all(drafts)
    up = Notice.objects.of(brand).filter(code=DRY, settled_at=None)
    filled = up.exclude(about__in=[each.about for each in drafts])
    if abouts := list(filled.values_list("about", flat=True)):
        Notice.settle_each(brand.pk, abouts, DRY)


def warn_all() -> None:
    """The same for every brand whose channels have slots, or had."""
    slotted = Slot.objects.everywhere().order_by().values_list("channel__brand", flat=True).distinct()
    told = Notice.objects.everywhere().filter(code=DRY, settled_at=None).values_list("brand", flat=True)
    for brand in Brand.objects.everywhere().filter(pk__in={*slotted, *told}, archived_at=None):
        warn(brand)


def _warns(channel: Channel) -> timedelta:
    own: Timetable | None = getattr(channel, "timetable", None)
    return timedelta(days=own.warn_days if own else 0)
