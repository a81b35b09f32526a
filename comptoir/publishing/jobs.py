"""The jobs of publishing: what is due leaves, and what became of it is followed."""

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from procrastinate.contrib.django import app

from comptoir.kernel import clock
from comptoir.kernel.events import listens
from comptoir.networks.events import DeliveriesMoved
from comptoir.networks.models import Delivery
from comptoir.organisation.events import WorkEnded
from comptoir.publishing import clicks, departing, importing_now, saying_again, stock
from comptoir.publishing.events import ImportAsked
from comptoir.publishing.models import (
    DayNote,
    Destination,
    Permission,
    Post,
    PostImport,
    PublicHolidays,
    Step,
    Unkept,
    approval,
)
from comptoir.publishing.standing import stand_again

TOGETHER = 500
"""Messages that one job follows at the most, beside its own."""


@app.periodic(cron="* * * * * *")
@app.task(queueing_lock="depart", pass_context=False, priority=9)
def depart(timestamp: int) -> None:
    """Each second: have what is due leave, all of it."""
    while departing.depart() == departing.AT_ONCE:
        pass
    departing.ask_about_late()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="miss", pass_context=False)
def miss(timestamp: int) -> None:
    """Each minute: posts whose time came while somebody was still asked do not leave, and say so."""
    late = Post.objects.everywhere().filter(state=Post.State.REVIEW, due__lte=clock.now())
    for pk in late.values_list("pk", flat=True):
        with transaction.atomic():
            rows = late.filter(pk=pk).select_for_update(of=("self",), skip_locked=True)
            if post := rows.select_related("brand").first():
                approval.miss(post)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="count_clicks", pass_context=False)
def count_clicks(timestamp: int) -> None:
    """Each minute: what was noted of clicks is counted together."""
    while clicks.count() == clicks.AT_ONCE:
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="tell_of_permissions", pass_context=False)
def tell_of_permissions(timestamp: int) -> None:
    """Each five minutes: whoever asked to show a picture hears that its author wrote back."""
    Permission.tell_of_answers()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="say_again", pass_context=False)
def say_again(timestamp: int) -> None:
    """Each five minutes: what is said again and again has its next time in the calendar."""
    saying_again.say_again()


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="warn_of_dry_queues", pass_context=False)
def warn_of_dry_queues(timestamp: int) -> None:
    """Each hour: whoever fills a queue is told before it is empty, and no longer once it is filled."""
    stock.warn_all()


@app.periodic(cron="37 2 * * *")
@app.task(queueing_lock="turn_calendar", pass_context=False)
def turn_calendar(timestamp: int) -> None:
    """Each night: removed notes go for good, and the holidays of another year are written down where it is time."""
    DayNote.objects.everywhere().over().delete()
    PostImport.objects.everywhere().over().delete()
    Unkept.objects.everywhere().over().delete()
    PublicHolidays.look_ahead()


@listens(ImportAsked)
@app.task(priority=3)
def import_posts(import_id: int) -> None:
    """Rows of a file become posts. Whoever takes it up again goes on where it stood."""
    rows = PostImport.objects.everywhere().select_related("brand", "by")
    if found := rows.filter(pk=import_id).first():
        with translation.override(found.by.language if found.by and found.by.language else None):
            importing_now.run(found)


@listens(WorkEnded)
@app.task(priority=3)
def forget_unkept(brand_id: int, user_id: int, by_id: int | None) -> None:
    """Somebody may not write for a brand any more: what they wrote there and did not keep goes."""
    Unkept.objects.of(brand_id).filter(user=user_id).delete()


@listens(DeliveriesMoved)
@app.task(priority=7)
def follow(ids: list[int], state: str) -> None:
    """Messages moved: where they are of posts, these follow, and what else has left meanwhile: the jobs for those find
    it done."""
    steps = Step.objects.everywhere().filter(delivery__in=ids)
    done = Q(destination__state=Destination.State.PUBLISHED, delivery__state=Delivery.State.SENT)
    if moved := list(steps.exclude(done).values_list("delivery", flat=True)):
        sent = Step.objects.everywhere().filter(
            destination__state=Destination.State.LEAVING, delivery__state=Delivery.State.SENT
        )
        departing.follow([*moved, *sent.values_list("delivery", flat=True)[:TOGETHER]])
    stand_again(ids)
