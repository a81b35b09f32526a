"""What keeps the facts in step with the counter. Each job may run twice."""

from datetime import timedelta

from procrastinate.contrib.django import app

from comptoir.kernel import clock
from comptoir.kernel.events import listens
from comptoir.measurement import counting, surge_watch
from comptoir.organisation.events import HoursChanged


@app.periodic(cron="* * * * * 7-59/10")
@app.task(queueing_lock="count_due", lock="count_due", pass_context=False)
def count_due(timestamp: int) -> None:
    """Every ten seconds: count again what changed."""
    if not counting.can_wait():
        counting.count_due()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="count_staff", pass_context=False)
def count_staff(timestamp: int) -> None:
    """Every five minutes: how many people are there, this hour and the two before."""
    counting.count_staff(clock.now() - timedelta(hours=2))


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="count_staff_again", pass_context=False)
def count_staff_again(timestamp: int) -> None:
    """Each night: the same as far back as a month, for whatever was missed while nobody worked here."""
    counting.count_staff(clock.now() - timedelta(days=30))


@app.periodic(cron="* * * * * 41")
@app.task(queueing_lock="watch_surges", lock="watch_surges", pass_context=False)
def watch_surges(timestamp: int) -> None:
    """Each minute: whether many began to write to a brand at once, or that is over."""
    surge_watch.watch()


@listens(HoursChanged)
@app.task(priority=4)
def hours_changed(brand_id: int, usual: bool = True) -> None:
    """The counter opens at other hours: business hours are counted from nothing. Figures go by the usual ones alone."""
    if not usual:
        return
    counting.count_again(brand_id)
    counting.count_staff()
