"""The pages of communities: the list, one card, and what is written on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.networks.forms_of_communities import CommunityForm, NoteForm
from comptoir.networks.models import Community
from comptoir.networks.models.community import TooManyCommunities
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken

SHOWN = 200
NOTES = 50


@require_safe
@on_brand()
def communities(request: BrandRequest) -> HttpResponse:
    """All cards, or those that a search finds."""
    asked = request.GET.get("q", "").replace("\0", "")[:200]
    rows = Community.objects.of(request.brand).naming(asked).order_by("name", "pk")
    context = {**_here(request), "q": asked, "rows": list(rows[:SHOWN]), "most": SHOWN}
    return render(request, "networks/communities.html", context)


@require_safe
@on_brand()
def communities_sheet(request: BrandRequest) -> HttpResponse:
    """The cards as a file for spreadsheets."""
    rows = Community.objects.of(request.brand).prefetch_related("speakers__user").order_by("name", "pk")
    lines: list[tuple[Any, ...]] = [
        ("name", "network", "place", "speaks", "customs", "ask", "speakers", "reviewed")
    ]
    for each in rows:
        people = ", ".join(str(member.user) for member in each.speakers.all())
        lines.append((each.name, each.network, each.place, each.speaks, each.customs, each.asks, people,
                      each.reviewed.isoformat(timespec="seconds")))  # fmt: skip
    response = HttpResponse(BOM + csv_rows(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.brand.slug}-communities.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def community_new(request: BrandRequest) -> HttpResponse:
    """A new card; `network` and `place` of the address are filled in."""
    asked = {name: request.GET.get(name, "").replace("\0", "")[:300] for name in ("network", "place")}
    form = CommunityForm(request.brand, request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = Community.make(request.brand, request.user, **form.given)
        except NameTaken:
            form.add_error("place", _taken())
        except TooManyCommunities:
            form.add_error(None, _("A brand has 500 communities at the most."))
        else:
            messages.success(request, _("The card of %(community)s is there.") % {"community": made.name})
            return redirect("community", request.brand.slug, made.pk)
    context = {**_here(request), "form": form}
    return render(request, "networks/community_form.html", context, status=422 if form.errors else 200)


@require_safe
@on_brand()
def community(request: BrandRequest, pk: int) -> HttpResponse:
    """One card, with its notes."""
    found = community_of(request, pk)
    notes = found.notes.select_related("by").order_by("-pk")[:NOTES]
    members = found.speakers.select_related("user").order_by("user__name")
    context = {
        **_here(request),
        "card": found,
        "notes": list(notes),
        "people": [str(each.user) for each in members],
    }
    return render(request, "networks/community.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def community_edition(request: BrandRequest, pk: int) -> HttpResponse:
    """Change a card."""
    found = community_of(request, pk)
    form = CommunityForm(request.brand, request.POST if request.method == "POST" else None, kept=found)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(request.user, **form.given)
        except NameTaken:
            form.add_error("place", _taken())
        else:
            messages.success(request, _("Kept."))
            return redirect("community", request.brand.slug, found.pk)
    context = {**_here(request), "form": form, "card": found}
    return render(request, "networks/community_form.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("agent")
def community_review(request: BrandRequest, pk: int) -> HttpResponse:
    """All of it is still true."""
    community_of(request, pk).review(request.user)
    messages.success(request, _("Noted: the card is still true today."))
    return redirect("community", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def community_notes(request: BrandRequest, pk: int) -> HttpResponse:
    """Write a note."""
    found, form = community_of(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Write something first."))
    found.note(form.cleaned_data["text"], request.user)
    return redirect("community", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def community_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove a card with its notes, once somebody said that they mean it (confirm=yes)."""
    found = community_of(request, pk)
    if request.POST.get("confirm") != "yes":
        raise BadRequest(_("Say that you mean it: the card goes with its notes."))
    found.remove(request.user)
    messages.success(request, _("The card of %(community)s is removed.") % {"community": found.name})
    return redirect("communities", request.brand.slug)


def community_of(request: BrandRequest, pk: int) -> Community:
    """The card of an address. Http404 with its reason."""
    found = Community.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such community any more."))
    found.brand = request.brand
    return found


def _taken() -> str:
    return _("There is a card for this place already.")


def _here(request: BrandRequest) -> dict[str, Any]:
    return {
        "brand": request.brand, "here": "channels",
        "writes": request.membership.may("agent"), "removes": request.membership.may("manager"),
    }  # fmt: skip
