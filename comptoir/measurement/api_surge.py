"""For programs: what many say at once, and when nobody waits any more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS
from comptoir.measurement.surge import Gathered, Pace, surge_of
from comptoir.organisation.programs.door import ApiRequest

router = Router(tags=["surge"])


class ClusterShown(BaseModel):
    """What several people say in almost the same words."""

    id: int
    text: str = Field(description=gettext_noop("In the words of one of them."))
    waiting: int
    pressing: int = Field(description=gettext_noop("Of these, those who speak of health, a child or danger."))
    oldest: datetime = Field(description=gettext_noop("Since when somebody has waited."))
    size: int = Field(description=gettext_noop("How often it was heard, answered or not."))
    first: datetime
    last: datetime
    new: bool = Field(description=gettext_noop("Heard for the first time within the hour."))
    languages: list[str]

    @classmethod
    def of(cls, found: Gathered) -> ClusterShown:
        return cls.model_construct(
            id=found.pk, text=found.text or "", waiting=found.waiting, pressing=found.pressing, oldest=found.oldest,
            size=found.size, first=found.first_at, last=found.last_at, new=found.is_new,
            languages=list(found.languages or ()),
        )  # fmt: skip


class PaceShown(BaseModel):
    """What came in and what was answered within so many minutes."""

    minutes: int
    came: int = Field(description=gettext_noop("Conversations in which somebody wrote."))
    answered: int
    people: int

    @classmethod
    def of(cls, found: Pace) -> PaceShown:
        return cls.model_construct(
            minutes=found.minutes, came=found.came, answered=found.gone, people=found.people
        )


class SurgeShown(BaseModel):
    """Who waits with what, and when nobody does any more."""

    waiting: int
    pressing: int
    alone: int = Field(description=gettext_noop("Those who wait with words that nobody else said."))
    leaving: int = Field(description=gettext_noop("Answers that are on their way."))
    pace: list[PaceShown]
    zero: str = Field(description=gettext_noop("none (nobody waits), soon, or never (not at this pace)."))
    zero_in: int | None = Field(description=gettext_noop("Where it is soon: in about so many minutes."))
    limit: str | None = Field(description=gettext_noop("The network whose limit decides, where one does."))
    clusters: list[ClusterShown] = Field(description=gettext_noop("The forty biggest."))


@router.get(
    "/brands/{slug:brand}/surge", auth=READS, response=SurgeShown, operation_id="surge",
    summary=gettext_noop("What many say at once, and when nobody waits any more"),
)  # fmt: skip
def surge(request: ApiRequest, brand: str) -> SurgeShown:
    found = surge_of(request.brand)
    soon = found.outlook.state == "soon"
    return SurgeShown.model_construct(
        waiting=found.waiting, pressing=found.pressing, alone=found.singles, leaving=found.leaving,
        pace=[PaceShown.of(found.short), PaceShown.of(found.long)], zero=found.outlook.state,
        zero_in=round(found.outlook.left.total_seconds() / 60) if soon else None,
        limit=found.outlook.binds.label if found.outlook.binds else None,
        clusters=[ClusterShown.of(each) for each in found.clusters],
    )  # fmt: skip
