"""The jobs of the organisation: telling people, and removing what is too old."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comptoir.kernel.events import listens
from comptoir.kernel.restored import leaves
from comptoir.organisation import (
    alarm_keeping,  # noqa: F401 - says how long calls are kept
    calling,
    ending,
    reaching,
    retention,
)
from comptoir.organisation.events import NoticesPosted
from comptoir.organisation.models import Webhook
from comptoir.organisation.models.alarm import call_next_ones
from comptoir.organisation.programs import keeping  # noqa: F401 - says how long calls are kept


@listens(NoticesPosted)
@app.task(priority=4)
def spread_notices(ids: list[int]) -> None:
    """Decide who is told of new notices, and when."""
    reaching.spread(ids)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="notices", pass_context=False, priority=4)
def dispatch_notices(timestamp: int) -> None:
    """Every ten seconds: tell what is due, a job for each person and way."""
    for ids in reaching.dispatch():
        tell_person.defer(ids=ids)


@app.task(priority=3)
def tell_person(ids: list[int]) -> None:
    """Tell one person by one way."""
    reaching.send(ids)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="alarms", pass_context=False, priority=5)
def escalate(timestamp: int) -> None:
    """Every ten seconds: where nobody took a call in time, the next one is called."""
    call_next_ones()


@leaves
@app.task(priority=2)
def call_webhook(webhook_id: int) -> None:
    """Make the calls of a webhook that are due. One that has many gives way to the others after a while."""
    if calling.call_all(webhook_id):
        call_webhook.configure(lock=f"webhook:{webhook_id}").defer(webhook_id=webhook_id)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="webhooks", pass_context=False, priority=2)
def call_webhooks(timestamp: int) -> None:
    """Every ten seconds: those whose calls are due again. What was told just now has a job of its own."""
    for pk in Webhook.objects.everywhere().due().values_list("pk", flat=True):
        with suppress(AlreadyEnqueued):
            call_webhook.configure(lock=f"webhook:{pk}", queueing_lock=f"webhook-due:{pk}").defer(
                webhook_id=pk
            )


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="end_access", pass_context=False, priority=6)
def end_access(timestamp: int) -> None:
    """Each minute: whose agreed time is over has left. The door knew at once; this ends the rest."""
    ending.end()


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="warn_of_ends", pass_context=False)
def warn_of_ends(timestamp: int) -> None:
    """Each hour: owners, and those who leave, hear some days before."""
    ending.warn()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="purge", lock="purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Each hour: whatever is left of the day's purge, a minute at a time, so that other jobs have their turn."""
    if not retention.purge(seconds=60):
        with suppress(AlreadyEnqueued):
            purge.configure(schedule_in={"seconds": 5}).defer(timestamp=timestamp)
