"""The list's shapes: which threads are asked for, and each one as a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.inbox.models.listed import Listed, around, listed, listed_of
from comptoir.inbox.models.opened import Colleague, choices
from comptoir.inbox.models.searching import matching
from comptoir.inbox.querying import names_of_lists
from comptoir.inbox.views.asking import Asked, list_address
from comptoir.inbox.views.emptiness import Empty, empty_of
from comptoir.inbox.views.filled import offered_of
from comptoir.inbox.views.happened import Due, due_words, waiting_words
from comptoir.kernel import clock
from comptoir.kernel.drawings import cleared_by
from comptoir.networks.found import label_of, sign_of
from comptoir.networks.models.activity import is_erased, nameless
from comptoir.organisation.models import User
from comptoir.organisation.query_words import Flaw, said_of
from comptoir.organisation.templatetags.house import age, icon, initials, tint

PAGE = 50
MOST = 1000
ABOVE = ("unread", "open", "mine", "closed", "all")
"""The lists that stand above the rows, the others being in a menu."""


@dataclass(frozen=True, slots=True)
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
    held: bool
    toxic: bool
    trouble: str
    waiting: str
    press: str
    press_words: str
    due: Due
    has: str
    has_name: str
    mine: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    url: str
    count: str
    here: bool


class Drawn(NamedTuple):
    """A row as the page has it: the thread's number and the drawing."""

    pk: int
    html: SafeString


@dataclass(slots=True)
class Listing:
    """What the left pane shows. `previous` and `next` are addresses of the pages around, "" at the ends.

    `far` is up to when a long search has looked; `surges`: many write at once; `problems` what is to be said of the
    query: words, the address of the query as it could be written instead, and that query. `offered` is how many threads
    from before wait for a word, `held` how many have messages that wait for approval, both told where people look for
    what is open. With `choosing` each row has a box, and there are `heirs`, `teams` and queues (`into`) to give them
    to, and `fields` of the brand's own, with `values` to choose from.
    """

    show: str
    q: str
    url: str
    filters: tuple[Filter, ...] = ()
    more: tuple[Filter, ...] = ()
    views: tuple[Filter, ...] = ()
    queues: tuple[Filter, ...] = ()
    rows: list[Drawn] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    empty: Empty | None = None
    offered: int = 0
    offered_url: str = ""
    held: int = 0
    held_url: str = ""
    late: int = 0
    late_url: str = ""
    far: datetime | None = None
    surges: bool = False
    problems: list[Flaw] = field(default_factory=list)
    may_keep: bool = False
    choosing: bool = False
    choose_url: str = ""
    heirs: tuple[Colleague, ...] = ()
    teams: tuple[Colleague, ...] = ()
    into: tuple[Colleague, ...] = ()
    fields: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def items(self) -> SafeString:
        """The rows, drawn."""
        if self.choosing:
            return format_html_join("\n", _CHOOSING, ((row.pk, row.html) for row in self.rows))
        return mark_safe("\n".join(f'<li id="t{row.pk}">{row.html}</li>' for row in self.rows))  # noqa: S308 - drawn by templates


_CHOOSING = (
    '<li id="t{0}" class="choosing"><input type="checkbox" name="thread" value="{0}" form="bulk"'
    ' aria-labelledby="t{0}">{1}</li>'
)


def listing(asked: Asked, user: User, here: int = 0, may_connect: bool = False) -> Listing:
    """A page of the list: three queries at the most."""
    found, previous, following, far = page_of(asked, user)
    base = list_address(asked.brand.slug)
    rows = rows_of(found, user, base, asked.query, here)
    counted, views, queues, surges = around(asked.brand.pk, user.pk, MOST)
    shown = Listing(
        asked.show, asked.q, asked.url(), filters_of(asked, counted), more_filters(asked), views_of(asked, views),
        queues_of(asked, queues), rows, previous, following, far=far, surges=surges,
    )  # fmt: skip
    shown.choosing, shown.choose_url = asked.choose, asked.url(choose="" if asked.choose else "1")
    if asked.choose:
        offered = choices(asked.brand.pk, 0, fields=True)
        shown.heirs, shown.teams = offered.people, offered.teams
        shown.into, shown.fields = offered.queues, [name for name, _kind, _choices in offered.fields]
        shown.values = offered_of(offered.fields)
    shown.may_keep = bool(asked.q) and not asked.wrong and not any(view.here for view in shown.views)
    if asked.show in ("open", "offered") and not asked.q:
        shown.offered, shown.offered_url = counted["offered"], asked.url(show="offered")
    if asked.show in ("open", "held") and not asked.q:
        shown.held, shown.held_url = counted["held"], asked.url(show="held")
    if asked.show == "open" and not asked.q:
        shown.late, shown.late_url = counted["late"], asked.url(show="due")
    shown.problems = said_of(asked.q, lambda fix: asked.url(q=fix)) if asked.problems else []
    if not rows:
        shown.empty = empty_of(asked, may_connect)
    return shown


def page_of(asked: Asked, user: User) -> tuple[list[Listed], str, str, datetime | None]:
    """Fifty threads, the addresses of the pages before and after, and up to when a long search has looked."""
    older, newer = clock.placed(asked.older), clock.placed(asked.newer)
    if asked.wrong:
        return [], "", "", None
    if asked.query_asked is not None:
        return _matched(asked, user, older, newer)
    found = listed(asked.brand.pk, user.pk, asked.show, asked.q, older, newer, PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    if newer:
        found.reverse()
    previous, following = (more, True) if newer else (bool(older), more)
    return (
        found,
        asked.url(newer=clock.place(*found[0].place(asked.show))) if previous and found else "",
        asked.url(older=clock.place(*found[-1].place(asked.show))) if following and found else "",
        None,
    )


def _matched(
    asked: Asked, user: User, older: tuple[datetime, int] | None, newer: tuple[datetime, int] | None
) -> tuple[list[Listed], str, str, datetime | None]:
    """A page of what a query is true of. What was not looked at yet is on the next page, however few were found."""
    query: Any = asked.query_asked
    result = matching(
        asked.brand.pk, user.pk, asked.show, query, older=older, newer=newer, limit=PAGE,
        zone=timezone.get_current_timezone(), me=str(user),
    )  # fmt: skip
    found = listed_of(asked.brand.pk, user.pk, result.threads)
    top = (found[0].last_at, found[0].pk) if found else older or newer
    bottom = (found[-1].last_at, found[-1].pk) if found else older or newer
    if newer:
        back, on = result.stopped, bottom
    else:
        back, on = (top if older else None), result.stopped
    far = result.stopped[0] if result.stopped and len(found) < PAGE else None
    return (
        found,
        asked.url(newer=clock.place(*back)) if back else "",
        asked.url(older=clock.place(*on)) if on else "",
        far,
    )


def rows_of(threads: Iterable[Listed], user: User, base: str, query: str, here: int = 0) -> list[Drawn]:
    """Listed threads as rows; `base` is the address of the list."""
    language, sprite = get_language() or "", static("web/icons.svg")
    rows = []
    for thread in threads:
        unread = (
            not (thread.closed or thread.waits)
            and thread.last_in is not None
            and (thread.read_at is None or thread.read_at < thread.last_in)
        )
        # What differs between people is told apart as what is seen of it, so that most share one drawing.
        same = thread._replace(last_in=None, read_at=None, assignee_id=None, due_at=None)
        mine, open_here = thread.assignee_id == user.pk, thread.pk == here
        old, due = age(thread.last_at), due_words(thread.due_at)
        drawn = _drawn(same, unread, mine, open_here, base, query, old, due, language, sprite)
        rows.append(Drawn(thread.pk, drawn))
    return rows


@lru_cache(maxsize=4096)
def _drawn(
    thread: Listed,
    unread: bool,
    mine: bool,
    here: bool,
    base: str,
    query: str,
    old: str,
    due: Due,
    language: str,
    sprite: str,
) -> SafeString:
    """A row's inside, kept for as long as nothing in it changes: drawing fifty is most of a list's work."""
    name = thread.person or thread.handle or (nameless() if is_erased(thread.person_id) else thread.channel)
    label, has = label_of(thread.network), thread.has or thread.team
    row = Row(
        pk=thread.pk,
        url=f"{base}{thread.pk}/{query}",
        who=name[:80],
        handle=thread.handle[:80] if thread.handle and thread.handle != name else "",
        initials=initials(name)[0],
        tint=tint(thread.person_id or name),
        network=label,
        network_sign=sign_of(thread.network),
        words=thread.last_text[:140],
        own=thread.last_own,
        at=thread.last_at,
        age=old,
        unread=unread,
        closed=thread.closed,
        answered=thread.answered,
        offered=thread.offered,
        toxic=thread.toxic and not thread.last_own,
        trouble=thread.state if thread.state in ("refused", "uncertain", "returned") else "",
        waiting=waiting_words(thread.waits, thread.wakes_at) if thread.waits and not thread.closed else "",
        press={2: "bad", 1: "warn"}.get(thread.priority, ""),
        press_words={2: _("Urgent"), 1: _("Pressing")}.get(thread.priority, ""),
        due=due, held=thread.held,
        has=initials(has) if has else "",
        has_name=_("%(name)s has it") % {"name": has} if has else "",
        mine=mine,
        here=here,
    )  # fmt: skip
    drawn = get_template("inbox/row.html").render({"row": row, "signs": signs(language, sprite)})
    return mark_safe(drawn)  # noqa: S308 - drawn by a template


def filters_of(asked: Asked, counted: Mapping[str, int]) -> tuple[Filter, ...]:
    """The ways to look that stand above the list, with how many threads each holds, counted up to a thousand."""
    names = names_of_lists()
    return tuple(
        Filter(
            names[show],
            asked.url(show=show),
            f"{MOST - 1}+" if counted[show] >= MOST else str(counted[show] or ""),
            show == asked.show,
        )
        for show in ABOVE
    )


def more_filters(asked: Asked) -> tuple[Filter, ...]:
    """Further ways to look, which are not counted: they stand in a menu."""
    return tuple(
        Filter(name, asked.url(show=show, q=""), "", show == asked.show and not asked.q)
        for show, name in names_of_lists().items()
        if show not in ABOVE
    )


def views_of(asked: Asked, kept: Iterable[tuple[str, str, str]]) -> tuple[Filter, ...]:
    """What people kept, each an address of the list like any other."""
    return tuple(
        Filter(name, asked.url(show=show, q=q), "", (show, q) == (asked.show, asked.q))
        for name, show, q in kept
    )


def queues_of(asked: Asked, queues: Iterable[tuple[int, str]]) -> tuple[Filter, ...]:
    """The list of each queue."""
    return tuple(
        Filter(name, asked.url(show=f"q{pk}", q=""), "", asked.show == f"q{pk}" and not asked.q)
        for pk, name in queues
    )


cleared_by(_drawn.cache_clear)


@lru_cache(maxsize=8)
def signs(language: str, sprite: str) -> dict[str, SafeString]:
    """The states that a row can show, drawn once."""
    words = {
        "refused": ("no", "bad", _("Not sent")),
        "returned": ("no", "bad", _("Came back")),
        "uncertain": ("ask", "warn", _("Not sure that it was sent")),
        "held": ("shield", "warn", _("Waits for approval")),
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
