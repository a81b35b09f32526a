"""For programs: what stands on the networks already."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.carrying import NotThere, There, change, may_carry, standing, take_down
from comptoir.publishing.models import Post
from comptoir.publishing.models.post import DESTINATIONS_MOST
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.views.standing import told
from comptoir.publishing.written import TEXT_MOST

router = Router(tags=["posts"])
STANDING = "/brands/{slug:brand}/posts/{number:pk}/standing"
MESSAGES_MOST = 1_000


class MessageShown(BaseModel):
    """One message of a post where it stands."""

    id: int
    text: str
    gone: bool


class ThereShown(BaseModel):
    """A post on one channel."""

    channel: int
    state: str = Field(
        description=gettext_noop(
            "“moving” while something is carried out, “failed” where something was not, “gone”, “changed”, or empty."
        )
    )
    edits: bool = Field(description=gettext_noop("Whether the network lets messages be changed."))
    deletes: bool = Field(description=gettext_noop("Whether the network lets messages be taken down."))
    messages: list[MessageShown]

    @classmethod
    def of(cls, there: There) -> ThereShown:
        parts = [
            MessageShown.model_construct(id=each.step.pk, text=each.text, gone=each.gone)
            for each in there.parts
        ]
        return cls.model_construct(
            channel=there.channel.pk,
            state=there.state,
            edits=there.edits,
            deletes=there.deletes,
            messages=parts,
        )


class Standing(BaseModel):
    """Where a post stands, channel by channel."""

    items: list[ThereShown]


class MessageGiven(BaseModel):
    """What a message shall say."""

    model_config = ConfigDict(extra="forbid")
    id: int = Field(ge=1, le=10**18 - 1)
    text: Text = Field(max_length=TEXT_MOST)


class ChangesGiven(BaseModel):
    """What messages that stand already shall say: all of it can be, or nothing is asked of any network."""

    model_config = ConfigDict(extra="forbid")
    messages: list[MessageGiven] = Field(min_length=1, max_length=MESSAGES_MOST)


class RemovalGiven(BaseModel):
    """The channels that a post is taken down from."""

    model_config = ConfigDict(extra="forbid")
    channels: list[int] = Field(min_length=1, max_length=DESTINATIONS_MOST)


@router.get(STANDING, auth=Bearer("posts:read"), response=Standing, operation_id="standing",
            summary=gettext_noop("How a post reads where it stands"))  # fmt: skip
def shown(request: ApiRequest, brand: str, pk: int) -> Standing:
    return _shown(_found(request, pk))


@router.put(STANDING, auth=Bearer("posts:write", "agent"), response=Standing, operation_id="change-standing",
            summary=gettext_noop("Change what stands on the networks already"))  # fmt: skip
def put(request: ApiRequest, brand: str, pk: int, given: ChangesGiven) -> Standing:
    post = _mine(request, pk)
    try:
        change(post, request.user, {each.id: each.text for each in given.messages})
    except NotThere as error:
        raise wrong_at("messages", told(error)) from None
    return _shown(post)


@router.post(f"{STANDING}/removal", auth=Bearer("posts:write", "agent"), response=Standing, operation_id="take-down",
             summary=gettext_noop("Take a post down from channels"))  # fmt: skip
def removal(request: ApiRequest, brand: str, pk: int, given: RemovalGiven) -> Standing:
    post = _mine(request, pk)
    try:
        take_down(post, request.user, given.channels)
    except NotThere as error:
        raise wrong_at("channels", told(error)) from None
    return _shown(post)


def _found(request: ApiRequest, pk: int) -> Post:
    found = Post.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _mine(request: ApiRequest, pk: int) -> Post:
    found = _found(request, pk)
    if not may_carry(found, request.membership.may):
        raise Problem("role-too-low")
    return found


def _shown(post: Post) -> Standing:
    return Standing.model_construct(items=[ThereShown.of(each) for each in standing(post)])
