"""Names that people give to what is the brand's: teams, rules, saved replies, desks; and names of languages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext_noop
from django.utils.translation import gettext as _

_OWN = {
    "fa": gettext_noop("Persian"),
    "gu": gettext_noop("Gujarati"),
    "no": gettext_noop("Norwegian"),
    "zh": gettext_noop("Chinese"),
}
"""Languages that Django does not name, or whose French name it lacks."""


def visible(name: str) -> str:
    """The name on one line. ValidationError when there is nothing in it to be seen or said."""
    name = " ".join(name.replace("\x00", "").split())
    if not any(letter.isalnum() for letter in name):
        raise ValidationError(_("A name has at least a letter."))
    return name


def language_name(code: str) -> str:
    """A language as the reader calls it, its code where nobody here knows it."""
    for each in (code.lower(), code.partition("-")[0].lower()):
        if each in _OWN:
            return _(_OWN[each])
        try:
            name = str(get_language_info(each)["name_translated"])
        except KeyError:
            continue
        return f"{name[:1].upper()}{name[1:]}"
    return code
