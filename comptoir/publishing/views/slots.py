"""The pages of slots: at which hours of the week each channel has posts leave from its queue."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.networks.connector import Publishes
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_slots import SlotsForm, weekdays
from comptoir.publishing.models import Slot, Timetable
from comptoir.publishing.models.timetable import WARN_DAYS
from comptoir.publishing.stock import stocks, warn


@require_safe
@on_brand()
def slots(request: BrandRequest) -> HttpResponse:
    """All channels that can post, each with its week."""
    rows = Channel.objects.of(request.brand).exclude(state=Channel.State.OFF).select_related("timetable")
    found = rows.prefetch_related("slots").order_by("network", "handle", "pk")
    names = weekdays()
    speaking = [each for each in found if each.can(Publishes)]
    stock = stocks(request.brand, [each.pk for each in speaking])
    context = {
        "brand": request.brand, "here": "publishing", "settles": request.membership.may("manager"),
        "rows": [
            (each, str(Timetable.zone_of(each, request.brand)), _week(each, names), stock[each.pk])
            for each in speaking
        ],
    }  # fmt: skip
    return render(request, "publishing/slots.html", context)


def _week(channel: Channel, names: list[str]) -> list[tuple[str, list[str]]]:
    """The days that have slots, each with its hours. Looks at slots that were fetched."""
    kept = sorted((each.weekday, each.hour) for each in channel.slots.all())
    return [
        (name, [f"{hour:%H:%M}" for day, hour in kept if day == number])
        for number, name in enumerate(names)
        if any(day == number for day, _hour in kept)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def slots_of(request: BrandRequest, pk: int) -> HttpResponse:
    """Those of one channel; with a form, it has others."""
    channel = channel_of(request, pk)
    kept = list(Slot.objects.of(request.brand).filter(channel=channel).order_by("weekday", "hour"))
    own = getattr(channel, "timetable", None)
    initial: dict[str, Any] = {
        "zone": own.zone if own else "",
        "warn_days": own.warn_days if own else WARN_DAYS,
    }
    for n in range(7):
        initial[f"day{n}"] = ", ".join(f"{each.hour:%H:%M}" for each in kept if each.weekday == n)
    zones = sorted(available_timezones())
    form = SlotsForm(
        zones, request.brand, request.POST if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if Slot.put(channel, request.user, form.week, given["zone"], given["warn_days"]):
            warn(request.brand)
            messages.success(request, _("Kept. What is in the queue already stays where it is."))
        return redirect("slots", request.brand.slug)
    context = {"brand": request.brand, "here": "publishing", "form": form, "channel": channel}
    return render(request, "publishing/slots_of.html", context, status=422 if form.errors else 200)


def channel_of(request: Any, pk: int) -> Channel:
    """A channel of the brand. Http404."""
    found = Channel.objects.of(request.brand).filter(pk=pk).select_related("timetable").first()
    if found is None:
        raise Http404(_("There is no such channel any more."))
    return found
