"""Why nothing is listed, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.inbox.models.listed import queue_of
from comptoir.inbox.views.asking import Asked


@dataclass(slots=True)
class Empty:
    """Why nothing is listed, and what to do next."""

    title: str
    words: str
    sign: str = "threads"
    url: str = ""
    act: str = ""


def empty_of(asked: Asked, may_connect: bool) -> Empty:
    """What stands where nothing is listed; `may_connect`: whoever looks could connect a channel."""
    if asked.wrong:
        words = _("Mend the query as it says above, or look for plain words.")
        return Empty(_("This query cannot be asked"), words, "search", asked.url(q=""), _("Leave the search"))
    if asked.query_asked is not None:
        words = _("No thread of this list fits: %(q)s") % {"q": asked.q[:200]}
        return Empty(_("Nothing found"), words, "search", asked.url(q=""), _("Leave the search"))
    if asked.q:
        words = _("No thread has all of these words: %(q)s") % {"q": asked.q}
        return Empty(_("Nothing found"), words, "search", asked.url(q=""), _("Leave the search"))
    if asked.show == "unread":
        words = _("You have seen everything that people wrote.")
        return Empty(_("Nothing unread"), words, "checks", asked.url(show="open"), _("See what is open"))
    if asked.show == "mine":
        words = _("Threads that you take, or that colleagues give you, are listed here.")
        return Empty(_("Nothing of yours"), words, "person", asked.url(show="open"), _("See what is open"))
    if asked.show == "held":
        words = _("Every message that was held for approval has been decided about.")
        return Empty(
            _("Nothing waits for approval"), words, "checks", asked.url(show="open"), _("See what is open")
        )
    if asked.show in _NONE:
        title, words = _NONE[asked.show]
        return Empty(_(title), _(words), "checks", asked.url(show="open"), _("See what is open"))
    if queue_of(asked.show):
        words = _("New threads that this queue wants, and what is put into it, wait here.")
        return Empty(
            _("Nothing in this queue"), words, "queue", asked.url(show="open"), _("See what is open")
        )
    if asked.show == "closed":
        return Empty(_("Nothing closed yet"), _("What you close is kept here and can be reopened."), "close")
    words = _("New messages appear here by themselves, as soon as somebody writes.")
    if not may_connect:
        return Empty(_("Nothing waits"), words, "bell")
    return Empty(
        _("Nothing waits"), words, "bell", reverse("channels", args=[asked.brand.slug]), _("See the channels")
    )


_NONE = {
    "due": (
        gettext_noop("Nothing is due"),
        gettext_noop("Threads for which a service target runs are listed here, the soonest due first."),
    ),
    "free": (gettext_noop("Nothing without somebody"), gettext_noop("Every open thread is somebody’s.")),
    "team": (
        gettext_noop("Nothing of your teams"),
        gettext_noop("What is given to a team of yours is listed here."),
    ),
    "praise": (
        gettext_noop("No kind words wait"),
        gettext_noop("Open threads whose last words are pleased, and have no answer yet, are listed here."),
    ),
    "waiting": (
        gettext_noop("Nothing set aside"),
        gettext_noop("Threads that wait for somebody or for a moment are listed here."),
    ),
    "followed": (
        gettext_noop("You follow nothing"),
        gettext_noop("Threads that you follow are listed here, open or not."),
    ),
}
