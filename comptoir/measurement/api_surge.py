"""For programs: what many say at once, and answers prepared for them. Releasing these is a person's, on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.inbox.api import READS, WRITES
from comptoir.inbox.forms_of_saved import wrong_with
from comptoir.inbox.models import Cluster, NothingToSend, Part, Release
from comptoir.inbox.models.saved import TEXT_MOST, VERSIONS_MOST, tag
from comptoir.measurement.surge import Gathered, Pace, surge_of
from comptoir.networks.models import Delivery
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["surge"])
_RELEASE = "/brands/{slug:brand}/releases/{number:pk}"


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


class ReleaseGiven(BaseModel):
    """Words for everybody in a cluster."""

    model_config = ConfigDict(extra="forbid")

    texts: dict[str, str] = Field(
        min_length=1, max_length=VERSIONS_MOST,
        description=gettext_noop("By language, each with the variables of saved replies."),
    )  # fmt: skip


class ReleaseShown(BaseModel):
    """An answer to many: one reply to each, once a person releases it on its page."""

    id: int
    state: str
    url: str = Field(description=gettext_noop("Where a person looks at it and releases it."))
    chosen: int
    left_out: int
    answered: int
    sent: int
    created: datetime

    @classmethod
    def of(cls, found: Release, brand: str) -> ReleaseShown:
        counts = found.parts.aggregate(
            ticked=Count("pk", filter=Q(chosen=True)),
            spared=Count("pk", filter=Q(chosen=False)),
            answered=Count("pk", filter=Q(outcome=Part.Outcome.ANSWERED)),
            sent=Count("pk", filter=Q(reply__delivery__state=Delivery.State.SENT)),
        )
        url = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('release', args=[brand, found.pk])}"
        return cls.model_construct(
            id=found.pk,
            state=str(found.state),
            url=url,
            created=found.created,
            chosen=counts["ticked"],
            left_out=counts["spared"],
            answered=counts["answered"],
            sent=counts["sent"],
        )


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


@router.post(
    "/brands/{slug:brand}/clusters/{number:pk}/releases", auth=WRITES, response={201: ReleaseShown},
    operation_id="prepare-release", summary=gettext_noop("Prepare one answer to each of those who wait in a cluster"),
    description=gettext_noop("A draft: nothing leaves until a person has looked at it and releases it at its url."),
)  # fmt: skip
def prepare(request: ApiRequest, brand: str, pk: int, given: ReleaseGiven) -> Status[Any]:
    cluster = Cluster.objects.of(request.brand).filter(pk=pk).first()
    if cluster is None:
        raise Problem("not-found", _("There is no such cluster any more: nobody said it again for a while."))
    cluster.brand = request.brand
    texts = {tag(language): text.replace("\x00", "")[:TEXT_MOST] for language, text in given.texts.items()}
    wrong = "" if all(texts) else _("Name the language by its code: fr, en, pt-BR.")
    if wrong := wrong or next(filter(None, (wrong_with(text, request.brand) for text in texts.values())), ""):
        raise wrong_at("texts", wrong)
    try:
        made = Release.prepare(cluster, request.user, texts)
    except NothingToSend:
        words = _("Nobody waits in it any more.") if any(texts.values()) else _("Write something first.")
        raise wrong_at("texts", words) from None
    return Status(201, ReleaseShown.of(made, request.brand.slug))


@router.get(
    _RELEASE, auth=READS, response=ReleaseShown, operation_id="release-of-answers",
    summary=gettext_noop("How far an answer to many is"),
)  # fmt: skip
def release(request: ApiRequest, brand: str, pk: int) -> ReleaseShown:
    return ReleaseShown.of(_found(request, pk), request.brand.slug)


@router.delete(
    _RELEASE, auth=WRITES, response={202: ReleaseShown}, operation_id="stop-release",
    summary=gettext_noop("Answer nobody more, and take back what has not left"),
)  # fmt: skip
def stop(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    found = _found(request, pk)
    if not found.stop(request.user):
        raise Problem("too-late", _("Only what is under way can be stopped."))
    return Status(202, ReleaseShown.of(found, request.brand.slug))


def _found(request: ApiRequest, pk: int) -> Release:
    found = Release.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such answer to many."))
    return found
