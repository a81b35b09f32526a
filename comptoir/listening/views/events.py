"""The pages of events: all of them, one with its health minute by minute, making one, moving to another tag."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel import clock
from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.listening.event_figures import ALL, SPANS, lately, noisy_accounts, now_of, series_of
from comptoir.listening.forms import EventForm, EventTimesForm, MoveForm
from comptoir.listening.models import Event
from comptoir.listening.models.event import NotMoved, TooManyEvents
from comptoir.listening.models.query import TooManyQueries
from comptoir.listening.proposing_tags import languages, proposed, used_beside
from comptoir.listening.views.event_words import announced, drawn, reasons, rule_words, sheet_rows, state_of
from comptoir.listening.views.mentions import shown_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.reading.query import Wrong

LISTED = 200


@require_safe
@on_brand()
def events(request: BrandRequest) -> HttpResponse:
    """All of them, what comes or goes on at the top."""
    rows = list(Event.objects.of(request.brand).newest().prefetch_related("tags", "takeovers")[:LISTED])
    context = {
        "brand": request.brand, "here": "listening", "writes": request.membership.may("manager"),
        "rows": [(each, each.in_order()[-1].tag, state_of(each)) for each in rows],
    }  # fmt: skip
    return _on_the_wall(request, "listening/events.html", context)


@require_safe
@on_brand()
def event(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them: how healthy its tag is, the series, the newest of both kinds, and where it could move."""
    found = event_of(request, pk)
    return _page(request, found, MoveForm())


def _page(request: BrandRequest, found: Event, form: MoveForm, status: int = 200) -> HttpResponse:
    tags = found.in_order()
    now = now_of(found, tags)
    span = request.GET.get("span", "")
    span = span if span in (*SPANS, ALL) else ("2h" if now.at < found.ends else ALL)
    series = series_of(found, tags, span)
    takeovers = list(found.takeovers.order_by("-began")[:20])
    going_on = next((each for each in takeovers if each.over is None), None)
    noisy = lately(found, now, noise=True)
    context = {
        "brand": request.brand, "here": "listening", "event": found, "tags": tags, "now": now, "series": series,
        "span": span, "spans": [*SPANS, ALL], "chart": drawn(found, series), "state": state_of(found),
        "takeovers": takeovers, "takeover": going_on, "begun": found.begins <= clock.now(),
        "accounts": noisy_accounts(found, going_on) if going_on else [],
        "genuine": shown_of(found.query, lately(found, now, noise=False)),
        "noisy": [(each, reasons(each)) for each in shown_of(found.query, noisy)],
        "writes": request.membership.may("manager"),
    }  # fmt: skip
    if request.htmx:
        return _on_the_wall(request, "listening/event.html#now", context)
    context |= {
        "form": form,
        "announced": announced(found, tags),
        "rules": rule_words(),
        "candidates": proposed(found, tags, languages(found)) if context["writes"] else [],
        "beside": used_beside(found, tags) if context["writes"] else [],
    }
    return _on_the_wall(request, "listening/event.html", context, status)


def _on_the_wall(
    request: BrandRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page whose times are by the brand's clock, whoever reads it where: an event is at a place."""
    with timezone.override(request.brand.zone):
        return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def event_new(request: BrandRequest) -> HttpResponse:
    """Make one."""
    today = clock.now().astimezone(request.brand.zone).replace(hour=8, minute=0)
    initial = {"begins": today, "ends": today.replace(hour=23)}
    form = EventForm(request.brand, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = Event.make(request.brand, request.user, **form.cleaned_data)
        except NameTaken:
            form.taken()
        except Wrong:
            form.add_error("query", _("This query cannot be made to hear a tag as well."))
        except TooManyEvents:
            form.add_error(None, _("A brand has five hundred events at the most."))
        except TooManyQueries:
            form.add_error(None, _("A brand has a thousand queries at the most."))
        else:
            messages.success(request, _("%(event)s is watched from now on.") % {"event": made.name})
            return redirect("event", request.brand.slug, made.pk)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def event_edition(request: BrandRequest, pk: int) -> HttpResponse:
    """Give it another name or time."""
    found = event_of(request, pk)
    zone = request.brand.zone
    initial = {
        "name": found.name,
        "begins": found.begins.astimezone(zone),
        "ends": found.ends.astimezone(zone),
    }
    form = EventTimesForm(request.brand, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found.settle(request.user, **form.cleaned_data):
                messages.success(request, _("Kept."))
        except NameTaken:
            form.taken()
        else:
            return redirect("event", request.brand.slug, pk)
    return _form(request, form, found)


def _form(request: BrandRequest, form: EventTimesForm, found: Event | None = None) -> HttpResponse:
    context = {"brand": request.brand, "here": "listening", "form": form, "event": found}
    return _on_the_wall(request, "listening/event_form.html", context, 422 if form.errors else 200)


@require_POST
@on_brand("manager")
def event_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove it; its query and what was heard stay."""
    found = event_of(request, pk)
    found.remove(request.user)
    messages.success(
        request, _("The event %(event)s is removed; what was heard stays.") % {"event": found.name}
    )
    return redirect("events", request.brand.slug)


@require_POST
@on_brand("manager")
def event_move(request: BrandRequest, pk: int) -> HttpResponse:
    """Move to another tag (tag=...), from this minute on."""
    found = event_of(request, pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            made = found.move(request.user, form.cleaned_data["tag"])
        except NotMoved:
            form.add_error("tag", _("This tag is, or was, the event’s already."))
        except Wrong:
            form.add_error("tag", _("Its query cannot be made to hear another tag: change the query first."))
        else:
            words = _("%(tag)s is the tag now. Say so to everybody: the words for it stand below.")
            messages.success(request, words % {"tag": made.tag})
            return redirect("event", request.brand.slug, pk)
    return _page(request, found, form, 422)


@require_POST
@on_brand("manager")
def event_back(request: BrandRequest, pk: int) -> HttpResponse:
    """Undo the last move."""
    found = event_of(request, pk)
    try:
        before = found.move_back(request.user)
    except NotMoved:
        messages.warning(request, _("It has its first tag: there is nothing to undo."))
    else:
        messages.success(request, _("%(tag)s is the tag again.") % {"tag": before.tag})
    return redirect("event", request.brand.slug, pk)


@require_safe
@on_brand()
def event_sheet(request: BrandRequest, pk: int) -> HttpResponse:
    """The series as a file."""
    found = event_of(request, pk)
    span = request.GET.get("span", ALL)
    tags = found.in_order()
    series = series_of(found, tags, span if span in SPANS else ALL)
    answer = HttpResponse(
        BOM + csv_rows(sheet_rows(found, tags, series)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{request.brand.slug}-event-{pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def event_of(request: Any, pk: int) -> Event:
    """The event of an address. Http404 with its reason."""
    found = (
        Event.objects.of(request.brand).filter(pk=pk).select_related("query").prefetch_related("tags").first()
    )
    if found is None:
        raise Http404(_("There is no such event any more."))
    found.brand = found.query.brand = request.brand
    return found
