"""Back-tests: a version of a query put to all that is kept, while the page says how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.listening.models import Backtest
from comptoir.listening.views.queries import query_of
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("manager")
def backtests(request: BrandRequest, pk: int, number: int) -> HttpResponse:
    """Begin one of a version."""
    found = query_of(request, pk)
    version = found.versions.filter(number=number).first()
    if version is None:
        raise Http404(_("There is no such version."))
    version.query = found
    return redirect("backtest", request.brand.slug, Backtest.ask(version, request.user).pk)


@require_POST
@on_brand("manager")
def look_back(request: BrandRequest, pk: int) -> HttpResponse:
    """Have a query keep as well what it is true of among what came before it."""
    found = query_of(request, pk)
    found.look_back(request.user)
    messages.success(
        request,
        _("%(query)s looks through what is kept; what it finds comes in below.") % {"query": found.name},
    )
    return redirect("query", request.brand.slug, pk)


@require_safe
@on_brand()
def backtest(request: BrandRequest, pk: int) -> HttpResponse:
    """How far it is, and what it found."""
    rows = Backtest.objects.of(request.brand).select_related("version__query")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such back-test any more."))
    context = {
        "brand": request.brand, "here": "listening", "backtest": found, "query": found.version.query,
        "days": sorted(found.days.items(), reverse=True)[:60],
        "keeps": found.done and found.version.number == found.version.query.number and found.version.query.on
        and request.membership.may("manager"),
        "one_in": round(found.of / found.sampled) if found.sampled else 1,
    }  # fmt: skip
    whole = "listening/backtest.html"
    return render(request, f"{whole}#progress" if request.htmx else whole, context)
