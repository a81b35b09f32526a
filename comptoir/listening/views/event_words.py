"""What pages say of an event: its state, the chart, the file, why something is noise, words to tell of a move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import formats, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comptoir.kernel import charts, clock
from comptoir.listening.event_figures import Series
from comptoir.listening.models import Event, EventTag
from comptoir.listening.proposing_tags import languages
from comptoir.listening.views.shown import Shown
from comptoir.organisation.naming import language_name
from comptoir.reading.spam import heaped

type Line = Sequence[Any]
_DAY = timedelta(days=1)


class Announced(NamedTuple):
    """Words to tell people of a move, in a language."""

    code: str
    language: str
    words: str


def state_of(event: Event) -> tuple[str, str]:
    """How an event is: the look of its mark, and a word."""
    now = clock.now()
    if any(each.over is None for each in event.takeovers.all()):
        return "bad", _("Taken over")
    if now < event.begins:
        return "", pgettext("event", "To come")
    if now >= event.ends:
        return "", pgettext("event", "Over")
    return "good", pgettext("event", "Goes on")


def drawn(event: Event, series: Series) -> SafeString:
    """Genuine messages against noise, under all its tags together, with a mark at each move."""
    total = series.total
    if not total.n:
        return SafeString("")
    zone = event.brand.zone
    format_ = "H:i" if series.until - series.since <= _DAY else "j M H:i"
    labels = [formats.date_format(each.moment.astimezone(zone), format_) for each in series.points]
    lines = [
        charts.Curve(_("Genuine"), [float(each.all.genuine) for each in series.points]),
        charts.Curve(
            _("Noise"), [float(each.all.noise) for each in series.points], charts.OTHER, dashed=True
        ),
    ]
    moves = [charts.Mark(each.moved, place) for place, each in enumerate(series.points) if each.moved]
    about = _("%(genuine)s genuine messages and %(noise)s of noise in all.") % {
        "genuine": total.genuine, "noise": total.noise,
    }  # fmt: skip
    return charts.curves("event-series", _("Genuine and noise"), about, labels, lines, wide=True, marks=moves)


def sheet_rows(event: Event, tags: Sequence[EventTag], series: Series) -> Iterator[Line]:
    """The series as rows of a file: all tags joined, then each by itself. `moved_to` stands at a move."""
    several = len(tags) > 1
    each_tag = [f"{tag.tag} {kind}" for tag in tags for kind in ("genuine", "noise")] if several else []
    yield ("from", "minutes", "tag", "moved_to", "genuine", "spam", "copies", "genuine_share", *each_tag)
    zone = event.brand.zone
    for point in series.points:
        found = point.all
        share = None if found.share is None else round(found.share, 4)
        parts = [n for one in point.by_tag[: len(tags)] for n in (one.genuine, one.noise)] if several else []
        yield (
            point.moment.astimezone(zone).isoformat(), series.step, point.in_use, point.moved,
            found.genuine, found.spam, found.copies, share, *parts,
        )  # fmt: skip


def reasons(shown: Shown) -> list[str]:
    """Why a message is noise, in words."""
    words = [text for name, text in shown.signs if name in ("spam", "repeat")]
    if heaped(shown.mention.activity.text):
        words.append(_("Tags or words heaped up"))
    return words


def rule_words() -> dict[str, str]:
    """How a proposed tag was made, in words."""
    return {
        "year": _("with the year"), "number": _("with a number"), "short": _("shortened"),
        "language": _("with a language"),
    }  # fmt: skip


def announced(event: Event, tags: Sequence[EventTag]) -> list[Announced]:
    """Words to tell people of the tag, in each language of the house; of the move, where there was one."""
    found = []
    for code in languages(event):
        name = language_name(code)
        with translation.override(code):
            if len(tags) > 1:
                words = _(
                    "%(before)s is flooded with spam. From now on, please use and follow %(tag)s for %(event)s."
                )
            else:
                words = _("Please use and follow %(tag)s for %(event)s.")
            said = words % {
                "before": tags[-2].tag if len(tags) > 1 else "",
                "tag": tags[-1].tag,
                "event": event.name,
            }
        found.append(Announced(code, name, said))
    return found
