"""For programs: events, how healthy their tags are, and moving to another one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query as Asked
from ninja import Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from comptoir.listening.event_figures import Health, Point, now_of, series_of
from comptoir.listening.forms import EventForm, EventTimesForm, MoveForm
from comptoir.listening.models import Event
from comptoir.listening.models.event import NotMoved, TooManyEvents
from comptoir.listening.models.query import TooManyQueries
from comptoir.listening.proposing_tags import Beside, Candidate, languages, proposed, used_beside
from comptoir.organisation.models import Brand, NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.reading.query import Wrong

router = Router(tags=["listening"])
EVENTS = "/brands/{slug:brand}/events"
EVENT = f"{EVENTS}/{{number:pk}}"
_READS, _WRITES = Bearer("threads:read"), Bearer("threads:write", "manager")

type Spans = Literal["2h", "12h", "24h", "all"]


class EventTimes(BaseModel):
    """What an event is called, and when it is: a month at the most."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80)
    begins: AwareDatetime
    ends: AwareDatetime


class EventGiven(EventTimes):
    """An event as it shall be made."""

    tag: str = Field(
        min_length=2, max_length=80, description=gettext_noop("The #tag that people are asked to use.")
    )
    query: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST,
        description=gettext_noop("The query that is to hear it; without one a query is made for the tag."),
    )  # fmt: skip


class TagGiven(BaseModel):
    """The tag that an event moves to."""

    model_config = ConfigDict(extra="forbid")
    tag: str = Field(min_length=2, max_length=80)


class TagShown(BaseModel):
    """A tag of an event."""

    tag: str
    since: datetime
    by: int | None


class TakeoverShown(BaseModel):
    """Noise drowned what people say under a tag. Shares are of noise, from 0 to 1."""

    id: int
    tag: str
    since: datetime
    began: datetime = Field(description=gettext_noop("When it was told."))
    over: datetime | None
    before: float
    now: float
    noise: int
    posts: int


class EventShown(BaseModel):
    """An event, with its tags in order: the last is the one in use."""

    id: int
    name: str
    query: int
    begins: datetime
    ends: datetime
    tag: str
    tags: list[TagShown]
    takeovers: list[TakeoverShown] = Field(description=gettext_noop("The newest at the top."))

    @classmethod
    def of(cls, event: Event) -> EventShown:
        tags = event.in_order()
        takeovers = sorted(event.takeovers.all(), key=lambda each: each.began, reverse=True)
        return cls.model_construct(
            id=event.pk, name=event.name, query=event.query_id, begins=event.begins, ends=event.ends,
            tag=tags[-1].tag,
            tags=[TagShown.model_construct(tag=each.tag, since=each.since, by=each.by_id) for each in tags],
            takeovers=[
                TakeoverShown.model_construct(**{name: getattr(each, name) for name in TakeoverShown.model_fields})
                for each in takeovers
            ],
        )  # fmt: skip


class Events(BaseModel):
    """A brand's events, what comes or goes on at the top."""

    items: list[EventShown]


class HealthShown(BaseModel):
    """Genuine messages, spam, and copies of what was said before; the share that is genuine is null where nothing was
    said."""

    genuine: int
    spam: int
    copies: int
    genuine_share: float | None

    @classmethod
    def of(cls, health: Health) -> HealthShown:
        return cls.model_construct(**health._asdict(), genuine_share=health.share)


class PointShown(BaseModel):
    """What was said from a moment on for a step, under all tags of the event together and under each."""

    moment: datetime
    tag: str = Field(description=gettext_noop("The one in use."))
    moved_to: str | None
    all: HealthShown
    by_tag: list[HealthShown] = Field(description=gettext_noop("In the order of the event’s tags."))

    @classmethod
    def of(cls, point: Point) -> PointShown:
        return cls.model_construct(
            moment=point.moment, tag=point.in_use, moved_to=point.moved or None, all=HealthShown.of(point.all),
            by_tag=[HealthShown.of(each) for each in point.by_tag[:-1]],
        )  # fmt: skip


class SeriesShown(BaseModel):
    """How healthy an event's tag is: its last quarter of an hour and hour, under the tag in use, and the series."""

    at: datetime
    quarter: HealthShown
    hour: HealthShown
    former: HealthShown = Field(description=gettext_noop("The hour under the tags before it."))
    people: int = Field(description=gettext_noop("Who said something genuine in that hour."))
    step_minutes: int
    points: list[PointShown]


class CandidateShown(BaseModel):
    """A tag made of the one in use by a rule; free where neither count is above 0."""

    tag: str
    rule: Literal["year", "number", "short", "language"]
    heard: int = Field(description=gettext_noop("Among the brand’s mentions of 30 days."))
    sampled: int = Field(description=gettext_noop("About how many messages of what passes in public lately."))

    @classmethod
    def of(cls, found: Candidate) -> CandidateShown:
        return cls.model_construct(**found._asdict())


class BesideShown(BaseModel):
    """A tag that people use beside the event's."""

    tag: str
    people: int
    posts: int
    noise: int

    @classmethod
    def of(cls, found: Beside) -> BesideShown:
        return cls.model_construct(**found._asdict())


class Proposals(BaseModel):
    """Where an event could move."""

    made: list[CandidateShown]
    used: list[BesideShown]


Span = Annotated[Spans, Asked(description=gettext_noop("The last hours of it, or all."))]


@router.get(EVENTS, auth=_READS, response=Events, operation_id="events",
            summary=gettext_noop("Events, what comes or goes on at the top"))  # fmt: skip
def events(request: ApiRequest, brand: str) -> Events:
    rows = Event.objects.of(request.brand).newest().prefetch_related("tags", "takeovers")
    return Events.model_construct(items=[EventShown.of(each) for each in rows])


@router.post(EVENTS, auth=_WRITES, response={201: EventShown}, operation_id="make-event",
             summary=gettext_noop("Watch the tag of an event"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: EventGiven) -> Status[Any]:
    form = EventForm(request.brand, _walls(request.brand, given))
    if not form.is_valid():
        raise unfit(form)
    try:
        made = Event.make(request.brand, request.user, **form.cleaned_data)
    except NameTaken:
        raise wrong_at("name", _("Another event, or a query, has this name.")) from None
    except Wrong:
        raise wrong_at("query", _("This query cannot be made to hear a tag as well.")) from None
    except TooManyEvents:
        raise wrong_at("name", _("A brand has five hundred events at the most.")) from None
    except TooManyQueries:
        raise wrong_at("name", _("A brand has a thousand queries at the most.")) from None
    return Status(201, EventShown.of(made))


@router.get(EVENT, auth=_READS, response=EventShown, operation_id="event", summary=gettext_noop("One event"))
def event(request: ApiRequest, brand: str, pk: int) -> EventShown:
    return EventShown.of(_found(request, pk))


@router.put(EVENT, auth=_WRITES, response=EventShown, operation_id="change-event",
            summary=gettext_noop("Give an event another name or time"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: EventTimes) -> EventShown:
    found, form = _found(request, pk), EventTimesForm(request.brand, _walls(request.brand, given))
    if not form.is_valid():
        raise unfit(form)
    try:
        found.settle(request.user, **form.cleaned_data)
    except NameTaken:
        raise wrong_at("name", _("Another event, or a query, has this name.")) from None
    return EventShown.of(_found(request, pk))


@router.delete(EVENT, auth=_WRITES, response={204: None}, operation_id="remove-event",
               summary=gettext_noop("Remove an event; its query and what was heard stay"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


@router.get(f"{EVENT}/series", auth=_READS, response=SeriesShown, operation_id="event-series",
            summary=gettext_noop("How healthy an event’s tag is, over time"))  # fmt: skip
def series(request: ApiRequest, brand: str, pk: int, span: Span = "all") -> SeriesShown:
    found = _found(request, pk)
    tags = found.in_order()
    now, told = now_of(found, tags), series_of(found, tags, span)
    return SeriesShown.model_construct(
        at=now.at, quarter=HealthShown.of(now.quarter), hour=HealthShown.of(now.hour),
        former=HealthShown.of(now.former), people=now.people, step_minutes=told.step,
        points=[PointShown.of(each) for each in told.points],
    )  # fmt: skip


@router.get(f"{EVENT}/proposals", auth=_READS, response=Proposals, operation_id="event-proposals",
            summary=gettext_noop("Tags that an event could move to"))  # fmt: skip
def proposals(request: ApiRequest, brand: str, pk: int) -> Proposals:
    found = _found(request, pk)
    tags = found.in_order()
    return Proposals.model_construct(
        made=[CandidateShown.of(each) for each in proposed(found, tags, languages(found))],
        used=[BesideShown.of(each) for each in used_beside(found, tags)],
    )


@router.post(f"{EVENT}/tags", auth=_WRITES, response={201: EventShown}, operation_id="move-event",
             summary=gettext_noop("Move an event to another tag, from this minute on"))  # fmt: skip
def move(request: ApiRequest, brand: str, pk: int, given: TagGiven) -> Status[Any]:
    found, form = _found(request, pk), MoveForm({"tag": given.tag})
    if not form.is_valid():
        raise unfit(form)
    try:
        found.move(request.user, form.cleaned_data["tag"])
    except NotMoved:
        raise wrong_at("tag", _("This tag is, or was, the event’s already.")) from None
    except Wrong:
        words = _("Its query cannot be made to hear another tag: change the query first.")
        raise wrong_at("tag", words) from None
    return Status(201, EventShown.of(_found(request, pk)))


@router.delete(f"{EVENT}/tags/last", auth=_WRITES, response=EventShown, operation_id="move-event-back",
               summary=gettext_noop("Undo an event’s last move"))  # fmt: skip
def move_back(request: ApiRequest, brand: str, pk: int) -> EventShown:
    try:
        _found(request, pk).move_back(request.user)
    except NotMoved:
        raise wrong_at("tag", _("It has its first tag: there is nothing to undo.")) from None
    return EventShown.of(_found(request, pk))


def _walls(brand: Brand, given: EventTimes) -> dict[str, Any]:
    """What was given as the form takes it: times by the brand's clock."""
    walls = {
        name: getattr(given, name).astimezone(brand.zone).replace(tzinfo=None).isoformat()
        for name in ("begins", "ends")
    }
    return given.model_dump() | walls


def _found(request: ApiRequest, pk: int) -> Event:
    rows = Event.objects.of(request.brand).prefetch_related("tags", "takeovers").select_related("query")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = found.query.brand = request.brand
    return found
