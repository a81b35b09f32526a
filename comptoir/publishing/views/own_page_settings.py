"""Where managers open the brand's own page, and say what it is."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_own_page import OwnPageForm, unfit
from comptoir.publishing.models import OwnPage, PageEntry, PagePicture
from comptoir.publishing.models.own_page import Unfit
from comptoir.publishing.reading_page import Read, absolute, read_by
from comptoir.publishing.standing import take_back
from comptoir.publishing.views.own_page import WIDGET
from comptoir.publishing.visiting import Visitor

SHOWN = 10
"""Entries that are listed."""


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def own_page_settings(request: BrandRequest) -> HttpResponse:
    """The page as it is; with a form, it is otherwise."""
    found = OwnPage.objects.of(request.brand).select_related("channel").first()
    form = OwnPageForm(request.brand, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = OwnPage.settle(request.brand, request.user, form.given)
        except Unfit as error:
            form.add_error("slug", unfit(error))
        else:
            if changed:
                opened = form.given.open
                messages.success(
                    request, _("Kept. The page is open.") if opened else _("Kept. Nobody sees the page.")
                )
            return redirect("own-page-settings", request.brand.slug)
    shown = found if found and found.opened else None
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "own_page": shown,
        "entries": PageEntry.objects.of(request.brand).standing().count() if shown else 0,
        "newest": _newest(request, shown) if shown else [],
        "widget": f"{absolute(reverse('own-page-widget', args=[shown.slug]))}?n={WIDGET}" if shown else "",
        "feed": absolute(reverse("own-page-json", args=[shown.slug])) if shown else "",
    }  # fmt: skip
    return render(request, "publishing/own_page_settings.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("manager")
def removal(request: BrandRequest, pk: int) -> HttpResponse:
    """An entry is taken back: it stands there no more, and nobody can bring it back."""
    rows = PageEntry.objects.of(request.brand).select_related("page__channel")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such entry."))
    if take_back(found, request.user):
        messages.success(request, _("It stands there no more."))
    else:
        messages.warning(request, _("It was taken back already."))
    return redirect("own-page-settings", request.brand.slug)


def _newest(request: BrandRequest, page: OwnPage) -> list[Read]:
    """The newest entries, in the words in which they were written."""
    shown = Prefetch("pictures", PagePicture.objects.of(request.brand).defer("content"))
    rows = PageEntry.objects.of(request.brand).standing().newest().select_related("destination")
    return read_by(page, Visitor(""), rows.prefetch_related("texts", shown)[:SHOWN])
