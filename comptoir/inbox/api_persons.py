"""For programs: the people who write, what is noted of them, and what was promised to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, WRITES
from comptoir.inbox.models import Objects, PersonNote, Promise, Tag, Thread
from comptoir.inbox.models.contact import (
    Handle,
    handles_of,
    link,
    note_down,
    promise,
    tag_person,
    unlink,
    untag_person,
)
from comptoir.inbox.models.person_file import exchanges_of, file_of, is_known
from comptoir.inbox.models.sorting import TooManyTags, tags_full, unfit_tag
from comptoir.inbox.shapes import Stranger
from comptoir.inbox.shapes_of_acts import Given
from comptoir.inbox.views.contact import unlinked
from comptoir.networks.models import Actor
from comptoir.networks.models.activity import is_erased
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.models import Role
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.paging import (
    NUMBER_MOST,
    USUAL,
    After,
    Limit,
    Page,
    moment,
    newest,
    next_moment,
    paged,
)
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["persons"])
PERSON = "/brands/{slug:brand}/persons/{number:pk}"


class HandleShown(Stranger):
    """A handle of the person: how they agreed that it stands with the others."""

    how: Literal["told", "agreed"]
    words: str


class PersonShown(Stranger):
    """Somebody who wrote to the brand."""

    tags: list[str]
    handles: list[HandleShown] = Field(
        description=gettext_noop("All of theirs, where several are known to be one person's.")
    )


class ExchangeShown(BaseModel):
    """A thread in which the person has a word."""

    id: int
    network: str
    channel: str
    last_text: str
    last_at: datetime
    closed: bool
    messages: int
    theirs: bool = Field(description=gettext_noop("Whether it is their own conversation."))


class Exchanges(Page[ExchangeShown]):
    """Threads, the one that moved last at the top."""


class PersonNoteShown(BaseModel):
    """A note about a person."""

    id: int
    text: str
    author: PersonBrief | None
    created: datetime

    @classmethod
    def of(cls, note: PersonNote) -> PersonNoteShown:
        author = PersonBrief.of(note.by) if note.by else None
        return cls.model_construct(id=note.pk, text=note.text, author=author, created=note.at)


class PersonNotes(Page[PersonNoteShown]):
    """Notes about a person, the newest at the top."""


class PromiseShown(BaseModel):
    """What was promised to a person."""

    id: int
    person: int
    thread: int | None
    what: str
    due: date
    by: PersonBrief | None
    kept: bool | None = Field(description=gettext_noop("What became of it; null while it is open."))

    @classmethod
    def of(cls, row: Promise) -> PromiseShown:
        return cls.model_construct(
            id=row.pk, person=row.actor_id, thread=row.thread_id, what=row.what, due=row.due, kept=row.kept,
            by=PersonBrief.of(row.by) if row.by else None,
        )  # fmt: skip


class Promises(Page[PromiseShown]):
    """Promises, the newest at the top."""


class PersonNoteGiven(Given):
    """A note about a person."""

    text: str = Field(min_length=1, max_length=4_000)


class PersonTagGiven(Given):
    """A tag for a person; the brand gets it when it has none of that name."""

    name: str = Field(min_length=1, max_length=40)


class PromiseGiven(Given):
    """What is promised, by when."""

    what: str = Field(min_length=1, max_length=300)
    due: date
    thread: int | None = Field(default=None, ge=1, le=NUMBER_MOST)


class SettlingGiven(Given):
    """What became of a promise."""

    kept: bool | None = Field(description=gettext_noop("null opens it again."))


class LinkGiven(Given):
    """Another handle of the same person, with their consent."""

    other: int = Field(
        ge=1, le=NUMBER_MOST, description=gettext_noop("The number of the other handle's person.")
    )
    how: Literal["told", "agreed"]
    words: str = Field(default="", max_length=300)


def person_found(request: ApiRequest, pk: int) -> Actor:
    found = Actor.objects.filter(pk=pk).first()
    if found is None or is_erased(found.remote_id) or not is_known(request.brand.pk, pk):
        raise Problem("not-found")
    return found


def _objects() -> Problem:
    words = _("This person objects to being kept: nothing new is noted of them.")
    return wrong_at("pk", words)


@router.get(
    PERSON, auth=READS, response=PersonShown, operation_id="person", summary=gettext_noop("One person")
)
def person(request: ApiRequest, brand: str, pk: int) -> PersonShown:
    return _shown(request, person_found(request, pk))


def _shown(request: ApiRequest, found: Actor) -> PersonShown:
    tags = file_of(request.brand.pk, found.pk).tags
    rows = Handle.objects.of(request.brand)
    mine = rows.filter(contact__in=rows.filter(actor=found).values("contact")).select_related("actor")
    handles = [
        HandleShown.model_construct(**Stranger.shown(row.actor).model_dump(), how=row.how, words=row.words)
        for row in mine.order_by("pk")
    ]
    return PersonShown.model_construct(**Stranger.shown(found).model_dump(), tags=list(tags), handles=handles)


@router.get(
    f"{PERSON}/threads", auth=READS, response=Exchanges, operation_id="exchanges",
    summary=gettext_noop("Every exchange with a person, under all their handles"),
)  # fmt: skip
def exchanges(
    request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = ""
) -> Exchanges:
    people = handles_of(request.brand, person_found(request, pk))
    rows = exchanges_of(request.brand.pk, people, moment(cursor, "exchanges"), limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    items = [
        ExchangeShown.model_construct(
            id=row.pk, network=row.network, channel=row.channel, last_text=row.words, last_at=row.at,
            closed=row.closed, messages=row.messages, theirs=bool(row.theirs),
        )
        for row in rows
    ]  # fmt: skip
    following = next_moment(request, "exchanges", rows[-1].at, rows[-1].pk) if more else None
    return Exchanges.model_construct(items=items, next=following)


@router.get(
    f"{PERSON}/notes", auth=READS, response=PersonNotes, operation_id="person-notes",
    summary=gettext_noop("Notes about a person"),
)  # fmt: skip
def notes(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> PersonNotes:
    people = handles_of(request.brand, person_found(request, pk))
    rows = PersonNote.objects.of(request.brand).filter(actor__in=people).select_related("by")
    kept, following = paged(request, "person-notes", newest(rows, cursor, "person-notes", limit), limit)
    return PersonNotes.model_construct(items=[PersonNoteShown.of(row) for row in kept], next=following)


@router.post(
    f"{PERSON}/notes", auth=WRITES, response={201: PersonNoteShown}, operation_id="note-person",
    summary=gettext_noop("Note something about a person"),
)  # fmt: skip
def note(request: ApiRequest, brand: str, pk: int, given: PersonNoteGiven) -> Status[Any]:
    text = given.text.replace("\x00", "").strip()
    if not text:
        words = _("Write something first.")
        raise wrong_at("text", words)
    try:
        made = note_down(request.brand, person_found(request, pk), text, request.user)
    except Objects:
        raise _objects() from None
    return Status(201, PersonNoteShown.of(made))


@router.delete(
    f"{PERSON}/notes/{{number:about}}", auth=WRITES, response={204: None}, operation_id="remove-person-note",
    summary=gettext_noop("Remove a note about a person: one's own, or any as a manager"),
)  # fmt: skip
def remove_note(request: ApiRequest, brand: str, pk: int, about: int) -> Status[Any]:
    people = handles_of(request.brand, person_found(request, pk))
    rows = PersonNote.objects.of(request.brand).filter(actor__in=people, pk=about)
    if not request.membership.may(Role.MANAGER):
        rows = rows.filter(by=request.user)
    if (found := rows.first()) is None:
        raise Problem("not-found")
    found.remove(request.user)
    return Status(204, None)


@router.post(
    f"{PERSON}/tags", auth=WRITES, response=PersonShown, operation_id="tag-person",
    summary=gettext_noop("Put a tag on a person"),
)  # fmt: skip
def put_tag(request: ApiRequest, brand: str, pk: int, given: PersonTagGiven) -> PersonShown:
    found = person_found(request, pk)
    try:
        tag_person(request.brand, found, Tag.called(request.brand, given.name, request.user), request.user)
    except ValueError:
        raise wrong_at("name", unfit_tag()) from None
    except TooManyTags:
        raise wrong_at("name", tags_full()) from None
    except Objects:
        raise _objects() from None
    return _shown(request, found)


@router.delete(
    f"{PERSON}/tags/{{number:tag}}", auth=WRITES, response=PersonShown, operation_id="untag-person",
    summary=gettext_noop("Take a tag off a person"),
)  # fmt: skip
def take_tag(request: ApiRequest, brand: str, pk: int, tag: int) -> PersonShown:
    found, known = person_found(request, pk), Tag.objects.of(request.brand).filter(pk=tag).first()
    if known is None:
        raise Problem("not-found")
    untag_person(request.brand, found, known, request.user)
    return _shown(request, found)


@router.post(
    f"{PERSON}/links", auth=WRITES, response=PersonShown, operation_id="link",
    summary=gettext_noop("Two handles are one person's, who agreed to it"),
)  # fmt: skip
def put_link(request: ApiRequest, brand: str, pk: int, given: LinkGiven) -> PersonShown:
    found, other = person_found(request, pk), person_found(request, given.other)
    try:
        link(request.brand, found, other, given.how, given.words.replace("\x00", ""), request.user)
    except Objects:
        raise _objects() from None
    except ValueError as why:
        words = unlinked(str(why))
        raise wrong_at("other", words) from None
    return _shown(request, found)


@router.delete(
    f"{PERSON}/links", auth=WRITES, response=PersonShown, operation_id="unlink",
    summary=gettext_noop("This handle stands for itself again"),
)  # fmt: skip
def take_link(request: ApiRequest, brand: str, pk: int) -> PersonShown:
    found = person_found(request, pk)
    unlink(request.brand, found, request.user)
    return _shown(request, found)


@router.post(
    f"{PERSON}/promises", auth=WRITES, response={201: PromiseShown}, operation_id="promise",
    summary=gettext_noop("Write down what was promised to a person"),
)  # fmt: skip
def put_promise(request: ApiRequest, brand: str, pk: int, given: PromiseGiven) -> Status[Any]:
    thread = None
    if given.thread is not None:
        thread = Thread.objects.of(request.brand).filter(pk=given.thread).first()
        if thread is None:
            words = _("There is no such thread here.")
            raise wrong_at("thread", words)
    what = given.what.replace("\x00", "")
    try:
        made = promise(request.brand, person_found(request, pk), what, given.due, request.user, thread)
    except Objects:
        raise _objects() from None
    return Status(201, PromiseShown.of(made))


@router.get(
    "/brands/{slug:brand}/promises", auth=READS, response=Promises, operation_id="promises",
    summary=gettext_noop("What was promised"),
)  # fmt: skip
def promises(
    request: ApiRequest,
    brand: str,
    show: Literal["open", "all"] = "open",
    limit: Limit = USUAL,
    cursor: After = "",
) -> Promises:
    rows = Promise.objects.of(request.brand).select_related("by")
    rows = rows if show == "all" else rows.open()
    kept, following = paged(request, "promises", newest(rows, cursor, "promises", limit), limit)
    return Promises.model_construct(items=[PromiseShown.of(row) for row in kept], next=following)


@router.post(
    "/brands/{slug:brand}/promises/{number:pk}/settlement", auth=WRITES, response=PromiseShown,
    operation_id="settle-promise", summary=gettext_noop("Say what became of a promise"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, pk: int, given: SettlingGiven) -> PromiseShown:
    found = Promise.objects.of(request.brand).filter(pk=pk).select_related("by").first()
    if found is None:
        raise Problem("not-found")
    found.settle(given.kept, request.user)
    found.refresh_from_db(fields=["kept"])
    return PromiseShown.of(found)
