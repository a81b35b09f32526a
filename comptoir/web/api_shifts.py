"""For programs: the duty list itself. Who is on duty each week, who stands in, how long somebody has who was called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.models import Shift, TooManyShifts
from comptoir.organisation.opening import clock_of
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.web.duty import may_take_off, too_many, whom
from comptoir.web.duty_forms import PATIENCE_MOST, DatedForm, WeeklyForm

router = Router(tags=["duty"])
SHIFTS = "/brands/{slug:brand}/shifts"
_DECIDES, _STANDS_IN = Bearer("people:write", "manager"), Bearer("people:write", "agent")
_PLACE: Any = Field(default=1, ge=1, le=3, description=gettext_noop("In which order they are called."))


class ShiftShown(BaseModel):
    """Somebody is on duty, on a weekday of every week or once from a day on, by the brand's clock."""

    id: int
    person: PersonBrief
    place: int = _PLACE
    weekday: int | None = Field(description=gettext_noop("0 is Monday; null for a shift of a date."))
    day: date | None
    begins: str = Field(description=gettext_noop("As in 18:00."))
    minutes: int = Field(description=gettext_noop("How long it lasts."))

    @classmethod
    def of(cls, shift: Shift) -> ShiftShown:
        return cls.model_construct(
            id=shift.pk, person=PersonBrief.of(shift.user), place=shift.place, weekday=shift.weekday, day=shift.day,
            begins=clock_of(shift.begins), minutes=shift.lasts,
        )  # fmt: skip


class Shifts(BaseModel):
    """The duty list as it was settled; who is on duty when stands at duty."""

    items: list[ShiftShown]


class WeeklyGiven(Given):
    """Somebody on duty every week; until the next day when the end is not later."""

    person: int = Field(ge=1, le=NUMBER_MOST)
    place: int = _PLACE
    weekdays: list[int] = Field(min_length=1, max_length=7, description=gettext_noop("0 is Monday."))
    begins: str = Field(max_length=8, description=gettext_noop("As in 18:00."))
    ends: str = Field(max_length=8, description=gettext_noop("As in 18:00."))


class DatedGiven(Given):
    """Somebody on duty once, instead of whoever has the place then."""

    person: int = Field(ge=1, le=NUMBER_MOST)
    place: int = _PLACE
    begins: str = Field(max_length=30, description=gettext_noop("By the brand's clock: 2026-12-24T18:00."))
    ends: str = Field(max_length=30, description=gettext_noop("By the brand's clock: 2026-12-24T18:00."))


class PatienceGiven(Given):
    """How long somebody who was called has before the next one is."""

    minutes: int = Field(ge=1, le=PATIENCE_MOST)


@router.get(
    SHIFTS, auth=Bearer("people:read"), response=Shifts, operation_id="shifts",
    summary=gettext_noop("The duty list as it was settled"),
)  # fmt: skip
def shifts(request: ApiRequest, brand: str) -> Shifts:
    rows = Shift.objects.of(request.brand).select_related("user")
    found = rows.order_by("weekday", "day", "begins", "place", "pk")
    return Shifts.model_construct(items=[ShiftShown.of(each) for each in found])


@router.post(
    f"{SHIFTS}/weekly", auth=_DECIDES, response={201: Shifts}, operation_id="put-on-duty",
    summary=gettext_noop("Put somebody on duty every week"),
)  # fmt: skip
def weekly(request: ApiRequest, brand: str, given: WeeklyGiven) -> Status[Any]:
    asked = _asked(WeeklyForm(request.brand.answerers(), _prefixed("weekly", given)))
    try:
        made = Shift.weekly(request.brand, by=request.user, **asked)
    except TooManyShifts:
        raise wrong_at("weekdays", too_many()) from None
    return Status(201, Shifts.model_construct(items=[ShiftShown.of(each) for each in made]))


@router.post(
    f"{SHIFTS}/dated", auth=_STANDS_IN, response={201: ShiftShown}, operation_id="stand-in",
    summary=gettext_noop("Stand in once; by a manager's word anybody does"),
)  # fmt: skip
def dated(request: ApiRequest, brand: str, given: DatedGiven) -> Status[Any]:
    asked = _asked(DatedForm(whom(request), _prefixed("dated", given)))
    try:
        made = Shift.dated(request.brand, by=request.user, **asked)
    except TooManyShifts:
        raise wrong_at("begins", too_many()) from None
    except ValueError:
        raise wrong_at("ends", _("Give an end that is later, by a month at the most.")) from None
    return Status(201, ShiftShown.of(made))


@router.delete(
    f"{SHIFTS}/{{number:pk}}", auth=_STANDS_IN, response={204: None}, operation_id="take-off-duty",
    summary=gettext_noop("Take a shift off the list: one's own standing in, or as a manager any"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    found = Shift.objects.of(request.brand).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such shift any more."))
    if not may_take_off(request, found):
        raise Problem("role-too-low", _("Only managers and owners settle who is on duty each week."))
    found.remove(request.user)
    return Status(204, None)


@router.put(
    "/brands/{slug:brand}/duty/patience", auth=_DECIDES, response=PatienceGiven, operation_id="patience",
    summary=gettext_noop("Say how long somebody who was called has"),
)  # fmt: skip
def patience(request: ApiRequest, brand: str, given: PatienceGiven) -> PatienceGiven:
    request.brand.change(request.user, duty_minutes=given.minutes)
    return given


def _prefixed(prefix: str, given: WeeklyGiven | DatedGiven) -> dict[str, Any]:
    """As the page's form takes it."""
    said = given.model_dump()
    return {f"{prefix}-{name}": value for name, value in {**said, "user": said.pop("person")}.items()}


def _asked(form: WeeklyForm | DatedForm) -> dict[str, Any]:
    if not form.is_valid():
        raise unfit(form, {"user": "person"})
    return form.cleaned_data
