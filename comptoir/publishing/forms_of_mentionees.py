"""The form of those whom posts mention."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand
from comptoir.organisation.naming import visible
from comptoir.publishing.forms_of_handles import HandlesForm, field_of, line
from comptoir.publishing.mentioning import NAME_MOST, called


class MentioneeForm(HandlesForm):
    """Somebody's name, and what they are called on each network."""

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("As colleagues write it. It is said as it is where they have no account.")
        self.fields["name"] = line(_("Name"), NAME_MOST, said)
        self.ask_handles(brand, kwargs.get("initial", {}).get("handles", {}))

    def clean_name(self) -> str:
        return name_of(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for network in self.networks:
            name = field_of(network)
            try:
                given[name] = handle_of(given.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return given

    def taken(self) -> None:
        """Say that somebody else is called so."""
        self.add_error("name", taken())


def taken() -> str:
    """What is said where somebody else is called so."""
    return _("Somebody here is called so already: give another name.")


def too_many() -> str:
    """What is said where there is no room for another."""
    return _("There are too many: remove some who are mentioned no more.")


def name_of(text: str) -> str:
    """A name that a text can mention. ValidationError where it is none."""
    name = " ".join(visible(text).split())
    if set(name) & set("[]") or not called(name):
        raise forms.ValidationError(_("Write a name with letters or digits, and without [ and ]."))
    return name


def handle_of(text: str) -> str:
    """A handle as it is kept, without the sign before it. ValidationError where it is none."""
    handle = text.strip().removeprefix("@")
    if re.search(r"[\s\[\]]", handle):
        raise forms.ValidationError(_("A name on a network has no blanks and no brackets."))
    return handle
