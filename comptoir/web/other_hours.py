"""Hours beside the brand's own, under a name: for the queue of another country, or of the night."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Hours, NameTaken
from comptoir.web.hours import NAME_MOST, HoursForm, initial_of


class OtherHoursForm(HoursForm):
    """The same with a name."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=NAME_MOST,
        help_text=gettext_lazy("Such as Night, or Réunion: queues choose from these."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("name",)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def new(request: BrandRequest) -> HttpResponse:
    """Further hours; POST makes them."""
    return _answer(request, Hours(brand=request.brand))


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def one(request: BrandRequest, pk: int) -> HttpResponse:
    """Some hours; POST changes them."""
    return _answer(request, _found(request, pk))


@require_POST
@on_brand("manager")
def removal(request: BrandRequest, pk: int) -> HttpResponse:
    """No such hours any more; queues that went by them go by the brand's."""
    found = _found(request, pk)
    found.remove(request.user)
    messages.success(request, _("The hours “%(hours)s” are gone.") % {"hours": found.name})
    return redirect("hours", request.brand.slug)


def _answer(request: BrandRequest, found: Hours) -> HttpResponse:
    begun = initial_of(request.brand, found if found.pk else None) | {"name": found.name}
    form = OtherHoursForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found.change(given["name"], given["zone"], given["week"], given["off"], request.user)
        except NameTaken:
            form.add_error("name", _("There are hours of this name."))
        else:
            messages.success(request, _("The hours “%(hours)s” are kept.") % {"hours": given["name"]})
            return redirect("hours", request.brand.slug)
    told: dict[str, Any] = {
        "brand": request.brand,
        "here": "figures",
        "form": form,
        "hours": found,
    }
    return render(request, "web/other_hours.html", told, status=422 if form.errors else 200)


def _found(request: BrandRequest, pk: int) -> Hours:
    found = Hours.objects.of(request.brand).named().filter(pk=pk).first()
    if found is None:
        raise Http404(_("There are no such hours any more."))
    return found
