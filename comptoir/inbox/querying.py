"""Searches as people type them: plain words, or the language of queries."""

from __future__ import annotations

import re

from django.utils.translation import pgettext

from comptoir.organisation.query_words import parsed
from comptoir.reading.query import Problem, Query, Wrong

_SIGNS = re.compile(
    r"""["“”«»(){}\[\]<>*?:~#@$]|(?:^|\s)-\S"""
    r"""|(?:^|\s)(?:AND|OR|NOT|O?NEAR\S*|ET|OU|SAUF|PROCHE\S*)(?:\s|$)"""
)


def read(text: str) -> Query | Wrong | None:
    """What a search asks in the language of queries; None for plain words, which are looked for in messages and names
    alike, the last of them as a beginning."""
    return parsed(text) if _SIGNS.search(text) else None


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
