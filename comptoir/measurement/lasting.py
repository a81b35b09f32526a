"""Times as people read them. What there is no figure for is a dash."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comptoir.organisation.counted import NOTHING, number


def lasting(seconds: float | None) -> str:
    """ "40 s", "12 min", "3 h 05", "2 d 4 h"."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    if whole < 60:
        return _("%(n)s s") % {"n": whole}
    minutes = round(whole / 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(hours)s h %(minutes)s") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}
    hours = round(minutes / 60)
    return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}


def open_lasting(seconds: float | None) -> str:
    """The same of business hours, which are not told in days: a day of work is none of 24 hours."""
    if seconds is None or seconds < 48 * 3600:
        return lasting(seconds)
    return _("%(n)s h") % {"n": number(round(seconds / 3600))}


def unit_of(seconds: float) -> tuple[int, str]:
    """What long waits of so many seconds are drawn in: how many seconds it has, and its name."""
    if seconds <= 3 * 3600:
        return 60, _("minutes")
    if seconds <= 4 * 86_400:
        return 3600, _("hours")
    return 86_400, _("days")
