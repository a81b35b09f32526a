"""For programs: the figures of a brand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import BadRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.models.survey import SCORES
from comptoir.measurement.asked import LONGEST, USUAL, Asked
from comptoir.measurement.figures import DIMENSIONS, Figures, Line, Spread, Workload, figures_of
from comptoir.measurement.models.people import PeopleFigures, seen_people
from comptoir.measurement.satisfaction import Satisfaction, Satisfied
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem

router = Router(tags=["figures"])
_SETTLES = Bearer("brand:write", "owner")
_NUMBER_MOST = 2**63 - 1
Days = Annotated[
    int, Query(ge=1, le=LONGEST, description=gettext_noop("So many days, the last of them today."))
]
Since = Annotated[date | None, Query(description=gettext_noop("The first day, by the brand's clock."))]
Until = Annotated[date | None, Query(description=gettext_noop("The last day, counted too."))]
ChannelAsked = Annotated[
    int | None, Query(ge=1, le=_NUMBER_MOST, description=gettext_noop("Only those on this channel."))
]
HoursAsked = Annotated[
    Literal["all", "open"], Query(description=gettext_noop("Count times in all hours, or in business hours."))
]


class SpreadShown(BaseModel):
    """How long something took, in seconds; null where nothing did."""

    n: int = Field(description=gettext_noop("Of how many."))
    median: float | None
    p90: float | None = Field(description=gettext_noop("What nine in ten stayed under."))
    mean: float | None

    @classmethod
    def of(cls, found: Spread) -> SpreadShown:
        return cls.model_construct(n=found.n, median=found.median, p90=found.p90, mean=found.mean)


class LineShown(BaseModel):
    """The figures of the whole, or of one day, hour, channel, language, team, queue or person."""

    key: int | str | date | None = Field(
        description=gettext_noop("The day, hour, language, or number of the row.")
    )
    label: str
    messages: int
    conversations: int
    answered: int
    answered_here: int = Field(description=gettext_noop("Of these, not on the network itself."))
    waiting: int
    closed_unanswered: int
    response_rate: float | None = Field(
        description=gettext_noop("answered / (answered + waiting), null when there is neither.")
    )
    within: list[int] = Field(description=gettext_noop("Answered within 2 h, 8 h, 24 h, and later."))
    first_response: SpreadShown
    next_response: SpreadShown
    resolution: SpreadShown

    @classmethod
    def of(cls, line: Line) -> LineShown:
        return cls.model_construct(
            key=line.key, label=line.label, messages=line.messages, conversations=line.segments,
            answered=line.answered, answered_here=line.here, waiting=line.waiting, closed_unanswered=line.left,
            response_rate=line.rate, within=list(line.buckets), first_response=SpreadShown.of(line.first),
            next_response=SpreadShown.of(line.next), resolution=SpreadShown.of(line.resolution),
        )  # fmt: skip


class HourOfWeek(BaseModel):
    """Messages in one hour of the week."""

    weekday: int = Field(description=gettext_noop("1 is Monday."))
    hour: int
    messages: int


class WorkloadShown(BaseModel):
    """An hour of an average day."""

    hour: int
    messages: float
    people: float = Field(description=gettext_noop("Different people who did something at the counter."))

    @classmethod
    def of(cls, found: Workload) -> WorkloadShown:
        return cls.model_construct(hour=found.hour, messages=found.messages, people=found.people)


class SatisfiedShown(BaseModel):
    """Whether people were helped, as they said behind the link of one question."""

    key: int | str | None
    label: str
    asked: int
    answered: int
    response_rate: float | None = Field(description=gettext_noop("answered / asked, null when nobody was."))
    satisfied: float | None = Field(
        description=gettext_noop("The share of those who answered with 4 or 5 of 5.")
    )
    mean: float | None
    scores: list[int] = Field(description=gettext_noop("How many gave 1, 2, 3, 4, 5."))

    @classmethod
    def of(cls, line: Satisfied) -> SatisfiedShown:
        return cls.model_construct(
            key=line.key, label=line.label, asked=line.asked, answered=line.answered, response_rate=line.rate,
            satisfied=line.satisfied, mean=line.mean, scores=[line.scores[n] for n in SCORES],
        )  # fmt: skip


class SatisfactionShown(BaseModel):
    """The whole, and by channel, team and language."""

    total: SatisfiedShown
    by: dict[str, list[SatisfiedShown]]

    @classmethod
    def of(cls, found: Satisfaction) -> SatisfactionShown:
        by = {name: [SatisfiedShown.of(line) for line in lines] for name, lines in found.by.items()}
        return cls.model_construct(total=SatisfiedShown.of(found.total), by=by)


class FiguresShown(BaseModel):
    """The figures of a period."""

    since: date
    until: date
    zone: str = Field(description=gettext_noop("The brand's clock, by which days and hours are."))
    hours: str
    channel: int | None
    total: LineShown
    before: LineShown = Field(description=gettext_noop("As many days before."))
    by: dict[str, list[LineShown]] = Field(
        description=gettext_noop(
            "By day, hour, channel, language, team, queue, person; of persons only those whom you may see."
        )
    )
    week: list[HourOfWeek]
    workload: list[WorkloadShown]
    satisfaction: SatisfactionShown
    behind: int = Field(description=gettext_noop("Threads that changed and are still to be counted."))
    oldest: date | None = Field(
        description=gettext_noop("The day of the first message that figures know of.")
    )


@router.get(
    "/brands/{slug:brand}/figures", auth=Bearer("figures:read"), response=FiguresShown,
    operation_id="figures", summary=gettext_noop("Figures of answering"),
)  # fmt: skip
def figures(
    request: ApiRequest,
    brand: str,
    days: Days = USUAL,
    since: Since = None,
    until: Until = None,
    channel: ChannelAsked = None,
    hours: HoursAsked = "all",
) -> FiguresShown:
    given = {"days": days, "since": since, "until": until, "channel": channel, "hours": hours}
    try:
        asked = Asked.of(request.brand, given)
    except BadRequest as wrong:
        raise Problem("invalid", errors=[{"at": "query", "detail": str(wrong)}]) from None
    return _shown(figures_of(asked), seen_people(request.membership, request.brand))


@router.post(
    "/brands/{slug:brand}/figures/people", auth=_SETTLES, response={204: None}, operation_id="show-people-figures",
    summary=gettext_noop("Let managers see the figures of each person"),
)  # fmt: skip
def show_people(request: ApiRequest, brand: str) -> Status[Any]:
    PeopleFigures.switch_on(request.brand, request.user)
    return Status(204, None)


@router.delete(
    "/brands/{slug:brand}/figures/people", auth=_SETTLES, response={204: None}, operation_id="hide-people-figures",
    summary=gettext_noop("Have everybody see their own figures alone"),
)  # fmt: skip
def hide_people(request: ApiRequest, brand: str) -> Status[Any]:
    PeopleFigures.switch_off(request.brand, request.user)
    return Status(204, None)


def _shown(found: Figures, sees: set[int] | None) -> FiguresShown:
    by = {
        name: [
            LineShown.of(line)
            for line in found.by[name]
            if name != "person" or sees is None or line.key in sees
        ]
        for name in DIMENSIONS
    }
    asked = found.asked
    return FiguresShown.model_construct(
        since=asked.since, until=asked.until, zone=str(asked.zone), hours="open" if asked.open else "all",
        channel=asked.channel.pk if asked.channel else None, total=LineShown.of(found.total),
        before=LineShown.of(found.before), by=by, workload=[WorkloadShown.of(each) for each in found.workload],
        week=[
            HourOfWeek.model_construct(weekday=day + 1, hour=hour, messages=n)
            for (day, hour), n in sorted(found.week.items())
        ],
        satisfaction=SatisfactionShown.of(found.satisfaction), behind=found.behind[0], oldest=found.oldest,
    )  # fmt: skip
