"""The charts of Explore, each beside the table that has the same."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comptoir.kernel import charts
from comptoir.listening.counting import BYS, By
from comptoir.listening.exploring import Explored
from comptoir.listening.views.labels import label
from comptoir.listening.views.tabled import moment_words

_MOST_BARS = 8


def drawn(found: Explored) -> dict[str, SafeString]:
    """The charts by name, "" where there is nothing to draw."""
    return {
        "series": _series(found), "voices": _voices(found),
        **{by: _kind(found, by) for by in BYS if by != "time"},
    }  # fmt: skip


def _series(found: Explored) -> SafeString:
    period = found.asked.period
    if period is None or not found.now.n:
        return SafeString("")
    names = [
        formats.date_format(point.moment.astimezone(period.zone), "H:i")
        if isinstance(point.moment, datetime) and len(found.series) <= 24
        else moment_words(period, point.moment)
        for point in found.series
    ]
    lines = [charts.Curve(_("Mentions"), [float(point.n) for point in found.series])]
    if found.before is not None:
        before = [None if point.before is None else float(point.before) for point in found.series]
        lines.insert(0, charts.Curve(_("Before"), before, charts.OTHER, dashed=True))
    about = _("%(n)s mentions in all; %(most)s at the most.") % {
        "n": found.now.n, "most": max(point.n for point in found.series),
    }  # fmt: skip
    return charts.curves("series", _("Mentions over time"), about, names, lines, wide=True)


def _voices(found: Explored) -> SafeString:
    names = {each.pk: each.name for each in found.asked.queries}
    rows = [voice for voice in found.voices if voice.now.n]
    if len(found.voices) < 2 or not rows:
        return SafeString("")
    about = _("Each query’s part of all their mentions, in percent.")
    shares = [round(100 * (voice.share or 0), 1) for voice in rows]
    labels = [names[voice.query] for voice in rows]
    return charts.bars("voices", _("Share of voice"), about, labels, shares, wide=True)


def _kind(found: Explored, by: By) -> SafeString:
    rows = found.now.by[by].most_common(_MOST_BARS)
    if not rows:
        return SafeString("")
    titles = {
        "tone": _("Mentions by tone"),
        "language": _("Mentions by language"),
        "network": _("Mentions by network"),
    }
    names, values = [label(by, str(key)) for key, _n in rows], [float(n) for _key, n in rows]
    return charts.bars(f"by-{by}", titles[by], titles[by], names, values)
