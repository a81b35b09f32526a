"""A day and a time as somebody writes them down: by the clock on a wall."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _


class Wall(forms.Field):
    """A date and time without a zone: whose clock it is on is the page's to say."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "input"})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            found = datetime.min
        if found.tzinfo is not None or not 2000 <= found.year <= 2200:
            raise forms.ValidationError(_("Write a day and a time, like 2026-12-24 18:00."))
        return found.replace(second=0, microsecond=0)
