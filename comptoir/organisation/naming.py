"""Names that people give to what is the brand's: teams, rules, saved replies, desks."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def visible(name: str) -> str:
    """The name on one line. ValidationError when there is nothing in it to be seen or said."""
    name = " ".join(name.replace("\x00", "").split())
    if not any(letter.isalnum() for letter in name):
        raise ValidationError(_("A name has at least a letter."))
    return name
