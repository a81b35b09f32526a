"""For programs: what the token's person may do with a thread besides speaking in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from comptoir.inbox.api import READS, THREAD, WRITES, locked, thread_found, thread_shown, thread_told
from comptoir.inbox.models import Locked, Merge, Queue, Thread
from comptoir.inbox.models.custom import missing
from comptoir.inbox.models.handing import Full, hand_out
from comptoir.inbox.models.merging import merge, split
from comptoir.inbox.models.writing import hold, lock_of, release, take_over, who_is_here
from comptoir.inbox.shapes import ThreadShown
from comptoir.inbox.shapes_of_acts import (
    AssignmentGiven,
    Colleague,
    HistoryGiven,
    HistorySettled,
    LockGiven,
    LockShown,
    MergeGiven,
    MergeShown,
    PauseGiven,
    Present,
    PriorityGiven,
    SplitGiven,
)
from comptoir.organisation.api_duty import AlarmShown, CallGiven, sounded
from comptoir.organisation.models import Team, User
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["acts"])
_MARKS = Bearer("threads:write")


@router.post(
    "/brands/{slug:brand}/threads/next", auth=WRITES, response=ThreadShown, operation_id="next",
    summary=gettext_noop("Be handed the thread that matters most"),
    description=gettext_noop(
        "Of those that wait and are nobody's. It is the person's then; 404 when nothing waits, 409 when they have as "
        "many in hand as they take at once."
    ),
)  # fmt: skip
def next_one(request: ApiRequest, brand: str) -> ThreadShown:
    try:
        found = hand_out(request.brand.pk, request.user)
    except Full as full:
        raise Problem("hands-full", full.words) from None
    if found is None:
        raise Problem("not-found", _("Nothing waits that is nobody’s."))
    return thread_shown(request, found.pk)


@router.post(
    "/brands/{slug:brand}/history", auth=WRITES, response=HistorySettled, operation_id="settle-history",
    summary=gettext_noop("Take up what the history offers, or leave it closed"),
)  # fmt: skip
def history(request: ApiRequest, brand: str, given: HistoryGiven) -> HistorySettled:
    threads = Thread.objects.of(request.brand)
    return HistorySettled.model_construct(
        threads=threads.take_up() if given.take else threads.leave(request.user)
    )


@router.post(
    f"{THREAD}/assignment", auth=WRITES, response=ThreadShown, operation_id="assign",
    summary=gettext_noop("Give it to somebody, to a team, or to a queue"),
)  # fmt: skip
def assign(request: ApiRequest, brand: str, pk: int, given: AssignmentGiven) -> ThreadShown:
    found = thread_found(request, pk)
    to = _heir(request, found, given)
    if isinstance(to, Queue):
        there = found.queue_id == to.pk and found.assignee_id is None
    elif isinstance(to, Team):
        there = found.team_id == to.pk and found.assignee_id is None
    else:
        there = found.assignee_id == to.pk
    if not there:
        found.assign(to, request.user)
    return thread_shown(request, pk)


def _heir(request: ApiRequest, thread: Thread, given: AssignmentGiven) -> User | Team | Queue:
    """Who is to get a thread."""
    if [given.to, given.team, given.queue].count(None) != 2:
        words = _("Name somebody in to, or a team in team, or a queue in queue.")
        raise wrong_at("to", words)
    if given.queue is not None:
        queue = Queue.objects.of(request.brand).filter(pk=given.queue).first()
        if queue is None:
            words = _("There is no such queue any more.")
            raise wrong_at("queue", words)
        return queue
    if given.team is not None:
        team = Team.objects.of(request.brand).filter(pk=given.team).first()
        if team is None:
            words = _("There is no such team any more.")
            raise wrong_at("team", words)
        return team
    to = request.brand.answerers(thread.channel_id).filter(pk=given.to or 0).first()
    if to is None:
        words = _("This person cannot take threads of this brand.")
        raise wrong_at("to", words)
    return to


@router.delete(
    f"{THREAD}/assignment", auth=WRITES, response=ThreadShown, operation_id="unassign",
    summary=gettext_noop("Give it to nobody"),
)  # fmt: skip
def unassign(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    found = thread_found(request, pk)
    if found.assignee_id is not None or found.team_id is not None:
        found.assign(None, request.user)
    return thread_shown(request, pk)


@router.delete(
    f"{THREAD}/queue", auth=WRITES, response=ThreadShown, operation_id="unqueue",
    summary=gettext_noop("Take it out of its queue; whoever has it keeps it"),
)  # fmt: skip
def unqueue(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    found = thread_found(request, pk)
    if found.queue_id is not None:
        found.put_in(None, request.user)
    return thread_shown(request, pk)


@router.post(
    f"{THREAD}/closure", auth=WRITES, response=ThreadShown, operation_id="close",
    summary=gettext_noop("Close it"),
)  # fmt: skip
def close(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    found = thread_found(request, pk)
    if lacking := missing(found):
        raise Problem(
            "invalid", _("Before it is closed it needs: %(fields)s.") % {"fields": ", ".join(lacking)}
        )
    found.close(request.user)
    return thread_shown(request, pk)


@router.delete(
    f"{THREAD}/closure", auth=WRITES, response=ThreadShown, operation_id="reopen",
    summary=gettext_noop("Open it again"),
)  # fmt: skip
def reopen(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    thread_found(request, pk).reopen(request.user)
    return thread_shown(request, pk)


@router.post(
    f"{THREAD}/pause", auth=WRITES, response=ThreadShown, operation_id="pause",
    summary=gettext_noop("Set it aside until the person answers, a colleague says something, or a moment comes"),
)  # fmt: skip
def pause(request: ApiRequest, brand: str, pk: int, given: PauseGiven) -> ThreadShown:
    until = given.until
    if until is not None and until.tzinfo is None:
        words = _("Say the time zone as well, as in 2026-11-22T08:15:00Z.")
        raise wrong_at("until", words)
    try:
        if not thread_found(request, pk).pause(given.waits, request.user, until):
            raise Problem("too-late", _("It is closed: reopen it first."))
    except ValueError:
        words = _("Choose a moment that is still to come, within a year.")
        raise wrong_at("until", words) from None
    return thread_shown(request, pk)


@router.delete(
    f"{THREAD}/pause", auth=WRITES, response=ThreadShown, operation_id="resume",
    summary=gettext_noop("Take it up again"),
)  # fmt: skip
def resume(request: ApiRequest, brand: str, pk: int) -> ThreadShown:
    thread_found(request, pk).resume(request.user)
    return thread_shown(request, pk)


@router.post(
    f"{THREAD}/priority", auth=WRITES, response=ThreadShown, operation_id="prioritise",
    summary=gettext_noop("Say how much it presses"),
)  # fmt: skip
def prioritise(request: ApiRequest, brand: str, pk: int, given: PriorityGiven) -> ThreadShown:
    thread_found(request, pk).prioritise(given.priority, request.user)
    return thread_shown(request, pk)


@router.post(
    f"{THREAD}/following", auth=_MARKS, response={204: None}, operation_id="follow",
    summary=gettext_noop("Have the token's person hear of what happens in it"),
)  # fmt: skip
def follow(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    thread_found(request, pk).follow(request.user)
    return Status(204, None)


@router.delete(
    f"{THREAD}/following", auth=_MARKS, response={204: None}, operation_id="unfollow",
    summary=gettext_noop("Not any more"),
)  # fmt: skip
def unfollow(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    thread_found(request, pk).unfollow(request.user)
    return Status(204, None)


@router.post(
    f"{THREAD}/merges", auth=WRITES, response={201: MergeShown}, operation_id="merge",
    summary=gettext_noop("Move everything of it into another thread of the same channel"),
)  # fmt: skip
def merge_threads(request: ApiRequest, brand: str, pk: int, given: MergeGiven) -> Status[Any]:
    found = thread_found(request, pk)
    into = Thread.objects.of(request.brand).filter(pk=given.into).first()
    try:
        if into is None:
            raise ValueError("nothing")
        made = merge(found, into, request.user)
    except ValueError:
        words = _("Only another thread of the same channel takes one in, and one that was not merged itself.")
        raise wrong_at("into", words) from None
    return Status(201, MergeShown.model_construct(id=made.pk, thread=made.thread_id, into=made.into_id))


@router.delete(
    f"{THREAD}/merges/{{number:merge}}", auth=WRITES, response={204: None}, operation_id="undo-merge",
    summary=gettext_noop("Take back one's own merge or split"),
)  # fmt: skip
def undo_merge(request: ApiRequest, brand: str, pk: int, merge: int) -> Status[Any]:
    made = Merge.objects.filter(pk=merge, thread=thread_found(request, pk), by=request.user).first()
    if made is None:
        raise Problem("not-found", _("There is nothing of yours to undo here."))
    if not made.undo():
        raise Problem("too-late")
    return Status(204, None)


@router.post(
    f"{THREAD}/splits", auth=WRITES, response={201: MergeShown}, operation_id="split",
    summary=gettext_noop("Make a thread of a message and those after it"),
)  # fmt: skip
def split_thread(request: ApiRequest, brand: str, pk: int, given: SplitGiven) -> Status[Any]:
    found = thread_found(request, pk)
    entry = found.entries.filter(pk=given.message).select_related("activity").first()
    try:
        if entry is None:
            raise ValueError("nothing")
        made = split(found, entry, request.user)
    except ValueError:
        words = _("Nothing would be left above it: choose a later message.")
        raise wrong_at("message", words) from None
    return Status(201, MergeShown.model_construct(id=made.pk, thread=made.thread_id, into=made.into_id))


@router.post(
    f"{THREAD}/alarms", auth=WRITES, response={201: AlarmShown}, operation_id="call-about",
    summary=gettext_noop("Call whoever is on duty to it"),
    description=gettext_noop("A call about it that nobody took yet stands: it is what you get back."),
)  # fmt: skip
def call_about(request: ApiRequest, brand: str, pk: int, given: CallGiven) -> Status[Any]:
    return Status(201, sounded(request, f"thread:{thread_found(request, pk).pk}", given))


@router.get(
    f"{THREAD}/presence", auth=READS, response=Present, operation_id="presence",
    summary=gettext_noop("Who is at it"),
)  # fmt: skip
def presence(request: ApiRequest, brand: str, pk: int) -> Present:
    thread_told(request, pk)
    here = who_is_here(request.brand.pk, request.user.pk, pk)
    return Present.model_construct(items=[Colleague.of(each) for each in here])


@router.post(
    f"{THREAD}/lock", auth=WRITES, response=LockShown, operation_id="hold",
    summary=gettext_noop("Put one's hand on the answer, for a minute and a half"),
)  # fmt: skip
def put_hand(request: ApiRequest, brand: str, pk: int, given: LockGiven) -> LockShown:
    found = thread_found(request, pk)
    if given.take_over:
        take_over(found, request.user)
    else:
        try:
            hold(found, request.user)
        except Locked as theirs:
            raise locked(theirs) from None
    mine = lock_of(found)
    if mine is None:
        raise Problem("too-late")
    return LockShown.of(mine)


@router.delete(
    f"{THREAD}/lock", auth=WRITES, response={204: None}, operation_id="release",
    summary=gettext_noop("Let go of the answer"),
)  # fmt: skip
def let_go(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    release(thread_found(request, pk), request.user)
    return Status(204, None)


@router.post(
    f"{THREAD}/reading", auth=_MARKS, response={204: None}, operation_id="read",
    summary=gettext_noop("It is read, for the token's person"),
)  # fmt: skip
def read(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    thread_found(request, pk).read(request.user)
    return Status(204, None)


@router.delete(
    f"{THREAD}/reading", auth=_MARKS, response={204: None}, operation_id="unread",
    summary=gettext_noop("It is unread again"),
)  # fmt: skip
def unread(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    thread_found(request, pk).unread_again(request.user)
    return Status(204, None)
