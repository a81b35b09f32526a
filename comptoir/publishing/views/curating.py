"""The pages of found pieces: what others made, and the brand may share."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.networks.found import label_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.crediting import plain
from comptoir.publishing.forms_of_curation import FoundPieceForm, first_of
from comptoir.publishing.models import FoundPiece, PieceInUse, PieceKnown
from comptoir.publishing.older import part_of

LISTED = 50


@require_safe
@on_brand()
def found_pieces(request: BrandRequest) -> HttpResponse:
    """Those of the brand, what was found last at the top; by words (q), state and tag."""
    asked = {name: request.GET.get(name, "")[:200].strip() for name in ("q", "state", "tag")}
    if asked["state"] not in ("", *FoundPiece.State.values):
        raise BadRequest(_("There is no such state."))
    rows = (
        FoundPiece.objects.of(request.brand).standing(asked["state"]).about(asked["q"]).tagged(asked["tag"])
    )
    rows = rows.select_related("by").prefetch_related("sharings__post__variants")
    part = part_of(request, rows, "found", LISTED)
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "brand": request.brand, "here": "publishing", "pieces": part.rows, "part": part, "asked": asked, "kept": kept,
        "states": FoundPiece.State.choices, "writes": request.membership.may("agent"),
    }  # fmt: skip
    return render(request, "publishing/found_pieces.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def found_piece_new(request: BrandRequest) -> HttpResponse:
    """Keep one more."""
    first = {
        "link": request.GET.get("link", "")[:2_000], "title": request.GET.get("title", "")[:200],
        "author": request.GET.get("author", "")[:120],
    }  # fmt: skip
    form = FoundPieceForm(request.brand, request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = FoundPiece.note_down(request.brand, request.user, form.piece)
        except PieceKnown:
            _known(request, form)
        else:
            messages.success(request, _("It is kept. Write a post about it when you like."))
            return redirect("found-piece", request.brand.slug, made.pk)
    context = {"brand": request.brand, "here": "publishing", "form": form, "piece": None}
    return render(request, "publishing/found_piece.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def found_piece(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them: what is known of it, which posts share it; with a form, something else is known."""
    found, writes = _found(request, pk), request.membership.may("agent")
    if request.method == "POST" and not writes:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = FoundPieceForm(request.brand, data, initial=first_of(found)) if writes else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            found.settle(request.user, form.piece)
        except PieceKnown:
            _known(request, form)
        else:
            messages.success(request, _("Kept."))
            return redirect("found-piece", request.brand.slug, pk)
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "piece": found, "writes": writes,
        "posts": [each.post for each in found.sharings.all()],
        "handles": [(label_of(network) if network else "", each) for network, each in found.handles.items()],
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "publishing/found_piece.html", context, status=status)


@require_POST
@on_brand("agent")
def found_piece_state(request: BrandRequest, pk: int) -> HttpResponse:
    """Set it aside (state=aside), have it to use again (state=open), or forget it (state=removed)."""
    found, state = _found(request, pk), request.POST.get("state", "")
    if state not in ("aside", "open", "removed"):
        raise BadRequest(_("A found piece is set aside, to use again, or removed."))
    if state == "removed":
        try:
            found.remove(request.user)
        except PieceInUse:
            messages.error(request, _("A post that may still leave shares it: give that post up first."))
            return redirect("found-piece", request.brand.slug, pk)
        messages.success(request, _("It is removed. What has left stays as it left."))
        return redirect("found-pieces", request.brand.slug)
    found.put_aside(request.user, state == "aside")
    messages.success(request, _("It is set aside.") if state == "aside" else _("It is to use again."))
    return redirect("found-piece", request.brand.slug, pk)


def _found(request: BrandRequest, pk: int) -> FoundPiece:
    rows = FoundPiece.objects.of(request.brand).filter(pk=pk).select_related("by")
    found = next(iter(rows.prefetch_related("sharings__post__variants")), None)
    if found is None:
        raise Http404(_("There is no such found piece."))
    return found


def _known(request: BrandRequest, form: FoundPieceForm) -> None:
    """Say that the link is there already, and where."""
    other = FoundPiece.with_link(request.brand, plain(form.cleaned_data["link"]))
    if other is None:
        form.add_error("link", _("This link is here already."))
        return
    address = reverse("found-piece", args=[request.brand.slug, other.pk])
    words = _("This link is here already:")
    form.add_error("link", format_html('{} <a href="{}">{}</a>', words, address, other.title))
