"""What pages of figures need to write times, shares and numbers."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from comptoir.measurement import lasting as words
from comptoir.organisation import counted

register = template.Library()
register.filter("number", counted.number)
register.filter("share", counted.share)


@register.filter
def rate(part: float | None) -> str:
    """An engagement rate: a share of 1 in percent, of which hundredths say something."""
    return counted.NOTHING if part is None else _("%(n)s%%") % {"n": counted.number(100 * part, 2)}


@register.filter
def lasting(seconds: float | None, is_open: bool = False) -> str:
    """A time in words; with `is_open`, one of business hours."""
    return words.open_lasting(seconds) if is_open else words.lasting(seconds)
