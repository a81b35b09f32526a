"""For programs: the slots of channels."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.models import Slot
from comptoir.publishing.models.slot import SLOTS_MOST, free
from comptoir.publishing.models.timetable import WARN_DAYS, WARN_MOST
from comptoir.publishing.stock import stocks, warn

router = Router(tags=["posts"])
SLOTS = "/brands/{slug:brand}/slots/{number:pk}"
FREE_SHOWN = 20
FREE_WITHIN = timedelta(days=60)


class SlotGiven(BaseModel):
    """An hour of the week."""

    model_config = ConfigDict(extra="forbid")
    weekday: Annotated[int, Field(ge=0, le=6, description=gettext_noop("0 for Monday."))]
    hour: time


class SlotsGiven(BaseModel):
    """The hours at which a channel has posts leave from its queue."""

    model_config = ConfigDict(extra="forbid")
    zone: str = Field(default="", max_length=60, description=gettext_noop("Empty for the brand’s own."))
    slots: list[SlotGiven] = Field(max_length=SLOTS_MOST)
    warn_days: int | None = Field(
        default=None, ge=0, le=WARN_MOST,
        description=gettext_noop("A queue that is filled for fewer days warns, 0 for never; null leaves it as it is."),
    )  # fmt: skip


class SlotsShown(SlotsGiven):
    """The same, how many posts are in the queue, and when the next free slots are."""

    waits: int
    free: list[datetime]


@router.get(SLOTS, auth=Bearer("posts:read"), response=SlotsShown, operation_id="slots",
            summary=gettext_noop("The slots of a channel, and the next free ones"))  # fmt: skip
def slots(request: ApiRequest, brand: str, pk: int) -> SlotsShown:
    return _shown(request, _found(request, pk))


@router.put(SLOTS, auth=Bearer("posts:write", "manager"), response=SlotsShown, operation_id="set-slots",
            summary=gettext_noop("Give a channel other slots; what is in the queue stays"))  # fmt: skip
def put(request: ApiRequest, brand: str, pk: int, given: SlotsGiven) -> SlotsShown:
    if given.zone and given.zone not in available_timezones():
        raise wrong_at("zone", _("There is no such time zone."))
    if any(each.hour.tzinfo is not None for each in given.slots):
        raise wrong_at("slots", _("Hours are by the channel’s own clock, without a zone."))
    week = [(each.weekday, each.hour.replace(second=0, microsecond=0)) for each in given.slots]
    Slot.put(_found(request, pk), request.user, week, given.zone, given.warn_days)
    warn(request.brand)
    return _shown(request, _found(request, pk))


def _found(request: ApiRequest, pk: int) -> Channel:
    found = Channel.objects.of(request.brand).filter(pk=pk).select_related("timetable").first()
    if found is None:
        raise Problem("not-found")
    return found


def _shown(request: ApiRequest, channel: Channel) -> SlotsShown:
    own = getattr(channel, "timetable", None)
    rows = Slot.objects.of(request.brand).filter(channel=channel).order_by("weekday", "hour")
    now = clock.now()
    coming = list(free(request.brand, now, now + FREE_WITHIN, [channel.pk]))[:FREE_SHOWN]
    return SlotsShown.model_construct(
        zone=own.zone if own else "", free=coming, warn_days=own.warn_days if own else WARN_DAYS,
        waits=stocks(request.brand, [channel.pk], FREE_WITHIN)[channel.pk].waits,
        slots=[SlotGiven.model_construct(weekday=each.weekday, hour=each.hour) for each in rows],
    )  # fmt: skip
