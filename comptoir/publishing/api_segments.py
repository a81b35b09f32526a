"""For programs: segments, and what posts have for them."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.models import Channel
from comptoir.organisation.models import NameTaken
from comptoir.organisation.naming import visible
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.covering import Said, cell, mapped, rows_of, with_words
from comptoir.publishing.forms_of_own_page import languages_in
from comptoir.publishing.forms_of_segments import countries_in
from comptoir.publishing.models import Campaign, Post, Segment, SegmentGiven
from comptoir.publishing.models.segment import COUNTRIES_MOST, LANGUAGES_MOST, NAME_MOST
from comptoir.publishing.shapes_of_posts import Text

LISTED = 200
router = Router(tags=["posts"])
SEGMENTS = "/brands/{slug:brand}/segments"
SEGMENT = f"{SEGMENTS}/{{number:pk}}"
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "manager")
SERVING_MOST = 500


class ServingGiven(BaseModel):
    """A channel that serves a segment, and in which of its languages."""

    model_config = ConfigDict(extra="forbid")
    channel: int = Field(ge=1, le=10**18 - 1)
    language: Text = Field(max_length=8)


class SegmentAsked(BaseModel):
    """People of some countries who read some languages."""

    model_config = ConfigDict(extra="forbid")
    name: Text = Field(min_length=1, max_length=NAME_MOST)
    countries: list[Text] = Field(
        default_factory=list, max_length=COUNTRIES_MOST,
        description=gettext_noop("ISO 3166-1 codes of two letters; empty for all countries."),
    )  # fmt: skip
    languages: list[Text] = Field(min_length=1, max_length=LANGUAGES_MOST)
    serving: list[ServingGiven] = Field(default_factory=list, max_length=SERVING_MOST)
    retired: bool = Field(default=False, description=gettext_noop("Whether no new post is for it."))


class SegmentShown(SegmentAsked):
    """A segment."""

    id: int

    @classmethod
    def of(cls, found: Segment) -> SegmentShown:
        serving = [
            ServingGiven.model_construct(channel=each.channel_id, language=each.language)
            for each in found.serving.all()
        ]
        return cls.model_construct(
            id=found.pk, name=found.name, countries=found.countries, languages=found.languages,
            serving=serving, retired=found.retired is not None,
        )  # fmt: skip


class Segments(BaseModel):
    """The segments of a brand, by name."""

    items: list[SegmentShown]


class CellShown(BaseModel):
    """What a post has for a segment in one of its languages."""

    segment: int
    language: str
    state: str = Field(description=gettext_noop("said, missing, unchosen or nobody"))
    channels: list[int]


class PostCovered(BaseModel):
    """A post, and what it has for the segments that it is for."""

    post: int
    due: datetime | None
    cells: list[CellShown]


class CoverageShown(BaseModel):
    """The coverage map."""

    items: list[PostCovered]


@router.get(SEGMENTS, auth=_READS, response=Segments, operation_id="segments",
            summary=gettext_noop("Segments, and the channels that serve them"))  # fmt: skip
def segments(request: ApiRequest, brand: str) -> Segments:
    rows = Segment.objects.of(request.brand).order_by("name", "pk").prefetch_related("serving")[:LISTED]
    return Segments.model_construct(items=[SegmentShown.of(each) for each in rows])


@router.post(SEGMENTS, auth=_WRITES, response={201: SegmentShown}, operation_id="make-segment",
             summary=gettext_noop("Make a segment"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: SegmentAsked) -> Status[SegmentShown]:
    try:
        made = Segment.make(request.brand, request.user, _given(request, given))
    except NameTaken:
        raise wrong_at("name", _("Another segment has this name.")) from None
    if given.retired:
        made.retire(request.user)
    return Status(201, SegmentShown.of(made))


@router.put(SEGMENT, auth=_WRITES, response=SegmentShown, operation_id="change-segment",
            summary=gettext_noop("Change a segment or who serves it, retire it, or take it up again"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: SegmentAsked) -> SegmentShown:
    found = Segment.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    try:
        found.settle(request.user, _given(request, given))
    except NameTaken:
        raise wrong_at("name", _("Another segment has this name.")) from None
    found.retire(request.user, given.retired)
    return SegmentShown.of(found)


@router.get("/brands/{slug:brand}/coverage", auth=_READS, response=CoverageShown, operation_id="coverage",
            summary=gettext_noop("What coming posts, or those of a campaign, have for segments"))  # fmt: skip
def coverage(request: ApiRequest, brand: str, campaign: int | None = None) -> CoverageShown:
    chosen = Campaign.objects.of(request.brand).filter(pk=campaign).first() if campaign else None
    if campaign and chosen is None:
        raise wrong_at("campaign", _("There is no such campaign, or it is closed."))
    rows = rows_of(request.brand)
    aimed = mapped(Post.objects.of(request.brand), chosen).filter(aims__isnull=False).distinct()
    items = []
    for post in with_words(aimed)[:LISTED]:
        said = Said.of(post)
        cells = [
            CellShown.model_construct(
                segment=row.segment.pk, language=row.language, state=found.state,
                channels=[each.pk for each in found.channels],
            )
            for row in rows
            if row.segment.pk in said.segments
            for found in [cell(row, said)]
        ]  # fmt: skip
        items.append(PostCovered.model_construct(post=post.pk, due=post.due, cells=cells))
    return CoverageShown.model_construct(items=items)


def _given(request: ApiRequest, given: SegmentAsked) -> SegmentGiven:
    try:
        name = visible(given.name)
    except ValidationError as error:
        raise wrong_at("name", " ".join(error.messages)) from None
    try:
        countries = countries_in(given.countries)
    except ValidationError as error:
        raise wrong_at("countries", " ".join(error.messages)) from None
    try:
        languages = languages_in([each.lower() for each in given.languages])
    except ValidationError as error:
        raise wrong_at("languages", " ".join(error.messages)) from None
    named = {each.channel for each in given.serving}
    known = set(Channel.objects.of(request.brand).filter(pk__in=named).values_list("pk", flat=True))
    if named - known:
        raise wrong_at("serving", _("The brand has no channel %(n)d.") % {"n": min(named - known)})
    if any(each.language not in languages for each in given.serving):
        raise wrong_at("serving", _("A channel serves a segment in one of its languages."))
    return SegmentGiven(
        name, countries, languages, tuple((each.channel, each.language) for each in given.serving)
    )
