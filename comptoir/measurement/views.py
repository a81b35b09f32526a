"""The page of figures, its tables as files, and who may see whose."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.measurement.asked import PERIODS, Asked
from comptoir.measurement.drawing import drawn
from comptoir.measurement.figures import Figures, figures_of, weekday_of
from comptoir.measurement.models import PeopleFigures
from comptoir.measurement.models.people import seen_people
from comptoir.measurement.sheets import SHEETS, rows_of, streamed
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Hours

HEATS = 5


@require_safe
@on_brand("reader")
def figures(request: BrandRequest) -> HttpResponse:
    """How answering goes, over a period."""
    asked = Asked.of(request.brand, request.GET)
    found = figures_of(asked)
    sees = seen_people(request.membership, request.brand)
    context = {
        "brand": request.brand,
        "here": "figures",
        "asked": asked,
        "found": found,
        "query": asked.query(),
        "charts": drawn(found),
        "periods": [
            (days, asked.query(days=str(days), since="", until=""), days == asked.days) for days in PERIODS
        ],
        "channels": Channel.objects.of(request.brand).order_by("pk"),
        "heads": _heads(found),
        "week": _week(found),
        "weekdays": [formats.date_format(weekday_of(day), "D") for day in range(7)],
        "mine": found.person(request.user.pk),
        "everybody": found.by["person"] if sees is None else None,
        "people_on": sees is None or PeopleFigures.objects.of(request.brand).exists(),
        "hours": Hours.objects.of(request.brand).usual(),
    }
    return render(request, "measurement/figures.html", context)


@require_safe
@on_brand("reader")
def sheet(request: BrandRequest, table: str) -> StreamingHttpResponse:
    """One table as a CSV file."""
    if table not in SHEETS and table != "waits":
        raise Http404(_("There is no such table."))
    asked = Asked.of(request.brand, request.GET)
    rows = rows_of(table, asked, seen_people(request.membership, request.brand))
    return streamed(rows, f"{request.brand.slug}-{table}-{asked.since}-{asked.until}.csv")


@require_POST
@on_brand("owner")
def people(request: BrandRequest) -> HttpResponse:
    """Let managers see the figures of each person, or no longer."""
    if request.POST.get("state") == "on":
        PeopleFigures.switch_on(request.brand, request.user)
        messages.success(request, _("Managers see the figures of each person now."))
    else:
        PeopleFigures.switch_off(request.brand, request.user)
        messages.success(request, _("Everybody sees their own figures alone now."))
    return redirect("figures", request.brand.slug)


def _heads(found: Figures) -> list[dict[str, Any]]:
    """The numbers on top, each with the period before and of how many it is."""
    now, before = found.total, found.before
    spreads = [
        ("first", _("First response"), now.first, before.first),
        ("next", _("Next response"), now.next, before.next),
        ("resolution", _("Resolution"), now.resolution, before.resolution),
    ]
    return [
        {"code": code, "name": name, "now": this, "before": that, "way": _way(this.median, that.median)}
        for code, name, this, that in spreads
    ]


def _way(now: float | None, before: float | None) -> str:
    """Whether something takes longer than before: "up", "down", "" for neither or not known."""
    if now is None or before is None or round(now) == round(before):
        return ""
    return "up" if now > before else "down"


def _week(found: Figures) -> list[tuple[int, list[tuple[int, int]]]]:
    """For each hour, the messages of the seven days, each with how warm its cell is, 0 to 5."""
    most = max(found.week.values(), default=0)
    return [
        (hour, [(n, _heat(n, most)) for n in (found.week.get((day, hour), 0) for day in range(7))])
        for hour in range(24)
    ]


def _heat(n: int, most: int) -> int:
    return -(-HEATS * n // most) if most else 0
