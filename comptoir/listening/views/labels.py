"""What tones, languages and networks are called on pages and in files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comptoir.listening.counting import By
from comptoir.listening.views.shown import tones
from comptoir.networks.found import label_of
from comptoir.organisation.naming import language_name


def kinds() -> dict[By, str]:
    """By what mentions are told apart, and narrowed."""
    return {"tone": _("Tone"), "language": _("Language"), "network": _("Network")}


def label(kind: str, value: str) -> str:
    """One of a kind; what could not be told has a word as well."""
    if not value:
        return _("Unknown")
    if kind == "tone":
        return tones().get(value, value)
    return language_name(value) if kind == "language" else label_of(value)
