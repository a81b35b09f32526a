"""What is agreed with somebody who works for a brand: in whose name they speak, and until which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comptoir.kernel import clock
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, Membership, Role
from comptoir.organisation.models.terms import COMPANY_MOST, Terms


class TermsForm(forms.Form):
    """Terms, as people write them: the last day instead of the moment after it."""

    on_behalf_of = forms.CharField(
        label=gettext_lazy("Speaks for"),
        max_length=COMPANY_MOST,
        required=False,
        help_text=gettext_lazy("An agency or a partner, when they are not the brand\u2019s own people."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Their access ends by itself at the end of that day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, brand: Brand, *args: Any, role: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.role_now = role

    @classmethod
    def of(cls, member: Membership, *given: Any) -> TermsForm:
        """The form with what is agreed with a member."""
        now = {"on_behalf_of": member.on_behalf_of, "until": member.last_day}
        return cls(member.brand, *given, initial=now, role=member.role)

    def clean(self) -> dict[str, Any]:
        """An end is ahead, and no owner has one."""
        given: dict[str, Any] = super().clean() or {}
        if day := given.get("until"):
            if day < timezone.localdate(timezone=self.brand.zone):
                self.add_error("until", _("This day is over."))
            elif given.get("role", self.role_now) == Role.OWNER:
                self.add_error("until", _("An owner\u2019s access has no end: give them another role first."))
        return given

    @property
    def terms(self) -> Terms:
        """What was filled in."""
        day = self.cleaned_data["until"]
        until = clock.end_of(day, self.brand.zone) if day else None
        return Terms(until, " ".join(self.cleaned_data["on_behalf_of"].split()))


class InvitationForm(TermsForm):
    """Somebody to invite, in one of the roles that the inviter may give."""

    email = forms.EmailField(label=gettext_lazy("Address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.AGENT)
    field_order = ("email", "role", "on_behalf_of", "until")

    def __init__(self, brand: Brand, gives: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(brand, *args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=gettext_lazy("Role"),
            choices=[(role, Role(role).label) for role in gives],
            initial=Role.AGENT,
            widget=forms.Select(attrs={"class": "select"}),
        )
        self.fields["email"].widget.attrs["autocomplete"] = "off"


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def terms(request: BrandRequest, pk: int) -> HttpResponse:
    """What is agreed with a member: seen by managers, changed by whoever could give them their role."""
    from comptoir.web.people import may_settle, member

    found = member(request, pk)
    if not may_settle(request, found):
        raise PermissionDenied(
            _("You can agree on this with others, up to your own role. Ask an owner of the brand.")
        )
    form = TermsForm.of(found, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        found.agree(form.terms.under(request.membership.terms), request.user)
        messages.success(request, _("Kept."))
        return redirect("people", request.brand.slug)
    context = {"brand": request.brand, "here": "people", "member": found, "form": form}
    return render(request, "web/terms.html", context, status=422 if form.errors else 200)
