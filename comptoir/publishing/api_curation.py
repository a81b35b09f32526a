"""For programs: found pieces, posts that share them, and what was said before in nearly the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.naming import visible
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing import api
from comptoir.publishing.forms_of_curation import link_of, tags_of
from comptoir.publishing.models import FoundPiece, Piece, PieceInUse, PieceKnown, Post
from comptoir.publishing.models.found_piece import (
    AUTHOR_MOST,
    HANDLE_MOST,
    LINK_MOST,
    NOTE_MOST,
    TAGS_MOST,
    TITLE_MOST,
)
from comptoir.publishing.models.post import DESTINATIONS_MOST, REASON_MOST
from comptoir.publishing.older import paged_by
from comptoir.publishing.repeating import repeats
from comptoir.publishing.shapes_of_posts import (
    POST,
    DestinationGiven,
    PostGiven,
    PostShown,
    Text,
    WordingGiven,
)
from comptoir.publishing.sharing import share
from comptoir.publishing.written import LANGUAGE_MOST, Written

router = Router(tags=["curation"])
FOUND = "/brands/{slug:brand}/found"
ONE = f"{FOUND}/{{number:pk}}"
LISTED = 200
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")


class PieceGiven(BaseModel):
    """Something that somebody else made."""

    model_config = ConfigDict(extra="forbid")
    link: Text = Field(min_length=1, max_length=LINK_MOST)
    title: Text = Field(min_length=1, max_length=TITLE_MOST)
    author: Text = Field(min_length=1, max_length=AUTHOR_MOST)
    handles: dict[str, Annotated[str, Field(max_length=HANDLE_MOST)]] = Field(
        default_factory=dict, max_length=30,
        description=gettext_noop("What the author is called, by network; under an empty name, a page of theirs."),
    )  # fmt: skip
    note: Text = Field(default="", max_length=NOTE_MOST)
    tags: list[Text] = Field(default_factory=list, max_length=TAGS_MOST)
    thanks: bool = Field(
        default=False, description=gettext_noop("Whether posts about it begin with thanks to its author.")
    )


class PieceShown(PieceGiven):
    """A found piece, and the posts that share it. `state` is open, used or aside."""

    id: int
    state: str
    found: datetime
    posts: list[int]


class Pieces(Page[PieceShown]):
    """Found pieces, what was found last at the top."""


class PostFromPiece(BaseModel):
    """A draft about a piece: it begins with the title, the author and the link."""

    model_config = ConfigDict(extra="forbid")
    language: Text = Field(default="", max_length=LANGUAGE_MOST)
    destinations: list[DestinationGiven] = Field(default_factory=list, max_length=DESTINATIONS_MOST)
    campaign: int | None = Field(default=None, ge=1, le=10**18 - 1)
    reason: Text = Field(default="", max_length=REASON_MOST)


class RepeatShown(BaseModel):
    """A post that says nearly the same. `likeness` is from 0.5 to 1; `left` is false for one that waits."""

    post: int
    likeness: float
    left: bool
    due: datetime | None


class Repeats(BaseModel):
    """The three posts most alike among those that left within a year or wait."""

    items: list[RepeatShown]


@router.get(FOUND, auth=_READS, response=Pieces, operation_id="found-pieces",
            summary=gettext_noop("Found pieces, by words, state and tag"))  # fmt: skip
def found_pieces(
    request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "", q: str = "", state: str = "",
    tag: str = "",
) -> Pieces:  # fmt: skip
    if state not in ("", *FoundPiece.State.values):
        raise wrong_at("state", _("There is no such state."))
    rows = FoundPiece.objects.of(request.brand).standing(state).about(q.replace("\x00", "")[:200])
    rows = rows.tagged(tag.replace("\x00", "")[:200])
    rows = rows.prefetch_related("sharings__post")
    page, following = paged_by(request, rows, "found", "found-pieces", cursor, limit)
    return Pieces.model_construct(items=[_shown(each) for each in page], next=following)


@router.post(FOUND, auth=_WRITES, response={201: PieceShown}, operation_id="keep-found-piece",
             summary=gettext_noop("Keep a found piece"))  # fmt: skip
def keep(request: ApiRequest, brand: str, given: PieceGiven) -> Status[Any]:
    try:
        made = FoundPiece.note_down(request.brand, request.user, _piece(given))
    except PieceKnown:
        raise wrong_at("link", _("This link is here already.")) from None
    return Status(201, _one(request, made.pk))


@router.get(ONE, auth=_READS, response=PieceShown, operation_id="found-piece",
            summary=gettext_noop("One found piece, and the posts that share it"))  # fmt: skip
def found_piece(request: ApiRequest, brand: str, pk: int) -> PieceShown:
    return _one(request, pk)


@router.put(ONE, auth=_WRITES, response=PieceShown, operation_id="change-found-piece",
            summary=gettext_noop("Change what is known of a found piece"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: PieceGiven) -> PieceShown:
    try:
        _found(request, pk).settle(request.user, _piece(given))
    except PieceKnown:
        raise wrong_at("link", _("This link is here already.")) from None
    return _one(request, pk)


@router.post(f"{ONE}/aside", auth=_WRITES, response=PieceShown, operation_id="set-found-piece-aside",
             summary=gettext_noop("Set a found piece aside"))  # fmt: skip
def set_aside(request: ApiRequest, brand: str, pk: int) -> PieceShown:
    _found(request, pk).put_aside(request.user)
    return _one(request, pk)


@router.delete(f"{ONE}/aside", auth=_WRITES, response=PieceShown, operation_id="take-found-piece-up",
               summary=gettext_noop("Have a found piece to use again"))  # fmt: skip
def take_up(request: ApiRequest, brand: str, pk: int) -> PieceShown:
    _found(request, pk).put_aside(request.user, False)
    return _one(request, pk)


@router.delete(ONE, auth=_WRITES, response={204: None}, operation_id="remove-found-piece",
               summary=gettext_noop("Forget a found piece and its author"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[None]:
    try:
        _found(request, pk).remove(request.user)
    except PieceInUse:
        words = _("A post that may still leave shares it: give that post up first.")
        raise Problem("too-late", words) from None
    return Status(204, None)


@router.post(f"{ONE}/posts", auth=_WRITES, response={201: PostShown}, operation_id="make-post-about-piece",
             summary=gettext_noop("Write a draft about a found piece; nothing leaves"))  # fmt: skip
def make_post(request: ApiRequest, brand: str, pk: int, given: PostFromPiece) -> Status[Any]:
    _found(request, pk)
    written = Written(language=given.language)
    share(request.brand, written, pk)
    wordings = [
        WordingGiven(
            language=each.language, network=each.network, parts=each.parts, comment=each.comment, warning=each.warning
        )
        for each in written.content.variants
    ]  # fmt: skip
    whole = PostGiven(
        language=given.language, wordings=wordings, destinations=given.destinations, pieces=[pk],
        campaign=given.campaign, reason=given.reason,
    )  # fmt: skip
    return api.make(request, brand, whole)


@router.get(f"{POST}/repeats", auth=_READS, response=Repeats, operation_id="post-repeats",
            summary=gettext_noop("Posts that said nearly the same as one of its wordings"))  # fmt: skip
def post_repeats(request: ApiRequest, brand: str, pk: int) -> Repeats:
    found = Post.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    items = [
        RepeatShown.model_construct(
            post=each.post.pk, likeness=round(each.likeness, 2), left=each.has_left, due=each.post.due
        )
        for each in repeats(request.brand, found.variants.all(), pk)
    ]
    return Repeats.model_construct(items=items)


def _piece(given: PieceGiven) -> Piece:
    said: dict[str, Any] = {}
    checks: Mapping[str, Any] = {"link": link_of, "title": visible, "author": visible, "tags": tags_of}
    for name, check in checks.items():
        try:
            said[name] = check(getattr(given, name))
        except ValidationError as error:
            raise wrong_at(name, " ".join(error.messages)) from None
    handles = {_line(network)[:30]: _line(each) for network, each in given.handles.items()}
    return Piece(handles=handles, note=given.note, thanks=given.thanks, **said)


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _found(request: ApiRequest, pk: int) -> FoundPiece:
    rows = FoundPiece.objects.of(request.brand).filter(pk=pk).prefetch_related("sharings__post")
    if not (found := list(rows)):
        raise Problem("not-found")
    return found[0]


def _one(request: ApiRequest, pk: int) -> PieceShown:
    return _shown(_found(request, pk))


def _shown(found: FoundPiece) -> PieceShown:
    return PieceShown.model_construct(
        id=found.pk, link=found.link, title=found.title, author=found.author, handles=found.handles, note=found.note,
        tags=found.tags, thanks=found.thanks, state=found.state, found=found.found,
        posts=[each.post_id for each in found.sharings.all()],
    )  # fmt: skip
