"""The pages of holds: stopping what leaves, and letting it go again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.networks.models import Delivery, Hold
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.departing import depart
from comptoir.publishing.forms_of_holds import HoldForm
from comptoir.publishing.models import Destination

LIFTED = 20
"""Holds that are over, shown beside those that are on."""
LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def holds(request: BrandRequest) -> HttpResponse:
    """What is stopped; with a form, a hold is placed."""
    may_place = request.membership.may("manager")
    if request.method == "POST" and not may_place:
        raise PermissionDenied(_("Managers stop what leaves."))
    form = HoldForm(request.brand, request.POST or None)
    if request.method == "POST" and form.is_valid():
        placed = Hold.place(
            form.cleaned_data["reason"],
            request.user,
            request.brand,
            country=form.cleaned_data["country"],
            replies=form.cleaned_data["replies"],
        )
        return redirect("hold", request.brand.slug, placed.pk)
    rows = Hold.objects.of(request.brand).select_related("placed_by", "lifted_by", "brand", "channel")
    context = {
        "brand": request.brand,
        "here": "publishing",
        "form": form,
        "may_place": may_place,
        "on": list(rows.on().order_by("-placed_at")),
        "lifted": list(rows.filter(lifted_at__isnull=False).order_by("-lifted_at")[:LIFTED]),
    }
    return render(request, "publishing/holds.html", context, status=422 if form.errors else 200)


@require_safe
@on_brand()
def hold(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them: what was already under way when it was placed, and what it keeps."""
    return render(request, "publishing/hold.html", _context(request, _found(request, pk)))


@require_safe
@on_brand()
def flight(request: BrandRequest, pk: int) -> HttpResponse:
    """What was already under way: asked again until each has arrived or come back."""
    return render(request, "publishing/hold_flight.html", _context(request, _found(request, pk)))


@require_POST
@on_brand("manager")
def lifting(request: BrandRequest, pk: int) -> HttpResponse:
    """Let it flow again; what was due meanwhile asks."""
    found = _found(request, pk)
    if found.brand_id is None and found.channel_id is None:
        raise PermissionDenied(_("This hold is over the whole house: whoever runs Comptoir lifts it."))
    if found.lift(request.user):
        depart()
        messages.success(
            request, _("Lifted. What was due meanwhile is listed here: say what becomes of each.")
        )
    else:
        messages.warning(request, _("A colleague has lifted it already."))
    return redirect("decisions", request.brand.slug)


def _found(request: BrandRequest, pk: int) -> Hold:
    rows = Hold.objects.of(request.brand).select_related("placed_by", "lifted_by", "brand", "channel")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such hold here."))
    return found


def _context(request: BrandRequest, found: Hold) -> dict[str, object]:
    flying = [each for each in found.in_flight() if each.channel.brand_id == request.brand.pk]
    waits = any(each.state == Delivery.State.SENDING for each in flying)
    kept, answers = [], []
    if found.lifted_at is None:
        due = Destination.objects.of(request.brand).of_hold(found).select_related("channel", "post")
        kept = list(due.prefetch_related("post__variants").order_by("due", "pk")[:LISTED])
        waiting = found.waiting().filter(channel__brand=request.brand).select_related("channel", "author")
        answers = list(waiting.order_by("not_before", "pk")[:LISTED])
    return {
        "brand": request.brand,
        "here": "publishing",
        "hold": found,
        "flying": flying,
        "waits": waits and found.lifted_at is None,
        "kept": kept,
        "answers": answers,
        "of_the_house": found.brand_id is None and found.channel_id is None,
        "may_lift": request.membership.may("manager") and found.lifted_at is None,
    }
