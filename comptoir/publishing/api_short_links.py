"""For programs: short links, and how often they were followed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.forms_of_short_links import target_of
from comptoir.publishing.models import ShortLink
from comptoir.publishing.models.short_link import NOTE_MOST
from comptoir.publishing.older import paged_by
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.tagging import ADDRESS_MOST

router = Router(tags=["posts"])
SHORT = "/brands/{slug:brand}/links/short"
ONE = f"{SHORT}/{{number:pk}}"
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")


class ShortLinkGiven(BaseModel):
    """Where it leads."""

    model_config = ConfigDict(extra="forbid")
    target: Text = Field(min_length=1, max_length=ADDRESS_MOST)
    note: Text = Field(default="", max_length=NOTE_MOST)


class ShortLinkShown(ShortLinkGiven):
    """A short link. `destination` is that of the post on a channel that it left with."""

    id: int
    address: str
    destination: int | None
    removed: datetime | None
    clicks: int = Field(
        description=gettext_noop("Of people, each of them once in half an hour; a minute old at the most.")
    )
    bots: int = Field(description=gettext_noop("By programs: crawlers, and networks that draw a preview."))


class ShortLinks(Page[ShortLinkShown]):
    """Short links, newest first."""


@router.get(SHORT, auth=_READS, response=ShortLinks, operation_id="short-links",
            summary=gettext_noop("Short links, and how often they were followed"))  # fmt: skip
def short_links(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> ShortLinks:
    rows = ShortLink.objects.of(request.brand).counted()
    found, following = paged_by(request, rows, "made", "short-links", cursor, limit)
    return ShortLinks.model_construct(items=[_shown(each) for each in found], next=following)


@router.post(SHORT, auth=_WRITES, response={201: ShortLinkShown}, operation_id="make-short-link",
             summary=gettext_noop("Make a short link"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: ShortLinkGiven) -> Status[Any]:
    made = ShortLink.make(request.brand, request.user, _target(given), given.note)
    return Status(201, _one(request, made.pk))


@router.put(ONE, auth=_WRITES, response=ShortLinkShown, operation_id="change-short-link",
            summary=gettext_noop("Have a short link lead elsewhere"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: ShortLinkGiven) -> ShortLinkShown:
    found = _found(request, pk)
    if found.removed:
        raise Problem("not-found")
    found.lead(request.user, _target(given), given.note)
    return _one(request, pk)


@router.delete(ONE, auth=_WRITES, response=ShortLinkShown, operation_id="remove-short-link",
               summary=gettext_noop("Have a short link lead nowhere any more, for good"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> ShortLinkShown:
    _found(request, pk).remove(request.user)
    return _one(request, pk)


def _target(given: ShortLinkGiven) -> str:
    try:
        return target_of(given.target)
    except ValidationError as error:
        raise wrong_at("target", str(error.message)) from None


def _found(request: ApiRequest, pk: int) -> ShortLink:
    found = ShortLink.objects.of(request.brand).counted().filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return found


def _one(request: ApiRequest, pk: int) -> ShortLinkShown:
    return _shown(_found(request, pk))


def _shown(found: Any) -> ShortLinkShown:
    return ShortLinkShown.model_construct(
        id=found.pk, address=found.address, target=found.target, note=found.note, destination=found.destination_id,
        removed=found.removed, clicks=found.clicks or 0, bots=found.bots or 0,
    )  # fmt: skip
