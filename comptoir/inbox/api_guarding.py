"""For programs: deciding what others see of a message, blocking people, reporting them to their network."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, THREAD, WRITES, thread_found
from comptoir.inbox.api_persons import PERSON, person_found
from comptoir.inbox.models import Entry
from comptoir.inbox.models.contact import handles_of
from comptoir.inbox.models.guarded import Place, block_at, places_of, unblock_at
from comptoir.inbox.shapes import StrangerBrief
from comptoir.inbox.shapes_of_acts import Given
from comptoir.inbox.views.defended import reason_words, refusal_words
from comptoir.inbox.views.judging import refused_words
from comptoir.networks.connector import Verdict
from comptoir.networks.defending import grounds_of
from comptoir.networks.found import label_of
from comptoir.networks.models import Defence
from comptoir.networks.models.moderation import WORDS_MOST, Reason
from comptoir.networks.sentences import sentence
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.paging import NUMBER_MOST, USUAL, After, Limit, Page, newest, paged
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["order"])
_REASON = Literal["spam", "illegal", "hate", "harassment", "off_topic", "personal_data", "other"]
_WORDS = gettext_noop("Kept with the decision, for colleagues and for whomever it concerns.")


class VerdictGiven(Given):
    """What others are to see of a message, where the place is the brand's own."""

    message: int = Field(ge=1, le=NUMBER_MOST, description=gettext_noop("The number of the message."))
    verdict: Literal["approve", "hold", "spam", "remove"]
    reason: _REASON | None = Field(default=None, description=gettext_noop("Needed to hold and to remove."))
    words: str = Field(default="", max_length=WORDS_MOST, description=_WORDS)


class VerdictShown(BaseModel):
    """A decision about a message. It can be taken back by its author."""

    id: int
    message: int
    verdict: str
    reason: str
    words: str
    state: str = Field(description=gettext_noop("What became of it, as of an answer."))


class BlockGiven(Given):
    """Why the person is blocked."""

    reason: _REASON
    words: str = Field(default="", max_length=WORDS_MOST, description=_WORDS)


class PersonBlockGiven(BlockGiven):
    """Why the person is blocked, and where."""

    channels: list[int] = Field(
        default=[], max_length=100,
        description=gettext_noop("Only on these; without any, wherever they wrote and can be blocked."),
    )  # fmt: skip


class ReportGiven(Given):
    """What is reported, and why."""

    message: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST,
        description=gettext_noop("The number of the message; without one, the account is reported."),
    )  # fmt: skip
    ground: str = Field(min_length=1, max_length=60, description=gettext_noop("One of the network's."))
    words: str = Field(
        default="", max_length=WORDS_MOST, description=gettext_noop("Leaves with the report, for moderators.")
    )


class GroundShown(BaseModel):
    """Why something can be reported on the thread's network."""

    code: str
    label: str


class Grounds(BaseModel):
    """All of them; none where the network takes no reports."""

    items: list[GroundShown]


class DefenceShown(BaseModel):
    """A block, the end of one, or a report, and what became of it."""

    id: int
    act: Literal["block", "unblock", "report"]
    person: StrangerBrief
    channel: int
    message: int | None = Field(description=gettext_noop("The message that was reported."))
    reason: str
    label: str = Field(description=gettext_noop("The reason in words."))
    words: str
    by: PersonBrief | None
    at: datetime
    state: str = Field(description=gettext_noop("What became of it, as of an answer."))
    code: str = Field(
        description=gettext_noop("Why it waits or did not leave, as a code that never changes.")
    )
    why: str = Field(description=gettext_noop("The same as a sentence."))

    @classmethod
    def of(cls, row: Defence, message: int | None) -> DefenceShown:
        delivery, network = row.delivery, label_of(row.channel.network)
        return cls.model_construct(
            id=row.pk, act=row.act, channel=row.channel_id, message=message, reason=row.reason, words=row.words,
            person=StrangerBrief.of(row.actor),
            label=reason_words(row.act, row.label or row.reason), by=PersonBrief.of(row.by) if row.by else None,
            at=row.at, state=str(delivery.state), code=delivery.code,
            why=sentence(delivery.code, delivery.facts, network) if delivery.code else "",
        )  # fmt: skip


class Defences(Page[DefenceShown]):
    """Decisions, the newest at the top."""


class Decided(BaseModel):
    """Decisions made at once, one for each channel."""

    items: list[DefenceShown]


def _refused(why: ValueError, words: str, at: str) -> Problem:
    return Problem("too-late", words) if str(why) == "stands" else wrong_at(at, words)


def _against(why: ValueError) -> Problem:
    """Why nothing was decided against somebody."""
    at = {"ground": "ground", "gone": "message"}.get(str(why), "pk")
    return _refused(why, refusal_words(str(why)), at)


def _entry(thread: Any, number: int) -> Entry:
    found: Entry | None = thread.entries.filter(pk=number).select_related("activity__actor").first()
    if found is None:
        words = _("There is no such message here.")
        raise wrong_at("message", words)
    return found


@router.post(
    f"{THREAD}/moderations", auth=WRITES, response={201: VerdictShown}, operation_id="moderate",
    summary=gettext_noop("Decide what others see of a message, where the place is the brand's own"),
)  # fmt: skip
def moderate(request: ApiRequest, brand: str, pk: int, given: VerdictGiven) -> Status[Any]:
    thread = thread_found(request, pk)
    entry, verdict = _entry(thread, given.message), Verdict(given.verdict)
    if verdict in (Verdict.HOLD, Verdict.REMOVE) and given.reason is None:
        words = _("Say why: whoever wrote it may ask.")
        raise wrong_at("reason", words)
    reason = given.reason or (Reason.SPAM if verdict == Verdict.SPAM else "")
    try:
        made = thread.moderate(
            entry.activity, verdict, request.user, reason="" if verdict == Verdict.APPROVE else reason,
            words="" if verdict == Verdict.APPROVE else given.words.replace("\x00", ""),
        )  # fmt: skip
    except ValueError as why:
        raise _refused(why, refused_words(str(why)), "message") from None
    shown = VerdictShown.model_construct(
        id=made.pk, message=entry.pk, verdict=str(made.verdict), reason=str(made.reason), words=made.words,
        state=str(made.delivery.state),
    )  # fmt: skip
    return Status(201, shown)


@router.post(
    f"{THREAD}/block", auth=WRITES, response={201: DefenceShown}, operation_id="block",
    summary=gettext_noop("Block the thread's person on its channel"),
)  # fmt: skip
def block(request: ApiRequest, brand: str, pk: int, given: BlockGiven) -> Status[Any]:
    thread = thread_found(request, pk)
    try:
        made = thread.block(request.user, reason=given.reason, words=given.words.replace("\x00", ""))
    except ValueError as why:
        raise _against(why) from None
    return Status(201, DefenceShown.of(made, None))


@router.delete(
    f"{THREAD}/block", auth=WRITES, response=DefenceShown, operation_id="unblock",
    summary=gettext_noop("Let the thread's person reach its channel again"),
)  # fmt: skip
def unblock(request: ApiRequest, brand: str, pk: int) -> DefenceShown:
    try:
        return DefenceShown.of(thread_found(request, pk).unblock(request.user), None)
    except ValueError as why:
        raise _against(why) from None


@router.post(
    f"{PERSON}/block", auth=WRITES, response={201: Decided}, operation_id="block-person",
    summary=gettext_noop("Block a person on the channels where they wrote"),
)  # fmt: skip
def block_person(request: ApiRequest, brand: str, pk: int, given: PersonBlockGiven) -> Status[Any]:
    places = _places(request, pk)
    if set(given.channels) - {each.channel.pk for each in places}:
        words = _("They are not known there, or cannot be blocked.")
        raise wrong_at("channels", words)
    chosen = [each for each in places if not given.channels or each.channel.pk in given.channels]
    words = given.words.replace("\x00", "")
    try:
        made = block_at(chosen, request.user, reason=given.reason, words=words)
    except ValueError as why:
        raise _against(why) from None
    if not made:
        raise _against(ValueError("stands" if chosen else "cannot"))
    return Status(201, Decided.model_construct(items=[DefenceShown.of(each, None) for each in made]))


@router.delete(
    f"{PERSON}/block", auth=WRITES, response=Decided, operation_id="unblock-person",
    summary=gettext_noop("Let a person reach every channel again that blocks them"),
)  # fmt: skip
def unblock_person(request: ApiRequest, brand: str, pk: int) -> Decided:
    try:
        made = unblock_at(_places(request, pk), request.user)
    except ValueError as why:
        raise _against(why) from None
    if not made:
        raise _against(ValueError("stands"))
    return Decided.model_construct(items=[DefenceShown.of(each, None) for each in made])


def _places(request: ApiRequest, pk: int) -> list[Place]:
    return places_of(request.brand, handles_of(request.brand, person_found(request, pk)))


@router.get(
    f"{THREAD}/grounds", auth=READS, response=Grounds, operation_id="grounds",
    summary=gettext_noop("Why something can be reported on its network"),
)  # fmt: skip
def grounds(request: ApiRequest, brand: str, pk: int) -> Grounds:
    found = grounds_of(thread_found(request, pk).channel)
    return Grounds.model_construct(
        items=[GroundShown.model_construct(code=each.code, label=_(each.label)) for each in found]
    )


@router.post(
    f"{THREAD}/reports", auth=WRITES, response={201: DefenceShown}, operation_id="report",
    summary=gettext_noop("Report a message, or the person's account, to the network"),
    description=gettext_noop("It leaves after a few seconds. After that, nobody takes it back."),
)  # fmt: skip
def report(request: ApiRequest, brand: str, pk: int, given: ReportGiven) -> Status[Any]:
    thread = thread_found(request, pk)
    entry = _entry(thread, given.message) if given.message is not None else None
    try:
        made = thread.report(
            request.user, ground=given.ground, words=given.words.replace("\x00", ""),
            message=entry.activity if entry else None, after=settings.SEND_DELAY,
        )  # fmt: skip
    except ValueError as why:
        raise _against(why) from None
    return Status(201, DefenceShown.of(made, entry.pk if entry else None))


@router.get(
    f"{THREAD}/defences", auth=READS, response=Defences, operation_id="defences",
    summary=gettext_noop("Blocks and reports of a thread, with who decided them and why"),
)  # fmt: skip
def defences(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Defences:
    thread = thread_found(request, pk)
    rows = _page(thread.defences(), cursor, "defences", limit)
    about = [row.activity_id for row in rows if row.activity_id]
    entries = dict(thread.entries.filter(activity__in=about).values_list("activity", "pk"))
    return _listed(request, rows, "defences", limit, entries)


@router.delete(
    f"{THREAD}/defences/{{number:defence}}", auth=WRITES, response={204: None}, operation_id="undo-defence",
    summary=gettext_noop("Take back one's own block, the end of one, or a report that has not left"),
)  # fmt: skip
def undo(request: ApiRequest, brand: str, pk: int, defence: int) -> Status[Any]:
    rows = thread_found(request, pk).defences().select_related("delivery", "channel", "actor")
    made = rows.filter(pk=defence, by=request.user).first()
    if made is None:
        raise Problem("not-found", _("There is nothing of yours to undo here."))
    if not made.undo(request.user):
        raise Problem("too-late")
    return Status(204, None)


@router.get(
    "/brands/{slug:brand}/blocks", auth=READS, response=Defences, operation_id="blocks",
    summary=gettext_noop("Whom the brand's channels block"),
)  # fmt: skip
def blocks(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Defences:
    rows = _page(Defence.objects.of(request.brand).standing(), cursor, "blocks", limit)
    return _listed(request, rows, "blocks", limit, {})


def _page(rows: Any, cursor: str, kind: str, limit: int) -> list[Defence]:
    return newest(rows.select_related("delivery", "channel", "actor", "by"), cursor, kind, limit)


def _listed(
    request: ApiRequest, rows: list[Defence], kind: str, limit: int, entries: dict[int, int]
) -> Defences:
    kept, following = paged(request, kind, rows, limit)
    items = [DefenceShown.of(row, entries.get(row.activity_id or 0)) for row in kept]
    return Defences.model_construct(items=items, next=following)
