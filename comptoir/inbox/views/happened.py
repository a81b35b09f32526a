"""What was done with a thread besides speaking, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from comptoir.inbox.models.opened import Done
from comptoir.inbox.views.deeds import did_words
from comptoir.kernel import clock
from comptoir.organisation.naming import language_name

_SIGNS = {
    "assigned": "assign", "closed": "close", "paused": "clock", "merged": "merge", "left": "merge", "split": "split",
    "called": "bell", "taken": "check", "handed": "out", "ruled": "rule",
}  # fmt: skip


_SOON = 1_800
"""Seconds before a target is missed from which on it stands out."""


def happened(act: Done) -> tuple[str, str]:
    """What an act was, and its sign."""
    facts = {
        "who": act.who,
        "to": act.to,
        "number": act.text,
        "theirs": act.url,
        "at": moment_words(act.not_before),
    }
    return _words(act) % facts, _SIGNS.get(act.kind, "reopen")


def _words(act: Done) -> str:
    match act.kind, act.who:
        case "assigned", who:
            return _assigned(who, act.to)
        case "closed", "":
            return _("Closed: it came from the history")
        case "closed", _who:
            return _("%(who)s closed it")
        case "ruled", _who:
            return _ruled(act)
        case "paused", _who:
            return _paused(act)
        case "resumed", "":
            return _("It was taken up again by itself")
        case "resumed", _who:
            return _("%(who)s took it up again")
        case "merged", _who:
            return _("%(who)s merged thread %(to)s into it")
        case "left", _who:
            return _("%(who)s merged it into thread %(to)s")
        case "split", _who:
            return _("%(who)s made two threads of it: the other one is %(to)s")
        case "called", "":
            return _("Whoever is on duty was called")
        case "called", _who:
            return _("%(who)s called whoever is on duty")
        case "handed", _who:
            return _handed(act)
        case "taken", _who:
            return _("%(who)s took the call")
        case _kind, "":
            return _("Reopened: a message came in")
    return _("%(who)s reopened it")


def _assigned(who: str, to: str) -> str:
    if not to:
        return _("%(who)s gave it to nobody") if who else _("Whoever had it left: nobody has it")
    return _("%(who)s took it") if who == to else _("%(who)s gave it to %(to)s")


def _handed(act: Done) -> str:
    if act.state in ("uncertain", "failed"):
        return _("%(who)s handed it to %(to)s as case %(number)s, which did not leave surely: see Cases")
    if act.url:
        return _("%(who)s handed it to %(to)s as case %(number)s (theirs: %(theirs)s)")
    return _("%(who)s handed it to %(to)s as case %(number)s")


def _ruled(act: Done) -> str:
    words = _("The rule “%(rule)s”: %(did)s") % {
        "rule": act.who,
        "did": ", ".join(did_words(act.facts or {})),
    }
    # What is filled in later would take a percent sign in it for its own.
    return words.replace("%", "%%")


def by_rules(acts: Iterable[Done]) -> set[tuple[str, int]]:
    """What rules did that is told with the rule already: the kinds and numbers of those acts."""
    done = [act.facts or {} for act in acts if act.kind == "ruled"]
    rows = {"assignment": "assigned", "queuing": "assigned", "moderation": "moderated", "call": "called"}
    return {(kind, did[name]) for did in done for name, kind in rows.items() if name in did}


def _paused(act: Done) -> str:
    if act.to == "person":
        return _("%(who)s set it aside until they answer")
    if act.to == "colleague":
        return _("%(who)s set it aside until a colleague says something")
    return _("%(who)s put it off until %(at)s")


def waiting_words(waits: str, until: datetime | None) -> str:
    """What a thread that is set aside waits for."""
    if waits == "person":
        return _("Waits for them")
    if waits == "colleague":
        return _("Waits for a colleague")
    return _("Until %(at)s") % {"at": moment_words(until)}


def moment_words(at: datetime | None) -> str:
    """A moment in the reader's own time."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


class Due(NamedTuple):
    """By when something is to be done, in `words`, and how that looks: plain, "warn" or "bad"."""

    words: str = ""
    look: str = ""


def due_words(due_at: datetime | None) -> Due:
    """By when something is to be done: "in 12 min", "late since 20 min"; "" where nothing is."""
    if due_at is None:
        return Due()
    seconds = (due_at - clock.now()).total_seconds()
    if seconds > 0:
        words, look = _("in %(time)s") % {"time": span_words(seconds)}, "warn" if seconds < _SOON else ""
        return Due(words, look)
    return Due(_("late since %(time)s") % {"time": span_words(-seconds)}, "bad")


def awaited_words(what: str) -> str:
    """What is to be done by then."""
    return {"first": _("First answer"), "next": _("Next answer")}.get(what, _("Resolution"))


def span_words(seconds: float) -> str:
    """A span of time, as short as a list needs it."""
    if seconds < 3_600:
        return _("%(n)s min") % {"n": max(1, round(seconds / 60))}
    if seconds < 86_400:
        return _("%(n)s h") % {"n": round(seconds / 3_600)}
    return _("%(n)s d") % {"n": round(seconds / 86_400)}


def guess_words(language: str, tone: str) -> str:
    """What was guessed of a thread's last words: its language and its tone, "" for nothing."""
    name = language_name(language) if language else ""
    feeling = {"positive": _("pleased"), "negative": _("displeased")}.get(tone, "")
    return " · ".join(part for part in (name, feeling) if part)
