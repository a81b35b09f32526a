"""Searches at the counter: the names of its lists, and what is wrong with one."""

from __future__ import annotations

from django.utils.translation import pgettext

from comptoir.organisation.query_words import read
from comptoir.reading.query import Problem, Wrong


def names_of_lists() -> dict[str, str]:
    """What the lists of threads are called, by their word in addresses: those above the list first."""
    return {
        "unread": pgettext("threads", "Unread"),
        "open": pgettext("threads", "Open"),
        "mine": pgettext("threads", "Mine"),
        "closed": pgettext("threads", "Closed"),
        "all": pgettext("threads", "All"),
        "free": pgettext("threads", "Nobody’s"),
        "team": pgettext("threads", "My teams’"),
        "due": pgettext("threads", "Due first"),
        "praise": pgettext("threads", "Kind words"),
        "waiting": pgettext("threads", "Set aside"),
        "followed": pgettext("threads", "Followed"),
        "held": pgettext("threads", "To approve"),
    }


def wrong_of(text: str) -> Problem | None:
    """The first thing that keeps a search from being asked."""
    found = read(text)
    return found.problems[0] if isinstance(found, Wrong) else None
