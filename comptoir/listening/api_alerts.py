"""For programs: alerts, and what people say that they were."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.utils.translation import gettext_noop
from ninja import Query as Asked
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.listening.models import Alert
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST, USUAL, After, Limit, Page, moment, next_moment
from comptoir.organisation.programs.problems import Problem
from comptoir.reading.spikes.trust import Verdict

router = Router(tags=["listening"])
ALERTS = "/brands/{slug:brand}/alerts"
_READS, _WRITES = Bearer("threads:read"), Bearer("threads:write", "agent")

type Verdicts = Literal["real", "planned", "weekly", "spam", "false"]


class JoinedShown(BaseModel):
    """An alert that joined, of another query."""

    id: int
    query: int


class AlertShown(BaseModel):
    """Something unusual was said of a query, or nothing where there usually is talk."""

    id: int
    query: int
    kind: Literal["spike", "silence"]
    since: datetime = Field(description=gettext_noop("The first stir."))
    until: datetime = Field(description=gettext_noop("The last one."))
    began: datetime = Field(description=gettext_noop("When it was told."))
    over: datetime | None
    every_days: float = Field(
        description=gettext_noop("As much is heard once in so many days; 0 for a silence.")
    )
    posts: int
    usual: float = Field(description=gettext_noop("How many posts are usual in that time."))
    negative: int
    copies: int = Field(description=gettext_noop("Posts that are spam, or say what another said before."))
    missed: float = Field(description=gettext_noop("Of a silence: how many posts were expected."))
    mentions: list[int] = Field(description=gettext_noop("Some that show it."))
    verdict: Verdicts | None
    first: int | None = Field(
        description=gettext_noop("The alert that told of the same storm before; null where this one tells.")
    )
    joined: list[JoinedShown] = Field(
        description=gettext_noop("Where else its storm is heard. A verdict counts for all of them.")
    )

    @classmethod
    def of(cls, alert: Alert) -> AlertShown:
        judged = getattr(alert, "judgement", None)
        return cls.model_construct(
            id=alert.pk, query=alert.query_id, kind=alert.kind, since=alert.since, until=alert.until,
            began=alert.began, over=alert.over, every_days=round(alert.every, 1), posts=alert.posts,
            usual=round(alert.usual, 1), negative=alert.negative, copies=alert.copies,
            missed=round(alert.missed, 1), mentions=alert.samples, verdict=judged.verdict if judged else None,
            first=alert.first_id,
            joined=[JoinedShown(id=each.pk, query=each.query_id) for each in alert.joined.all()],
        )  # fmt: skip


class Alerts(Page[AlertShown]):
    """A brand's alerts, the newest at the top."""


class VerdictGiven(BaseModel):
    """What an alert was, and all that are of its storm; null where nobody knows."""

    model_config = ConfigDict(extra="forbid")
    verdict: Verdicts | None


Of = Annotated[int | None, Asked(ge=1, le=NUMBER_MOST, description=gettext_noop("Only those of this query."))]


@router.get(ALERTS, auth=_READS, response=Alerts, operation_id="alerts",
            summary=gettext_noop("Alerts, the newest at the top"))  # fmt: skip
def alerts(
    request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "", query: Of = None,
) -> Alerts:  # fmt: skip
    rows = (
        Alert.objects.of(request.brand)
        .newest()
        .select_related("judgement")
        .prefetch_related("joined")
        .defer("episode", "words")
    )
    rows = rows.filter(query=query) if query else rows
    if before := moment(cursor, "alerts"):
        rows = rows.filter(Q(began__lt=before[0]) | Q(began=before[0], pk__lt=before[1]))
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    following = next_moment(request, "alerts", found[-1].began, found[-1].pk) if more else None
    return Alerts.model_construct(items=[AlertShown.of(each) for each in found], next=following)


@router.get(f"{ALERTS}/{{number:pk}}", auth=_READS, response=AlertShown, operation_id="alert",
            summary=gettext_noop("One alert"))  # fmt: skip
def alert(request: ApiRequest, brand: str, pk: int) -> AlertShown:
    return AlertShown.of(_found(request, pk))


@router.put(f"{ALERTS}/{{number:pk}}/verdict", auth=_WRITES, response={204: None}, operation_id="judge-alert",
            summary=gettext_noop("Say what an alert was; the query learns from it"))  # fmt: skip
def judge(request: ApiRequest, brand: str, pk: int, given: VerdictGiven) -> Status[Any]:
    found = _found(request, pk)
    if given.verdict:
        found.judge(Verdict(given.verdict), request.user)
    else:
        found.unjudge(request.user)
    return Status(204, None)


def _found(request: ApiRequest, pk: int) -> Alert:
    found = Alert.objects.of(request.brand).filter(pk=pk).select_related("query", "judgement").first()
    if found is None:
        raise Problem("not-found")
    return found
