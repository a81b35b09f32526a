"""What is wrong with a value, in words: the validation library's codes, and what a page's form says of it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.organisation.programs.problems import Problem

SENTENCES = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is nothing of that name here."),
    "string_type": gettext_noop("This has to be a text."),
    "string_unicode": gettext_noop("This text cannot be stored: it has half a character in it."),
    "string_too_short": gettext_noop("This is too short: %(min_length)s characters at least."),
    "string_too_long": gettext_noop("This is too long: %(max_length)s characters at the most."),
    "int_type": gettext_noop("This has to be a whole number."),
    "int_parsing": gettext_noop("This has to be a whole number."),
    "int_parsing_size": gettext_noop("This number is too large."),
    "int_from_float": gettext_noop("This has to be a whole number."),
    "greater_than_equal": gettext_noop("This has to be %(ge)s at least."),
    "less_than_equal": gettext_noop("This may be %(le)s at the most."),
    "literal_error": gettext_noop("This has to be one of: %(expected)s."),
}


def wrong_words(error: Mapping[str, Any]) -> str:
    """The sentence for one of pydantic's errors."""
    known = SENTENCES.get(str(error["type"]))
    return _(known) % error.get("ctx", {}) if known else _("This will not do.")


def unfit(form: BaseForm, named: Mapping[str, str] | None = None) -> Problem:
    """What a page's form would say. `named`: how programs call its fields, where they call them otherwise."""
    names = named or {}
    errors = [
        {"at": names.get(field, field), "detail": str(each)}
        for field, found in form.errors.items()
        for each in found
    ]
    return Problem("invalid", errors[0]["detail"], errors=errors)


def bytes_of(text: str, place: str) -> bytes:
    """The bytes that a text has in Base64. Problem("invalid"), naming the place, where it is none."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise wrong_at(place, _("This is not Base64.")) from None


def wrong_at(place: str, words: str) -> Problem:
    """One thing that will not do."""
    return Problem("invalid", words, errors=[{"at": place, "detail": words}])
