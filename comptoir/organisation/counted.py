"""Numbers and shares as the reader's language writes them. What there is no figure for is a dash."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

NOTHING = "–"


def share(part: float | None) -> str:
    """A share of 1 in percent."""
    return NOTHING if part is None else _("%(n)s%%") % {"n": number(100 * part, 1 if part < 1 else 0)}


def number(value: float | None, places: int = 0) -> str:
    """A number as the language writes it."""
    return NOTHING if value is None else formats.number_format(value, places, force_grouping=True)
