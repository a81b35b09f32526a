"""For programs: when the counter is open, and hours beside the brand's own under a name."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.models import Hours, NameTaken
from comptoir.organisation.opening import OFFICE, Week, clock_of
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.web.hours import DAYS, NAME_MOST, OFF_MOST, HoursForm, initial_of
from comptoir.web.other_hours import OtherHoursForm

router = Router(tags=["hours"])
HOURS = "/brands/{slug:brand}/hours"
_READS, _DECIDES = Bearer("threads:read"), Bearer("threads:write", "manager")
_CLOCK: Any = Field(
    pattern=r"^[0-9]{2}:[0-9]{2}$", description=gettext_noop("As in 09:30; 24:00 ends a day.")
)


class SpanOpen(Given):
    """A time of a day at which the counter is open."""

    opens: str = _CLOCK
    shuts: str = _CLOCK

    @classmethod
    def of(cls, opens: int, shuts: int) -> SpanOpen:
        return cls.model_construct(opens=clock_of(opens), shuts=clock_of(shuts))


class DayShut(Given):
    """A day on which it stays shut."""

    day: date
    name: str = Field(default="", max_length=NAME_MOST)


class HoursGiven(Given):
    """When the counter is open."""

    zone: str = Field(max_length=60, description=gettext_noop("The time zone, such as Europe/Paris."))
    week: list[list[SpanOpen]] = Field(
        min_length=7, max_length=7, description=gettext_noop("Seven days, Monday first; none: shut all day.")
    )
    days_off: list[DayShut] = Field(default=[], max_length=OFF_MOST)

    def data(self) -> dict[str, Any]:
        """As the page's form takes it."""
        said = {
            name: ", ".join(f"{each.opens}-{each.shuts}" for each in spans)
            for name, spans in zip(DAYS, self.week, strict=True)
        }
        off = "\n".join(f"{each.day} {' '.join(each.name.split())}" for each in self.days_off)
        return {"zone": self.zone, "off": off, **said}


class NamedHoursGiven(HoursGiven):
    """Hours beside the brand's own."""

    name: str = Field(min_length=1, max_length=NAME_MOST)

    def data(self) -> dict[str, Any]:
        return {**super().data(), "name": self.name}


class HoursShown(BaseModel):
    """When the counter is open."""

    id: int | None = Field(description=gettext_noop("Null while nobody has settled the brand's own."))
    name: str = Field(description=gettext_noop("Empty for the brand's own."))
    zone: str
    week: list[list[SpanOpen]] = Field(description=gettext_noop("Seven days, Monday first."))
    days_off: list[DayShut]

    @classmethod
    def of(cls, hours: Hours) -> HoursShown:
        week: Week = hours.week
        return cls.model_construct(
            id=hours.pk, name=hours.name, zone=hours.zone,
            week=[[SpanOpen.of(opens, shuts) for opens, shuts in day] for day in week],
            days_off=[DayShut.model_construct(day=each.day, name=each.name) for each in hours.off],
        )  # fmt: skip


class AllHours(BaseModel):
    """The brand's own hours, and those beside them by name: queues choose from these."""

    usual: HoursShown
    items: list[HoursShown]


@router.get(
    HOURS, auth=_READS, response=AllHours, operation_id="hours", summary=gettext_noop("Business hours")
)
def hours(request: ApiRequest, brand: str) -> AllHours:
    rows = Hours.objects.of(request.brand)
    zone = initial_of(request.brand, None)["zone"]
    usual = rows.usual() or Hours(brand=request.brand, zone=zone, week=OFFICE)
    return AllHours.model_construct(
        usual=HoursShown.of(usual), items=[HoursShown.of(each) for each in rows.named()]
    )


@router.put(
    f"{HOURS}/usual", auth=_DECIDES, response=AllHours, operation_id="settle-hours",
    summary=gettext_noop("Settle the brand's own"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, given: HoursGiven) -> AllHours:
    asked = _asked(HoursForm(given.data()))
    Hours.settle(request.brand, asked["zone"], asked["week"], asked["off"], request.user)
    return hours(request, brand)


@router.post(
    HOURS, auth=_DECIDES, response={201: HoursShown}, operation_id="make-hours",
    summary=gettext_noop("Make further ones, under a name"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: NamedHoursGiven) -> Status[Any]:
    return Status(201, _changed(request, Hours(brand=request.brand), given))


@router.get(
    f"{HOURS}/{{number:pk}}", auth=_READS, response=HoursShown, operation_id="named-hours",
    summary=gettext_noop("Those of one name"),
)  # fmt: skip
def named(request: ApiRequest, brand: str, pk: int) -> HoursShown:
    return HoursShown.of(_found(request, pk))


@router.put(
    f"{HOURS}/{{number:pk}}", auth=_DECIDES, response=HoursShown, operation_id="change-hours",
    summary=gettext_noop("Change them"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: NamedHoursGiven) -> HoursShown:
    return _changed(request, _found(request, pk), given)


@router.delete(
    f"{HOURS}/{{number:pk}}", auth=_DECIDES, response={204: None}, operation_id="remove-hours",
    summary=gettext_noop("Remove them: what went by them goes by the brand's own"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


def _found(request: ApiRequest, pk: int) -> Hours:
    found = Hours.objects.of(request.brand).named().filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There are no such hours any more."))
    return found


def _asked(form: HoursForm) -> dict[str, Any]:
    if not form.is_valid():
        raise unfit(form, {"off": "days_off", **dict.fromkeys(DAYS, "week")})
    return form.cleaned_data


def _changed(request: ApiRequest, found: Hours, given: NamedHoursGiven) -> HoursShown:
    asked = _asked(OtherHoursForm(given.data()))
    try:
        found.change(asked["name"], asked["zone"], asked["week"], asked["off"], request.user)
    except NameTaken:
        raise wrong_at("name", _("There are hours of this name.")) from None
    return HoursShown.of(found)
