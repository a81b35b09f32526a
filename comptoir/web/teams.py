"""A brand's teams: everybody sees who is in them; managers make, change and dissolve them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, NameTaken, Role, Team
from comptoir.organisation.naming import visible


class TeamForm(forms.Form):
    """A team's name, and which of the brand's people are in it: those who may answer."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"] = forms.ModelMultipleChoiceField(
            brand.answerers().order_by("name", "email"),
            label=gettext_lazy("Who is in it"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": gettext_lazy("Somebody chosen may not answer for this brand.")},
        )

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def teams(request: BrandRequest) -> HttpResponse:
    """All teams; POST makes one."""
    if request.method != "POST":
        return _page(request)
    if not request.membership.may(Role.MANAGER):
        raise PermissionDenied(_("Only managers and owners make teams."))
    form = TeamForm(request.brand, request.POST)
    if form.is_valid():
        try:
            Team.make(request.brand, form.cleaned_data["name"], form.cleaned_data["members"], request.user)
        except NameTaken:
            form.add_error("name", _("There is a team of this name."))
        else:
            messages.success(request, _("The team %(team)s is there.") % {"team": form.cleaned_data["name"]})
            return redirect("teams", request.brand.slug)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def team(request: BrandRequest, pk: int) -> HttpResponse:
    """One team; POST changes it."""
    found = _team(request, pk)
    begun = {"name": found.name, "members": found.members.all()}
    form = TeamForm(request.brand, request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(form.cleaned_data["name"], form.cleaned_data["members"], request.user)
        except NameTaken:
            form.add_error("name", _("There is a team of this name."))
        else:
            messages.success(request, _("The team %(team)s is changed.") % {"team": found.name})
            return redirect("teams", request.brand.slug)
    context = {"brand": request.brand, "here": "people", "form": form, "team": found}
    return render(request, "web/team.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("manager")
def dissolution(request: BrandRequest, pk: int) -> HttpResponse:
    """The team is no more; what was given to it is nobody's."""
    found = _team(request, pk)
    found.dissolve(request.user)
    messages.success(request, _("The team %(team)s is dissolved.") % {"team": found.name})
    return redirect("teams", request.brand.slug)


def _team(request: BrandRequest, pk: int) -> Team:
    found = Team.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such team any more."))
    return found


def _page(request: BrandRequest, form: TeamForm | None = None) -> HttpResponse:
    makes = request.membership.may(Role.MANAGER)
    context = {
        "brand": request.brand,
        "here": "people",
        "rows": Team.objects.of(request.brand).prefetch_related("members").order_by("name"),
        "form": (form or TeamForm(request.brand)) if makes else None,
    }
    return render(request, "web/teams.html", context, status=422 if form is not None else 200)
