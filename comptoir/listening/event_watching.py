"""Watching events: each minute of an event is put to its watch once, and what the watch tells is kept and told.

One event in one transaction: what was fed, up to when, the takeover, its notice and its call. A worker that dies leaves
the minute for the next one.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.listening.counting import counted_by_minute
from comptoir.listening.models import Event, Takeover
from comptoir.listening.models.event import FRESH, EventTag, as_pattern
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Notice
from comptoir.reading.spikes.takeover import Minute, Told

LAG = timedelta(minutes=1, seconds=30)
"""What was said is heard a little later."""
MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(days=2)
"""So much is fed in one transaction."""


def watch_all() -> int:
    """Feed every event that goes on, or of which some is left to feed; how many were."""
    until, fed = _minute(clock.now() - LAG), 0
    rows = Event.objects.everywhere().filter(begins__lt=until).order_by("pk")
    unfed = Q(upto=None) | Q(upto__lt=Least(F("ends"), until))
    for event in rows.filter(unfed):
        while feed(event.brand_id, event.pk, until):
            fed += 1
    return fed


def feed(brand_id: int, pk: int, until: datetime) -> bool:
    """Put to an event's watch what it has not heard yet; False when that was all."""
    with transaction.atomic():
        event = (
            Event.objects.of(brand_id).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        )
        if event is None:
            return False
        end = min(until, event.ends)
        since = event.upto or _minute(event.begins)
        if since >= end:
            return False
        upto = min(end, since + AT_ONCE)
        tags, watch = event.in_order(), event.watch()
        minutes = _minutes(event, tags, since, upto)
        moment = since
        while moment < upto:
            if any(each.since == moment for each in tags[1:]):
                watch.move()
            if told := watch.feed(minutes.get(moment, Minute())):
                _tell(event, _in_use(tags, moment), moment + MINUTE, told)
            moment += MINUTE
        event.upto, event.kept = moment, watch.kept()
        event.save(update_fields=["upto", "kept"])
        if moment >= event.ends:
            event.close(event.ends)
    return upto < end


def _minutes(event: Event, tags: list[EventTag], since: datetime, until: datetime) -> dict[datetime, Minute]:
    """What was said in each minute under the tag that was in use then; what carries none of them is counted as well."""
    patterns = [as_pattern(each.tag) for each in tags] if len(tags) > 1 else []
    sums: dict[datetime, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in counted_by_minute(event.query_id, since, until, MINUTE, patterns):
        now = tags.index(_in_use(tags, each.moment))
        if each.tag is None or each.tag >= now:
            sums[each.moment][{"": 0, "spam": 1}.get(each.noise, 2)] += each.n
    return {moment: Minute(*found) for moment, found in sums.items()}


def _in_use(tags: list[EventTag], moment: datetime) -> EventTag:
    return next((each for each in reversed(tags) if each.since <= moment), tags[0])


def _tell(event: Event, tag: EventTag, moment: datetime, told: Told) -> None:
    """Write down what the watch tells, put its notice up and call programs."""
    if told.what == "over":
        event.close(moment)
        return
    since = moment - told.ago * MINUTE
    made = Takeover.objects.create(
        event=event, tag=tag.tag, since=since, began=moment, before=told.before, now=told.now, noise=told.noise,
        posts=told.posts,
    )  # fmt: skip
    if clock.now() - moment > FRESH:
        return
    facts: dict[str, Any] = {
        "event": event.name,
        "tag": tag.tag,
        "now": round(100 * told.now),
        "before": round(100 * told.before),
    }
    Notice.post(event.brand_id, "takeover", event.about, **facts)
    announce(
        event.brand_id, "takeover.began", event=event.pk, takeover=made.pk, noise=told.noise, posts=told.posts
    )
    nudge(event.brand_id, what="events")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
