"""For programs: threads, what was said in them, and what the token's person may do with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from comptoir.inbox.forms import NoteForm, ReplyForm, Written
from comptoir.inbox.models import Answered, Note, Reply, Thread
from comptoir.inbox.models.told import Told, messages, told, told_of
from comptoir.inbox.shapes import (
    AssigneeAsked,
    AssignmentGiven,
    ChannelAsked,
    Key,
    Messages,
    MessageShown,
    NoteGiven,
    Notes,
    NoteShown,
    Replies,
    ReplyGiven,
    ReplyShown,
    ShowAsked,
    Stranger,
    Threads,
    ThreadShown,
    WordsAsked,
)
from comptoir.networks.connector import Replies as CanReply
from comptoir.networks.models import Channel
from comptoir.organisation.models import Role, User
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, next_page, paged, place
from comptoir.organisation.programs.problems import Problem

router = Router(tags=["threads"])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_THREAD = "/brands/{slug:brand}/threads/{number:pk}"
_READS = Bearer("threads:read")
_WRITES = Bearer("threads:write", "agent")


def _moment(cursor: str, kind: str) -> tuple[datetime, int] | None:
    """The place in a list by time that a cursor names."""
    found = place(cursor, kind, 2)
    try:
        return (_EPOCH + found[0] * _MICRO, found[1]) if found else None
    except OverflowError:
        wrong = [{"at": "cursor", "detail": _("There is no such place in the list.")}]
        raise Problem("invalid", errors=wrong) from None


def _after(request: ApiRequest, kind: str, at: datetime, pk: int) -> str:
    return next_page(request, kind, [(at - _EPOCH) // _MICRO, pk])


@router.get(
    "/brands/{slug:brand}/threads", auth=_READS, response=Threads, operation_id="threads",
    summary=gettext_noop("Threads"),
)  # fmt: skip
def threads(
    request: ApiRequest,
    brand: str,
    show: ShowAsked = "open",
    q: WordsAsked = "",
    channel: ChannelAsked = None,
    assignee: AssigneeAsked = None,
    limit: Limit = USUAL,
    cursor: After = "",
) -> Threads:
    found = told(
        request.brand.pk, request.user.pk, show, q, channel=channel, assignee=assignee,
        older=_moment(cursor, "threads"), limit=limit,
    )  # fmt: skip
    more, found = len(found) > limit, found[:limit]
    following = _after(request, "threads", found[-1].last_at, found[-1].pk) if more else None
    return Threads.model_construct(items=[ThreadShown.of(each) for each in found], next=following)


@router.get(
    _THREAD, auth=_READS, response=ThreadShown, operation_id="thread", summary=gettext_noop("One thread")
)
def thread(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    return _shown(request, pk)


@router.get(
    f"{_THREAD}/person", auth=_READS, response=Stranger, operation_id="stranger",
    summary=gettext_noop("The person on the other side"),
)  # fmt: skip
def person(request: ApiRequest, brand: str, pk: int) -> Stranger:
    found = _thread(request, pk)
    if found.person is None:
        raise Problem("not-found")
    return Stranger.shown(found.person)


@router.get(
    f"{_THREAD}/messages", auth=_READS, response=Messages, operation_id="messages", tags=["messages"],
    summary=gettext_noop("The conversation"),
)  # fmt: skip
def said(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Messages:
    _told(request, pk)
    found = messages(pk, _moment(cursor, "messages"), limit)
    more, found = len(found) > limit, found[:limit]
    following = _after(request, "messages", found[-1].at, found[-1].pk) if more else None
    return Messages.model_construct(items=[MessageShown.of(each) for each in found], next=following)


@router.get(
    f"{_THREAD}/messages/{{number:message}}", auth=_READS, response=MessageShown, operation_id="message",
    tags=["messages"], summary=gettext_noop("One message"),
)  # fmt: skip
def message(request: ApiRequest, brand: str, pk: int, message: int) -> MessageShown:
    _told(request, pk)
    for found in messages(pk, only=message):
        return MessageShown.of(found)
    raise Problem("not-found")


@router.get(
    f"{_THREAD}/replies", auth=_READS, response=Replies, operation_id="replies", tags=["replies"],
    summary=gettext_noop("Answers given here"),
)  # fmt: skip
def replies(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Replies:
    found = _told(request, pk)
    rows = _newest(_replies(pk), cursor, "replies", limit)
    kept, following = paged(request, "replies", rows, limit)
    return Replies.model_construct(items=[ReplyShown.of(row, found.network) for row in kept], next=following)


@router.post(
    f"{_THREAD}/replies", auth=_WRITES, response={201: ReplyShown}, operation_id="reply", tags=["replies"],
    summary=gettext_noop("Answer"),
)  # fmt: skip
def reply(
    request: ApiRequest,
    brand: str,
    pk: int,
    given: ReplyGiven,
    idempotency_key: Key = "",
) -> Status[Any]:
    found = _thread(request, pk)
    if not found.channel.can(CanReply) or found.channel.state != Channel.State.ACTIVE:
        raise Problem("cannot-answer", _("Nothing can leave on this channel now."))
    form = ReplyForm({"text": given.text}, thread=found)
    text = _fitting(form)
    key = _key(request, pk, idempotency_key)
    try:
        made = found.reply(text, request.user, seen=given.seen, key=key)
    except Answered as other:
        newer = ReplyShown.of(other.reply, found.channel.network)
        words = _("%(who)s answered meanwhile.") % {"who": other.reply.author or _("A colleague")}
        raise Problem("answered-meanwhile", words, reply=newer.model_dump(mode="json")) from None
    except ValueError:
        words = _("There is no message left to answer: its author took it back.")
        raise Problem("cannot-answer", words) from None
    if made.delivery.text != text:
        raise Problem("key-reused")
    return Status(201, ReplyShown.of(made, found.channel.network))


@router.get(
    f"{_THREAD}/replies/{{number:reply}}", auth=_READS, response=ReplyShown, operation_id="one-reply",
    tags=["replies"], summary=gettext_noop("One answer, and what became of it"),
)  # fmt: skip
def one_reply(request: ApiRequest, brand: str, pk: int, reply: int) -> ReplyShown:
    found = _told(request, pk)
    row = _replies(pk).filter(pk=reply).first()
    if row is None:
        raise Problem("not-found")
    return ReplyShown.of(row, found.network)


@router.delete(
    f"{_THREAD}/replies/{{number:reply}}", auth=_WRITES, response={204: None}, operation_id="undo-reply",
    tags=["replies"], summary=gettext_noop("Keep one's own answer from leaving"),
)  # fmt: skip
def undo_reply(request: ApiRequest, brand: str, pk: int, reply: int) -> Status[Any]:
    _told(request, pk)
    row = _replies(pk).filter(pk=reply, author=request.user).first()
    return _undone(row)


@router.get(
    f"{_THREAD}/notes", auth=_READS, response=Notes, operation_id="notes", tags=["notes"],
    summary=gettext_noop("Notes of colleagues"),
)  # fmt: skip
def notes(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Notes:
    _told(request, pk)
    rows = Note.objects.filter(thread=pk, withdrawn_at=None).select_related("author")
    kept, following = paged(request, "notes", _newest(rows, cursor, "notes", limit), limit)
    return Notes.model_construct(items=[NoteShown.of(row) for row in kept], next=following)


@router.post(
    f"{_THREAD}/notes", auth=_WRITES, response={201: NoteShown}, operation_id="note", tags=["notes"],
    summary=gettext_noop("Write a note for colleagues"),
)  # fmt: skip
def note(request: ApiRequest, brand: str, pk: int, given: NoteGiven) -> Status[Any]:
    text = _fitting(NoteForm({"text": given.text})).replace("\x00", "")
    made = _thread(request, pk).note(text, request.user)
    return Status(201, NoteShown.of(made))


@router.delete(
    f"{_THREAD}/notes/{{number:note}}", auth=_WRITES, response={204: None}, operation_id="undo-note",
    tags=["notes"], summary=gettext_noop("Take back one's own note"),
)  # fmt: skip
def undo_note(request: ApiRequest, brand: str, pk: int, note: int) -> Status[Any]:
    _told(request, pk)
    mine = Note.objects.filter(pk=note, thread=pk, author=request.user, withdrawn_at=None)
    return _undone(mine.select_related("thread").first())


@router.post(
    f"{_THREAD}/assignment", auth=_WRITES, response=ThreadShown, operation_id="assign", tags=["acts"],
    summary=gettext_noop("Give it to somebody"),
)  # fmt: skip
def assign(request: ApiRequest, brand: str, pk: int, given: AssignmentGiven) -> ThreadShown:
    found = _thread(request, pk)
    may = User.objects.filter(
        memberships__brand=request.brand, memberships__role__in=Role.AGENT.and_above(), is_active=True
    )
    to = may.filter(pk=given.to).first()
    if to is None:
        words = _("This person cannot take threads of this brand.")
        raise Problem("invalid", words, errors=[{"at": "to", "detail": words}])
    if found.assignee_id != to.pk:
        found.assign(to, request.user)
    return _shown(request, pk)


@router.delete(
    f"{_THREAD}/assignment", auth=_WRITES, response=ThreadShown, operation_id="unassign", tags=["acts"],
    summary=gettext_noop("Give it to nobody"),
)  # fmt: skip
def unassign(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    found = _thread(request, pk)
    if found.assignee_id is not None:
        found.assign(None, request.user)
    return _shown(request, pk)


@router.post(
    f"{_THREAD}/closure", auth=_WRITES, response=ThreadShown, operation_id="close", tags=["acts"],
    summary=gettext_noop("Close it"),
)  # fmt: skip
def close(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    _thread(request, pk).close(request.user)
    return _shown(request, pk)


@router.delete(
    f"{_THREAD}/closure", auth=_WRITES, response=ThreadShown, operation_id="reopen", tags=["acts"],
    summary=gettext_noop("Open it again"),
)  # fmt: skip
def reopen(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    _thread(request, pk).reopen(request.user)
    return _shown(request, pk)


_MARKS = Bearer("threads:write")


@router.post(
    f"{_THREAD}/reading", auth=_MARKS, response={204: None}, operation_id="read", tags=["acts"],
    summary=gettext_noop("It is read, for the token's person"),
)  # fmt: skip
def read(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _thread(request, pk).read(request.user)
    return Status(204, None)


@router.delete(
    f"{_THREAD}/reading", auth=_MARKS, response={204: None}, operation_id="unread", tags=["acts"],
    summary=gettext_noop("It is unread again"),
)  # fmt: skip
def unread(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _thread(request, pk).unread_again(request.user)
    return Status(204, None)


def _told(request: ApiRequest, pk: int) -> Told:
    found = told_of(request.brand.pk, request.user.pk, pk)
    if found is None:
        raise Problem("not-found")
    return found


def _shown(request: ApiRequest, pk: int) -> ThreadShown:
    return ThreadShown.of(_told(request, pk))


def _thread(request: ApiRequest, pk: int) -> Thread:
    found = Thread.objects.of(request.brand).filter(pk=pk).select_related("channel", "person").first()
    if found is None:
        raise Problem("not-found")
    found.brand = found.channel.brand = request.brand
    return found


def _replies(thread: int) -> Any:
    return Reply.objects.filter(thread=thread).select_related("delivery", "author", "thread")


def _newest(rows: Any, cursor: str, kind: str, limit: int) -> list[Any]:
    """A page of acts and one more, the newest first."""
    before = place(cursor, kind, 1)
    if before is not None:
        rows = rows.filter(pk__lt=before[0])
    return list(rows.order_by("-pk")[: limit + 1])


def _fitting(form: Written) -> str:
    """The text, if it will do."""
    if not form.is_valid():
        raise Problem("invalid", form.wrong, errors=[{"at": "text", "detail": form.wrong}])
    text: str = form.cleaned_data["text"]
    return text


def _key(request: ApiRequest, thread: int, given: str) -> str:
    """A delivery's key that the person's word for an answer always leads to; "" without a word."""
    said = f"{request.user.pk}:{thread}:{given}"
    return sha256(said.encode(errors="replace")).hexdigest()[:32] if given else ""


def _undone(row: Reply | Note | None) -> Status[Any]:
    """Undo an act of the caller's own."""
    if row is None:
        raise Problem("not-found", _("There is nothing of yours to undo here."))
    if not row.undo():
        raise Problem("too-late", _("Too late to undo: it has left."))
    return Status(204, None)
