"""What people say about who is on duty."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from comptoir.organisation.models import Place, User
from comptoir.organisation.wall_clock import Wall

PATIENCE_MOST = 240


class ShiftForm(forms.Form):
    """Who, and in which place."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who"), empty_label=None,
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": gettext_lazy("You cannot put this person on duty here.")},
    )  # fmt: skip
    place = forms.TypedChoiceField(
        label=gettext_lazy("Called"), choices=Place.choices, coerce=int, initial=Place.FIRST,
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people.order_by("name", "email")  # type: ignore[attr-defined]


class WeeklyForm(ShiftForm):
    """A shift of every week. `begins` and `ends` become minutes of the day."""

    prefix = "weekly"
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Each"), choices=list(WEEKDAYS.items()), coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    begins = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time", "class": "input"})
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time", "class": "input"})
    )

    def clean_begins(self) -> int:
        return _minutes(self.cleaned_data["begins"])

    def clean_ends(self) -> int:
        return _minutes(self.cleaned_data["ends"])


class DatedForm(ShiftForm):
    """A shift of a date, instead of whoever has the place then; times as the wall shows them."""

    prefix = "dated"
    begins = Wall(label=gettext_lazy("From"))
    ends = Wall(label=gettext_lazy("Until"))


class PatienceForm(forms.Form):
    """How long somebody who was called has."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes until the next one is called"), min_value=1, max_value=PATIENCE_MOST,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )  # fmt: skip


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
