"""The thread as a conversation: messages, answers, notes and events in one order, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comptoir.inbox.models import Assignment, Closure, Entry, Note, Reply, Thread
from comptoir.inbox.views.said import Shown, counts_of, html_of, shown_media
from comptoir.kernel import clock
from comptoir.networks.connector import Deletes
from comptoir.networks.found import label_of
from comptoir.networks.models import Activity, Delivery
from comptoir.networks.sentences import sentence
from comptoir.organisation.templatetags.house import initials, tint

MOST = 100
"""How many messages a page of a thread shows."""


@dataclass(slots=True)
class Quoted:
    who: str
    words: str
    url: str


@dataclass(slots=True)
class Settle:
    """What a person has to look at: the sentence, and where the verdict goes."""

    words: str
    url: str = ""
    pk: int = 0


@dataclass(slots=True)
class Item:
    """One thing in the stream: a message, an answer, a note, or (with `event`) a thin line."""

    at: datetime
    id: str = ""
    who: str = ""
    handle: str = ""
    initials: str = ""
    tint: int = 0
    text: SafeString | str = ""
    language: str = ""
    ours: bool = False
    note: bool = False
    context: bool = False
    on: bool = False
    keep: bool = False
    gone: bool = False
    via: str = ""
    edited: datetime | None = None
    quoted: Quoted | None = None
    media: list[Shown] = field(default_factory=list)
    url: str = ""
    place_word: str = ""
    state: str = ""
    state_sign: str = ""
    state_look: str = ""
    counts: str = ""
    deletion: str = ""
    settle: Settle | None = None
    refused: Settle | None = None
    event: str = ""
    sign: str = ""
    day: str = ""
    place: int = 0

    @property
    def look(self) -> str:
        """Class names."""
        named = {
            "note": self.note,
            "ours": self.ours and not self.note,
            "context": self.context,
            "on": self.on,
        }
        return "".join(f" {name}" for name, holds in named.items() if holds)


@dataclass(slots=True)
class Stream:
    """What the middle pane shows. `earlier` is where the page before begins ("" at the beginning)."""

    items: list[Item]
    earlier: str
    messages: int
    newest_reply: int


def stream_of(thread: Thread, before: int = 0) -> Stream:
    """A page of the conversation, in six queries at most. `before` is an entry's id: what came before it."""
    entries = _entries(thread, before)
    more = len(entries) > MOST
    entries = entries[-MOST:]
    since = entries[0].at if more and entries else None
    until = (
        Entry.objects.filter(pk=before, thread=thread).values_list("at", flat=True).first()
        if before
        else None
    )
    replies = _replies(thread)
    said = {reply.delivery.result_id: reply for reply in replies if reply.delivery.result_id}
    quotes, counts = _quotes(entries), counts_of(entries)
    items = [_message(entry, thread, said.get(entry.activity_id), quotes) for entry in entries]
    for item, entry in zip(items, entries, strict=True):
        item.counts = counts.get(entry.activity_id, "")
    shown = {entry.activity_id for entry in entries}
    items += [
        _answer(r, thread)
        for r in replies
        if r.delivery.state != "withdrawn" and (r.delivery.result_id is None or r.delivery.result_id not in shown)
        and not (r.delivery.result_id and more)
    ]  # fmt: skip
    items += _acts(thread)
    items = [i for i in items if (since is None or i.at >= since) and (until is None or i.at < until)]
    earlier = f"?before={entries[0].pk}" if more else ""
    newest = max((reply.pk for reply in replies if reply.delivery.state != "withdrawn"), default=0)
    return Stream(_laid_out(items), earlier, sum(1 for item in items if not item.event), newest)


def _entries(thread: Thread, before: int) -> list[Entry]:
    rows = thread.entries.select_related("activity__actor").defer("activity__search", "activity__facts")
    if before:
        edge = thread.entries.filter(pk=before).values("at")[:1]
        rows = rows.filter(at__lte=edge).exclude(pk=before)
    return list(rows.order_by("-at", "-pk")[: MOST + 1])[::-1]


def _replies(thread: Thread) -> list[Reply]:
    return list(thread.replies.select_related("delivery", "author").order_by("-pk")[: MOST * 2])[::-1]


def _quotes(entries: Sequence[Entry]) -> dict[str, Activity]:
    """The posts that messages of this page quote, where we know them: one query, none when nothing is quoted."""
    abouts = {e.activity.about for e in entries if e.activity.kind == "quote" and e.activity.about}
    if not abouts:
        return {}
    known = Activity.objects.of(entries[0].thread.brand_id).filter(
        network=entries[0].activity.network, remote_id__in=abouts
    )
    return {a.remote_id: a for a in known.select_related("actor").distinct()}


def _message(entry: Entry, thread: Thread, reply: Reply | None, quotes: dict[str, Activity]) -> Item:
    activity = entry.activity
    actor = activity.actor
    name = (actor.name or actor.handle) if actor else _("Somebody")
    item = Item(
        at=entry.at,
        id=f"m{entry.pk}",
        who=name[:80],
        handle=actor.handle[:80] if actor and actor.name else "",
        initials=initials(name),
        tint=tint(actor.remote_id if actor else name),
        ours=entry.own,
        context=not entry.own and not entry.addressed,
        gone=activity.deleted is not None,
        language=activity.language,
        edited=activity.edited,
        url=web_address(activity.url),
        place_word=label_of(activity.network),
    )
    if not item.gone:
        item.text = html_of(activity.text, activity.spans)
        item.media = shown_media(activity.media, thread.brand)
        if quoted := quotes.get(activity.about):
            who = str(quoted.actor) if quoted.actor else _("Somebody")
            item.quoted = Quoted(who[:80], quoted.text[:280], web_address(quoted.url))
    if entry.own:
        item.via = _("via %(network)s") % {"network": item.place_word}
    if reply and not item.gone and reply.delivery.state == "sent" and thread.channel.can(Deletes):
        item.deletion = reverse("deletion", args=[thread.brand.slug, thread.pk, reply.pk])
    if reply:
        item.via = _said_by(reply)
        _tell_state(item, reply.delivery, thread)
    return item


def _answer(reply: Reply, thread: Thread) -> Item:
    """An answer that is not on the network yet, or never came to be."""
    delivery = reply.delivery
    item = Item(
        at=reply.created,
        id=f"r{reply.pk}",
        who=thread.channel.name or thread.channel.handle,
        ours=True,
        text=html_of(delivery.text, []),
        via=_said_by(reply),
        url=web_address(delivery.url),
        place_word=label_of(thread.channel.network),
    )
    _tell_state(item, delivery, thread)
    return item


def _said_by(reply: Reply) -> str:
    return _("by %(name)s") % {"name": reply.author} if reply.author else ""


_STATES = {
    "waiting": ("clock", ""),
    "sending": ("send", ""),
    "sent": ("check", ""),
    "refused": ("no", "bad"),
    "uncertain": ("ask", "warn"),
}


def _tell_state(item: Item, delivery: Delivery, thread: Thread) -> None:
    """What became of an answer, and what a person has to do about it."""
    item.state_sign, item.state_look = _STATES.get(delivery.state, ("clock", ""))
    item.state = str(Delivery.State(delivery.state).label)
    item.keep = delivery.state != "sent"
    network = label_of(thread.channel.network)
    if delivery.state == "waiting" and delivery.not_before > clock.now() and delivery.tries:
        item.state = _("Waiting: %(why)s") % {"why": sentence(delivery.code, delivery.facts, network)}
    elif delivery.state == "uncertain":
        words = _(
            "We cannot tell whether this reached %(network)s. Look there, then say: it is never sent twice by itself."
        )
        url = reverse("settlement", args=[thread.brand.slug, delivery.pk])
        item.settle = Settle(words % {"network": network}, url)
    elif delivery.state == "refused":
        item.refused = Settle(sentence(delivery.code, delivery.facts, network), pk=delivery.pk)


def _acts(thread: Thread) -> list[Item]:
    """Notes and events, from three tables in one query."""
    none = Value("")
    notes = Note.objects.filter(thread=thread, withdrawn_at=None).values_list(
        Value("note"), "pk", "created", _name("author"), "text", none
    )
    assigned = Assignment.objects.filter(thread=thread).values_list(
        Value("assigned"), "pk", "created", _name("by"), none, _name("to")
    )
    closed = Closure.objects.filter(thread=thread).values_list(
        Value("closed"), "pk", "at", _name("by"), none, none
    )
    reopened = Closure.objects.filter(thread=thread, reopened_at__isnull=False).values_list(
        Value("reopened"), "pk", "reopened_at", _name("reopened_by"), none, none
    )
    rows = notes.order_by().union(assigned.order_by(), closed.order_by(), reopened.order_by(), all=True)
    return [_act(*row) for row in rows]


def _name(path: str) -> Any:
    """A person's name, else their address, else nothing, through a relation."""
    named = NullIf(F(f"{path}__name"), Value(""))
    return Coalesce(named, F(f"{path}__email"), Value(""), output_field=CharField())


def _act(kind: str, pk: int, at: datetime, who: str, text: str, to: str) -> Item:
    if kind == "note":
        name = who or _("Somebody")
        return Item(
            at=at, id=f"n{pk}", who=name, note=True, ours=True, text=html_of(text, []), initials=initials(name)
        )  # fmt: skip
    return Item(
        at=at, event=_event(kind, who, to), sign={"assigned": "assign", "closed": "close"}.get(kind, "reopen")
    )


def _event(kind: str, who: str, to: str) -> str:
    facts = {"who": who, "to": to}
    if kind == "assigned":
        if not to:
            return _("%(who)s gave it to nobody") % facts
        return (_("%(who)s took it") if who == to else _("%(who)s gave it to %(to)s")) % facts
    if kind == "closed":
        return _("%(who)s closed it") % facts if who else _("Closed: it came from the history")
    return _("%(who)s reopened it") % facts if who else _("Reopened: a message came in")


def _laid_out(items: list[Item]) -> list[Item]:
    """In order, with days named, and messages that follow closely drawn together."""
    items.sort(key=lambda item: item.at)
    place, day, before = 0, None, None
    for item in items:
        local = timezone.localtime(item.at).date()
        if local != day:
            day, before = local, None
            item.day = formats.date_format(local, _("l j F Y"))
        if item.event:
            before = None
            continue
        place += 1
        item.place = place
        if before and _follows(item, before):
            item.on = True
        before = item
    return items


def _follows(item: Item, before: Item) -> bool:
    same = (item.who, item.ours, item.note, item.via, item.context) == (
        before.who, before.ours, before.note, before.via, before.context
    )  # fmt: skip
    return same and not before.keep and (item.at - before.at).total_seconds() < 600


def web_address(url: str) -> str:
    """The address if it is one of the web, else nothing: other schemes are never made clickable."""
    return url if url.startswith(("https://", "http://")) else ""
