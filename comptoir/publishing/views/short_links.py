"""Short links of a brand: whether posts leave with them, those that somebody made, and how often they were followed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_short_links import ShorteningForm, ShortLinkForm
from comptoir.publishing.models import Shortening, ShortLink
from comptoir.publishing.models.short_link import HostTaken
from comptoir.publishing.older import part_of

LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def short_links(request: BrandRequest) -> HttpResponse:
    """Those of the brand, newest first; with a form, one more."""
    form = ShortLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = ShortLink.make(
            request.brand, request.user, form.cleaned_data["target"], form.cleaned_data["note"]
        )
        messages.success(request, _("%(address)s leads there now.") % {"address": made.address})
        return redirect("short-links", request.brand.slug)
    return _page(request, form, None, 422 if form.errors else 200)


@require_POST
@on_brand("manager")
def shortening(request: BrandRequest) -> HttpResponse:
    """Have links of posts leave short, or as they are."""
    form = ShorteningForm(request.POST)
    if form.is_valid():
        try:
            Shortening.settle(request.brand, request.user, form.cleaned_data["on"], form.cleaned_data["host"])
        except HostTaken:
            form.add_error("host", _("Another brand has this short domain."))
        else:
            messages.success(request, _("Kept."))
            return redirect("short-links", request.brand.slug)
    return _page(request, ShortLinkForm(), form, 422)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def short_link_settings(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them; with a form, it leads elsewhere, or nowhere any more."""
    found = ShortLink.objects.of(request.brand).filter(pk=pk).select_related("destination__post").first()
    if found is None:
        raise Http404(_("There is no such link."))
    first = {"target": found.target, "note": found.note}
    form = ShortLinkForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST":
        if found.removed:
            raise PermissionDenied
        if request.POST.get("act") == "remove":
            found.remove(request.user)
            messages.success(request, _("The link leads nowhere any more."))
            return redirect("short-links", request.brand.slug)
        if form.is_valid():
            found.lead(request.user, form.cleaned_data["target"], form.cleaned_data["note"])
            messages.success(request, _("Kept."))
            return redirect("short-link", request.brand.slug, pk)
    context = {"brand": request.brand, "here": "publishing", "link": found, "form": form}
    return render(request, "publishing/short_link.html", context, status=422 if form.errors else 200)


def _page(
    request: BrandRequest, form: ShortLinkForm, setting: ShorteningForm | None, status: int
) -> HttpResponse:
    kept = Shortening.objects.of(request.brand).first()
    first = {"on": bool(kept and kept.on), "host": kept.host if kept else ""}
    rows = ShortLink.objects.of(request.brand).counted().select_related("destination__channel")
    part = part_of(request, rows, "made", LISTED)
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "kept": kept,
        "setting": (setting or ShorteningForm(initial=first)) if request.membership.may("manager") else None,
        "links": part.rows, "part": part,
    }  # fmt: skip
    return render(request, "publishing/short_links.html", context, status=status)
