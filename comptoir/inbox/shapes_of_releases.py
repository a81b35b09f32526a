"""An answer to many as programs read and give it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop
from ninja import Query
from pydantic import BaseModel, Field

from comptoir.inbox.models.gathered import MOST
from comptoir.inbox.models.saved import VERSIONS_MOST
from comptoir.inbox.shapes import StrangerBrief
from comptoir.inbox.shapes_of_acts import Given
from comptoir.inbox.views.objecting import OUTCOMES, WORDS, Shown
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.programs.paging import NUMBER_MOST, Page

Which = Annotated[
    Literal["all", "exceptions"],
    Query(description=gettext_noop("Everybody, or only whom something speaks against.")),
]
_Thread = Annotated[int, Field(ge=1, le=NUMBER_MOST)]


class ReleaseGiven(Given):
    """Words for everybody in a cluster."""

    texts: dict[str, str] = Field(
        min_length=1, max_length=VERSIONS_MOST,
        description=gettext_noop("By language, each with the variables of saved replies."),
    )  # fmt: skip


class ChoiceGiven(Given):
    """Who of a draft is answered, by their threads; whoever is not named stays as they are."""

    tick: list[_Thread] = Field(default=[], max_length=MOST)
    untick: list[_Thread] = Field(default=[], max_length=MOST)


class ReleasedGiven(Given):
    """That a person has looked at who gets what."""

    version: int = Field(
        ge=0, le=NUMBER_MOST,
        description=gettext_noop("From the last page of its people: what was looked at. Any other is a 409."),
    )  # fmt: skip


class ReleaseShown(BaseModel):
    """An answer to many: one reply to each, once it was looked at and released."""

    id: int
    cluster: int | None
    state: Literal["draft", "waiting", "running", "done", "stopping", "stopped"]
    url: str = Field(description=gettext_noop("Where a person looks at it and releases it."))
    texts: dict[str, str]
    by: PersonBrief | None = Field(description=gettext_noop("Who prepared it or, later, released it."))
    chosen: int
    left_out: int
    exceptions: int = Field(description=gettext_noop("Whom something speaks against, chosen or not."))
    answered: int
    sent: int
    created: datetime
    released: datetime | None

    @classmethod
    def of(cls, found: Any, brand: str) -> ReleaseShown:
        """One that was asked for with its counts."""
        url = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('release', args=[brand, found.pk])}"
        return cls.model_construct(
            id=found.pk, cluster=found.cluster_id, state=str(found.state), url=url, texts=found.texts,
            by=PersonBrief.of(found.by) if found.by else None, created=found.created, released=found.released_at,
            chosen=found.ticked, left_out=found.spared, exceptions=found.odd, answered=found.answered, sent=found.sent,
        )  # fmt: skip


class Releases(Page[ReleaseShown]):
    """Answers to many, the newest at the top."""


class Objection(BaseModel):
    """What speaks against answering somebody with the others."""

    code: str
    label: str

    @classmethod
    def of(cls, code: str) -> Objection:
        return cls.model_construct(code=str(code), label=str(WORDS[code]))


class PartShown(BaseModel):
    """Somebody in an answer to many: what they said and what they are told."""

    thread: int
    channel: int
    person: StrangerBrief | None
    said: str = Field(description=gettext_noop("The beginning of their message."))
    language: str = Field(description=gettext_noop("In which of the texts they are answered."))
    text: str = Field(description=gettext_noop("What they are told, before it is signed."))
    length: int = Field(description=gettext_noop("As their network counts, with the signature."))
    most: int = Field(description=gettext_noop("What the network takes."))
    missing: list[str] = Field(description=gettext_noop("Variables that nothing fills."))
    why: list[Objection]
    chosen: bool
    may_be_chosen: bool
    outcome: str = Field(
        description=gettext_noop("What became of it: empty before its turn, answered, or why it was skipped.")
    )
    outcome_label: str = Field(description=gettext_noop("The same in words, where it was skipped."))

    @classmethod
    def of(cls, each: Shown) -> PartShown:
        part, length = each.part, each.length
        return cls.model_construct(
            thread=part.thread_id, channel=part.thread.channel_id, person=StrangerBrief.of(part.thread.person),
            said=each.said, language=part.language, text=each.text, length=length.count if length else 0,
            most=length.limit if length else 0, missing=each.wanting, why=[Objection.of(why) for why in part.why],
            chosen=part.chosen, may_be_chosen=part.may_be_chosen, outcome=str(part.outcome),
            outcome_label=str(OUTCOMES.get(part.outcome, "")),
        )  # fmt: skip


class LookedAt(Page[PartShown]):
    """Who is in an answer to many."""

    version: int | None = Field(
        description=gettext_noop("On the last page: what was looked at, to be named when it is released.")
    )
