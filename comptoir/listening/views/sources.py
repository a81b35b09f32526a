"""The pages of sources: where the brand listens, how each is, one more, one less."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.listening.models import Source
from comptoir.listening.places import host_of
from comptoir.listening.rechecking import standing
from comptoir.listening.sourcing import SEARCH, add_source, kinds_of, questions
from comptoir.networks.models.community import met
from comptoir.organisation.access import BrandRequest, on_brand


@require_safe
@on_brand()
def sources(request: BrandRequest) -> HttpResponse:
    """All of them, and how each is."""
    context = {
        **_here(request),
        "rows": list(Source.objects.of(request.brand).order_by("name", "pk")),
        "writes": request.membership.may("manager"),
        "standing": standing(request.brand),
    }
    return render(request, "listening/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def source_new(request: BrandRequest) -> HttpResponse:
    """What can be listened to; with `at`, its questions; POST listens from then on."""
    at = request.GET.get("at", "")
    kinds = kinds_of(request.brand)
    if at and at not in kinds:
        raise Http404(_("Nobody can be listened to there."))
    form: Any = None
    if at:
        form = questions(request.brand, at, request.POST if request.method == "POST" else None)
        if at == SEARCH:
            form.initial = {name: request.GET[name] for name in form.fields if name in request.GET}
        if form.is_bound and form.is_valid() and (made := add_source(request.brand, request.user, at, form)):
            messages.success(request, _("%(source)s is listened to from now on.") % {"source": made.name})
            return redirect("sources", request.brand.slug)
    label = kinds.get(at, "")
    searches = bool(kinds.pop(SEARCH, ""))
    context = {
        **_here(request), "at": at, "form": form, "kinds": kinds, "searches": searches, "label": label,
    }  # fmt: skip
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "listening/source_new.html", context, status=status)


@require_safe
@on_brand()
def source(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them, and how it is."""
    found = source_of(request, pk)
    home = host_of(found).removeprefix("www.")
    context = {
        **_here(request),
        "source": found,
        "writes": request.membership.may("manager"),
        "notes": request.membership.may("agent"),
        "cards": met(request.brand, found.network, [home]) if home else [],
        "home": home,
    }
    return render(request, "listening/source.html", context)


@require_POST
@on_brand("manager")
def source_switch(request: BrandRequest, pk: int) -> HttpResponse:
    """Stop listening there (state=off), or listen again (state=on)."""
    found, state = source_of(request, pk), request.POST.get("state")
    if state not in ("on", "off"):
        raise BadRequest(_("A source is listened to, or not."))
    found.switch(state == "on", request.user)
    return redirect("source", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def source_past(request: BrandRequest, pk: int) -> HttpResponse:
    """Have the queries hear what was said there before."""
    source_of(request, pk).recall(request.user)
    return redirect("source", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def source_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Listen there no more; what was kept stays."""
    found = source_of(request, pk)
    found.remove(request.user)
    words = _("%(source)s is listened to no more. What was kept stays.")
    messages.success(request, words % {"source": found.name})
    return redirect("sources", request.brand.slug)


def source_of(request: BrandRequest, pk: int) -> Source:
    """The source of an address. Http404 with its reason."""
    found = Source.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such source any more."))
    found.brand = request.brand
    return found


def _here(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "here": "listening"}
