"""The page of a surge: what many say, what presses, what stands alone, and when nobody waits any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptoir.kernel import charts, clock
from comptoir.measurement.surge import HOUR, Limit, Outlook, Surge, decisive, surge_of
from comptoir.organisation.access import BrandRequest, on_brand

STEP = 3
"""Minutes of one point of the drawing."""


@never_cache
@require_safe
@on_brand("reader")
def surge(request: BrandRequest) -> HttpResponse:
    """All of it; for htmx only what changes."""
    found = surge_of(request.brand)
    lines = _lines(found)
    context = {
        "brand": request.brand,
        "here": "threads",
        "found": found,
        "zero": zero(found.outlook, clock.now()),
        "why": why(found),
        "lines": lines,
        "chart": _chart(lines),
        "may_answer": request.membership.may("agent"),
    }
    return render(
        request, "measurement/surge.html#now" if request.htmx else "measurement/surge.html", context
    )


def zero(outlook: Outlook, now: datetime) -> str:
    """When nobody waits any more, in words no finer than is known."""
    if outlook.state == "none":
        return _("Nobody waits.")
    if outlook.state == "never":
        return _("Not at this pace.")
    minutes = outlook.left.total_seconds() / 60
    if minutes <= 10:
        return _("In about ten minutes.")
    if minutes > 24 * 60:
        days = round(minutes / (24 * 60))
        return ngettext("In about %(n)d day.", "In about %(n)d days.", days) % {"n": days}
    at = _clock(now + outlook.left)
    if minutes < 60:
        return _("In about %(n)d minutes, towards %(at)s.") % {"n": 5 * -(-int(minutes) // 5), "at": at}
    halves = -(-int(minutes) // 30)
    hours = formats.number_format(halves / 2, halves % 2)
    return _("In about %(n)s hours, towards %(at)s.") % {"n": hours, "at": at}


def why(found: Surge) -> str:
    """What decides: the people, what comes in, or a network's limit, with its name."""
    outlook, pace = found.outlook, decisive(found.short, found.long)
    told = []
    if outlook.state == "never" and pace.gone:
        told.append(_("More people write than are answered."))
    elif outlook.state == "never":
        told.append(_("Nobody was answered within the last hour."))
    if outlook.binds is not None:
        told.append(_limit(outlook.binds))
    if outlook.needed and outlook.needed > max(1, pace.people) and outlook.state != "none":
        told.append(
            ngettext(
                "Answering as now, %(n)d person would be through within an hour.",
                "Answering as now, %(n)d people would be through within an hour.",
                outlook.needed,
            )
            % {"n": outlook.needed}
        )
    return " ".join(told)


def _limit(limit: Limit) -> str:
    facts = {"network": limit.label, "n": formats.number_format(limit.number, force_grouping=True)}
    hours = limit.every // timedelta(hours=1)
    if hours == 1:
        return _("What decides is %(network)s’s limit of %(n)s an hour.") % facts
    if hours == 24:
        return _("What decides is %(network)s’s limit of %(n)s a day.") % facts
    return _("What decides is %(network)s’s limit of %(n)s in %(hours)s hours.") % {**facts, "hours": hours}


def _clock(at: datetime) -> str:
    """A time of the day, to the nearest quarter of an hour."""
    near = timezone.localtime(at) + timedelta(minutes=7.5)
    return formats.date_format(near - timedelta(minutes=near.minute % 15), "TIME_FORMAT")


def _lines(found: Surge) -> list[dict[str, Any]]:
    """Every three minutes of the last hour, the earliest first."""
    now = timezone.localtime(clock.now())
    return [
        {
            "at": formats.date_format(now - timedelta(minutes=start + STEP), "H:i"),
            "came": sum(found.minutes["came"][start : start + STEP]),
            "gone": sum(found.minutes["gone"][start : start + STEP]),
        }
        for start in range(HOUR - STEP, -1, -STEP)
    ]


def _chart(lines: list[dict[str, Any]]) -> SafeString:
    came = charts.Curve(_("Came in"), [float(line["came"]) for line in lines], charts.OTHER, dashed=True)
    gone = charts.Curve(_("Answered"), [float(line["gone"]) for line in lines])
    about = _(
        "In each three minutes of the last hour: conversations in which somebody wrote, and answers that left."
    )
    return charts.curves(
        "pace", _("Coming in against answered"), about, [line["at"] for line in lines], [came, gone]
    )
