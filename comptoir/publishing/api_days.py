"""For programs: what stands on the days of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.models import DayNote, PublicHolidays
from comptoir.publishing.models.day_note import LONGEST, TEXT_MOST, TITLE_MOST, Noted
from comptoir.publishing.shapes_of_posts import Text

router = Router(tags=["posts"])
DAYS = "/brands/{slug:brand}/days"
NOTE = f"{DAYS}/{{number:pk}}"
LISTED = 500
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")


class DayNoteGiven(BaseModel):
    """What colleagues should know of some days."""

    model_config = ConfigDict(extra="forbid")
    first: date
    last: date = Field(description=gettext_noop("The same as the first for a single day."))
    title: Text = Field(min_length=1, max_length=TITLE_MOST)
    text: Text = Field(default="", max_length=TEXT_MOST)
    colour: Literal["grey", "blue", "green", "yellow", "red"] = "grey"


class DayNoteShown(DayNoteGiven):
    """A note on some days."""

    id: int


class Holiday(BaseModel):
    """A public holiday. `names` by language; "" is that of the place."""

    day: date
    place: str
    names: dict[str, str]


class Days(BaseModel):
    """What stands on some days beside posts."""

    notes: list[DayNoteShown]
    holidays: list[Holiday]


@router.get(DAYS, auth=_READS, response=Days, operation_id="days",
            summary=gettext_noop("Notes and public holidays from one day to another"))  # fmt: skip
def days(request: ApiRequest, brand: str, first: date, last: date) -> Days:
    if last < first or last - first > LONGEST:
        raise wrong_at("last", _("Ask for a year at the most."))
    notes = DayNote.objects.of(request.brand).between(first, last)[:LISTED]
    holidays = [
        Holiday.model_construct(day=date.fromisoformat(day), place=each.place, names=names)
        for each in PublicHolidays.objects.of(request.brand).order_by("place")
        for day, names in sorted(each.days.items())
        if first <= date.fromisoformat(day) <= last
    ]
    return Days.model_construct(notes=[_shown(each) for each in notes], holidays=holidays)


@router.post(DAYS, auth=_WRITES, response={201: DayNoteShown}, operation_id="make-day-note",
             summary=gettext_noop("Put a note on the calendar"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: DayNoteGiven) -> Status[Any]:
    return Status(201, _shown(DayNote.make(request.brand, request.user, _noted(given))))


@router.put(NOTE, auth=_WRITES, response=DayNoteShown, operation_id="change-day-note",
            summary=gettext_noop("Have a note say something else"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: DayNoteGiven) -> DayNoteShown:
    found = _found(request, pk)
    found.settle(request.user, _noted(given))
    return _shown(found)


@router.delete(NOTE, auth=_WRITES, response={204: None}, operation_id="remove-day-note",
               summary=gettext_noop("Take a note off the calendar"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


def _noted(given: DayNoteGiven) -> Noted:
    if not 2000 <= given.first.year <= given.last.year < 2200:
        raise wrong_at("first", _("Choose days between 2000 and 2199."))
    if given.last < given.first or given.last - given.first > LONGEST:
        raise wrong_at("last", _("A note lasts a year at the most."))
    if not given.title.strip():
        raise wrong_at("title", _("Write something."))
    return Noted(given.first, given.last, given.title.strip(), given.text, given.colour)


def _found(request: ApiRequest, pk: int) -> DayNote:
    found = DayNote.objects.of(request.brand).there().filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _shown(note: DayNote) -> DayNoteShown:
    return DayNoteShown.model_construct(
        id=note.pk, first=note.first, last=note.last, title=note.title, text=note.text, colour=note.colour
    )
