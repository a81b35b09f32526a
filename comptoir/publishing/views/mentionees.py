"""The pages of those whom posts mention."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.networks.found import label_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.publishing.forms_of_mentionees import MentioneeForm, too_many
from comptoir.publishing.models import Mentionee, TooMany
from comptoir.reading.folding import spaced

LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def mentionees(request: BrandRequest) -> HttpResponse:
    """All of them, by name; with a form, one more."""
    writes = request.membership.may("agent")
    if request.method == "POST" and not writes:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = MentioneeForm(request.brand, data, initial={"name": request.GET.get("name", "")[:80]})
    if request.method == "POST" and form.is_valid():
        try:
            made = Mentionee.make(request.brand, request.user, form.cleaned_data["name"], form.handles)
        except NameTaken:
            form.taken()
        except TooMany:
            form.add_error(None, too_many())
        else:
            messages.success(request, _("Posts may mention %(name)s now.") % {"name": made.token})
            return redirect("mentionees", request.brand.slug)
    asked = request.GET.get("q", "")[:80]
    rows = Mentionee.objects.of(request.brand).filter(folded__contains=spaced(asked)).order_by("folded")
    found = list(rows[: LISTED + 1])
    context = {
        "brand": request.brand, "here": "publishing", "form": form if writes else None, "asked": asked,
        "rows": [(each, _named(each)) for each in found[:LISTED]], "more": len(found) > LISTED,
    }  # fmt: skip
    return render(request, "publishing/mentionees.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def mentionee(request: BrandRequest, pk: int) -> HttpResponse:
    """Have another name, or other handles."""
    found = _found(request, pk)
    first = {"name": found.name, "handles": found.handles}
    form = MentioneeForm(request.brand, request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            found.settle(request.user, form.cleaned_data["name"], form.handles)
        except NameTaken:
            form.taken()
        else:
            messages.success(request, _("Kept."))
            return redirect("mentionees", request.brand.slug)
    context = {"brand": request.brand, "here": "publishing", "form": form, "mentionee": found}
    return render(request, "publishing/mentionee.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("agent")
def mentionee_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Forget one of them."""
    found = _found(request, pk)
    found.remove(request.user)
    messages.success(request, _("Posts that mention %(name)s say the plain name now.") % {"name": found.name})
    return redirect("mentionees", request.brand.slug)


def _named(found: Mentionee) -> list[tuple[str, str]]:
    """What somebody is called, with the networks as people say them."""
    return [(label_of(network), handle) for network, handle in found.handles.items()]


def _found(request: BrandRequest, pk: int) -> Mentionee:
    found = Mentionee.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("Nobody of this number is mentioned by posts."))
    return found
