"""The pages of segments: whom posts are for, and which channels serve them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.networks.connector import Publishes, Targets
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.publishing.covering import Row, rows_of
from comptoir.publishing.forms_of_segments import SegmentForm
from comptoir.publishing.models import Segment

LISTED = 200


@require_safe
@on_brand()
def segments(request: BrandRequest) -> HttpResponse:
    """All of them with who serves them, the retired ones last."""
    rows = Segment.objects.of(request.brand).order_by(F("retired").asc(nulls_first=True), "name", "pk")
    found = list(rows[:LISTED])
    served: dict[int, list[Row]] = {}
    for row in rows_of(request.brand, [each.pk for each in found]):
        served.setdefault(row.segment.pk, []).append(row)
    context = {
        "brand": request.brand, "here": "publishing", "settles": request.membership.may("manager"),
        "segments": [(each, served.get(each.pk, [])) for each in found],
    }  # fmt: skip
    return render(request, "publishing/segments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def segment_new(request: BrandRequest) -> HttpResponse:
    """Make one; its page then asks which channels serve it."""
    form = SegmentForm(None, (), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = Segment.make(request.brand, request.user, form.given)
        except NameTaken:
            form.taken()
        else:
            messages.success(request, _("The segment %(name)s is made.") % {"name": made.name})
            return redirect("segment", request.brand.slug, made.pk)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def segment(request: BrandRequest, pk: int) -> HttpResponse:
    """Be otherwise, or be served by other channels."""
    found = _found(request, pk)
    rows = Channel.objects.of(request.brand).exclude(state=Channel.State.OFF)
    serving = {each.channel_id for each in found.serving.all()}
    channels = [each for each in rows.order_by("network", "handle", "pk")
                if each.can(Publishes) or each.pk in serving]  # fmt: skip
    form = SegmentForm(found, channels, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found.settle(request.user, form.given)
        except NameTaken:
            form.taken()
        else:
            messages.success(request, _("Kept."))
            return redirect("segments", request.brand.slug)
    return _form(request, form, found, any(each.can(Targets) for each in channels))


@require_POST
@on_brand("manager")
def segment_state(request: BrandRequest, pk: int) -> HttpResponse:
    """Retire one, or take it up again."""
    _found(request, pk).retire(request.user, request.POST.get("state") != "open")
    return redirect("segments", request.brand.slug)


def _found(request: BrandRequest, pk: int) -> Segment:
    found = Segment.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such segment, or it is not yours to see."))
    return found


def _form(
    request: BrandRequest, form: SegmentForm, found: Segment | None = None, targets: bool = False
) -> HttpResponse:
    context = {
        "brand": request.brand,
        "here": "publishing",
        "form": form,
        "segment": found,
        "targets": targets,
    }
    return render(request, "publishing/segment.html", context, status=422 if form.errors else 200)
