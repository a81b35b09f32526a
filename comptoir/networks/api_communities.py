"""For programs: the communities in which a brand meets people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.forms_of_communities import CommunityForm
from comptoir.networks.models import Community
from comptoir.networks.models.community import NOTE_MOST, PLACE_MOST, TooManyCommunities
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page, paged, place
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at

router = Router(tags=["communities"])
ALL = "/brands/{slug:brand}/communities"
ONE = f"{ALL}/{{number:pk}}"
_WRITES = Bearer("channels:write", "agent")


class CommunityShown(BaseModel):
    """The card of a community."""

    id: int
    name: str
    network: str = Field(description=gettext_noop("Empty where it is met on whatever network."))
    place: str = Field(description=gettext_noop("A host, a part of one, or a #tag."))
    speaks: str = Field(
        description=gettext_noop("Whether a brand may speak there: yes, addressed, ask or no.")
    )
    customs: str
    asks: str = Field(description=gettext_noop("Whom to ask there."))
    speakers: list[int] = Field(description=gettext_noop("Who speaks there for the brand: their numbers."))
    reviewed: datetime = Field(description=gettext_noop("When somebody last said that all of it is true."))
    stale: bool = Field(description=gettext_noop("Whether that is more than half a year ago."))

    @classmethod
    def of(cls, card: Community) -> CommunityShown:
        return cls.model_construct(
            id=card.pk, name=card.name, network=card.network, place=card.place, speaks=str(card.speaks),
            customs=card.customs, asks=card.asks, speakers=sorted(each.user_id for each in card.speakers.all()),
            reviewed=card.reviewed, stale=card.is_stale,
        )  # fmt: skip


class Communities(Page[CommunityShown]):
    """Cards, the oldest at the top."""


class CommunityGiven(BaseModel):
    """A card as it shall be; who speaks there is said by the numbers of people."""

    model_config = ConfigDict(extra="forbid")
    place: str = Field(min_length=1, max_length=PLACE_MOST)
    network: str = Field(default="", max_length=30)
    name: str = Field(default="", max_length=100)
    speaks: Literal["yes", "addressed", "ask", "no"] = "ask"
    customs: str = Field(default="", max_length=8_000)
    asks: str = Field(default="", max_length=200)
    speakers: list[int] = Field(default=[], max_length=100)


class CommunityNoteGiven(BaseModel):
    """A note on a card."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=NOTE_MOST)


class CommunityNoted(BaseModel):
    """A note that was written."""

    id: int
    at: datetime


@router.get(
    ALL, auth=Bearer("channels:read"), response=Communities, operation_id="communities",
    summary=gettext_noop("Communities"),
)  # fmt: skip
def communities(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Communities:
    after = place(cursor, "communities", 1)
    rows = Community.objects.of(request.brand).prefetch_related("speakers").order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after[0])
    found, following = paged(request, "communities", list(rows[: limit + 1]), limit)
    return Communities.model_construct(items=[CommunityShown.of(row) for row in found], next=following)


@router.get(
    ONE, auth=Bearer("channels:read"), response=CommunityShown, operation_id="community",
    summary=gettext_noop("One community"),
)  # fmt: skip
def community(request: ApiRequest, brand: str, pk: int) -> CommunityShown:
    return CommunityShown.of(_found(request, pk))


@router.post(
    ALL, auth=_WRITES, response={201: CommunityShown}, operation_id="make-community",
    summary=gettext_noop("Write the card of a community"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: CommunityGiven) -> Status[Any]:
    form = _asked(request, given)
    try:
        made = Community.make(request.brand, request.user, **form.given)
    except NameTaken:
        raise _taken() from None
    except TooManyCommunities:
        raise wrong_at("place", _("A brand has 500 communities at the most.")) from None
    return Status(201, CommunityShown.of(made))


@router.put(
    ONE, auth=_WRITES, response=CommunityShown, operation_id="change-community",
    summary=gettext_noop("Write the card of a community anew"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: CommunityGiven) -> CommunityShown:
    found = _found(request, pk)
    form = _asked(request, given)
    try:
        found.change(request.user, **form.given)
    except NameTaken:
        raise _taken() from None
    return CommunityShown.of(found)


@router.post(
    f"{ONE}/notes", auth=_WRITES, response={201: CommunityNoted}, operation_id="note-community",
    summary=gettext_noop("Write a note on the card of a community"),
)  # fmt: skip
def note(request: ApiRequest, brand: str, pk: int, given: CommunityNoteGiven) -> Status[Any]:
    found = _found(request, pk)
    if not (text := given.text.replace("\0", "").strip()):
        raise wrong_at("text", _("Write something first."))
    made = found.note(text, request.user)
    return Status(201, CommunityNoted.model_construct(id=made.pk, at=made.at))


@router.delete(
    ONE, auth=Bearer("channels:write", "manager"), response={204: None}, operation_id="remove-community",
    summary=gettext_noop("Remove the card of a community, with its notes"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


def _asked(request: ApiRequest, given: CommunityGiven) -> CommunityForm:
    """The page's form with what was given; Problem for what it would refuse."""
    form = CommunityForm.by_people(request.brand, given.model_dump())
    if not form.is_valid():
        raise unfit(form)
    return form


def _found(request: ApiRequest, pk: int) -> Community:
    found = Community.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return found


def _taken() -> Problem:
    return wrong_at("place", _("There is a card for this place already."))
