"""The pages of sources: where the brand listens, how each is, one more, one less."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel.faults import OutsideError
from comptoir.listening.forms import SearchForm
from comptoir.listening.models import Source
from comptoir.listening.models.source import (
    AlreadyHeard,
    TooManySources,
    overhearing_networks,
    searching_channels,
)
from comptoir.listening.rechecking import standing
from comptoir.networks.connector import ConnectorError
from comptoir.networks.forms import ConnectForm
from comptoir.networks.found import connector_class, label_of
from comptoir.networks.models import Channel
from comptoir.networks.outside import code_of
from comptoir.organisation.access import BrandRequest, on_brand

SEARCH = "search"


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
    kinds = {name: label_of(name) for name in overhearing_networks()}
    channels = searching_channels(request.brand)
    if at and at not in kinds and not (at == SEARCH and channels):
        raise Http404(_("Nobody can be listened to there."))
    form: Any = None
    if at:
        data = request.POST if request.method == "POST" else None
        form = _asked(at, channels, data)
        if data is not None and form.is_valid() and (made := _made(request, at, form)):
            messages.success(request, _("%(source)s is listened to from now on.") % {"source": made.name})
            return redirect("sources", request.brand.slug)
    context = {
        **_here(request), "at": at, "form": form, "kinds": kinds, "searches": bool(channels),
        "label": _("Search") if at == SEARCH else kinds.get(at, ""),
    }  # fmt: skip
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "listening/source_new.html", context, status=status)


def _asked(at: str, channels: list[Channel], data: Any) -> Any:
    """The questions of a place, or of a search."""
    return (
        SearchForm(channels, data) if at == SEARCH else ConnectForm(at, connector_class(at).public_form, data)
    )


def _made(request: BrandRequest, at: str, form: Any) -> Source | None:
    """The new source; None when it cannot be, which the form then says."""
    try:
        if at == SEARCH:
            return Source.search(form.channel, request.user, form.cleaned_data["words"])
        answers = {name: str(value or "") for name, value in form.cleaned_data.items()}
        return Source.listen(request.brand, request.user, at, Source.find(at, answers))
    except ConnectorError as error:
        form.refused(error)
    except OutsideError as error:
        form.refused(ConnectorError(code_of(error)))
    except AlreadyHeard:
        form.add_error(None, _("The brand listens there already."))
    except TooManySources:
        form.add_error(None, _("A brand has two hundred sources at the most."))
    return None


@require_safe
@on_brand()
def source(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them, and how it is."""
    context = {
        **_here(request),
        "source": source_of(request, pk),
        "writes": request.membership.may("manager"),
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
