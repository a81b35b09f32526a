"""For programs: the people of a cluster, and one answer to each of them, looked at before it is released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, WRITES
from comptoir.inbox.forms_of_saved import wrong_with
from comptoir.inbox.models import Cluster, NothingToSend, NotSeen, NotYours, Release, Thread
from comptoir.inbox.models.clusters import sample_of
from comptoir.inbox.models.gathered import Member, objections, spoken_in, waiting_in
from comptoir.inbox.models.release import answering_channels
from comptoir.inbox.models.saved import TEXT_MOST, tag
from comptoir.inbox.shapes import StrangerBrief
from comptoir.inbox.shapes_of_releases import (
    ChoiceGiven,
    LookedAt,
    Objection,
    PartShown,
    ReleasedGiven,
    ReleaseGiven,
    Releases,
    ReleaseShown,
    Which,
)
from comptoir.inbox.views.objecting import Showing
from comptoir.networks.models import Activity
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.paging import (
    USUAL,
    After,
    Limit,
    Page,
    moment,
    newest,
    next_moment,
    next_page,
    paged,
    place,
)
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["surge"])
_CLUSTER = "/brands/{slug:brand}/clusters/{number:pk}"
_RELEASES = "/brands/{slug:brand}/releases"
_RELEASE = f"{_RELEASES}/{{number:pk}}"


class ClusterOpened(BaseModel):
    """What several people say in almost the same words, and how it is spoken."""

    id: int
    text: str = Field(description=gettext_noop("In the words of one of them."))
    waiting: int = Field(description=gettext_noop("Those who can be in one answer: 2,000 at the most."))
    pressing: int = Field(description=gettext_noop("Of these, those who speak of health, a child or danger."))
    size: int = Field(description=gettext_noop("How often it was heard, answered or not."))
    first: datetime
    last: datetime
    new: bool = Field(description=gettext_noop("Heard for the first time within the hour."))
    languages: list[str] = Field(description=gettext_noop("In which an answer is to be written."))


class WaitingShown(BaseModel):
    """Somebody who waits in a cluster."""

    thread: int
    channel: int
    person: StrangerBrief | None
    said: str = Field(description=gettext_noop("The beginning of their message."))
    language: str
    since: datetime
    why: list[Objection] = Field(
        description=gettext_noop("What speaks against answering them with the others.")
    )

    @classmethod
    def of(cls, member: Member, thread: Thread, said: str, why: Sequence[str]) -> WaitingShown:
        return cls.model_construct(
            thread=thread.pk, channel=thread.channel_id, person=StrangerBrief.of(thread.person), said=said[:400],
            language=member.language, since=member.since, why=[Objection.of(each) for each in why],
        )  # fmt: skip


class Waiting(Page[WaitingShown]):
    """Who waits in a cluster, longest first."""


@router.get(
    _CLUSTER, auth=READS, response=ClusterOpened, operation_id="cluster",
    summary=gettext_noop("What several people say, and how many of them wait"),
)  # fmt: skip
def cluster(request: ApiRequest, brand: str, pk: int) -> ClusterOpened:
    found = _cluster(request, pk)
    members = waiting_in(found)
    return ClusterOpened.model_construct(
        id=found.pk, text=sample_of(found), waiting=len(members), pressing=sum(each.pressing for each in members),
        size=found.size, first=found.first_at, last=found.last_at, new=found.is_new,
        languages=spoken_in(members, request.brand),
    )  # fmt: skip


@router.get(
    f"{_CLUSTER}/people", auth=READS, response=Waiting, operation_id="people-of-cluster",
    summary=gettext_noop("Who waits in a cluster"),
)  # fmt: skip
def people(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Waiting:
    members = waiting_in(_cluster(request, pk))
    after = moment(cursor, "waiting")
    left = [each for each in members if after is None or (each.since, each.thread) > after]
    shown = left[:limit]
    why = objections(members, request.user, [each.pk for each in answering_channels(request.brand)])
    rows = Thread.objects.of(request.brand).select_related("person")
    threads = rows.in_bulk([each.thread for each in shown])
    heard = Activity.objects.of(request.brand).filter(pk__in=[each.activity for each in shown])
    texts = dict(heard.values_list("pk", "text"))
    following = None
    if len(left) > limit:
        following = next_moment(request, "waiting", shown[-1].since, shown[-1].thread)
    items = [
        WaitingShown.of(each, threads[each.thread], texts.get(each.activity, ""), why[each.thread])
        for each in shown
        if each.thread in threads
    ]
    return Waiting.model_construct(items=items, next=following)


@router.post(
    f"{_CLUSTER}/releases", auth=WRITES, response={201: ReleaseShown}, operation_id="prepare-release",
    summary=gettext_noop("Prepare one answer to each of those who wait in a cluster"),
    description=gettext_noop("A draft: nothing leaves until it was looked at and is released."),
)  # fmt: skip
def prepare(request: ApiRequest, brand: str, pk: int, given: ReleaseGiven) -> Status[Any]:
    cluster = _cluster(request, pk)
    texts = {tag(language): text.replace("\x00", "")[:TEXT_MOST] for language, text in given.texts.items()}
    wrong = "" if all(texts) else _("Name the language by its code: fr, en, pt-BR.")
    if wrong := wrong or next(filter(None, (wrong_with(text, request.brand) for text in texts.values())), ""):
        raise wrong_at("texts", wrong)
    try:
        made = Release.prepare(cluster, request.user, texts)
    except NothingToSend:
        words = _("Nobody waits in it any more.") if any(texts.values()) else _("Write something first.")
        raise wrong_at("texts", words) from None
    return Status(201, _shown(request, made.pk))


@router.get(
    _RELEASES, auth=READS, response=Releases, operation_id="releases",
    summary=gettext_noop("Answers to many, drafts and released"),
)  # fmt: skip
def releases(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Releases:
    rows = Release.objects.of(request.brand).counted().select_related("by")
    kept, following = paged(request, "releases", newest(rows, cursor, "releases", limit), limit)
    items = [ReleaseShown.of(each, request.brand.slug) for each in kept]
    return Releases.model_construct(items=items, next=following)


@router.get(
    _RELEASE, auth=READS, response=ReleaseShown, operation_id="release-of-answers",
    summary=gettext_noop("How far an answer to many is"),
)  # fmt: skip
def release(request: ApiRequest, brand: str, pk: int) -> ReleaseShown:
    return _shown(request, pk)


@router.get(
    f"{_RELEASE}/people", auth=READS, response=LookedAt, operation_id="people-of-release",
    summary=gettext_noop("Who gets which words, and what speaks against whom"),
    description=gettext_noop(
        "The last page has the version that a release names: whoever releases it has seen them all."
    ),
)  # fmt: skip
def parts(
    request: ApiRequest, brand: str, pk: int, which: Which = "all", limit: Limit = USUAL, cursor: After = ""
) -> LookedAt:
    found, kind = _found(request, pk), f"parts-{which}"
    version, after = found.version(), place(cursor, kind, 2)
    if after is not None and after[0] != version:
        words = _("Who is answered was changed meanwhile: read it from the beginning.")
        raise Problem("not-seen", words)
    rows = found.parts.select_related("thread__person", "thread__channel", "activity__actor").order_by("pk")
    rows = rows.exclude(why=[]) if which == "exceptions" else rows
    some = list(rows.filter(pk__gt=after[1] if after else 0)[: limit + 1])
    more, some = len(some) > limit, some[:limit]
    showing = Showing(found, found.by or request.user)
    return LookedAt.model_construct(
        items=[PartShown.of(showing.of(each)) for each in some], version=None if more else version,
        next=next_page(request, kind, [version, some[-1].pk]) if more else None,
    )  # fmt: skip


@router.put(
    f"{_RELEASE}/choice", auth=WRITES, response=ReleaseShown, operation_id="choose-in-release",
    summary=gettext_noop("Choose who of a draft is answered"),
)  # fmt: skip
def choose(request: ApiRequest, brand: str, pk: int, given: ChoiceGiven) -> ReleaseShown:
    found = _draft(request, pk)
    rows = {each.thread_id: each for each in found.parts.filter(thread__in=[*given.tick, *given.untick])}
    for at, numbers in (("tick", given.tick), ("untick", given.untick)):
        if set(numbers) - rows.keys():
            words = _("There is no such thread in it.")
            raise wrong_at(at, words)
    if any(not rows[each].may_be_chosen or each in given.untick for each in given.tick):
        words = _("Somebody of these cannot be answered with the others: why says so.")
        raise wrong_at("tick", words)
    if not found.choose(request.user, [each.pk for each in rows.values()], [rows[n].pk for n in given.tick]):
        raise _gone()
    return _shown(request, pk)


@router.post(
    f"{_RELEASE}/departure", auth=WRITES, response={202: ReleaseShown}, operation_id="release-answers",
    summary=gettext_noop("Release a draft that was looked at: one reply leaves for each who is chosen"),
    description=gettext_noop(
        "By whoever prepared it, as answers of theirs, at the network's pace. Whoever is answered or writes something "
        "else before it is their turn is skipped."
    ),
)  # fmt: skip
def depart(request: ApiRequest, brand: str, pk: int, given: ReleasedGiven) -> Status[Any]:
    try:
        if not _draft(request, pk).release(request.user, given.version):
            raise _gone()
    except NotSeen:
        raise Problem("not-seen") from None
    except NotYours:
        words = _("A colleague prepared this, as answers of theirs: prepare it as yours.")
        raise Problem("cannot-answer", words) from None
    except NothingToSend:
        words = _("Nobody is chosen: tick somebody first.")
        raise Problem("cannot-answer", words) from None
    return Status(202, _shown(request, pk))


@router.delete(
    _RELEASE, auth=WRITES, response={202: ReleaseShown}, operation_id="stop-release",
    summary=gettext_noop("Answer nobody more, and take back what has not left"),
)  # fmt: skip
def stop(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    if not _found(request, pk).stop(request.user):
        raise Problem("too-late", _("Only what is under way can be stopped."))
    return Status(202, _shown(request, pk))


def _cluster(request: ApiRequest, pk: int) -> Cluster:
    found = Cluster.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such cluster any more: nobody said it again for a while."))
    found.brand = request.brand
    return found


def _found(request: ApiRequest, pk: int) -> Release:
    found = Release.objects.of(request.brand).counted().select_related("by").filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such answer to many."))
    found.brand = request.brand
    return found


def _draft(request: ApiRequest, pk: int) -> Release:
    found = _found(request, pk)
    if found.state != Release.State.DRAFT:
        raise _gone()
    if found.by is None:
        raise Problem("too-late", _("Whoever prepared this is not here any more. Prepare it anew."))
    return found


def _gone() -> Problem:
    return Problem("too-late", _("It was released already."))


def _shown(request: ApiRequest, pk: int) -> ReleaseShown:
    return ReleaseShown.of(_found(request, pk), request.brand.slug)
