"""What the inbox does when it hears news from `networks`."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched, chain
from types import MappingProxyType
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comptoir.inbox import casework, changes, gathering, ruling
from comptoir.inbox.events import BulkAsked, CaseReady, QueuesChanged, ReleaseAsked, TargetsChanged
from comptoir.inbox.hearing import read_again, read_last_words
from comptoir.inbox.likening import liken
from comptoir.inbox.models import (
    Bulk,
    Clerk,
    Cluster,
    Entry,
    Note,
    QueueMember,
    Release,
    Reply,
    Rule,
    Thread,
)
from comptoir.inbox.models.contact import call_overdue, remind
from comptoir.inbox.models.due import count_down
from comptoir.inbox.models.ringing import ring
from comptoir.inbox.models.saved import drop_own
from comptoir.inbox.models.standing import wake
from comptoir.inbox.models.writing import leave_off, sweep
from comptoir.inbox.queueing import count_down_all, queue_up, queue_up_all
from comptoir.inbox.telling import tell_outcome
from comptoir.kernel.asking import ask
from comptoir.kernel.events import listens
from comptoir.kernel.live import nudge
from comptoir.kernel.restored import leaves
from comptoir.kernel.sight import seeing
from comptoir.networks.events import ActivitiesReceived, DeliveriesMoved, ReadingCorrected, RemarksHeard
from comptoir.networks.models import Channel, Delivery
from comptoir.organisation.access import sight_of
from comptoir.organisation.events import AlarmMoved, HoursChanged, SightNarrowed, WorkEnded
from comptoir.organisation.models import Membership, Role, User

PATIENCE = 30
"""Seconds for which reading gives way to messages that nobody can see yet."""
READ_AT_ONCE = 2_000
"""Threads."""
_TO_BE_READ = """
SELECT id, ARRAY(SELECT jsonb_array_elements_text(args -> 'threads')::bigint) FROM procrastinate_jobs
WHERE status = 'todo' AND task_name = 'comptoir.inbox.jobs.read' ORDER BY id LIMIT %(most)s
"""
_READ = "DELETE FROM procrastinate_jobs WHERE id = ANY(%(jobs)s) AND status = 'todo'"


@listens(ActivitiesReceived)
@app.task(priority=8)
def gather(
    channel_id: int,
    new: list[int],
    changed: list[int],
    same: Sequence[int] = (),
    judged: Mapping[str, list[int]] = MappingProxyType({}),
) -> None:
    """Put what came into threads; where messages changed, every thread that shows them follows."""
    if new and (channel := Channel.objects.everywhere().filter(pk=channel_id).first()):
        for some in batched(gathering.gather(channel, new), 2_000):
            read.defer(threads=list(some))
        casework.take_answers(channel, new)
        if Rule.objects.of(channel.brand_id).filter(on=True).exists():
            # In small helpings: what cannot be seen yet is gathered in between.
            for few in batched(new, 100):
                rule.configure(lock=f"rule:{channel_id}").defer(channel_id=channel_id, activities=[*few])
    if changed:
        rows = (
            Entry.objects.filter(activity__in=changed).values_list("thread_id", "thread__brand_id").distinct()
        )
        by_brand: dict[int, list[int]] = {}
        for thread, brand in rows:
            by_brand.setdefault(brand, []).append(thread)
        for brand, threads in by_brand.items():
            gathering.follow(threads)
            nudge(brand, threads)
            changes.announce_changes(brand, changed, same)
            changes.announce_judged(brand, judged)


@app.task(priority=2)
def read(threads: list[int], waited: int = 0) -> None:
    """Once they can be seen, and so can what came after them, or half a minute has passed: guess the language and tone
    of what was last written in these threads, put the new ones into queues and count by when they are due, and gather
    those that say almost the same. What else waits to be read is done with it: ten threads take hardly longer than
    one."""
    others = ask(_TO_BE_READ, {"most": READ_AT_ONCE // 10})
    every = list(dict.fromkeys(chain(threads, *(found for _job, found in others))))
    if waited < PATIENCE and gathering.is_behind():
        read.configure(schedule_in={"seconds": 3}).defer(threads=list[Any](every), waited=waited + 3)
    else:
        for some in map(list, batched(every, READ_AT_ONCE)):
            read_last_words(some)
            queue_up(some)
            count_down(some)
            liken(some)
    # Not before: whoever dies on the way leaves them to others. What another worker has begun meanwhile is done twice.
    ask(_READ, {"jobs": [job for job, _found in others]})


@app.task(priority=6)
def rule(channel_id: int, activities: list[int]) -> None:
    """Have the brand's rules look at what came in: one batch of a channel after the other."""
    if channel := Channel.objects.everywhere().filter(pk=channel_id).select_related("brand").first():
        ruling.apply(channel, activities)


@listens(ReadingCorrected)
@app.task(priority=4)
def corrected(brand_id: int, activity_id: int) -> None:
    """What somebody said of a message counts in the threads of their brand."""
    read_again(brand_id, activity_id)


@listens(BulkAsked)
@app.task(priority=4)
def bulk(bulk_id: int) -> None:
    """Do, or undo, something to many threads. Whoever takes it up again goes on where it stood."""
    if found := Bulk.objects.everywhere().filter(pk=bulk_id).select_related("by", "brand").first():
        # They see no more of it here than they did on the page.
        with seeing(sight_of(found.by) if found.by else None):
            found.run()


@listens(ReleaseAsked)
@app.task(priority=4)
def release(release_id: int) -> None:
    """Answer people together, or stop doing so. Whoever takes it up again goes on where it stood."""
    if found := Release.objects.everywhere().filter(pk=release_id).select_related("by", "brand").first():
        with seeing(sight_of(found.by) if found.by else None):
            found.run()


@listens(WorkEnded)
@app.task(priority=8)
def work_ended(brand_id: int, user_id: int, by_id: int | None) -> None:
    """Somebody may not take threads of a brand any more: those they had wait for somebody else."""
    may = Membership.objects.going_on().filter(brand=brand_id, user=user_id, role__in=Role.AGENT.and_above())
    if not may.filter(user__is_active=True).exists():
        by = User.objects.filter(pk=by_id).first() if by_id else None
        Thread.objects.of(brand_id).give_back(user_id, by)
        leave_off(brand_id, user_id)
        drop_own(brand_id, user_id)
        QueueMember.objects.filter(queue__brand=brand_id, user=user_id).delete()
        Clerk.objects.of(brand_id).filter(user=user_id).delete()


@listens(SightNarrowed)
@app.task(priority=8)
def sight_narrowed(brand_id: int, user_id: int, by_id: int | None) -> None:
    """Somebody sees some channels only: what they had on others waits for somebody else."""
    here = Membership.objects.filter(brand=brand_id, user=user_id, channels__isnull=False).first()
    if here is not None:
        by = User.objects.filter(pk=by_id).first() if by_id else None
        rows = Thread.objects.of(brand_id).exclude(channel__in=here.channels or [])
        rows.give_back(user_id, by)


@listens(AlarmMoved)
@app.task(priority=4)
def alarm_moved(brand_id: int, about: str) -> None:
    """Somebody was called about a thread, or took the call: its page shows it."""
    kind, _colon, number = about.partition(":")
    if kind == "thread":
        nudge(brand_id, [int(number)])


@listens(RemarksHeard)
@app.task(priority=6)
def take_remarks(channel_id: int, remarks: list[dict[str, str]], gone: list[str]) -> None:
    """What colleagues said in a room of the team's about a thread becomes a note there; taken back, it goes."""
    channel = Channel.objects.everywhere().filter(pk=channel_id).first()
    if channel is None:
        return
    threads = Thread.objects.of(channel.brand_id)
    for remark in remarks:
        kind, _colon, number = remark["about"].partition(":")
        if kind == "thread" and (thread := threads.filter(pk=int(number)).first()):
            at = datetime.fromisoformat(remark["at"])
            thread.remarked(remark["id"], remark["author"], remark["text"], at)
    for note in Note.objects.filter(remark__in=gone, thread__brand=channel.brand_id):
        note.undo()


@listens(DeliveriesMoved)
@app.task(priority=8)
def deliveries_moved(ids: Sequence[int], state: str) -> None:
    """The same of each of some, but for posts: they answer nobody."""
    rows = Delivery.objects.everywhere().filter(pk__in=ids).exclude(act=Delivery.Act.POST)
    for pk in rows.values_list("pk", flat=True):
        delivery_moved.func(delivery_id=pk, state=state)


@app.task(priority=8)
def delivery_moved(delivery_id: int, state: str = "") -> None:
    """Show what became of an answer, or of a decision; programs hear of each state once, by the job of that state."""
    changes.announce_decision(delivery_id, state)
    judged = Entry.objects.filter(activity__moderations__delivery=delivery_id)
    for thread, brand in judged.values_list("thread_id", "thread__brand_id"):
        nudge(brand, [thread])
    guarded = Entry.objects.filter(
        activity__actor__defences__delivery=delivery_id, thread__channel__defences__delivery=delivery_id
    )
    for thread, brand in guarded.values_list("thread_id", "thread__brand_id").distinct():
        nudge(brand, [thread])
    rows = Reply.objects.filter(delivery=delivery_id).select_related("thread", "delivery__channel")
    if reply := rows.first():
        tell_outcome(reply)
        if state in ("", reply.delivery.state):
            changes.announce_outcome(reply)
        gathering.refresh([reply.thread_id])
        if reply.delivery.state == Delivery.State.RETURNED:
            # Whoever asked has no answer yet, whatever was thought when the thread was closed.
            gathering.reopen([reply.thread_id])
            count_down([reply.thread_id])
        nudge(reply.thread.brand_id, [reply.thread_id])
        return
    # What became of a change: the answer's own thread shows it.
    changed = Reply.objects.filter(delivery__result__answers=delivery_id).select_related("thread")
    for reply in changed:
        nudge(reply.thread.brand_id, [reply.thread_id])


@listens(QueuesChanged)
@app.task(priority=4)
def queues_changed(brand_id: int) -> None:
    """Queues want other threads than before: what is new and waits in none may go into one now."""
    queue_up_all(brand_id)


@listens(TargetsChanged)
@listens(HoursChanged)
@app.task(priority=4)
def targets_changed(brand_id: int, usual: bool = True) -> None:
    """Targets, or the hours that they are counted on, are others than before."""
    count_down_all(brand_id)


@app.periodic(cron="* * * * * 13-59/20")
@app.task(queueing_lock="ring", pass_context=False)
def ring_up(timestamp: int) -> None:
    """Three times a minute: tell whoever has to know that a target is near, or missed."""
    ring()


@app.periodic(cron="29 * * * *")
@app.task(queueing_lock="sweep_presence", pass_context=False)
def sweep_presence(timestamp: int) -> None:
    """Each hour: forget who had which thread open."""
    sweep()


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="sweep_clusters", pass_context=False)
def sweep_clusters(timestamp: int) -> None:
    """Each hour: forget what nobody says any more."""
    while Cluster.objects.everywhere().sweep():
        pass


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="remind", pass_context=False)
def remind_of_promises(timestamp: int) -> None:
    """Each hour: whoever promised something until today hears of it, once; programs when the day is over."""
    while remind() or call_overdue():
        pass


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="wake", pass_context=False)
def wake_up(timestamp: int) -> None:
    """Three times a minute: what was put off until now comes back."""
    wake()


@listens(CaseReady)
@leaves
@app.task(priority=3)
def send_case(case_id: int) -> None:
    """Send a case to customer service, if it still waits."""
    casework.send(case_id)


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="cases", pass_context=False, priority=3)
def send_cases(timestamp: int) -> None:
    """Four times a minute: those whose time has come, again perhaps."""
    for pk in casework.due_cases():
        with suppress(AlreadyEnqueued):
            send_case.configure(queueing_lock=f"case:{pk}").defer(case_id=pk)
