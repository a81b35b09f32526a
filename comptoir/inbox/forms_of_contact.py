"""What people write about a person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.forms import Telling
from comptoir.inbox.models.contact import NOTE_MOST, Handle


class PersonNoteForm(Telling):
    """Something that colleagues should know."""

    text = forms.CharField(
        max_length=NOTE_MOST,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A note about a person takes 4,000 characters."),
        },
    )


class PromiseForm(Telling):
    """What was promised, by when."""

    what = forms.CharField(
        max_length=300,
        error_messages={
            "required": _("Say what was promised."),
            "max_length": _("A promise takes 300 characters."),
        },
    )
    due = forms.DateField(
        error_messages={"required": _("Say by which day."), "invalid": _("Give a day, as in 2026-11-30.")}
    )


class LinkForm(Telling):
    """Another handle of the same person: by its name, or by its number (`pk`) once it was chosen."""

    other = forms.CharField(max_length=300, required=False)
    pk = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    how = forms.ChoiceField(
        choices=Handle.How.choices,
        error_messages={
            "required": _("Say how they agreed: handles are brought together with consent alone.")
        },
    )
    words = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, object]:
        """One of the two ways to name it."""
        given: dict[str, object] = super().clean() or {}
        if not given.get("other") and not given.get("pk"):
            raise forms.ValidationError(_("Say which handle."))
        return given
