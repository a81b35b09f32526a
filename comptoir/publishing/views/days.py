"""The pages of what stands on days: notes that people write, and the public holidays that they choose."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_days import DayNoteForm, HolidaysForm
from comptoir.publishing.models import DayNote, PublicHolidays
from comptoir.publishing.models.day_note import KEPT
from comptoir.publishing.written import day_in


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def day_note_new(request: BrandRequest) -> HttpResponse:
    """Write one."""
    initial = {"first": day_in(request.GET.get("day", "")), "colour": DayNote.Colour.GREY}
    form = DayNoteForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = DayNote.make(request.brand, request.user, form.noted)
        messages.success(request, _("“%(note)s” stands on the calendar.") % {"note": made.title})
        return redirect(_calendar(request, made.first))
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def day_note(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them; with a form, it says something else. Of one that was removed: bringing it back."""
    found = _found(request, pk)
    if request.method == "POST" and not request.membership.may("agent"):
        raise PermissionDenied
    initial = {"title": found.title, "first": found.first, "last": found.last, "text": found.text}
    initial["colour"] = found.colour
    form = DayNoteForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if found.settle(request.user, form.noted):
            messages.success(request, _("Kept."))
        return redirect(_calendar(request, found.first))
    return _page(request, form, found)


def _page(request: BrandRequest, form: DayNoteForm, found: DayNote | None = None) -> HttpResponse:
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "note": found,
        "writes": request.membership.may("agent"), "days": KEPT.days,
    }  # fmt: skip
    return render(request, "publishing/day_note.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("agent")
def removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Take it off the calendar. Its page offers to undo that."""
    _found(request, pk).remove(request.user)
    return redirect("day-note", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def bring_back(request: BrandRequest, pk: int) -> HttpResponse:
    """Undo its removal."""
    found = _found(request, pk)
    if found.bring_back(request.user):
        messages.success(request, _("“%(note)s” stands on the calendar.") % {"note": found.title})
    return redirect(_calendar(request, found.first))


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def public_holidays(request: BrandRequest) -> HttpResponse:
    """Of which countries the calendar shows them; those that the brand's channels serve are proposed."""
    chosen = list(PublicHolidays.objects.of(request.brand).order_by("place").values_list("place", flat=True))
    served = Channel.objects.of(request.brand).exclude(country="").values_list("country", flat=True)
    initial = {"places": ", ".join(chosen or sorted(set(served)))}
    form = HolidaysForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if PublicHolidays.choose(request.brand, request.user, form.cleaned_data["places"]):
            messages.success(request, _("The calendar shows these holidays from now on."))
        return redirect("post-calendar", request.brand.slug)
    context = {"brand": request.brand, "here": "publishing", "form": form, "chosen": chosen}
    return render(request, "publishing/holidays.html", context, status=422 if form.errors else 200)


def _calendar(request: BrandRequest, day: date) -> str:
    asked = urlencode({"view": "month", "day": day.isoformat()})
    return f"{reverse('post-calendar', args=[request.brand.slug])}?{asked}"


def _found(request: BrandRequest, pk: int) -> DayNote:
    found = DayNote.objects.of(request.brand).filter(pk=pk).select_related("by").first()
    if found is None:
        raise Http404(_("There is no such note any more."))
    found.brand = request.brand
    return found
