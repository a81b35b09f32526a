"""For programs: what a post looks like, on its way in and out."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from django.utils.translation import gettext_noop
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from comptoir.organisation.programs.paging import Page
from comptoir.publishing.models.asset import ALT_MOST
from comptoir.publishing.models.found_piece import PIECES_MOST
from comptoir.publishing.models.post import DESTINATIONS_MOST, REASON_MOST, TITLE_MOST
from comptoir.publishing.models.variant import PARTS_MOST
from comptoir.publishing.written import LANGUAGE_MOST, PICTURES_MOST, SEGMENTS_MOST, TEXT_MOST, WORDINGS_MOST

POSTS = "/brands/{slug:brand}/posts"
POST = f"{POSTS}/{{number:pk}}"
Text = Annotated[str, AfterValidator(lambda text: text.replace("\x00", ""))]


class WordingGiven(BaseModel):
    """Words for a language, for a network or for a channel; for none of them, those that all others begin from."""

    model_config = ConfigDict(extra="forbid")
    language: Text = Field(default="", max_length=LANGUAGE_MOST)
    network: Text = Field(default="", max_length=30)
    channel: int | None = Field(default=None, ge=1, le=10**18 - 1)
    parts: list[Text] | None = Field(
        default=None,
        max_length=PARTS_MOST,
        description=gettext_noop("Several answer each other, as a thread."),
    )
    comment: Text | None = Field(default=None, max_length=TEXT_MOST)
    warning: Text | None = Field(default=None, max_length=200)


class DestinationGiven(BaseModel):
    """A channel that it is for."""

    model_config = ConfigDict(extra="forbid")
    channel: int = Field(ge=1, le=10**18 - 1)
    language: Text = Field(default="", max_length=LANGUAGE_MOST)


class PictureBeside(BaseModel):
    """A picture of the library beside a post, with the words for those who do not see it there."""

    model_config = ConfigDict(extra="forbid")
    picture: int = Field(ge=1, le=10**18 - 1)
    shows: Text | None = Field(
        default=None, max_length=ALT_MOST, description=gettext_noop("Without it, what the library says.")
    )


class PostGiven(BaseModel):
    """A post as it shall be."""

    model_config = ConfigDict(extra="forbid")
    title: Text = Field(default="", max_length=TITLE_MOST)
    language: Text = Field(default="", max_length=LANGUAGE_MOST)
    wordings: list[WordingGiven] = Field(min_length=1, max_length=WORDINGS_MOST)
    destinations: list[DestinationGiven] = Field(default_factory=list, max_length=DESTINATIONS_MOST)
    segments: list[Annotated[int, Field(ge=1, le=10**18 - 1)]] | None = Field(
        default=None, max_length=SEGMENTS_MOST,
        description=gettext_noop("Whom it is for; without it, whom it is for already."),
    )  # fmt: skip
    pieces: list[Annotated[int, Field(ge=1, le=10**18 - 1)]] = Field(
        default_factory=list, max_length=PIECES_MOST,
        description=gettext_noop("Found pieces that it shares, beside those that it shares already."),
    )  # fmt: skip
    pictures: list[PictureBeside] | None = Field(
        default=None, max_length=PICTURES_MOST,
        description=gettext_noop("What stands beside it, in order; without it, what does already."),
    )  # fmt: skip
    campaign: int | None = Field(default=None, ge=1, le=10**18 - 1)
    reason: Text = Field(
        default="", max_length=REASON_MOST, description=gettext_noop("Why it is for no campaign.")
    )


class PostChanged(PostGiven):
    """A post as it shall be from now on."""

    version: int = Field(ge=1, description=gettext_noop("The version that was read."))


class TimeGiven(BaseModel):
    """When it leaves, by the clock on a wall."""

    model_config = ConfigDict(extra="forbid")
    day: date
    hour: time
    zone: str = Field(default="", max_length=60, description=gettext_noop("Empty for each channel's own."))


class DestinationShown(BaseModel):
    """Where it stands on one channel."""

    id: int
    channel: int
    language: str
    state: str
    due: datetime | None
    url: str
    why: str


class PostShown(BaseModel):
    """A post."""

    id: int
    title: str
    state: str
    version: int
    language: str
    segments: list[int]
    pieces: list[int]
    campaign: int | None
    reason: str
    due: datetime | None
    changed: datetime
    wordings: list[WordingGiven]
    destinations: list[DestinationShown]
    pictures: list[str] = Field(description=gettext_noop("What each picture shows."))


class Posts(Page[PostShown]):
    """Posts, what was changed last at the top."""
