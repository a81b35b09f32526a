"""The form of posts that are said again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand
from comptoir.publishing.forms_of_days import day_field
from comptoir.publishing.models.evergreen import EVERY_MOST

PROPOSED = 28
"""Days, where nobody said how many."""


class EvergreenForm(forms.Form):
    """How often a post is said again, and up to when."""

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = timezone.localdate(timezone=brand.zone)
        self.fields["every"] = forms.IntegerField(
            label=_("Days between two times"), min_value=1, max_value=EVERY_MOST, initial=PROPOSED,
            help_text=_("28 keeps the day of the week. It leaves at the same hour as the last time."),
            widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
        )  # fmt: skip
        self.fields["until"] = day_field(
            _("Last day"), False, _("Without a day it goes on until somebody stops it.")
        )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < self._today:
            raise forms.ValidationError(over())
        return until


def over() -> str:
    """What is said of a last day that has passed."""
    return _("This day is over: choose a later one.")
