"""For programs: cases in the hands of customer service."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Header, Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, THREAD, WRITES, thread_found
from comptoir.inbox.casework import tidy_number
from comptoir.inbox.models import Case, ServiceDesk
from comptoir.inbox.models.case import CONTACT_MOST, NOTE_MOST, TEXT_MOST, THEIRS_MOST
from comptoir.inbox.shapes_of_acts import Given, SettledGiven
from comptoir.organisation.models import Brand
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.paging import NUMBER_MOST, USUAL, After, Limit, Page, newest, paged
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["cases"])


class DeskShown(BaseModel):
    """A desk of customer service."""

    id: int
    name: str
    way: str = Field(description=gettext_noop("mail or program."))

    @classmethod
    def of(cls, desk: ServiceDesk) -> DeskShown:
        return cls.model_construct(id=desk.pk, name=desk.name, way=desk.way)


class Desks(BaseModel):
    """The desks that take cases, by name."""

    items: list[DeskShown]


class CaseGiven(Given):
    """A thread to hand over."""

    desk: int = Field(ge=1, le=NUMBER_MOST)
    note: str = Field(min_length=1, max_length=NOTE_MOST)
    messages: list[int] = Field(
        default=[], max_length=100, description=gettext_noop("The messages of the thread that go along.")
    )
    contact: str = Field(default="", max_length=CONTACT_MOST)
    consent: str = Field(
        default="", max_length=CONTACT_MOST,
        description=gettext_noop("How the person agreed that contact is passed on: needed with it."),
    )  # fmt: skip


class OutcomeGiven(Given):
    """What came of a case."""

    text: str = Field(min_length=1, max_length=TEXT_MOST)
    number: str = Field(
        default="", max_length=THEIRS_MOST, description=gettext_noop("The desk's own number.")
    )
    done: bool = True


class CaseShown(BaseModel):
    """A case."""

    number: int
    desk: int
    thread: int
    state: str = Field(description=gettext_noop("waiting, sending, sent, uncertain or failed."))
    theirs: str = Field(description=gettext_noop("The desk's own number."))
    note: str
    created: datetime
    answered: datetime | None
    done: datetime | None

    @classmethod
    def of(cls, case: Case) -> CaseShown:
        return cls.model_construct(
            number=case.number, desk=case.desk_id, thread=case.thread_id, state=case.state, theirs=case.theirs,
            note=case.note, created=case.created, answered=case.answered_at, done=case.done_at,
        )  # fmt: skip


class Cases(Page[CaseShown]):
    """Cases, the newest first."""


Key = Annotated[
    str,
    Header(alias="Idempotency-Key", max_length=64, description=gettext_noop("Makes an act sent twice one.")),
]


@router.get(
    "/brands/{slug:brand}/desks", auth=READS, response=Desks, operation_id="desks",
    summary=gettext_noop("Desks of customer service"),
)  # fmt: skip
def desks(request: ApiRequest, brand: str) -> Desks:
    found = ServiceDesk.objects.of(request.brand).filter(retired_at=None).order_by("name")
    return Desks.model_construct(items=[DeskShown.of(each) for each in found])


@router.get(
    "/brands/{slug:brand}/cases", auth=READS, response=Cases, operation_id="cases",
    summary=gettext_noop("Cases in the hands of customer service"),
)  # fmt: skip
def cases(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Cases:
    rows = newest(Case.objects.of(request.brand), cursor, "cases", limit)
    found, following = paged(request, "cases", rows, limit)
    return Cases.model_construct(items=[CaseShown.of(each) for each in found], next=following)


@router.get(
    "/brands/{slug:brand}/cases/{number:number}", auth=READS, response=CaseShown, operation_id="case",
    summary=gettext_noop("One case"),
)  # fmt: skip
def case(request: ApiRequest, brand: str, number: int) -> CaseShown:
    return CaseShown.of(_case(request.brand, number))


@router.post(
    f"{THREAD}/cases", auth=WRITES, response={201: CaseShown}, operation_id="hand-over",
    summary=gettext_noop("Hand it over to customer service"),
)  # fmt: skip
def hand_over(request: ApiRequest, brand: str, pk: int, given: CaseGiven, key: Key = "") -> Status[Any]:
    found = thread_found(request, pk)
    found.brand = request.brand
    desk = ServiceDesk.objects.of(request.brand).filter(pk=given.desk, retired_at=None).first()
    if desk is None:
        raise wrong_at("desk", _("There is no such desk any more."))
    words = {
        name: getattr(given, name).replace("\x00", "").strip() for name in ("note", "contact", "consent")
    }
    try:
        made = Case.hand_over(
            found, desk, request.user, messages=given.messages, key=_named(key, request, pk), **words
        )
    except ValueError:
        raise wrong_at("consent", _("Say how they agreed, or leave out how to reach them.")) from None
    return Status(201, CaseShown.of(made))


@router.post(
    "/brands/{slug:brand}/cases/{number:number}/outcomes", auth=WRITES, response=CaseShown,
    operation_id="bring-back", summary=gettext_noop("Bring back what came of a case"),
)  # fmt: skip
def bring_back(request: ApiRequest, brand: str, number: int, given: OutcomeGiven, key: Key = "") -> CaseShown:
    found = _case(request.brand, number)
    text = given.text.replace("\x00", "").strip()
    if not text:
        raise wrong_at("text", _("Write something first."))
    found.bring_back(text, f"api:{key or uuid.uuid4().hex}", tidy_number(given.number), given.done)
    return CaseShown.of(_case(request.brand, number))


@router.post(
    "/brands/{slug:brand}/cases/{number:number}/settlement", auth=WRITES, response=CaseShown,
    operation_id="settle-case",
    summary=gettext_noop("Say whether a case that is stuck arrived, or have it leave again"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, number: int, given: SettledGiven) -> CaseShown:
    if not _case(request.brand, number).settle(given.there, request.user):
        raise Problem("too-late", _("There is nothing to settle about it any more."))
    return CaseShown.of(_case(request.brand, number))


def _named(key: str, request: ApiRequest, pk: int) -> str:
    """The name of a case for an idempotency key: one for each person and thread."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{request.user.pk}:{pk}:{key}").hex if key else ""


def _case(brand: Brand, number: int) -> Case:
    rows = Case.objects.of(brand).select_related("desk", "thread", "brand")
    found = rows.filter(number=number).first()
    if found is None:
        raise Problem("not-found")
    return found
