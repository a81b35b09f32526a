"""The forms of what stands on days."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from comptoir.publishing.feasts import known_places
from comptoir.publishing.models import DayNote
from comptoir.publishing.models.day_note import LONGEST, TEXT_MOST, TITLE_MOST, Noted
from comptoir.publishing.models.public_holidays import COUNTRIES_MOST

BOUNDS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def day_field(label: str, required: bool = True, help_text: str = "") -> forms.DateField:
    """A field for a day that calendars know."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})
    return forms.DateField(
        label=label, required=required, validators=BOUNDS, widget=widget, help_text=help_text
    )


class DayNoteForm(forms.Form):
    """A note on some days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(
            label=_("What is on"),
            max_length=TITLE_MOST,
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        )
        self.fields["first"] = day_field(_("First day"))
        self.fields["last"] = day_field(_("Last day"), False, _("Leave it empty for a single day."))
        self.fields["text"] = forms.CharField(
            label=_("What colleagues should know"),
            required=False,
            max_length=TEXT_MOST,
            widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        )
        self.fields["colour"] = forms.ChoiceField(
            label=_("Colour"),
            choices=DayNote.Colour.choices,
            widget=forms.Select(attrs={"class": "input"}),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last") or given.get("first")
        given["last"] = last
        if first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("A note lasts a year at the most."))
        return given

    @property
    def noted(self) -> Noted:
        """What was written."""
        return Noted(**self.cleaned_data)


class HolidaysForm(forms.Form):
    """Of which countries holidays are shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"] = forms.CharField(
            label=_("Countries"),
            required=False,
            max_length=400,
            help_text=_(
                "Codes of two letters, with that of a part of the country where it has days of its own: "
                "FR, FR-57, DE-BY, RE."
            ),
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        )

    def clean_places(self) -> list[str]:
        known = {each.casefold(): each for each in known_places()}
        wanted = [each for each in re.split(r"\s*[,;]\s*", self.cleaned_data["places"].strip()) if each]
        if len(wanted) > COUNTRIES_MOST:
            raise forms.ValidationError(_("Choose %(n)d countries at the most.") % {"n": COUNTRIES_MOST})
        for each in wanted:
            if each.casefold() not in known:
                raise forms.ValidationError(
                    _("No holidays are known of “%(place)s”. Write a code like FR or DE-BY.")
                    % {"place": each}
                )
        return list(dict.fromkeys(known[each.casefold()] for each in wanted))
