"""What is agreed with somebody who works for a brand: in whose name they speak, until which day, on which channels."""

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
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, Membership, Role
from comptoir.organisation.models.terms import COMPANY_MOST, Terms

LAST_YEAR = 2200
"""The last in which an agreed end can be; calendars do not go on for ever."""


class TermsForm(forms.Form):
    """Terms, as people write them: the last day instead of the moment after it."""

    on_behalf_of = forms.CharField(
        label=gettext_lazy("Speaks for"),
        max_length=COMPANY_MOST,
        required=False,
        help_text=gettext_lazy("An agency or a partner, when they are not the brand’s own people."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Their access ends by itself at the end of that day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
        input_formats=["%Y-%m-%d"],
    )

    reach = forms.ChoiceField(
        label=gettext_lazy("Sees"),
        choices=[
            ("all", gettext_lazy("All channels")),
            ("some", gettext_lazy("Only the channels ticked here")),
        ],
        initial="all",
        widget=forms.RadioSelect,
        required=False,
    )
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Channels"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, brand: Brand, *args: Any, role: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.role_now = role
        self.named = channels_of(brand)
        if not self.named or (role and _sees_all(role)):
            del self.fields["reach"], self.fields["channels"]
        else:
            self.fields["channels"].choices = list(self.named.items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, member: Membership, *given: Any) -> TermsForm:
        """The form with what is agreed with a member."""
        now = {
            "on_behalf_of": member.on_behalf_of,
            "until": member.last_day,
            "reach": "all" if member.channels is None else "some",
            "channels": member.channels or [],
        }
        return cls(member.brand, *given, initial=now, role=member.role)

    def clean(self) -> dict[str, Any]:
        """An end is ahead, and no owner has one."""
        given: dict[str, Any] = super().clean() or {}
        if day := given.get("until"):
            if day < timezone.localdate(timezone=self.brand.zone):
                self.add_error("until", _("This day is over."))
            elif day.year > LAST_YEAR:
                self.add_error("until", _("That is too far off: leave it empty for no end."))
            elif given.get("role", self.role_now) == Role.OWNER:
                self.add_error("until", _("An owner’s access has no end: give them another role first."))
        if given.get("reach") == "some":
            if _sees_all(given.get("role", self.role_now)):
                self.add_error("reach", _("Managers and owners see all channels of the brand."))
            elif not given.get("channels"):
                self.add_error("channels", _("Tick one channel at least."))
        return given

    @property
    def terms(self) -> Terms:
        """What was filled in."""
        day = self.cleaned_data["until"]
        until = clock.end_of(day, self.brand.zone) if day else None
        company = " ".join(self.cleaned_data["on_behalf_of"].split())
        some = self.cleaned_data.get("reach") == "some"
        return Terms(until, company, tuple(sorted(self.cleaned_data["channels"])) if some else None)

    @property
    def said(self) -> dict[str, str]:
        """How the log calls the channels."""
        given = self.terms.channels
        return {"channels": ", ".join(self.named[pk] for pk in given)} if given else {}


def channels_of(brand: Brand) -> dict[int, str]:
    """The brand's channels, as people call them."""
    rows = Channel.objects.of(brand).order_by("pk")
    return {each.pk: f"{each.handle} ({each.label})" for each in rows}


def _sees_all(role: str) -> bool:
    return role not in Role.AGENT.and_below()


class InvitationForm(TermsForm):
    """Somebody to invite, in one of the roles that the inviter may give."""

    email = forms.EmailField(label=gettext_lazy("Address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.AGENT)
    field_order = ("email", "role", "on_behalf_of", "until", "reach", "channels")

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
        found.agree(form.terms.under(request.membership.terms), request.user, **form.said)
        messages.success(request, _("Kept."))
        return redirect("people", request.brand.slug)
    context = {"brand": request.brand, "here": "people", "member": found, "form": form}
    return render(request, "web/terms.html", context, status=422 if form.errors else 200)
