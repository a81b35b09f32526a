"""Who is on duty: everybody sees the list, managers settle it, who may answer takes calls and stands in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel import clock
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Alarm, Notice, Role, Shift, TooManyShifts, User
from comptoir.organisation.models.duty import MOST
from comptoir.organisation.rota import watch_at
from comptoir.organisation.topics import call_words
from comptoir.organisation.wall_clock import oddity
from comptoir.web.duty_forms import DatedForm, PatienceForm, WeeklyForm
from comptoir.web.duty_week import holes, kept_shifts, monday_of, week_of

if TYPE_CHECKING:
    from comptoir.organisation.programs.door import ApiRequest

_ALARMS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def duty(request: BrandRequest) -> HttpResponse:
    """Who is on duty now and over a week; POST puts somebody on duty every week."""
    if request.method != "POST":
        if request.method == "GET":
            Notice.settle(request.brand.pk, "duty", to=request.user.pk)
        return _page(request)
    if not request.membership.may(Role.MANAGER):
        raise PermissionDenied(_("Only managers and owners settle who is on duty each week."))
    form = WeeklyForm(request.brand.answerers(), request.POST)
    if form.is_valid():
        try:
            made = Shift.weekly(request.brand, by=request.user, **form.cleaned_data)
        except TooManyShifts:
            form.add_error(None, too_many())
        else:
            return _kept(request, made[0].user)
    return _page(request, weekly=form)


@require_POST
@on_brand("agent")
def stand_in(request: BrandRequest) -> HttpResponse:
    """Somebody stands in for whoever is on duty then: oneself, or by a manager's word anybody."""
    form = DatedForm(whom(request), request.POST)
    if form.is_valid():
        begins, ends = form.cleaned_data["begins"], form.cleaned_data["ends"]
        try:
            shift = Shift.dated(request.brand, by=request.user, **form.cleaned_data)
        except TooManyShifts:
            form.add_error(None, too_many())
        except ValueError:
            form.add_error("ends", _("Give an end that is later, by a month at the most."))
        else:
            _warn(request, begins, ends)
            return _kept(request, shift.user)
    return _page(request, dated=form)


@require_POST
@on_brand("agent")
def shift_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """A shift is nobody's any more. Who is no manager takes back only their own standing in."""
    shift = Shift.objects.of(request.brand).select_related("user").filter(pk=pk).first()
    if shift is None:
        raise Http404(_("There is no such shift any more."))
    if not may_take_off(request, shift):
        raise PermissionDenied(_("Only managers and owners settle who is on duty each week."))
    shift.remove(request.user)
    messages.success(request, _("%(who)s is not on duty then any more.") % {"who": shift.user})
    return redirect("duty", request.brand.slug)


@require_POST
@on_brand("manager")
def patience(request: BrandRequest) -> HttpResponse:
    """How long somebody who was called has before the next one is."""
    form = PatienceForm(request.POST)
    if not form.is_valid():
        return _page(request, patience=form)
    if request.brand.change(request.user, duty_minutes=form.cleaned_data["minutes"]):
        messages.success(request, _("Kept."))
    return redirect("duty", request.brand.slug)


@require_safe
@on_brand("reader")
def alarm(request: BrandRequest, pk: int) -> HttpResponse:
    """A call: what it is about, who was called when, who took it. Looking takes nothing, so that previews do not."""
    found = _alarm(request, pk)
    context = {
        "brand": request.brand,
        "here": "threads",
        "alarm": found,
        "words": call_words(found.reason, found.facts),
        "calls": found.calls.select_related("user").order_by("pk"),
        "url": _thing(found),
        "may": request.membership.may(Role.AGENT),
    }
    return render(request, "web/alarm.html", context)


@require_POST
@on_brand("agent")
def acknowledgement(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a call."""
    found = _alarm(request, pk)
    if found.acknowledge(request.user):
        messages.success(request, _("It is yours: nobody else is called."))
    else:
        messages.warning(request, _("Somebody has taken it already."))
    return redirect("alarm", request.brand.slug, pk)


def may_take_off(request: BrandRequest | ApiRequest, shift: Shift) -> bool:
    """Whether the asker may say that a shift is nobody's any more."""
    own = shift.day is not None and shift.user_id == request.user.pk == shift.made_by_id
    return own or request.membership.may(Role.MANAGER)


def _alarm(request: BrandRequest, pk: int) -> Alarm:
    found = Alarm.objects.of(request.brand).select_related("by", "acknowledged_by").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such call."))
    found.brand = request.brand
    return found


def _thing(alarm: Alarm) -> str:
    """Where what it is about is to be seen, "" for nowhere."""
    if alarm.about == "late":
        return f"{reverse('threads', args=[alarm.brand.slug])}?show=due"
    kind, _colon, number = alarm.about.partition(":")
    return reverse("thread", args=[alarm.brand.slug, int(number)]) if kind == "thread" else ""


def whom(request: BrandRequest | ApiRequest) -> Any:
    """The people whom somebody may put on duty for once."""
    people = request.brand.answerers()
    return people if request.membership.may(Role.MANAGER) else people.filter(pk=request.user.pk)


def _kept(request: BrandRequest, who: User) -> HttpResponse:
    messages.success(request, _("%(who)s is on duty then.") % {"who": who})
    return redirect("duty", request.brand.slug)


def too_many() -> str:
    """Why there can be no further shift."""
    return _("A brand has %(most)s shifts at the most. Remove some first.") % {"most": MOST}


def _warn(request: BrandRequest, *walls: datetime) -> None:
    """Say what becomes of a time that the clock does not show that day, or shows twice."""
    words = {
        "missing": _(
            "%(time)s does not exist that day, since clocks are set forward: it counts as an hour later."
        ),
        "twice": _("%(time)s comes twice that day, since clocks are set back: the first one counts."),
    }
    for wall in walls:
        if odd := oddity(wall, request.brand.zone):
            messages.warning(request, words[odd] % {"time": f"{wall:%H:%M}"})


def _page(request: BrandRequest, **forms: Any) -> HttpResponse:
    brand, now = request.brand, clock.now()
    patterns = Shift.objects.of(brand).patterns(brand)
    names = {user.pk: str(user) for user in User.objects.in_bulk({each.user for each in patterns}).values()}
    monday = monday_of(request.GET.get("week", ""), now.astimezone(brand.zone).date())
    weekly, dated = kept_shifts(brand, request.user, now)
    settles, stands_in = request.membership.may(Role.MANAGER), request.membership.may(Role.AGENT)
    alarms = Alarm.objects.of(brand).select_related("acknowledged_by").order_by("-pk")[:_ALARMS]
    context = {
        "brand": brand,
        "here": "people",
        "zone": str(brand.zone),
        "now": [names[user] for user in watch_at(patterns, brand.zone, now).people],
        "holes": holes(brand, patterns, now) if patterns else [],
        "week": week_of(brand, patterns, names, monday, now),
        "weekly": weekly,
        "dated": dated,
        "alarms": [(each, call_words(each.reason, each.facts)) for each in alarms],
        "settles": settles,
        "weekly_form": forms.get("weekly") or (WeeklyForm(brand.answerers()) if settles else None),
        "dated_form": forms.get("dated") or (DatedForm(whom(request)) if stands_in else None),
        "patience_form": forms.get("patience")
        or (PatienceForm(initial={"minutes": brand.duty_minutes}) if settles else None),
    }
    return render(request, "web/duty.html", context, status=422 if forms else 200)
