"""For programs: queues, what is wanted of them, and how they stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS
from comptoir.inbox.forms_of_queues import QueueForm
from comptoir.inbox.models import Queue, Target, TooManyQueues
from comptoir.inbox.models.queue import MOST, reorder
from comptoir.inbox.models.staffing import Staffed, staffing
from comptoir.inbox.models.target import LONGEST
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at

router = Router(tags=["queues"])
QUEUES = "/brands/{slug:brand}/queues"
_DECIDES = Bearer("threads:write", "manager")
_MINUTES: Any = Field(default=None, ge=1, le=LONGEST)


class TargetGiven(Given):
    """Within how many minutes people are answered; without any there is no such target."""

    first: int | None = _MINUTES
    next: int | None = _MINUTES
    resolution: int | None = _MINUTES
    open_hours: bool = Field(
        default=True, description=gettext_noop("Whether only minutes count in which the counter is open.")
    )
    warns: int | None = Field(
        default=75,
        ge=1,
        le=99,
        description=gettext_noop("The share of the time after which people are warned."),
    )
    escalates: int | None = Field(
        default=0, ge=0, le=LONGEST, description=gettext_noop("By how many minutes late managers hear of it.")
    )
    calls: bool = Field(
        default=False, description=gettext_noop("Whether whoever is on duty is called when one is missed.")
    )


class TargetShown(BaseModel):
    """Within how many minutes people are answered, null for no such target."""

    first: int | None
    next: int | None
    resolution: int | None
    open_hours: bool
    warns: int | None
    escalates: int | None
    calls: bool

    @classmethod
    def of(cls, target: Target | None) -> TargetShown | None:
        if target is None:
            return None
        return cls.model_construct(**{name: getattr(target, name) for name in cls.model_fields})


class QueueGiven(Given):
    """What a queue wants, and who works in it."""

    name: str = Field(min_length=1, max_length=60)
    takes: bool = Field(
        default=True, description=gettext_noop("Whether new threads that it wants go into it by themselves.")
    )
    languages: list[str] = Field(default=[], max_length=100)
    countries: list[str] = Field(default=[], max_length=100)
    words: list[str] = Field(default=[], max_length=100)
    skills: list[str] = Field(default=[], max_length=100)
    hours: int | None = Field(
        default=None,
        ge=1,
        le=NUMBER_MOST,
        description=gettext_noop("Its business hours, null for the brand's."),
    )
    people: list[int] = Field(default=[], max_length=1_000)


class QueueShown(BaseModel):
    """A queue, and how it stands: of its open threads that wait for an answer, how many, nobody's and late."""

    id: int
    name: str
    takes: bool
    languages: list[str]
    countries: list[str]
    words: list[str]
    skills: list[str]
    hours: int | None
    people: list[PersonBrief] = Field(
        description=gettext_noop("Who works in it; nobody: everybody who answers for the brand.")
    )
    target: TargetShown | None
    waiting: int
    free: int
    late: int
    since: datetime | None = Field(description=gettext_noop("Since when the first of them waits."))
    room: int | None = Field(
        description=gettext_noop("How many more its people take at once, null for any number.")
    )

    @classmethod
    def of(cls, queue: Queue, target: Target | None, now: Staffed) -> QueueShown:
        return cls.model_construct(
            id=queue.pk, name=queue.name, takes=queue.takes, languages=queue.languages, countries=queue.countries,
            words=queue.words, skills=queue.skills, hours=queue.hours_id, target=TargetShown.of(target),
            people=[PersonBrief.of(each) for each in queue.members.all()], waiting=now.waiting, free=now.free,
            late=now.late, since=now.since, room=now.room,
        )  # fmt: skip


class QueueOrder(Given):
    """The numbers of all queues of the brand, in the order in which they are to be asked."""

    queues: list[int] = Field(max_length=MOST)


class Queues(BaseModel):
    """The brand's queues, in the order in which they are asked; `usual` is the target of everything else."""

    items: list[QueueShown]
    usual: TargetShown | None


@router.get(
    QUEUES, auth=READS, response=Queues, operation_id="queues",
    summary=gettext_noop("Queues, and how they stand"),
)  # fmt: skip
def queues(request: ApiRequest, brand: str) -> Queues:
    usual = Target.objects.of(request.brand).filter(queue=None).first()
    return Queues.model_construct(items=_shown(request), usual=TargetShown.of(usual))


@router.post(
    QUEUES, auth=_DECIDES, response={201: QueueShown}, operation_id="make-queue",
    summary=gettext_noop("Make a queue"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: QueueGiven) -> Status[Any]:
    try:
        made = Queue.make(request.brand, request.user, **_asked(request, given))
    except NameTaken:
        raise _taken() from None
    except TooManyQueues:
        raise wrong_at("name", _("The brand has a hundred queues: dissolve some first.")) from None
    return Status(201, _one(request, made.pk))


@router.put(
    f"{QUEUES}/order", auth=_DECIDES, response=Queues, operation_id="order-queues",
    summary=gettext_noop("Have queues asked in another order"),
)  # fmt: skip
def order(request: ApiRequest, brand: str, given: QueueOrder) -> Queues:
    try:
        reorder(request.brand, given.queues, request.user)
    except ValueError:
        raise wrong_at("queues", _("Name each queue of the brand once.")) from None
    return queues(request, brand)


@router.get(
    f"{QUEUES}/{{number:pk}}", auth=READS, response=QueueShown, operation_id="queue",
    summary=gettext_noop("One queue"),
)  # fmt: skip
def queue(request: ApiRequest, brand: str, pk: int) -> QueueShown:
    return _one(request, pk)


@router.put(
    f"{QUEUES}/{{number:pk}}", auth=_DECIDES, response=QueueShown, operation_id="change-queue",
    summary=gettext_noop("Have it want something else"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: QueueGiven) -> QueueShown:
    try:
        _found(request, pk).change(request.user, **_asked(request, given))
    except NameTaken:
        raise _taken() from None
    return _one(request, pk)


@router.delete(
    f"{QUEUES}/{{number:pk}}", auth=_DECIDES, response={204: None}, operation_id="dissolve-queue",
    summary=gettext_noop("Dissolve it"),
)  # fmt: skip
def dissolve(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).dissolve(request.user)
    return Status(204, None)


@router.put(
    f"{QUEUES}/{{number:pk}}/target", auth=_DECIDES, response=QueueShown, operation_id="queue-target",
    summary=gettext_noop("Say within what time its people are answered"),
)  # fmt: skip
def target(request: ApiRequest, brand: str, pk: int, given: TargetGiven) -> QueueShown:
    Target.settle(request.brand, _found(request, pk), request.user, **given.model_dump())
    return _one(request, pk)


@router.put(
    f"{QUEUES}/usual-target", auth=_DECIDES, response=Queues, operation_id="usual-target",
    summary=gettext_noop("The same of everything else"),
)  # fmt: skip
def usual_target(request: ApiRequest, brand: str, given: TargetGiven) -> Queues:
    Target.settle(request.brand, None, request.user, **given.model_dump())
    return queues(request, brand)


def _found(request: ApiRequest, pk: int) -> Queue:
    found = Queue.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such queue any more."))
    found.brand = request.brand
    return found


def _asked(request: ApiRequest, given: QueueGiven) -> dict[str, Any]:
    """What is wanted, if it will do."""
    data: dict[str, Any] = given.model_dump()
    data["members"] = data.pop("people")
    for name in ("languages", "countries", "words", "skills"):
        data[name] = "\n".join(data[name])
    form = QueueForm(request.brand, data)
    if not form.is_valid():
        raise unfit(form, {"members": "people"})
    return form.cleaned_data


def _taken() -> Problem:
    return wrong_at("name", _("There is a queue of this name."))


def _shown(request: ApiRequest) -> list[QueueShown]:
    targets = {each.queue_id: each for each in Target.objects.of(request.brand)}
    now = {each.pk: each for each in staffing(request.brand.pk)}
    found = Queue.objects.of(request.brand).in_order().prefetch_related("members")
    return [QueueShown.of(each, targets.get(each.pk), now[each.pk]) for each in found if each.pk in now]


def _one(request: ApiRequest, pk: int) -> QueueShown:
    for each in _shown(request):
        if each.id == pk:
            return each
    raise Problem("not-found", _("There is no such queue any more."))
