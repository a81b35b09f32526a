"""For programs: who is on duty, calling them, taking a call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.kernel import clock
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.models import Alarm, Brand, Shift, User
from comptoir.organisation.models.alarm import NOTE_MOST
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page, newest, paged
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.rota import watches

router = Router(tags=["duty"])
AHEAD = timedelta(days=7)


class WatchShown(BaseModel):
    """A time during which the same people are on duty."""

    begins: datetime
    ends: datetime
    people: list[PersonBrief] = Field(
        description=gettext_noop("In the order in which they are called; empty when nobody is on duty.")
    )


class DutyShown(BaseModel):
    """Who is on duty now and for the next seven days."""

    zone: str = Field(description=gettext_noop("The time zone that shifts are kept in."))
    minutes: int = Field(description=gettext_noop("How long somebody has before the next one is called."))
    now: list[PersonBrief]
    watches: list[WatchShown]


class CallGiven(BaseModel):
    """What whoever is on duty has to know."""

    model_config = ConfigDict(extra="forbid")
    note: str = Field(default="", max_length=NOTE_MOST)


class CallShown(BaseModel):
    """Somebody who was called."""

    person: PersonBrief
    step: str = Field(description=gettext_noop("duty, or owner once nobody on duty took it."))
    at: datetime


class AlarmShown(BaseModel):
    """A call to whoever is on duty."""

    id: int
    reason: str
    about: str = Field(description=gettext_noop("What it concerns: thread:12, or late for all that is."))
    note: str
    by: PersonBrief | None
    created: datetime
    calls: list[CallShown]
    acknowledged: datetime | None
    acknowledged_by: PersonBrief | None

    @classmethod
    def of(cls, alarm: Alarm) -> AlarmShown:
        calls = [
            CallShown.model_construct(person=PersonBrief.of(each.user), step=each.step, at=each.at)
            for each in alarm.calls.all()
        ]
        return cls.model_construct(
            id=alarm.pk, reason=alarm.reason, about=alarm.about, note=alarm.note, by=_brief(alarm.by),
            created=alarm.created, calls=sorted(calls, key=lambda call: call.at),
            acknowledged=alarm.acknowledged_at, acknowledged_by=_brief(alarm.acknowledged_by),
        )  # fmt: skip


class Alarms(Page[AlarmShown]):
    """Calls, the newest first."""


def _brief(user: User | None) -> PersonBrief | None:
    return PersonBrief.of(user) if user is not None else None


@router.get(
    "/brands/{slug:brand}/duty", auth=Bearer("people:read"), response=DutyShown, operation_id="duty",
    summary=gettext_noop("Who is on duty"),
)  # fmt: skip
def duty(request: ApiRequest, brand: str) -> DutyShown:
    patterns = Shift.objects.of(request.brand).patterns(request.brand)
    people = {
        pk: PersonBrief.of(user)
        for pk, user in User.objects.in_bulk({each.user for each in patterns}).items()
    }
    now = clock.now()
    found = [
        WatchShown.model_construct(
            begins=watch.begins, ends=watch.ends, people=[people[user] for user in watch.people]
        )
        for watch in watches(patterns, request.brand.zone, now, now + AHEAD)
    ]
    return DutyShown.model_construct(
        zone=str(request.brand.zone), minutes=request.brand.duty_minutes, now=found[0].people, watches=found
    )


@router.get(
    "/brands/{slug:brand}/alarms", auth=Bearer("threads:read"), response=Alarms, operation_id="alarms",
    summary=gettext_noop("Calls to those on duty"),
)  # fmt: skip
def alarms(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Alarms:
    rows = newest(_alarms(request.brand), cursor, "alarms", limit)
    found, following = paged(request, "alarms", rows, limit)
    return Alarms.model_construct(items=[AlarmShown.of(each) for each in found], next=following)


@router.post(
    "/brands/{slug:brand}/alarms", auth=Bearer("threads:write", "agent"), response={201: AlarmShown},
    operation_id="call", summary=gettext_noop("Call whoever is on duty"),
)  # fmt: skip
def call(request: ApiRequest, brand: str, given: CallGiven) -> Status[Any]:
    return Status(201, sounded(request, "", given))


@router.get(
    "/brands/{slug:brand}/alarms/{number:pk}", auth=Bearer("threads:read"), response=AlarmShown,
    operation_id="alarm", summary=gettext_noop("One call"),
)  # fmt: skip
def alarm(request: ApiRequest, brand: str, pk: int) -> AlarmShown:
    return AlarmShown.of(_alarm(request, pk))


@router.post(
    "/brands/{slug:brand}/alarms/{number:pk}/acknowledgement", auth=Bearer("threads:write", "agent"),
    response=AlarmShown, operation_id="acknowledge", summary=gettext_noop("Take a call"),
    description=gettext_noop("Nobody else is called then. 409 when a colleague has it already."),
)  # fmt: skip
def acknowledge(request: ApiRequest, brand: str, pk: int) -> AlarmShown:
    found = _alarm(request, pk)
    if not found.acknowledge(request.user) and found.acknowledged_by_id != request.user.pk:
        raise Problem("too-late")
    return AlarmShown.of(_alarm(request, pk))


def sounded(request: ApiRequest, about: str, given: CallGiven) -> AlarmShown:
    """Call whoever is on duty about something, in the name of the token's person."""
    note = given.note.replace("\x00", "")
    made = Alarm.sound(request.brand, "colleague", about, request.user, note)
    return AlarmShown.of(_alarm(request, made.pk))


def _alarm(request: ApiRequest, pk: int) -> Alarm:
    found: Alarm | None = _alarms(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return found


def _alarms(brand: Brand):  # type: ignore[no-untyped-def]
    rows = Alarm.objects.of(brand).select_related("by", "acknowledged_by")
    return rows.prefetch_related("calls__user")
