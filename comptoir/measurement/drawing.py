"""Which charts stand on the page of figures, each beside the table that has the same."""

from __future__ import annotations

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comptoir.kernel import charts
from comptoir.measurement.figures import Figures, Line
from comptoir.measurement.lasting import unit_of

_MOST_BARS = 10


def drawn(found: Figures) -> dict[str, SafeString | str]:
    """The charts by name; of those drawn in a unit that fits, their titles too."""
    days, hours = found.by["day"], found.by["hour"]
    by_day = _title(_("First response by day, in %(unit)s"), days)
    by_hour = _title(_("First response by the hour of the message, in %(unit)s"), hours)
    return {
        "messages": _messages(found), "buckets": _buckets(found),
        "waits": _waits("waits", by_day, _days(found), days), "waits_title": by_day,
        "hours": _waits("hours", by_hour, _clock(), hours), "hours_title": by_hour,
        "inbound": _inbound(found), "people": _people(found), "channels": _channels(found, "channel"),
        "languages": _channels(found, "language"),
    }  # fmt: skip


def _days(found: Figures) -> list[str]:
    return [formats.date_format(line.key, _("j M")) for line in found.by["day"]]


def _clock() -> list[str]:
    return [f"{hour:02}" for hour in range(24)]


def _messages(found: Figures) -> SafeString:
    values = [float(line.messages) for line in found.by["day"]]
    about = _("%(n)s messages in all; %(most)s on the busiest day.")
    facts = {"n": found.total.messages, "most": round(max(values, default=0))}
    return charts.columns("messages", _("Messages by day"), about % facts, _days(found), values)


def _unit(lines: list[Line]) -> tuple[int, str]:
    return unit_of(max((line.first.p90 or 0 for line in lines), default=0))


def _title(words: str, lines: list[Line]) -> str:
    return words % {"unit": _unit(lines)[1]}


def _waits(key: str, title: str, labels: list[str], lines: list[Line]) -> SafeString:
    about = _("The median, and what nine in ten stayed under.")
    return charts.curves(key, title, about, labels, _two(lines, _unit(lines)[0]))


def _two(lines: list[Line], unit: int) -> list[charts.Curve]:
    def of(values: list[float | None]) -> list[float | None]:
        return [None if value is None else value / unit for value in values]

    return [
        charts.Curve(_("Nine in ten"), of([line.first.p90 for line in lines]), charts.OTHER, dashed=True),
        charts.Curve(_("Median"), of([line.first.median for line in lines])),
    ]


def _buckets(found: Figures) -> SafeString:
    labels = [_("up to 2 h"), _("2 to 8 h"), _("8 to 24 h"), _("later")]
    about = _("Conversations by how long their first answer took.")
    return charts.bars(
        "buckets", _("How soon the first answer came"), about, labels, [float(n) for n in found.total.buckets]
    )


def _inbound(found: Figures) -> SafeString:
    about = _("On an average day of the period, by the hour in which they came.")
    return charts.columns(
        "inbound", _("Messages an hour"), about, _clock(), [each.messages for each in found.workload]
    )


def _people(found: Figures) -> SafeString:
    about = _("On an average day of the period: people who did something at the counter within the hour.")
    return charts.columns(
        "people", _("People an hour"), about, _clock(), [each.people for each in found.workload]
    )


def _channels(found: Figures, name: str) -> SafeString:
    lines = [line for line in found.by[name] if line.messages][:_MOST_BARS]
    title = _("Messages by channel") if name == "channel" else _("Messages by language")
    about = _("The ten with most messages.") if len(found.by[name]) > _MOST_BARS else title
    if not lines:
        return SafeString("")
    return charts.bars(
        f"by-{name}", title, about, [line.label for line in lines], [float(line.messages) for line in lines]
    )
