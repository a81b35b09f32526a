"""One thread: the conversation in the middle and the person on the right."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from comptoir.inbox.forms import NoteForm, ReplyForm
from comptoir.inbox.forms_of_rules import KINDS
from comptoir.inbox.models import Reply, Thread
from comptoir.inbox.models.enclosing import take_out
from comptoir.inbox.models.listed import Listed
from comptoir.inbox.models.opened import Choices, Colleague, Said, choices, opened, others_of
from comptoir.inbox.models.signing import apart, kept
from comptoir.inbox.views.asking import Asked, list_address
from comptoir.inbox.views.contact import Known, known_of
from comptoir.inbox.views.conversation import Item, stream_of
from comptoir.inbox.views.defended import blocked_here
from comptoir.inbox.views.enclosing import Enclosed, enclosed_of
from comptoir.inbox.views.filled import Filled, filled_of
from comptoir.inbox.views.happened import awaited_words, due_words, guess_words, waiting_words
from comptoir.inbox.views.met import met_in
from comptoir.inbox.views.outcome import Outcome, outcome_left
from comptoir.inbox.views.person import Person, past_of, person_of
from comptoir.inbox.views.proposing import Proposed
from comptoir.inbox.views.rows import listing, rows_of
from comptoir.inbox.views.seen import Seen, locked_by, seen_at
from comptoir.inbox.views.signed import Signed, signed_by
from comptoir.inbox.views.taking import taken_reply
from comptoir.kernel.numbers import number_of
from comptoir.networks.connector import SENSITIVE, Blocks, Edits, Replies, Warns
from comptoir.networks.defending import grounds_of
from comptoir.networks.found import label_of
from comptoir.networks.models import Channel, Community
from comptoir.networks.models.activity import is_erased
from comptoir.organisation.access import BrandRequest, on_brand


@dataclass(slots=True)
class Desk:
    """What the middle and right panes show."""

    thread: Any
    pk: int
    url: str
    query: str
    back: str
    who: str
    kind: str
    network: str
    channel: str
    place: str
    state: str
    state_look: str
    closed: bool
    me: int
    mine: bool
    has_name: str
    teams: tuple[Colleague, ...]
    queues: tuple[Colleague, ...]
    may_write: bool
    members: tuple[Colleague, ...]
    items: list[Item]
    earlier: str
    count: int
    person: Person
    past: SafeString | str = ""
    limit: int = 0
    mode: str = "reply"
    private: bool = False
    erased: bool = False
    warns: bool = False
    warning: str = ""
    cannot: str = ""
    cannot_url: str = ""
    cannot_act: str = ""
    newest_reply: int = 0
    history: str = ""
    present: list[Seen] = field(default_factory=list)
    mergeable: SafeString | str = ""
    signing: Signed | None = None
    list: str = ""
    tags: tuple[str, ...] = ()
    all_tags: tuple[str, ...] = ()
    guess: str = ""
    due: str = ""
    due_look: str = ""
    proposed: Proposed | None = None
    enclosed: Enclosed | None = None
    known: Known | None = None
    fields: tuple[Filled, ...] = ()
    blocks: bool = False
    reports: bool = False
    heard: tuple[int, str] | None = None
    communities: tuple[Community, ...] = ()

    @property
    def forbidden(self) -> bool:
        """Whether no brand speaks in this community: whoever does all the same says that they mean it."""
        return any(card.forbids for card in self.communities)

    @property
    def lock(self) -> Seen | None:
        """Who writes the answer, where the reader could write one."""
        return locked_by(self.present) if self.may_write else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a box for writing, and what is `wrong` with it; `seen` and `key` as in ReplyForm."""

    text: str = ""
    seen: str = ""
    key: str = ""
    warning: str = ""
    saved: str = ""
    wrong: str = ""
    anyway: bool = False
    bare: bool = False

    @classmethod
    def of(cls, form: ReplyForm | NoteForm) -> Draft:
        """What was sent, as it was sent."""
        sent = {name: form[name].value() for name in form.fields}
        words = {name: "" if value is None else str(value) for name, value in sent.items()}
        anyway, bare = (bool(getattr(form, name, False)) for name in ("anyway", "bare"))
        return cls(**words, wrong=form.wrong, anyway=anyway, bare=bare)


@dataclass(frozen=True, slots=True)
class Change:
    """Other words for the answer of this number, as they stand in their box, what is `wrong` with them, and what they
    are signed with."""

    pk: int
    text: str
    wrong: str = ""
    after: str = ""


@require_safe
@on_brand("reader")
def thread(request: BrandRequest, pk: int) -> HttpResponse:
    """A thread, with the list beside it unless htmx asks for less. Looking at it is reading it."""
    asked = Asked.of(request.brand, request.GET)
    found = thread_for(request, pk)
    wanted = request.htmx.target if request.htmx and not request.htmx.history_restore_request else None
    if found.last_in is not None and (found.read_at is None or found.read_at < found.last_in):
        found.read(request.user)
        found.read_at = found.last_in
    return answer(request, found, asked, wanted)


def thread_for(request: BrandRequest, pk: int) -> Any:
    """The brand's thread, with what pages show of it; Http404 for what is not there."""
    found = opened(request.brand.pk, request.user.pk, pk)
    if found is None:
        raise Http404(_("There is no such thread here. It may have been erased, or belong to another brand."))
    found.brand = found.channel.brand = request.brand
    return found


def answer(
    request: BrandRequest,
    found: Any,
    asked: Asked,
    wanted: str | None,
    *,
    outcome: Outcome | None = None,
    reply_form: ReplyForm | None = None,
    note_form: NoteForm | None = None,
    again: str = "",
    change: Change | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a thread, or the part of it that htmx wants."""
    desk = desk_of(request, found, asked, with_person=wanted != "stream")
    kept = found.begun if desk.may_write else {}
    if note_form is not None or ("note" in kept and "reply" not in kept and reply_form is None):
        desk.mode = "note"
    context: dict[str, Any] = {
        "brand": request.brand,
        "desk": desk,
        "outcome": outcome or outcome_left(request),
        "reply": Draft.of(reply_form)
        if reply_form
        else _fresh_reply(request, found, desk, kept.get("reply"), again or request.GET.get("again", "")),
        "note": Draft.of(note_form) if note_form else Draft(*kept.get("note", [""])[:1]),
        "change": change or _change(request, found),
        "here": "threads",
        "may_write": desk.may_write,
    }
    if wanted in ("desk", "stream"):
        context["swapping"], context["bar_swaps"] = True, wanted == "stream"
        (context["row"],) = rows_of([_as_listed(found)], request.user, _base(request), asked.query, found.pk)
        return render(request, f"inbox/swaps.html#{wanted}", context, status=status)
    context["list"] = listing(asked, request.user, here=found.pk)
    return render(request, "inbox/counter.html", context, status=status)


def _as_listed(found: Any) -> Listed:
    """The open thread as the list beside it knows threads."""
    person = found.person
    return Listed(
        found.pk, found.last_at, found.last_in, found.last_text, found.last_own, found.answered, found.offered,
        found.closed_at is not None, found.assignee_id, found.channel.network, found.channel.handle,
        person.name if person else None, person.handle if person else None, person.remote_id if person else None,
        str(found.assignee) if found.assignee else None, found.read_at, found.trouble,
        found.held > 0, found.waits, found.wakes_at, found.priority, str(found.team) if found.team else None,
        found.due_at, found.toxic,
    )  # fmt: skip


def _base(request: BrandRequest) -> str:
    return list_address(request.brand.slug)


def _fresh_reply(
    request: BrandRequest, found: Thread, desk: Desk, kept: list[str] | None, again: str
) -> Draft:
    """An empty reply, or what was begun; after a refusal or an undo the same words again (`again` is a delivery's
    number)."""
    text, warning = kept or ("", desk.warning)
    if again:
        if (number := number_of(again)) is None:
            raise BadRequest(_("There is no such answer to write again."))
        earlier = Reply.objects.filter(thread=found, delivery=number, author=request.user)
        if (said := earlier.select_related("delivery").first()) is not None:
            if said.delivery.state in ("refused", "returned"):
                take_out(found, said.delivery, request.user, keep=True)
            text, warning = said.words, said.delivery.warning
    taken = taken_reply(request, found)
    if taken is not None:
        text = f"{text}\n{taken.text}" if text.strip() else taken.text
    saved = str(taken.saved.pk) if taken else ""
    return Draft(text, str(desk.newest_reply), uuid.uuid4().hex, warning, saved)


def _change(request: BrandRequest, found: Thread) -> Change | None:
    """The answer that somebody wants to change, with its words; None when nobody asked, or it is not there any more."""
    asked = request.GET.get("edit", "") if request.method == "GET" else ""
    if not asked or not request.membership.may("agent") or not found.channel.can(Edits):
        return None
    if (number := number_of(asked)) is None:
        raise BadRequest(_("There is no such answer here."))
    said = Reply.objects.filter(thread=found, pk=number, delivery__result__deleted=None)
    reply = said.filter(delivery__result__isnull=False).select_related("delivery__result").first()
    if reply is None or reply.delivery.result is None:
        return None
    after = kept(reply, request.brand.shielded_at is not None)
    return Change(reply.pk, apart(reply.delivery.result.text, reply.signature)[0], after=after)


def desk_of(request: BrandRequest, found: Any, asked: Asked, with_person: bool = True) -> Desk:
    """Everything about a thread, in words."""
    stream = stream_of(found, _before(request))
    person, channel, has = found.person, found.channel, found.assignee
    name = str(person) if person else channel.handle
    may_write = request.membership.may("agent")
    state, look = _state(found)
    offered = choices(request.brand.pk, request.user.pk, channel.pk) if may_write else Choices()
    desk = Desk(
        thread=found,
        pk=found.pk,
        url=f"{_base(request)}{found.pk}/",
        query=asked.query,
        back=asked.url(),
        who=name[:80],
        kind=_kind(found.kind),
        network=label_of(channel.network),
        channel=channel.handle,
        place=next((i.url for i in stream.items if i.url and not i.ours), ""),
        state=state,
        state_look=look,
        closed=found.closed_at is not None,
        me=request.user.pk,
        mine=found.assignee_id == request.user.pk,
        has_name=str(has or found.team or found.queue or ""),
        teams=offered.teams,
        queues=offered.queues,
        may_write=may_write,
        members=offered.people,
        items=stream.items,
        earlier=stream.earlier,
        count=stream.messages,
        person=person_of(found, request) if with_person else Person(name, "", "", 0),
        newest_reply=stream.newest_reply,
        private=(stream.answers.kind if stream.answers else found.kind) == "message",
        history=_history(request, found),
        erased=person is not None and is_erased(person.remote_id),
        tags=found.tag_names,
        all_tags=tuple(each for each in offered.tags if each not in found.tag_names),
    )
    _composer(desk, found, request, stream.answers)
    if with_person:
        _with_others(desk, found, request, asked)
    _beside(desk, found, request, stream.proposed)
    return desk


def _before(request: BrandRequest) -> int:
    before = number_of(request.GET.get("before") or "0")
    if before is None:
        raise BadRequest(_("There is no such place in the conversation."))
    return before


def _beside(desk: Desk, found: Any, request: BrandRequest, proposed: Proposed | None) -> None:
    """Who else is at it, by when it is due, what was guessed of it, and what a rule proposes to answer."""
    if proposed and desk.may_write and not (desk.cannot or found.answered or desk.closed):
        desk.proposed = proposed.filled_for(found, request.user)
    desk.present = seen_at(request, found.pk)
    desk.communities = () if desk.private or not desk.may_write else tuple(met_in(request.brand, found))
    desk.fields = filled_of(found)
    desk.heard = (found.heard[0], found.heard[1]) if found.heard else None
    if found.person is not None and not desk.erased:
        desk.known = known_of(request, found.person, found.file, found.pk)
        desk.blocks = found.channel.can(Blocks) and not blocked_here(found)
        desk.reports = bool(grounds_of(found.channel))
    desk.list, desk.guess = _base(request), guess_words(found.language, found.tone)
    due, desk.due_look = due_words(found.due_at)
    desk.due = f"{awaited_words(found.due_for)} {due}" if due else ""


def _with_others(desk: Desk, found: Any, request: BrandRequest, asked: Asked) -> None:
    """The person's other threads with the brand, and which of them could become one with this one."""
    desk.past, desk.mergeable = past_of(others_of(found), request, asked, found.channel_id)


def _history(request: BrandRequest, found: Any) -> str:
    """Where the log tells what was done with the thread, for those who may read the log."""
    if not request.membership.may("manager"):
        return ""
    return f"{reverse('audit', args=[request.brand.slug])}?thread={found.pk}"


def _state(found: Any) -> tuple[str, str]:
    if found.trouble == "uncertain":
        return _("Not sure that it was sent"), "warn"
    if found.trouble == "returned":
        return _("Came back"), "bad"
    if found.trouble == "refused":
        return _("Not sent"), "bad"
    if found.held:
        return _("Waits for approval"), "warn"
    if found.merged_into_id:
        return _("Merged into thread %(number)s") % {"number": found.merged_into_id}, ""
    if found.closed_at is not None:
        return (_("Unanswered, from before"), "") if found.offered else (_("Closed"), "")
    if found.waits:
        return waiting_words(found.waits, found.wakes_at), ""
    if not found.handled and not found.answered:
        return pgettext("thread", "New"), "warn"
    return (_("Answered"), "good") if found.answered else (_("To answer"), "warn")


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, KINDS["post"]))


def _composer(desk: Desk, found: Any, request: BrandRequest, answers: Said | None) -> None:
    """What the reply box has to know of the network, or why nothing can be answered."""
    channel: Channel = found.channel
    if channel.silence:
        desk.cannot = channel.silence
        if request.membership.may("manager"):
            desk.cannot_url = reverse("channel", args=[request.brand.slug, channel.pk])
            desk.cannot_act = _("Its settings")
    elif not channel.can(Replies):
        desk.cannot = _("Nothing can be answered on %(network)s from here.") % {"network": desk.network}
        desk.cannot_url, desk.cannot_act = desk.place, _("Answer it there") if desk.place else ""
    elif channel.state != Channel.State.ACTIVE:
        words = _("%(channel)s has to be connected again before anything can leave.")
        desk.cannot = words % {"channel": channel.handle}
        if request.membership.may("manager"):
            desk.cannot_url = reverse("channel", args=[request.brand.slug, channel.pk])
            desk.cannot_act = _("Connect it again")
    elif blocked_here(found):
        desk.cannot = _("You block this person here: an answer would not reach them. Unblock them first.")
    elif (found.held or found.hidden) and found.last_inbound() is None:
        desk.cannot = _("Nobody else sees this yet. Approve it first, then answer.")
    else:
        desk.limit = channel.connector().length("").limit
        desk.signing = signed_by(request, channel)
        desk.enclosed = enclosed_of(channel, request.brand, found.pk, found.enclosed)
        desk.warns = channel.can(Warns)
        if desk.warns and answers and answers.warning != SENSITIVE:
            desk.warning = answers.warning
