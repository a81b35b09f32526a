"""For programs: pictures and files to put beside an answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import THREAD, WRITES, thread_found
from comptoir.inbox.models import Enclosure, NotTaken
from comptoir.inbox.models.enclosing import enclose
from comptoir.inbox.shapes_of_acts import Given
from comptoir.inbox.views.enclosing import not_taken
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import bytes_of, wrong_at

router = Router(tags=["replies"])


class EnclosureGiven(Given):
    """A picture, or a file where the network carries them."""

    content: str = Field(max_length=12_000_000, description=gettext_noop("Its bytes in Base64."))
    alt: str = Field(
        max_length=10_000,
        description=gettext_noop("What a picture shows, for those who cannot see it; empty only on purpose."),
    )
    name: str = Field(
        default="", max_length=200, description=gettext_noop("The name of a file that is no picture.")
    )


class EnclosureShown(BaseModel):
    """What lies beside the answer that the token's person writes, as it would leave."""

    id: int
    mime: str
    alt: str
    name: str

    @classmethod
    def of(cls, row: Enclosure) -> EnclosureShown:
        return cls.model_construct(id=row.pk, mime=row.mime, alt=row.alt, name=row.name)


class Enclosures(BaseModel):
    """What lies there, in the order in which it came."""

    items: list[EnclosureShown]


@router.get(
    f"{THREAD}/enclosures", auth=WRITES, response=Enclosures, operation_id="enclosures",
    summary=gettext_noop("What lies beside one's answer, and has not left"),
)  # fmt: skip
def enclosures(request: ApiRequest, brand: str, pk: int) -> Enclosures:
    rows = Enclosure.objects.filter(thread=thread_found(request, pk), by=request.user).defer("content")
    return Enclosures.model_construct(items=[EnclosureShown.of(row) for row in rows])


@router.post(
    f"{THREAD}/enclosures", auth=WRITES, response={201: EnclosureShown}, operation_id="enclose",
    summary=gettext_noop("Put a picture beside one's answer"),
    description=gettext_noop(
        "It is drawn again without what the file tells of place and time, and small enough for the network. It leaves"
        " with the answer that names its number."
    ),
)  # fmt: skip
def put_beside(request: ApiRequest, brand: str, pk: int, given: EnclosureGiven) -> Status[Any]:
    content = bytes_of(given.content, "content")
    try:
        row = enclose(thread_found(request, pk), request.user, content, given.name, given.alt)
    except NotTaken as why:
        words = not_taken(why)
        raise wrong_at("content", words) from None
    return Status(201, EnclosureShown.of(row))


@router.delete(
    f"{THREAD}/enclosures/{{number:enclosure}}", auth=WRITES, response={204: None}, operation_id="take-off",
    summary=gettext_noop("Take something from beside one's answer"),
)  # fmt: skip
def take_off(request: ApiRequest, brand: str, pk: int, enclosure: int) -> Status[Any]:
    mine = Enclosure.objects.filter(thread=thread_found(request, pk), by=request.user, pk=enclosure)
    if not mine.delete()[0]:
        raise Problem("not-found")
    return Status(204, None)
