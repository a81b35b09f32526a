"""The thread as a conversation: messages, answers, notes and events in one order, oldest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comptoir.inbox.models import Entry, Thread
from comptoir.inbox.models.opened import Done, Said, done, said
from comptoir.inbox.views.defended import defended, reported, to_settle
from comptoir.inbox.views.enclosing import shown_beside
from comptoir.inbox.views.happened import by_rules, happened
from comptoir.inbox.views.judging import Judged, Judging, decided
from comptoir.inbox.views.proposing import Proposed, proposed_by
from comptoir.inbox.views.read_as import ReadAs, read_as
from comptoir.inbox.views.said import Shown, counted, html_of, shown_media
from comptoir.kernel import clock
from comptoir.networks.connector import SENSITIVE, Deletes, Edits
from comptoir.networks.defending import grounds_of
from comptoir.networks.found import label_of
from comptoir.networks.models import Activity, Delivery
from comptoir.networks.models.activity import is_erased, nameless
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
    folded: SafeString | str = ""
    machine: str = ""
    language: str = ""
    ours: bool = False
    note: bool = False
    context: bool = False
    on: bool = False
    keep: bool = False
    gone: bool = False
    erased: bool = False
    via: str = ""
    edited: datetime | None = None
    quoted: Quoted | None = None
    title: str = ""
    warning: str = ""
    hides_media: bool = False
    media: list[Shown] = field(default_factory=list)
    url: str = ""
    place_word: str = ""
    state: str = ""
    state_sign: str = ""
    state_look: str = ""
    counts: str = ""
    deletion: str = ""
    edition: str = ""
    splitting: str = ""
    reporting: str = ""
    asking: str = ""
    judging: Judging | None = None
    read: ReadAs | None = None
    settle: Settle | None = None
    decide: Settle | None = None
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
            "hidden": bool(self.judging and self.judging.standing),
            "on": self.on,
        }
        return "".join(f" {name}" for name, holds in named.items() if holds)


@dataclass(slots=True)
class Stream:
    """What the middle pane shows. `earlier` is where the page before begins ("" at the beginning); `answers` is the
    message that an answer would answer, where this page has it."""

    items: list[Item]
    earlier: str
    messages: int
    newest_reply: int
    answers: Said | None = None
    proposed: Proposed | None = None


def stream_of(thread: Thread, before: int = 0) -> Stream:
    """A page of the conversation, in four queries at most. `before` is an entry's id: what came before it."""
    entries = said(thread.pk, before, MOST + 1)
    more = len(entries) > MOST
    entries = entries[-MOST:]
    since = entries[0].at if more and entries else None
    until = (
        Entry.objects.filter(pk=before, thread=thread).values_list("at", flat=True).first()
        if before
        else None
    )
    acts = done(thread.pk, thread.channel_id, MOST * 2)
    judged = Judged.of(thread, acts)
    replies = [act for act in acts if act.kind == "reply"][::-1]
    given = {reply.result: reply for reply in replies if reply.result}
    quotes = _quotes(entries, thread.brand_id)
    items = [_message(entry, thread, given.get(entry.activity_id), quotes, judged) for entry in entries]
    for entry, item in list(zip(entries, items, strict=True))[0 if more else 1 :]:
        if entry.addressed and not entry.own:
            item.splitting = reverse("splits", args=[thread.brand.slug, thread.pk, entry.pk])
    for entry, item in zip(entries, items, strict=True):
        if not (entry.own or entry.gone) and any(each.src for each in item.media):
            item.asking = reverse("picture-asking", args=[thread.brand.slug, entry.activity_id])
    if grounds_of(thread.channel):
        known = reported(acts)
        for entry, item in zip(entries, items, strict=True):
            if not (entry.own or entry.gone or entry.activity_id in known):
                item.reporting = f"reports/?message={entry.pk}"
    shown = {entry.activity_id for entry in entries}
    items += [
        _answer(r, thread)
        for r in replies
        if r.state != "withdrawn" and (r.result is None or r.result not in shown) and not (r.result and more)
    ]
    told = by_rules(acts)
    items += [_act(act, thread) for act in acts if act.kind != "reply" and (act.kind, act.pk) not in told]
    items = [i for i in items if (since is None or i.at >= since) and (until is None or i.at < until)]
    earlier = f"?before={entries[0].pk}" if more else ""
    newest = max((reply.pk for reply in replies if reply.state != "withdrawn"), default=0)
    heard = [entry for entry in entries if entry.addressed and not entry.own and not entry.gone]
    count = sum(1 for item in items if not item.event)
    proposed = None if before else proposed_by(acts, replies)
    return Stream(_laid_out(items), earlier, count, newest, heard[-1] if heard else None, proposed)


def _quotes(entries: Sequence[Said], brand_id: int) -> dict[str, Activity]:
    """The posts that messages of this page quote, where we know them: one query, none when nothing is quoted."""
    abouts = {e.about for e in entries if e.kind == "quote" and e.about}
    if not abouts:
        return {}
    known = Activity.objects.of(brand_id).filter(network=entries[0].network, remote_id__in=abouts)
    return {a.remote_id: a for a in known.select_related("actor").distinct()}


def _message(
    entry: Said, thread: Thread, reply: Done | None, quotes: dict[str, Activity], judged: Judged
) -> Item:
    name = entry.name or entry.handle or (nameless() if is_erased(entry.actor_id) else _("Somebody"))
    item = Item(
        at=entry.at,
        id=f"m{entry.pk}",
        who=name[:80],
        handle=(entry.handle or "")[:80] if entry.name else "",
        initials=initials(name),
        tint=tint(name if entry.actor_id is None else entry.actor_id),
        ours=entry.own,
        context=not entry.own and not entry.addressed,
        gone=entry.gone,
        erased=entry.erased,
        language=entry.language,
        edited=entry.edited,
        url=web_address(entry.url),
        place_word=label_of(entry.network),
        counts=counted(entry),
        judging=judged.beside(entry),
        read=read_as(entry, thread),
    )
    item.keep = bool(item.judging and item.judging.verdicts)
    if not item.gone:
        _fill(item, entry, thread, quotes)
    if entry.own:
        item.via = _("via %(network)s") % {"network": item.place_word}
    if reply and not item.gone and reply.state == "sent":
        if thread.channel.can(Deletes):
            item.deletion = reverse("deletion", args=[thread.brand.slug, thread.pk, reply.pk])
        if thread.channel.can(Edits):
            item.edition = f"?edit={reply.pk}#edit-text"
    if reply:
        item.via = _said_by(reply)
        if not (item.media or item.gone):
            item.media = shown_beside(reply.attached, thread.brand, thread.pk)
        _tell_state(item, reply, thread)
        _tell_change(item, reply, thread)
    return item


def _fill(item: Item, entry: Said, thread: Thread, quotes: dict[str, Activity]) -> None:
    """What a message says and shows."""
    item.text = html_of(entry.text, entry.spans)
    item.folded = html_of(entry.quoted, []) if entry.quoted else ""
    item.machine = _MACHINES[entry.automatic]() if entry.automatic in _MACHINES else ""
    item.media = shown_media(entry.media, thread.brand, entry.activity_id)
    below = entry.title and entry.kind == "comment"
    item.title = _("Below “%(title)s”") % {"title": entry.title} if below else entry.title
    item.hides_media = entry.warning == SENSITIVE
    item.warning = _("Sensitive media") if item.hides_media else entry.warning
    if quoted := quotes.get(entry.about):
        who = str(quoted.actor) if quoted.actor else _("Somebody")
        item.quoted = Quoted(who[:80], quoted.text[:280], web_address(quoted.url))


_MACHINES = {
    "answer": lambda: _("automatic answer"),
    "bulk": lambda: _("sent to many, or by itself"),
    "returned": lambda: _("delivery report"),
    "delayed": lambda: _("delivery report"),
}


def _answer(reply: Done, thread: Thread) -> Item:
    """An answer that is not on the network yet, or never came to be."""
    item = Item(
        at=reply.at,
        id=f"r{reply.pk}",
        who=thread.channel.name or thread.channel.handle,
        ours=True,
        text=html_of(reply.text, []),
        erased=not reply.text,
        via=_said_by(reply),
        url=web_address(reply.url),
        place_word=label_of(thread.channel.network),
        media=shown_beside(reply.attached, thread.brand, thread.pk),
    )
    _tell_state(item, reply, thread)
    return item


def _said_by(reply: Done) -> str:
    return _("by %(name)s") % {"name": reply.who} if reply.who else ""


_STATES = {
    "waiting": ("clock", ""),
    "sending": ("send", ""),
    "sent": ("check", ""),
    "refused": ("no", "bad"),
    "returned": ("no", "bad"),
    "uncertain": ("ask", "warn"),
    "asking": ("ask", "warn"),
}


def _tell_state(item: Item, reply: Done, thread: Thread) -> None:
    """What became of an answer, and what a person has to do about it."""
    item.state_sign, item.state_look = _STATES.get(reply.state, ("clock", ""))
    item.keep = reply.state != "sent"
    if reply.state == "asking":
        item.state = _("To be decided")
        words = _("It did not leave: a hold kept it. Somebody says whether it still leaves.")
        item.decide = Settle(words, reverse("decisions", args=[thread.brand.slug]))
        return
    item.state = str(Delivery.State(reply.state).label)
    network = label_of(thread.channel.network)
    if reply.state == "waiting" and reply.tries and reply.not_before and reply.not_before > clock.now():
        item.state = _("Waiting: %(why)s") % {"why": sentence(reply.code, reply.facts or {}, network)}
    elif reply.state == "uncertain":
        words = _(
            "We cannot tell whether this reached %(network)s. Look there, then say: it is never sent twice by itself."
        )
        url = reverse("settlement", args=[thread.brand.slug, reply.delivery])
        item.settle = Settle(words % {"network": network}, url)
    elif reply.state == "sent" and reply.code:
        item.state_sign, item.state_look, item.keep = "clock", "warn", True
        item.state = sentence(reply.code, reply.facts or {}, network)
    elif reply.state in ("refused", "returned"):
        item.refused = Settle(sentence(reply.code, reply.facts or {}, network), pk=reply.delivery)


def _tell_change(item: Item, reply: Done, thread: Thread) -> None:
    """What became of the last change to an answer that is on the network."""
    if reply.change_state in ("waiting", "sending"):
        item.state_sign, item.state_look, item.keep = "clock", "", True
        item.state = _("Being changed") if reply.change == "edit" else _("Being taken back")
        item.deletion = item.edition = ""
    elif reply.change_state == "refused" and not item.gone:
        why = sentence(reply.change_code, reply.change_facts or {}, label_of(thread.channel.network))
        words = (
            _("It was not changed. %(why)s")
            if reply.change == "edit"
            else _("It was not taken back. %(why)s")
        )
        item.refused = Settle(words % {"why": why})


def _act(act: Done, thread: Thread) -> Item:
    """A note, or something that happened."""
    if act.kind == "note":
        name = act.who or _("Somebody")
        text = html_of(act.text, [])
        return Item(
            at=act.at, id=f"n{act.pk}", who=name, note=True, ours=True, text=text,
            initials=initials(name.partition(", ")[0]),
            erased=not act.text,
        )  # fmt: skip
    if act.kind == "moderated":
        return Item(at=act.at, event=decided(act), sign="shield")
    if act.kind == "defended":
        network = label_of(thread.channel.network)
        item = Item(at=act.at, event=defended(act, network), sign="no" if act.to == "block" else "flag")
        if act.state == "uncertain":
            url = reverse("settlement", args=[thread.brand.slug, act.delivery])
            item.settle = Settle(to_settle(act, network), url)
        return item
    words, sign = happened(act)
    return Item(at=act.at, event=words, sign=sign)


def _laid_out(items: list[Item]) -> list[Item]:
    """In order, with days named, messages that follow closely drawn together, and a title said where it is new."""
    items.sort(key=lambda item: item.at)
    place, day, before, headline = 0, None, None, ""
    for item in items:
        if item.title:
            headline, known = _ANSWERS.sub("", item.title).casefold(), headline
            item.title = "" if headline == known else item.title
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


_ANSWERS = re.compile(r"^\s*((re|aw|sv|antw|r[eé]f|r[eé]p|rif|odp)\s*:\s*)+", re.IGNORECASE)
"""What mail puts before a title when it is an answer."""


def _follows(item: Item, before: Item) -> bool:
    same = (item.who, item.ours, item.note, item.via, item.context, item.machine) == (
        before.who, before.ours, before.note, before.via, before.context, before.machine
    )  # fmt: skip
    return same and not before.keep and (item.at - before.at).total_seconds() < 600


def web_address(url: str) -> str:
    """The address if it is one of the web, else nothing: other schemes are never made clickable."""
    return url if url.startswith(("https://", "http://")) else ""
