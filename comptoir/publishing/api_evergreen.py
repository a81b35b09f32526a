"""For programs: posts that are said again and again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.api import post_of
from comptoir.publishing.copying import copied
from comptoir.publishing.forms_of_evergreen import over
from comptoir.publishing.models import Evergreen
from comptoir.publishing.models.evergreen import EVERY_MOST
from comptoir.publishing.shapes_of_posts import POST, POSTS
from comptoir.publishing.views.saying_again import LISTED

router = Router(tags=["posts"])
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")


class EvergreenGiven(BaseModel):
    """How often a post is said again, and up to which day."""

    model_config = ConfigDict(extra="forbid")
    every: int = Field(ge=1, le=EVERY_MOST, description=gettext_noop("Days between two times."))
    until: date | None = None


class EvergreenShown(EvergreenGiven):
    """A post that is said again: the one with which it began, and the one that was made last."""

    post: int
    last: int
    ended: datetime | None


class Evergreens(BaseModel):
    """What is said again, what was begun last at the top."""

    items: list[EvergreenShown]


class Copy(BaseModel):
    """A new draft."""

    id: int


@router.get(f"{POSTS}/again", auth=_READS, response=Evergreens, operation_id="evergreen-posts",
            summary=gettext_noop("What is said again and again"))  # fmt: skip
def evergreen_posts(request: ApiRequest, brand: str) -> Evergreens:
    rows = Evergreen.objects.of(request.brand).going().with_last().order_by("-pk")[:LISTED]
    return Evergreens.model_construct(items=[_shown(each) for each in rows])


@router.put(f"{POST}/again", auth=_WRITES, response=EvergreenShown, operation_id="say-post-again",
            summary=gettext_noop("Have a post said again, each so many days"))  # fmt: skip
def put(request: ApiRequest, brand: str, pk: int, given: EvergreenGiven) -> EvergreenShown:
    post = post_of(request, pk)
    if given.until and given.until < timezone.localdate(timezone=request.brand.zone):
        raise wrong_at("until", over())
    made = Evergreen.put(post, request.user, given.every, given.until)
    return _shown(Evergreen.objects.of(request.brand).with_last().get(pk=made.pk))


@router.delete(f"{POST}/again", auth=_WRITES, response={204: None}, operation_id="stop-saying-post",
               summary=gettext_noop("Say it no more, once what waits has left"))  # fmt: skip
def stop(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    found = Evergreen.of_post(post_of(request, pk))
    if found is None:
        raise Problem("not-found")
    found.stop(request.user)
    return Status(204, None)


@router.post(f"{POST}/copy", auth=_WRITES, response={201: Copy}, operation_id="copy-post",
             summary=gettext_noop("A new draft says the same"))  # fmt: skip
def copy(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    return Status(201, Copy.model_construct(id=copied(post_of(request, pk), request.user).pk))


def _shown(found: Any) -> EvergreenShown:
    return EvergreenShown.model_construct(
        post=found.post_id, last=found.last_post, every=found.every, until=found.until, ended=found.ended
    )
