"""The pages of campaigns: what posts belong together for."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.publishing.forms_of_campaigns import CampaignForm
from comptoir.publishing.models import Campaign, Post

LISTED = 500


@require_safe
@on_brand()
def campaigns(request: BrandRequest) -> HttpResponse:
    """All of them, the closed ones last."""
    rows = Campaign.objects.of(request.brand).order_by(F("closed").asc(nulls_first=True), "name", "pk")
    posts = Post.objects.of(request.brand).exclude(campaign=None).order_by()
    many = dict(posts.values_list("campaign").annotate(Count("pk")))
    context = {
        "brand": request.brand,
        "here": "publishing",
        "campaigns": [(each, many.get(each.pk, 0)) for each in rows[:LISTED]],
        "settles": request.membership.may("manager"),
    }
    return render(request, "publishing/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def campaign_new(request: BrandRequest) -> HttpResponse:
    """Make one."""
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = Campaign.make(request.brand, request.user, **form.cleaned_data)
        except NameTaken:
            form.taken()
        else:
            messages.success(request, _("The campaign %(name)s is made.") % {"name": made.name})
            return redirect("campaigns", request.brand.slug)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def campaign(request: BrandRequest, pk: int) -> HttpResponse:
    """Have other words or days."""
    found = _found(request, pk)
    first = {name: getattr(found, name) for name in ("name", "purpose", "first", "last")}
    form = CampaignForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            found.settle(request.user, **form.cleaned_data)
        except NameTaken:
            form.taken()
        else:
            messages.success(request, _("Kept."))
            return redirect("campaigns", request.brand.slug)
    return _form(request, form, found)


@require_POST
@on_brand("manager")
def campaign_state(request: BrandRequest, pk: int) -> HttpResponse:
    """Close one, or open it again."""
    _found(request, pk).close(request.user, request.POST.get("state") != "open")
    return redirect("campaigns", request.brand.slug)


def _found(request: BrandRequest, pk: int) -> Campaign:
    found = Campaign.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such campaign, or it is not yours to see."))
    return found


def _form(request: BrandRequest, form: CampaignForm, found: Campaign | None = None) -> HttpResponse:
    context = {"brand": request.brand, "here": "publishing", "form": form, "campaign": found}
    status = 400 if form.errors else 200
    return render(request, "publishing/campaign.html", context, status=status)
