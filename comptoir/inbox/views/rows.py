"""The list's shapes: which threads are asked for, and each one as a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comptoir.inbox.models import Thread
from comptoir.inbox.models.thread import ThreadQuerySet
from comptoir.networks.found import label_of
from comptoir.organisation.models import Brand, User
from comptoir.organisation.templatetags.house import age, icon, initials, tint

PAGE = 50
MOST = 1000
SHOWS = ("unread", "open", "mine", "closed", "all")
_CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which threads an address asks for: `show` is one of SHOWS, `q` the words searched for.

    `older` and `newer` are places in the list ("microseconds-id"), at most one of them set.
    """

    brand: Brand
    show: str = "open"
    q: str = ""
    older: str = ""
    newer: str = ""

    @classmethod
    def of(cls, brand: Brand, query: Mapping[str, Any]) -> Self:
        """Read an address. BadRequest with a sentence when it makes no sense."""
        show = query.get("show", "open")
        if show not in SHOWS:
            raise BadRequest(_("There is no such list of threads."))
        q = " ".join(query.get("q", "").replace("\x00", " ").split())
        if len(q) > 200:
            raise BadRequest(_("That is too long to search for: 200 characters at the most."))
        older, newer = query.get("older", ""), query.get("newer", "")
        for place in (older, newer):
            if place and not _CURSOR.fullmatch(place):
                raise BadRequest(_("There is no such place in the list."))
        return cls(brand, show, q, older, "" if older else newer)

    @property
    def query(self) -> str:
        """What a thread's address has to carry so that the list beside it stays the same."""
        said = {"show": self.show if self.show != "open" else "", "q": self.q}
        kept = {name: value for name, value in said.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def url(self, **changes: str) -> str:
        """The list's address, with other words."""
        said = {"show": self.show, "q": self.q, **changes}
        kept = {name: value for name, value in said.items() if value and (name, value) != ("show", "open")}
        path = reverse("threads", args=[self.brand.slug])
        return f"{path}?{urlencode(kept)}" if kept else path

    def threads(self, user: User) -> ThreadQuerySet:
        """The threads asked for, in no order yet."""
        threads: ThreadQuerySet = Thread.objects.of(self.brand)
        if self.q:
            threads = threads.saying(self.q)
        return _shown(threads, self.show, user)


def _shown(threads: ThreadQuerySet, show: str, user: User) -> ThreadQuerySet:
    match show:
        case "unread":
            return threads.unread(user)
        case "mine":
            return threads.mine(user)
        case "closed":
            return threads.closed()
        case "all":
            return threads
    return threads.open()


@dataclass(slots=True)
class Row:
    """One thread in the list, everything already in words."""

    pk: int
    url: str
    who: str
    handle: str
    initials: str
    tint: int
    network: str
    network_sign: str
    words: str
    own: bool
    at: datetime
    age: str
    unread: bool
    closed: bool
    answered: bool
    offered: bool
    trouble: str
    has: str
    has_name: str
    mine: bool
    here: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    url: str
    count: str
    here: bool


@dataclass(slots=True)
class Empty:
    """Why nothing is listed, and what to do next."""

    title: str
    words: str
    sign: str = "threads"
    url: str = ""
    act: str = ""


@dataclass(slots=True)
class Listing:
    """What the left pane shows. `previous` and `next` are addresses of the pages around, "" at the ends."""

    show: str
    q: str
    url: str
    filters: list[Filter] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    empty: Empty | None = None


def listing(asked: Asked, user: User, here: int = 0, may_connect: bool = False) -> Listing:
    """A page of the list: three queries at the most."""
    found, previous, following = page_of(asked, user)
    base = reverse("threads", args=[asked.brand.slug])
    rows = [row_of(thread, user, base, asked.query, here) for thread in found]
    listed = Listing(asked.show, asked.q, asked.url(), filters_of(asked, user), rows, previous, following)
    if not rows:
        listed.empty = _empty(asked, may_connect)
    return listed


def page_of(asked: Asked, user: User) -> tuple[list[Any], str, str]:
    """Fifty threads and the addresses of the pages before and after."""
    threads = asked.threads(user).with_unread(user).with_trouble()
    threads = threads.select_related("channel", "person", "assignee").defer(
        "channel__cursor", "channel__history_cursor", "channel__settings", "channel__facts", "person__about"
    )
    if asked.newer:
        found = list(threads.after(*_place(asked.newer)).order_by("last_at", "pk")[: PAGE + 1])
        more = len(found) > PAGE
        found = found[:PAGE][::-1]
        previous, following = more, True
    else:
        if asked.older:
            threads = threads.before(*_place(asked.older))
        found = list(threads.order_by("-last_at", "-pk")[: PAGE + 1])
        previous, following = bool(asked.older), len(found) > PAGE
        found = found[:PAGE]
    return (
        found,
        asked.url(newer=_cursor(found[0])) if previous and found else "",
        asked.url(older=_cursor(found[-1])) if following and found else "",
    )


def _cursor(thread: Thread) -> str:
    return f"{(thread.last_at - _EPOCH) // _MICRO}-{thread.pk}"


def _place(cursor: str) -> tuple[datetime, int]:
    micros, _dash, pk = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(micros)), int(pk)


def row_of(thread: Any, user: User, base: str, query: str = "", here: int = 0) -> Row:
    """A thread fetched with `with_unread` and `with_trouble`, as a row; `base` is the address of the list."""
    person, has = thread.person, thread.assignee
    name = (person.name or person.handle) if person else thread.channel.handle
    label = label_of(thread.channel.network)
    read = thread.read_at is not None and thread.last_in is not None and thread.read_at >= thread.last_in
    return Row(
        pk=thread.pk,
        url=f"{base}{thread.pk}/{query}",
        who=name[:80],
        handle=person.handle[:80] if person and person.handle != name else "",
        initials=initials(name)[0],
        tint=tint(person.remote_id if person else name),
        network=label,
        network_sign=label[:2],
        words=thread.last_text[:140],
        own=thread.last_own,
        at=thread.last_at,
        age=age(thread.last_at),
        unread=thread.closed_at is None and thread.last_in is not None and not read,
        closed=thread.closed_at is not None,
        answered=thread.answered,
        offered=thread.offered,
        trouble=thread.trouble or "",
        has=initials(has) if has else "",
        has_name=_("%(name)s has it") % {"name": has} if has else "",
        mine=thread.assignee_id == user.pk,
        here=thread.pk == here,
    )


def filters_of(asked: Asked, user: User) -> list[Filter]:
    """The five ways to look, with how many threads each holds, counted up to a thousand."""
    labels = {
        "unread": pgettext("threads", "Unread"),
        "open": pgettext("threads", "Open"),
        "mine": pgettext("threads", "Mine"),
        "closed": pgettext("threads", "Closed"),
        "all": pgettext("threads", "All"),
    }
    threads: ThreadQuerySet = Thread.objects.of(asked.brand)
    tallies = threads.tallies({show: _shown(threads, show, user) for show in SHOWS}, MOST)
    return [
        Filter(
            label,
            asked.url(show=show),
            f"{MOST - 1}+" if tallies[show] >= MOST else str(tallies[show] or ""),
            show == asked.show,
        )
        for show, label in labels.items()
    ]


def _empty(asked: Asked, may_connect: bool) -> Empty:
    if asked.q:
        words = _("No thread has all of these words: %(q)s") % {"q": asked.q}
        return Empty(_("Nothing found"), words, "search", asked.url(q=""), _("Leave the search"))
    if asked.show == "unread":
        words = _("You have seen everything that people wrote.")
        return Empty(_("Nothing unread"), words, "checks", asked.url(show="open"), _("See what is open"))
    if asked.show == "mine":
        words = _("Threads that you take, or that colleagues give you, are listed here.")
        return Empty(_("Nothing of yours"), words, "person", asked.url(show="open"), _("See what is open"))
    if asked.show == "closed":
        return Empty(_("Nothing closed yet"), _("What you close is kept here and can be reopened."), "close")
    words = _("New messages appear here by themselves, as soon as somebody writes.")
    if not may_connect:
        return Empty(_("Nothing waits"), words, "bell")
    return Empty(
        _("Nothing waits"), words, "bell", reverse("channels", args=[asked.brand.slug]), _("See the channels")
    )


def signs() -> dict[str, SafeString]:
    """The states that a row can show, drawn once a page."""
    words = {
        "refused": ("no", "bad", _("Not sent")),
        "uncertain": ("ask", "warn", _("Not sure that it was sent")),
        "closed": ("close", "", _("Closed")),
        "offered": ("clock", "", _("Unanswered, from before")),
        "answered": ("reply", "", _("Answered")),
    }
    return {
        name: format_html(
            '<span title="{}">{}<span class="unseen">{}</span></span>', word, icon(sign, look), word
        )
        for name, (sign, look, word) in words.items()
    }
