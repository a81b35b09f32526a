"""For programs: threads, what was said in them, and what the token's person may do with them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from comptoir.inbox.forms import NoteForm, ReplyForm, Written
from comptoir.inbox.hearing import readings_of
from comptoir.inbox.models import Answered, Locked, Note, Reply, Thread
from comptoir.inbox.models.searching import matching
from comptoir.inbox.models.told import Told, messages, told, told_of, told_these
from comptoir.inbox.shapes import (
    AssigneeAsked,
    ChannelAsked,
    Key,
    Messages,
    MessageShown,
    Notes,
    NoteShown,
    Replies,
    ReplyShown,
    ShowAsked,
    Stranger,
    Threads,
    ThreadShown,
    WordsAsked,
)
from comptoir.inbox.shapes_of_acts import LockShown, NoteGiven, ReplyGiven
from comptoir.networks.connector import Replies as CanReply
from comptoir.networks.models import Attachment
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, moment, newest, next_moment, paged
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.organisation.query_words import read, sentence_of, tidy
from comptoir.reading.query import Query, Wrong

router = Router(tags=["threads"])
THREAD = "/brands/{slug:brand}/threads/{number:pk}"
READS = Bearer("threads:read")
WRITES = Bearer("threads:write", "agent")


@router.get(
    "/brands/{slug:brand}/threads", auth=READS, response=Threads, operation_id="threads",
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
    query = read(tidy(q))
    if query is not None:
        return _fitting_query(request, show, query, channel, assignee, limit, cursor)
    found = told(
        request.brand.pk, request.user.pk, show, q, channel=channel, assignee=assignee,
        older=moment(cursor, "threads"), limit=limit,
    )  # fmt: skip
    more, found = len(found) > limit, found[:limit]
    following = next_moment(request, "threads", found[-1].last_at, found[-1].pk) if more else None
    return Threads.model_construct(items=[ThreadShown.of(each) for each in found], next=following)


def _fitting_query(
    request: ApiRequest, show: str, query: Query | Wrong, channel: int | None, assignee: int | None, limit: int,
    cursor: str,
) -> Threads:  # fmt: skip
    """Threads that a query is true of. A page may be short, or empty, and the next one hold more."""
    if isinstance(query, Wrong):
        errors = [{"at": "q", "detail": sentence_of(each)} for each in query.problems]
        raise Problem("invalid", errors[0]["detail"], errors=errors)
    found = matching(
        request.brand.pk, request.user.pk, show, query, older=moment(cursor, "threads"), limit=limit,
        me=str(request.user),
    )  # fmt: skip
    rows = [
        row
        for row in told_these(request.brand.pk, request.user.pk, found.threads)
        if (channel is None or row.channel_id == channel)
        and (assignee is None or (row.assignee_id or 0) == assignee)
    ]
    following = next_moment(request, "threads", *found.stopped) if found.stopped else None
    return Threads.model_construct(items=[ThreadShown.of(row) for row in rows], next=following)


@router.get(
    THREAD, auth=READS, response=ThreadShown, operation_id="thread", summary=gettext_noop("One thread")
)
def thread(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    return thread_shown(request, pk)


@router.get(
    f"{THREAD}/person", auth=READS, response=Stranger, operation_id="stranger",
    summary=gettext_noop("The person on the other side"),
)  # fmt: skip
def person(request: ApiRequest, brand: str, pk: int) -> Stranger:
    found = thread_found(request, pk)
    if found.person is None:
        raise Problem("not-found")
    return Stranger.shown(found.person)


@router.get(
    f"{THREAD}/messages", auth=READS, response=Messages, operation_id="messages", tags=["messages"],
    summary=gettext_noop("The conversation"),
)  # fmt: skip
def said(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Messages:
    thread_told(request, pk)
    found = messages(pk, moment(cursor, "messages"), limit)
    more, found = len(found) > limit, found[:limit]
    following = next_moment(request, "messages", found[-1].at, found[-1].pk) if more else None
    items = list(map(MessageShown.of, found, readings_of(request.brand.pk, found)))
    return Messages.model_construct(items=items, next=following)


@router.get(
    f"{THREAD}/messages/{{number:message}}", auth=READS, response=MessageShown, operation_id="message",
    tags=["messages"], summary=gettext_noop("One message"),
)  # fmt: skip
def message(request: ApiRequest, brand: str, pk: int, message: int) -> MessageShown:
    thread_told(request, pk)
    found = messages(pk, only=message)
    for shown in map(MessageShown.of, found, readings_of(request.brand.pk, found)):
        return shown
    raise Problem("not-found")


@router.get(
    f"{THREAD}/replies", auth=READS, response=Replies, operation_id="replies", tags=["replies"],
    summary=gettext_noop("Answers given here"),
)  # fmt: skip
def replies(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Replies:
    found = thread_told(request, pk)
    rows = newest(_replies(pk), cursor, "replies", limit)
    kept, following = paged(request, "replies", rows, limit)
    return Replies.model_construct(items=[ReplyShown.of(row, found.network) for row in kept], next=following)


@router.post(
    f"{THREAD}/replies", auth=WRITES, response={201: ReplyShown}, operation_id="reply", tags=["replies"],
    summary=gettext_noop("Answer"),
)  # fmt: skip
def reply(
    request: ApiRequest,
    brand: str,
    pk: int,
    given: ReplyGiven,
    idempotency_key: Key = "",
) -> Status[Any]:
    found = thread_found(request, pk)
    if not found.channel.can_now(CanReply):
        raise Problem("cannot-answer", found.channel.silence or _("Nothing can leave on this channel now."))
    form = ReplyForm({"text": given.text}, thread=found, by=request.user)
    text = _fitting(form)
    key = _key(request, pk, idempotency_key)
    try:
        made = found.reply(text, request.user, seen=given.seen, key=key, enclosed=given.enclosures)
    except Locked as theirs:
        raise locked(theirs) from None
    except Answered as other:
        newer = ReplyShown.of(other.reply, found.channel.network)
        words = _("%(who)s answered meanwhile.") % {"who": other.reply.author or _("A colleague")}
        raise Problem("answered-meanwhile", words, reply=newer.model_dump(mode="json")) from None
    except ValueError as why:
        if str(why) == "enclosures":
            words = _("Nothing of this number lies beside your answer.")
            raise wrong_at("enclosures", words) from None
        words = _("There is no message left to answer: its author took it back.")
        raise Problem("cannot-answer", words) from None
    if made.words != text:
        raise Problem("key-reused")
    return Status(201, ReplyShown.of(made, found.channel.network))


@router.get(
    f"{THREAD}/replies/{{number:reply}}", auth=READS, response=ReplyShown, operation_id="one-reply",
    tags=["replies"], summary=gettext_noop("One answer, and what became of it"),
)  # fmt: skip
def one_reply(request: ApiRequest, brand: str, pk: int, reply: int) -> ReplyShown:
    found = thread_told(request, pk)
    row = _replies(pk).filter(pk=reply).first()
    if row is None:
        raise Problem("not-found")
    return ReplyShown.of(row, found.network)


@router.delete(
    f"{THREAD}/replies/{{number:reply}}", auth=WRITES, response={204: None}, operation_id="undo-reply",
    tags=["replies"], summary=gettext_noop("Keep one's own answer from leaving"),
)  # fmt: skip
def undo_reply(request: ApiRequest, brand: str, pk: int, reply: int) -> Status[Any]:
    thread_told(request, pk)
    row = _replies(pk).filter(pk=reply, author=request.user).first()
    return _undone(row)


@router.get(
    f"{THREAD}/notes", auth=READS, response=Notes, operation_id="notes", tags=["notes"],
    summary=gettext_noop("Notes of colleagues"),
)  # fmt: skip
def notes(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Notes:
    thread_told(request, pk)
    rows = Note.objects.filter(thread=pk, withdrawn_at=None).select_related("author")
    kept, following = paged(request, "notes", newest(rows, cursor, "notes", limit), limit)
    return Notes.model_construct(items=[NoteShown.of(row) for row in kept], next=following)


@router.post(
    f"{THREAD}/notes", auth=WRITES, response={201: NoteShown}, operation_id="note", tags=["notes"],
    summary=gettext_noop("Write a note for colleagues"),
)  # fmt: skip
def note(request: ApiRequest, brand: str, pk: int, given: NoteGiven) -> Status[Any]:
    text = _fitting(NoteForm({"text": given.text})).replace("\x00", "")
    made = thread_found(request, pk).note(text, request.user)
    return Status(201, NoteShown.of(made))


@router.delete(
    f"{THREAD}/notes/{{number:note}}", auth=WRITES, response={204: None}, operation_id="undo-note",
    tags=["notes"], summary=gettext_noop("Take back one's own note"),
)  # fmt: skip
def undo_note(request: ApiRequest, brand: str, pk: int, note: int) -> Status[Any]:
    thread_told(request, pk)
    mine = Note.objects.filter(pk=note, thread=pk, author=request.user, withdrawn_at=None)
    return _undone(mine.select_related("thread").first())


def locked(theirs: Locked) -> Problem:
    """A colleague is writing the answer."""
    words = _("%(who)s is writing the answer.") % {"who": theirs.lock.by}
    return Problem("locked", words, lock=LockShown.of(theirs.lock).model_dump(mode="json"))


def thread_told(request: ApiRequest, pk: int) -> Told:
    found = told_of(request.brand.pk, request.user.pk, pk)
    if found is None:
        raise Problem("not-found")
    return found


def thread_shown(request: ApiRequest, pk: int) -> ThreadShown:
    return ThreadShown.of(thread_told(request, pk))


def thread_found(request: ApiRequest, pk: int) -> Thread:
    found = Thread.objects.of(request.brand).filter(pk=pk).select_related("channel", "person").first()
    if found is None:
        raise Problem("not-found")
    found.brand = found.channel.brand = request.brand
    return found


def _replies(thread: int) -> Any:
    rows = Reply.objects.filter(thread=thread).select_related("delivery", "author", "thread")
    return rows.prefetch_related(Prefetch("delivery__attachments", Attachment.objects.defer("content")))


def _fitting(form: Written) -> str:
    """The text, if it will do."""
    if not form.is_valid():
        raise wrong_at("text", form.wrong)
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
