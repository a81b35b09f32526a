"""For programs: whom posts mention."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.found import installed
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.forms_of_mentionees import handle_of, name_of, taken, too_many
from comptoir.publishing.mentioning import NAME_MOST
from comptoir.publishing.models import Mentionee, TooMany
from comptoir.publishing.models.found_piece import HANDLE_MOST
from comptoir.publishing.models.mentionee import MENTIONEES_MOST
from comptoir.publishing.shapes_of_posts import Text

router = Router(tags=["posts"])
MENTIONEES = "/brands/{slug:brand}/mentionees"
MENTIONEE = f"{MENTIONEES}/{{number:pk}}"
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")
Handle = Annotated[Text, Field(max_length=HANDLE_MOST)]


class MentioneeGiven(BaseModel):
    """Somebody whom posts mention as "@[name]"."""

    model_config = ConfigDict(extra="forbid")
    name: Text = Field(min_length=1, max_length=NAME_MOST)
    handles: dict[Annotated[str, Field(max_length=30)], Handle] = Field(
        default_factory=dict, max_length=50,
        description=gettext_noop("What they are called, by network; elsewhere the plain name is said."),
    )  # fmt: skip


class MentioneeShown(MentioneeGiven):
    """Somebody whom posts mention."""

    id: int

    @classmethod
    def of(cls, found: Mentionee) -> MentioneeShown:
        return cls.model_construct(id=found.pk, name=found.name, handles=found.handles)


class Mentionees(BaseModel):
    """All whom the brand's posts mention, by name."""

    items: list[MentioneeShown]


@router.get(MENTIONEES, auth=_READS, response=Mentionees, operation_id="mentionees",
            summary=gettext_noop("Whom posts mention"))  # fmt: skip
def mentionees(request: ApiRequest, brand: str) -> Mentionees:
    rows = Mentionee.objects.of(request.brand).order_by("folded")[:MENTIONEES_MOST]
    return Mentionees.model_construct(items=[MentioneeShown.of(each) for each in rows])


@router.post(MENTIONEES, auth=_WRITES, response={201: MentioneeShown}, operation_id="make-mentionee",
             summary=gettext_noop("Have posts mention somebody more"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: MentioneeGiven) -> Status[Any]:
    name, handles = _read(given)
    try:
        made = Mentionee.make(request.brand, request.user, name, handles)
    except NameTaken:
        raise wrong_at("name", taken()) from None
    except TooMany:
        raise wrong_at("name", too_many()) from None
    return Status(201, MentioneeShown.of(made))


@router.put(MENTIONEE, auth=_WRITES, response=MentioneeShown, operation_id="change-mentionee",
            summary=gettext_noop("Have another name, or other handles"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: MentioneeGiven) -> MentioneeShown:
    name, handles = _read(given)
    found = _found(request, pk)
    try:
        found.settle(request.user, name, handles)
    except NameTaken:
        raise wrong_at("name", taken()) from None
    return MentioneeShown.of(found)


@router.delete(MENTIONEE, auth=_WRITES, response={204: None}, operation_id="remove-mentionee",
               summary=gettext_noop("Forget somebody: posts say the plain name"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


def _read(given: MentioneeGiven) -> tuple[str, dict[str, str]]:
    """The name and the handles as they are kept."""
    try:
        name = name_of(given.name)
    except ValidationError as error:
        raise wrong_at("name", str(error.message)) from None
    handles = {}
    for network, handle in given.handles.items():
        if installed(network) is None:
            raise wrong_at(f"handles.{network}", _("There is no such network here."))
        try:
            handles[network] = handle_of(handle)
        except ValidationError as error:
            raise wrong_at(f"handles.{network}", str(error.message)) from None
    return name, handles


def _found(request: ApiRequest, pk: int) -> Mentionee:
    found = Mentionee.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return found
