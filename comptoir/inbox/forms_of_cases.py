"""What people say when they hand a case over, when they make a desk, and what customer service answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.inbox.models import ServiceDesk
from comptoir.inbox.models.case import CONTACT_MOST, NOTE_MOST, TEXT_MOST, THEIRS_MOST
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.organisation.models.webhook import may_be_called
from comptoir.organisation.naming import visible

_LINE = {"class": "input", "autocomplete": "off"}


class HandOverForm(forms.Form):
    """A case: which desk gets it, and what it is told."""

    desk = forms.ModelChoiceField(
        ServiceDesk.objects.none(), label=gettext_lazy("To"), empty_label=None,
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("What it is about"), max_length=NOTE_MOST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )  # fmt: skip
    messages = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Messages that go along"), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("How to reach the person"), max_length=CONTACT_MOST, required=False,
        help_text=gettext_lazy("An address or a number that they gave you for this."),
        widget=forms.TextInput(attrs=_LINE),
    )  # fmt: skip
    consent = forms.CharField(
        label=gettext_lazy("How they agreed that it is passed on"), max_length=CONTACT_MOST, required=False,
        help_text=gettext_lazy("Such as: by private message, today."),
        widget=forms.TextInput(attrs=_LINE),
    )  # fmt: skip
    key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)

    def __init__(self, brand: Brand, messages: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = ServiceDesk.objects.of(brand).filter(retired_at=None).order_by("name")
        self.fields["desk"].queryset = desks  # type: ignore[attr-defined]
        self.fields["messages"].choices = list(messages)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody's address goes anywhere without their word."""
        given = super().clean() or {}
        if given.get("contact") and not given.get("consent"):
            self.add_error("consent", _("Say how they agreed, or leave out how to reach them."))
        return given


class DeskForm(forms.Form):
    """A desk of customer service."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput(attrs=_LINE))
    way = forms.ChoiceField(
        label=gettext_lazy("How cases get there"), choices=ServiceDesk.Way.choices,
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2_000,
        help_text=gettext_lazy("A mail address, or where a program takes calls: https://…"),
        widget=forms.TextInput(attrs={**_LINE, "spellcheck": "false"}),
    )  # fmt: skip
    answers = forms.ModelChoiceField(
        Channel.objects.none(), label=gettext_lazy("Answers by mail come to"), required=False,
        empty_label=gettext_lazy("nowhere: the link in the mail is used"),
        help_text=gettext_lazy("A mailbox that is connected as a channel of the brand."),
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Channel.objects.of(brand).filter(state=Channel.State.ACTIVE)
        self.fields["answers"].queryset = active.filter(handle__regex=r"^[^@\s]+@[^@\s]+$")  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """An address that fits the way."""
        given = super().clean() or {}
        address, way = given.get("address", "").strip(), given.get("way")
        given["address"] = address
        if way == ServiceDesk.Way.MAIL and address:
            try:
                validate_email(address)
            except forms.ValidationError:
                self.add_error("address", _("This is no mail address."))
        elif way == ServiceDesk.Way.PROGRAM:
            given["answers"] = None
            if address and not may_be_called(address):
                self.add_error("address", _("This is no address that begins with https and names a host."))
        return given


class OutcomeForm(forms.Form):
    """What came of a case."""

    text = forms.CharField(
        label=gettext_lazy("What came of it"), max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 6}),
    )  # fmt: skip
    theirs = forms.CharField(
        label=gettext_lazy("Your own number for it"), max_length=THEIRS_MOST, required=False,
        widget=forms.TextInput(attrs=_LINE),
    )  # fmt: skip
    done = forms.BooleanField(label=gettext_lazy("It is settled"), required=False, initial=True)
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
