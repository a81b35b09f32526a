"""The forms of holds, and of what is decided after them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.organisation.wall_clock import Wall

REASON_MOST = 300


class HoldForm(forms.Form):
    """What is to stop, and why."""

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = Channel.objects.of(brand).exclude(country="")
        countries = sorted(set(channels.values_list("country", flat=True)))
        self.fields["reason"] = forms.CharField(
            label=_("Why"),
            max_length=REASON_MOST,
            help_text=_("Everybody who works for the brand reads it at the top of every page."),
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        )
        self.fields["country"] = forms.ChoiceField(
            label=_("Where"),
            required=False,
            choices=[("", _("Everywhere")), *((each, each) for each in countries)],
            help_text=_("One country stops the channels that serve it; those that serve any country go on."),
            widget=forms.Select(attrs={"class": "input"}),
        )
        self.fields["replies"] = forms.BooleanField(
            label=_("Answers stop as well"),
            required=False,
            help_text=_("Without it people who write are still answered."),
        )


class LaterForm(forms.Form):
    """Another time, by the clock of each channel."""

    wall = Wall()
