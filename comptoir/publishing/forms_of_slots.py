"""The form of a channel's week of slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand
from comptoir.publishing.models.slot import SLOTS_MOST
from comptoir.publishing.models.timetable import WARN_DAYS, WARN_MOST

_HOUR = re.compile(r"([01]?\d|2[0-3])(?:[:hH.]([0-5]\d)|[hH])?")
_MONDAY = date(2024, 1, 1)


def weekdays() -> list[str]:
    """Their names, Monday first."""
    return [date_format(_MONDAY + timedelta(days=n), "l").capitalize() for n in range(7)]


class SlotsForm(forms.Form):
    """Hours for each day of the week, and by which clock."""

    def __init__(self, zones: Sequence[str], brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = _("The brand’s: %(zone)s") % {"zone": brand.zone}
        self.fields["zone"] = forms.ChoiceField(
            label=_("By which clock"),
            required=False,
            choices=[("", own), *((each, each) for each in zones)],
            widget=forms.Select(attrs={"class": "input"}),
        )
        for number, name in enumerate(weekdays()):
            self.fields[f"day{number}"] = forms.CharField(
                label=name,
                required=False,
                max_length=600,
                help_text=_("Hours with commas between them: 09:00, 12:30.") if number == 0 else "",
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )
        self.fields["warn_days"] = forms.IntegerField(
            label=_("Warn when the queue is filled for fewer days than"),
            min_value=0,
            max_value=WARN_MOST,
            initial=WARN_DAYS,
            help_text=_("0 for never. Managers and whoever writes posts are told."),
            widget=forms.NumberInput(attrs={"class": "input"}),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.week: list[tuple[int, time]] = []
        for number in range(7):
            for word in re.split(r"[\s,;]+", given.get(f"day{number}", "")):
                found = _HOUR.fullmatch(word)
                if found:
                    self.week.append((number, time(int(found[1]), int(found[2] or 0))))
                elif word:
                    words = _("“%(word)s” is no hour. Write hours like 09:00, 12:30.") % {"word": word}
                    self.add_error(f"day{number}", words)
                    break
        if len(set(self.week)) > SLOTS_MOST:
            self.add_error(None, _("A channel has %(n)d slots a week at the most.") % {"n": SLOTS_MOST})
        return given
