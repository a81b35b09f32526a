"""For programs: the library, and what is said of its pictures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.kernel.media import Unusable
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import bytes_of, wrong_at
from comptoir.publishing.models import Asset, AssetGiven, Illustration
from comptoir.publishing.models.asset import (
    ALT_MOST,
    LINE_MOST,
    SAYABLE,
    SOURCE_MOST,
    TAG_MOST,
    TAGS_MOST,
    tags_of,
)
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.telling import not_usable

router = Router(tags=["posts"])
LIBRARY = "/brands/{slug:brand}/library"
PICTURE = f"{LIBRARY}/{{number:pk}}"
LISTED = 200
FILE_MOST = 11_000_000
"""Letters of a picture in Base64: about 8 MB."""
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")
_address = URLValidator(schemes=["http", "https"])


class PictureGiven(BaseModel):
    """What is said of a picture."""

    model_config = ConfigDict(extra="forbid")
    name: Text = Field(default="", max_length=120)
    shows: Text = Field(
        default="",
        max_length=ALT_MOST,
        description=gettext_noop("What it shows, for those who cannot see it."),
    )
    credit: Text = Field(default="", max_length=LINE_MOST, description=gettext_noop("Whom to name."))
    source: Text = Field(default="", max_length=SOURCE_MOST)
    rights: str = Field(
        default="unsaid", max_length=8, description=gettext_noop("unsaid, ours, licensed or allowed")
    )
    licence: Text = Field(default="", max_length=LINE_MOST)
    expires: date | None = Field(
        default=None, description=gettext_noop("The last day on which it may be shown, by the brand's clock.")
    )
    tags: list[Text] = Field(default_factory=list, max_length=TAGS_MOST)


class PictureBrought(PictureGiven):
    """A picture, and what is said of it."""

    content: str = Field(max_length=FILE_MOST, description=gettext_noop("Its bytes in Base64."))


class VideoFacts(BaseModel):
    """What a video is, by its file."""

    type: str = Field(description=gettext_noop("video/mp4, video/quicktime or video/webm"))
    size: int = Field(description=gettext_noop("In bytes."))
    seconds: float
    frames: float = Field(description=gettext_noop("In a second; 0 where the file does not say."))
    codec: str
    sound: str = Field(description=gettext_noop("How the sound is written; empty where there is none."))


class PictureShown(PictureGiven):
    """A picture or a video. `rights` may also be asked or refused: its author's answer is not said by programs."""

    id: int
    video: VideoFacts | None = Field(description=gettext_noop("What it is as a video; null for a picture."))
    width: int
    height: int
    made: datetime
    away: bool = Field(description=gettext_noop("Whether it is offered to no new post."))
    barred: str = Field(
        description=gettext_noop("Why no post leaves with it today: expired or unpermitted, else empty.")
    )
    posts: list[int] = Field(description=gettext_noop("The posts that it is or was in."))


class Pictures(BaseModel):
    """Pictures and videos, the newest first; `older`, where there are more, is the next `before`."""

    items: list[PictureShown]
    older: int | None


@router.get(LIBRARY, auth=_READS, response=Pictures, operation_id="library",
            summary=gettext_noop("The pictures and videos of the library, 200 at a time"))  # fmt: skip
def library(request: ApiRequest, brand: str, q: str = "", before: int | None = None) -> Pictures:
    rows = (
        Asset.objects.of(request.brand)
        .order_by("-pk")
        .saying(q[:100])
        .select_related("video")
        .defer("content")
    )
    found = list((rows.filter(pk__lt=before) if before else rows)[: LISTED + 1])
    items = _shown(request, found[:LISTED])
    return Pictures.model_construct(items=items, older=found[LISTED - 1].pk if len(found) > LISTED else None)


@router.post(LIBRARY, auth=_WRITES, response={201: PictureShown}, operation_id="bring-picture",
             summary=gettext_noop("Bring a picture into the library"),
             description=gettext_noop("It is drawn again, without what the file tells of place and time."))  # fmt: skip
def bring(request: ApiRequest, brand: str, given: PictureBrought) -> Status[Any]:
    said = _said(given, SAYABLE)
    try:
        made = Asset.bring(request.brand, request.user, bytes_of(given.content, "content"), said.name)
    except Unusable as why:
        raise wrong_at("content", not_usable(why.reason)) from None
    made.settle(request.user, said)
    return Status(201, _shown(request, [made])[0])


@router.put(PICTURE, auth=_WRITES, response=PictureShown, operation_id="describe-picture",
            summary=gettext_noop("Say what a picture shows, whom to credit, and what may be done with it"))  # fmt: skip
def describe(request: ApiRequest, brand: str, pk: int, given: PictureGiven) -> PictureShown:
    found = Asset.objects.of(request.brand).defer("content").select_related("video").filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.settle(request.user, _said(given, {*SAYABLE, found.rights}))
    return _shown(request, [found])[0]


def _said(given: PictureGiven, rights: Collection[str]) -> AssetGiven:
    """What is said of a picture. Problem where it cannot be, or its rights are none of these."""
    if given.rights not in rights:
        raise wrong_at("rights", _("Say unsaid, ours, licensed or allowed."))
    if given.source:
        try:
            _address(given.source)
        except ValidationError as error:
            raise wrong_at("source", " ".join(error.messages)) from None
    if any(len(each) > TAG_MOST for each in given.tags):
        raise wrong_at("tags", _("A tag has %(n)d letters at the most.") % {"n": TAG_MOST})
    return AssetGiven(
        " ".join(given.name.split()), given.shows, given.credit, given.source, given.rights, given.licence,
        given.expires, tuple(tags_of(given.tags)),
    )  # fmt: skip


def _facts(asset: Asset) -> VideoFacts | None:
    if not asset.is_film:
        return None
    film = asset.video
    return VideoFacts.model_construct(
        type=asset.mime,
        size=film.size,
        seconds=film.seconds,
        frames=film.frames,
        codec=film.codec,
        sound=film.sound,
    )


def _shown(request: ApiRequest, found: list[Asset]) -> list[PictureShown]:
    today = timezone.localdate(timezone=request.brand.zone)
    beside: dict[int, list[int]] = {each.pk: [] for each in found}
    rows = Illustration.objects.of(request.brand).filter(asset__in=found).order_by("post")
    for asset, post in rows.values_list("asset", "post"):
        beside[asset].append(post)
    return [
        PictureShown.model_construct(
            id=each.pk, name=each.name, shows=each.alt, credit=each.credit, source=each.source, rights=each.rights,
            licence=each.licence, video=_facts(each), expires=each.expires, tags=each.tags,
            width=each.width, height=each.height, made=each.made,
            away=each.put_away is not None, barred=each.bar(today), posts=list(dict.fromkeys(beside[each.pk])),
        )
        for each in found
    ]  # fmt: skip
