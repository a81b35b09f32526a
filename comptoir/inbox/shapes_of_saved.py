"""Saved replies as programs read and give them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field

from comptoir.inbox.models.offering import Offer
from comptoir.inbox.models.saved import TEXT_MOST, VERSIONS_MOST, SavedReply
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.programs.paging import NUMBER_MOST, Page

Words = Annotated[str, Field(min_length=1, max_length=TEXT_MOST)]
Texts = Annotated[
    dict[str, Words],
    Field(
        min_length=1, max_length=VERSIONS_MOST,
        description=gettext_noop("The words by language (fr, en, pt-BR), with variables in pairs of braces."),
    ),
]  # fmt: skip


class SavedReplyGiven(Given):
    """A saved reply as it shall be."""

    name: str = Field(min_length=1, max_length=80)
    shortcut: str = Field(
        default="", max_length=30,
        description=gettext_noop("What is typed after the slash; made of the name where it is empty."),
    )  # fmt: skip
    texts: Texts
    team: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST, description=gettext_noop("The team that alone is offered it.")
    )


class SavedReplyMade(SavedReplyGiven):
    """A saved reply to make."""

    own: bool = Field(
        default=False,
        description=gettext_noop("For the token's person alone. The brand's take the role manager."),
    )


class SavedReplyShown(BaseModel):
    """Words that are said often."""

    id: int
    name: str
    shortcut: str
    own: bool = Field(description=gettext_noop("Whether it is the token's person's alone."))
    team: int | None
    texts: dict[str, str] = Field(description=gettext_noop("The words by language, variables as they stand."))
    uses: int = Field(description=gettext_noop("How many answers were given with it."))
    used: datetime | None = Field(description=gettext_noop("When the last one was."))

    @classmethod
    def of(cls, saved: SavedReply) -> SavedReplyShown:
        return cls.model_construct(
            id=saved.pk, name=saved.name, shortcut=saved.shortcut, own=saved.own, team=saved.team_id,
            texts={each.language: each.text for each in saved.texts.all()}, uses=saved.uses, used=saved.used_at,
        )  # fmt: skip


class SavedReplies(Page[SavedReplyShown]):
    """Saved replies, the oldest at the top."""


class OfferShown(BaseModel):
    """A saved reply, filled in for a thread."""

    id: int
    name: str
    shortcut: str
    language: str = Field(description=gettext_noop("The version that fits the thread."))
    texts: dict[str, str] = Field(description=gettext_noop("The words by language, ready to be sent."))

    @classmethod
    def of(cls, offer: Offer) -> OfferShown:
        return cls.model_construct(
            id=offer.saved.pk, name=offer.saved.name, shortcut=offer.saved.shortcut, language=offer.language,
            texts=offer.texts,
        )  # fmt: skip


class Offers(BaseModel):
    """What fits a thread, used most and last first."""

    items: list[OfferShown]


class ShieldShown(BaseModel):
    """Whether names are off the brand's answers."""

    on: bool
    since: datetime | None
