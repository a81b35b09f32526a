"""What the inbox does when it hears news from `networks`."""

from procrastinate.contrib.django import app

from comptoir.inbox import gathering
from comptoir.inbox.models import Entry, Reply
from comptoir.kernel.events import listens
from comptoir.kernel.live import nudge
from comptoir.networks.events import ActivitiesReceived, DeliveryMoved
from comptoir.networks.models import Channel


@listens(ActivitiesReceived)
@app.task(priority=8)
def gather(channel_id: int, new: list[int], changed: list[int]) -> None:
    """Put what came into threads; where messages changed, every thread that shows them follows."""
    if new and (channel := Channel.objects.everywhere().filter(pk=channel_id).first()):
        gathering.gather(channel, new)
    if changed:
        rows = (
            Entry.objects.filter(activity__in=changed).values_list("thread_id", "thread__brand_id").distinct()
        )
        by_brand: dict[int, list[int]] = {}
        for thread, brand in rows:
            by_brand.setdefault(brand, []).append(thread)
        for brand, threads in by_brand.items():
            gathering.refresh(threads)
            nudge(brand, threads)


@listens(DeliveryMoved)
@app.task(priority=8)
def delivery_moved(delivery_id: int) -> None:
    """Show what became of an answer."""
    reply = Reply.objects.filter(delivery=delivery_id).select_related("thread").first()
    if reply:
        gathering.refresh([reply.thread_id])
        nudge(reply.thread.brand_id, [reply.thread_id])
