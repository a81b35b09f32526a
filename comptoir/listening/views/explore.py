"""Explore: how much is said, in what tone, about what and by whom; its tables as files, and views that are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.kernel.sight import sight
from comptoir.listening import stored
from comptoir.listening.asked import QUERIES_MOST, Asked
from comptoir.listening.exploring import explored
from comptoir.listening.forms import ExplorationForm
from comptoir.listening.models import Exploration
from comptoir.listening.models.exploration import TooManyExplorations
from comptoir.listening.period import NAMED, USUAL
from comptoir.listening.sampled import EVERYTHING
from comptoir.listening.views.drawing import drawn
from comptoir.listening.views.labels import kinds, label
from comptoir.listening.views.sheets import SHEETS, rows_of
from comptoir.listening.views.tabled import Tabled
from comptoir.organisation.access import BrandRequest, on_brand


@require_safe
@on_brand()
def explore(request: BrandRequest) -> HttpResponse:
    """What is said, of some queries and of a period."""
    asked = Asked.of(request.brand, request.GET, usual=USUAL)
    with stored.what_is_there() as files:
        found = explored(asked)
    may = request.membership.may
    context = {
        "brand": request.brand, "here": "listening", "asked": asked, "found": found, "tables": Tabled(found),
        "charts": drawn(found), "address": asked.address(), "posts": asked.posts(), "most": QUERIES_MOST,
        "periods": [(name, asked.address(period=name, since="", until=""), name == asked.period.name)
                    for name in NAMED if asked.period],
        "ends": asked.ends(asked.period) if asked.period else {}, "filters": _filters(asked, found.now),
        "everything": asked.address(noise=EVERYTHING), "substance": asked.address(noise=""),
        "views": list(Exploration.objects.of(request.brand).for_user(request.user).select_related("by")),
        "form": ExplorationForm(), "shares": may("agent"), "decides": may("manager"),
        "writes": may("manager"), "narrowed": sight() is not None,
        "gap": stored.gap(files),
    }  # fmt: skip
    return render(request, "listening/explore.html", context)


def _filters(asked: Asked, now: Any) -> list[dict[str, Any]]:
    """What may be narrowed by: each choice with its words and its count, those that were chosen among them."""
    found = []
    for name, words in kinds().items():
        chosen = asked.kinds.get(name, "")
        choices = {
            str(value) or "-": (label(name, str(value)), n) for value, n in now.by[name].most_common(30)
        }
        if chosen and chosen not in choices:
            choices[chosen] = (label(name, asked.fields[name]), 0)
        found.append({"name": name, "label": words, "chosen": chosen,
                      "choices": [(value, *rest) for value, rest in choices.items()]})  # fmt: skip
    return found


@require_safe
@on_brand()
def sheet(request: BrandRequest, table: str) -> HttpResponse:
    """One table as a CSV file."""
    if table not in SHEETS:
        raise Http404(_("There is no such table."))
    asked = Asked.of(request.brand, request.GET, usual=USUAL)
    text = BOM + csv_rows(rows_of(table, asked))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.brand.slug}-explore-{table}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@on_brand()
def explorations(request: BrandRequest) -> HttpResponse:
    """Keep what was asked as a view: for oneself, or for all (agents)."""
    form = ExplorationForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("A view needs a name."))
    given = form.cleaned_data
    if given["shared"] and not request.membership.may("agent"):
        raise PermissionDenied(_("Readers keep views for themselves."))
    try:
        kept = Exploration.keep(request.brand, given["name"], request.user, given["asked"], given["shared"])
    except TooManyExplorations:
        messages.warning(request, _("You keep as many views as one may: remove some first."))
    else:
        messages.success(request, _("The view %(view)s is kept.") % {"view": kept})
    return _back(request, given["asked"])


@require_POST
@on_brand()
def exploration_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove a view: one's own, or as a manager one that is shared."""
    found: Any = Exploration.objects.of(request.brand).for_user(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such view any more."))
    if found.by_id != request.user.pk and not request.membership.may("manager"):
        raise PermissionDenied(_("Ask whoever shared it, or a manager, to remove it."))
    found.remove(request.user)
    messages.success(request, _("The view %(view)s is removed.") % {"view": found.name})
    return _back(request, "")


def _back(request: BrandRequest, asked: str) -> HttpResponse:
    return redirect(f"{reverse('explore', args=[request.brand.slug])}{'?' if asked else ''}{asked}#views")
