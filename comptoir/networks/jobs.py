"""The jobs of `networks`: each takes ids, may run twice, and takes a lock where order matters."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from comptoir.kernel import clock
from comptoir.kernel.events import listens
from comptoir.networks import discussing, fetching, indexing, sending, sending_many
from comptoir.networks.connector import Followed, Measures
from comptoir.networks.erasures import catch_up
from comptoir.networks.models import Channel, Delivery, Hold
from comptoir.organisation.events import BrandArchived, BrandOpened, NoticesPosted
from comptoir.organisation.models import Brand

ABANDONED = timedelta(seconds=30)
"""How long a delivery may be `sending` before another worker takes it up."""
AHEAD = timedelta(minutes=1)
"""What happened so much later than now happened by a clock that was set back since."""
LONGEST_WAIT = timedelta(days=1)
"""No network asks for more patience than that."""


def _ask(task, channel: Channel) -> None:  # type: ignore[no-untyped-def]
    """Queue a channel's job unless it is queued already."""
    name = f"{task.name}:{channel.pk}"
    try:
        task.configure(queueing_lock=name, lock=f"channel:{channel.pk}").defer(channel_id=channel.pk)
    except AlreadyEnqueued:
        return


@app.periodic(cron="* * * * * *")
@app.task(queueing_lock="tick", pass_context=False, priority=5)
def tick(timestamp: int) -> None:
    """Each second: queue what is due. The chain cannot break, whatever dies."""
    now = clock.now()
    channels = Channel.objects.everywhere().filter(state=Channel.State.ACTIVE)
    rows = Delivery.objects.everywhere().free()
    # The clock was set back: what has happened lies ahead, and what is due would be waited for until then.
    ahead = Q(fetched_at__gt=now + AHEAD) | Q(next_fetch__gt=now + LONGEST_WAIT)
    channels.filter(ahead).update(fetched_at=now, next_fetch=now, next_recheck=now)
    rows.filter(state=Delivery.State.WAITING, created__gt=now + AHEAD).update(created=now, not_before=now)
    for channel in channels.filter(next_fetch__lte=now):
        _ask(fetch, channel)
    for channel in channels.filter(history_done=False, failures=0, fetched_at__isnull=False):
        _ask(look_back, channel)
    for channel in channels.filter(next_recheck__lte=now, failures=0):
        _ask(recheck, channel)
    late = rows.filter(state=Delivery.State.WAITING, not_before__lte=now - timedelta(seconds=2))
    # Also under a hold: what a dead worker left is looked for then, and never said.
    on = Delivery.objects.everywhere().filter(channel__in=channels.filter(listen_only=False))
    left = on.filter(state=Delivery.State.SENDING, claimed_at__lte=now - ABANDONED)
    posts = late.filter(act=Delivery.Act.POST)
    if posts.exists():
        sending.ask_posts()
    for delivery in [*late.exclude(act=Delivery.Act.POST)[:500], *left[:500]]:
        ask_delivery(delivery.pk)


@listens(BrandArchived)
@app.task(priority=5)
def silence(brand_id: int) -> None:
    """A brand was put away: its channels are switched off, and stay so when it is brought back."""
    for channel in Channel.objects.of(brand_id).exclude(state=Channel.State.OFF):
        channel.switch_off()


@listens(BrandOpened)
@app.task(priority=5)
def say_holds(brand_id: int) -> None:
    """A brand was made or brought back: its pages say what is on hold."""
    Hold.say_at(Brand.objects.of(brand_id).get())


def ask_delivery(delivery_id: int) -> None:
    """Queue a try of a delivery unless one is queued already."""
    name = f"delivery:{delivery_id}"
    try:
        deliver.configure(queueing_lock=f"again:{delivery_id}", lock=name).defer(delivery_id=delivery_id)
    except AlreadyEnqueued:
        return


@app.task(priority=1)
def fetch(channel_id: int) -> None:
    """Fetch what is new on a channel."""
    if channel := Channel.objects.everywhere().due().filter(pk=channel_id).first():
        fetching.fetch(channel)


@app.task
def look_back(channel_id: int) -> None:
    """Read one page of a channel's history."""
    if (
        channel := Channel.objects.everywhere()
        .filter(pk=channel_id, history_done=False, state="active")
        .first()
    ):
        fetching.look_back(channel)


@app.task
def recheck(channel_id: int) -> None:
    """Look for edits and deletions on a channel."""
    if channel := Channel.objects.everywhere().filter(pk=channel_id, state="active").first():
        fetching.recheck(channel)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="measure", pass_context=False)
def measure_all(timestamp: int) -> None:
    """Each quarter of an hour: follow the public counts of what the brands said, and of who follows them."""
    for channel in Channel.objects.everywhere().filter(state=Channel.State.ACTIVE):
        if channel.can(Measures) or channel.can(Followed):
            _ask(measure, channel)


@app.task
def measure(channel_id: int) -> None:
    """Follow the public counts of what was said on a channel."""
    if channel := Channel.objects.everywhere().filter(pk=channel_id, state="active").first():
        fetching.measure(channel)


@listens(NoticesPosted)
@app.task(priority=4)
def announce(ids: list[int]) -> None:
    """Tell new notices in the rooms of the team."""
    discussing.announce(ids)


@app.task(priority=10)
def deliver(delivery_id: int) -> None:
    """Bring a delivery a step further."""
    rows = Delivery.objects.everywhere().select_related("channel", "target__actor")
    if delivery := rows.filter(pk=delivery_id).first():
        sending.attempt(delivery)


@app.task(priority=10)
def deliver_posts(part: int) -> None:
    """Have the posts leave that are due on this part of the channels."""
    sending_many.leave(part)


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="stalled", pass_context=True, priority=20)
async def take_up(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Take up again the jobs of workers that died: nothing else in the queue does.

    Where the same job waits in the queue already, that one does the work and the dead one only has to make way. What
    another worker has seen to since it was listed keeps none of the others.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_DEAD_AFTER):
        with suppress(ConnectorException):
            try:
                await manager.retry_job(job)
            except UniqueViolation:
                await manager.finish_job(job, status=Status.ABORTED, delete_job=True)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="erasures", pass_context=False)
def keep_erasures(timestamp: int) -> None:
    """Each hour: the list of erasures beside the database also has those of other machines."""
    catch_up()


@app.task
def index_anew(after: int) -> None:
    """The rule for the words of the index has changed: what was stored before follows it, a thousand at a time."""
    if last := indexing.index_anew(after):
        index_anew.configure(lock="index_anew").defer(after=last)
