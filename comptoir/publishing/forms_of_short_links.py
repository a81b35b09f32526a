"""The forms of short links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from comptoir.publishing.models.short_link import NOTE_MOST, base_of
from comptoir.publishing.tagging import ADDRESS_MOST, host_of


class ShorteningForm(forms.Form):
    """Whether links leave short, and where short links stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = forms.BooleanField(
            label=_("Links of posts leave short, and clicks on them are counted"), required=False
        )
        hosts = [("", base_of("")), *((each, base_of(each)) for each in sorted(settings.SHORT_HOSTS))]
        self.fields["host"] = forms.ChoiceField(
            label=_("They begin with"), required=False, choices=hosts,
            help_text=_("A short domain of your own is listed once whoever runs this house points it here."),
            widget=forms.Select(attrs={"class": "input"}),
        )  # fmt: skip


class ShortLinkForm(forms.Form):
    """Where a short link leads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"] = forms.CharField(
            label=_("Leads to"), max_length=ADDRESS_MOST,
            widget=forms.TextInput(attrs={"class": "input", "inputmode": "url", "autocomplete": "off"}),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("What colleagues call it"), required=False, max_length=NOTE_MOST,
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        )  # fmt: skip

    def clean_target(self) -> str:
        return target_of(self.cleaned_data["target"])


def target_of(text: str) -> str:
    """An address that a short link may lead to. ValidationError where it is none, or one of our own short ones."""
    found = text.strip()
    if not host_of(found):
        raise forms.ValidationError(_("Write a whole address, such as https://example.org/page."))
    if any(found.lower().startswith(base_of(each).lower()) for each in ("", *settings.SHORT_HOSTS)):
        raise forms.ValidationError(_("This is a short link itself: write where it leads."))
    return found
