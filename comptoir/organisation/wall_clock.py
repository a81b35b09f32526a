"""A day and a time as somebody writes them down: by the clock on a wall."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
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


def moment(wall: datetime, zone: tzinfo) -> datetime:
    """The moment when the clock on the wall shows this."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def oddity(wall: datetime, zone: tzinfo) -> str:
    """What is odd about a time on the wall: it does not exist ("missing"), it comes "twice", "" for nothing."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return ""
    return "twice" if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall else "missing"
