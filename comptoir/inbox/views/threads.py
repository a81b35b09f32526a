"""The counter with no thread open, and its list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.outcome import outcome_left
from comptoir.inbox.views.rows import Listing, listing
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Notice


@require_safe
@on_brand("reader")
def threads(request: BrandRequest) -> HttpResponse:
    """The list; for htmx only the part of it that is asked for."""
    asked = Asked.of(request.brand, request.GET)
    wanted = request.htmx.target if request.htmx and not request.htmx.history_restore_request else None
    if wanted == "desk":
        return render(request, "inbox/desk.html", {"brand": request.brand, "desk": None})
    context = around(request, listing(asked, request.user, may_connect=request.membership.may("manager")))
    if wanted is None:
        context["outcome"] = outcome_left(request)
    if wanted == "older":
        return render(request, "inbox/counter.html#rows", context)
    if wanted == "threads":
        return render(request, "inbox/counter.html#pane", context)
    return render(request, "inbox/counter.html", context)


@never_cache
@require_safe
@on_brand("reader")
def surging(request: BrandRequest) -> HttpResponse:
    """The line above the threads that says whether many write at once: asked for when that begins or ends."""
    open_ones = Notice.objects.of(request.brand).filter(code="surge", about="", to=None, settled_at=None)
    context = {"slug": request.brand.slug, "surges": open_ones.exists()}
    return render(request, "inbox/surging.html", context)


def around(request: BrandRequest, listed: Listing | None) -> dict[str, Any]:
    """What every page of the counter needs."""
    return {
        "brand": request.brand,
        "list": listed,
        "here": "threads",
        "may_write": request.membership.may("agent"),
    }
