"""Watching events: each minute of an event is put to its watch, and what the watch tells is kept and told.

The last minutes are put to it anew each time, since searches bring what was said some minutes ago; what is later still
has the whole event put to it again. A takeover that is found again is the one that was told.

One event in one transaction: what was fed, up to when, the takeover, its notice and its call. A worker that dies leaves
the minute for the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
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
SETTLES = timedelta(minutes=30)
"""What was said is mostly heard within it: minutes that long ago are put to the watch for good."""

_UNSETTLE = """
UPDATE listening_event e SET upto = NULL, kept = '{}' WHERE e.upto IS NOT NULL AND EXISTS (
    SELECT FROM listening_mention m
    WHERE m.id = ANY(%(ids)s) AND m.query_id = e.query_id AND m.at >= e.begins AND m.at < e.upto)
"""


def watch_all() -> int:
    """Feed every event that goes on, or of which some is left to feed; how many were."""
    until, fed = _minute(clock.now() - LAG), 0
    rows = Event.objects.everywhere().filter(begins__lt=until).order_by("pk")
    unfed = Q(upto=None) | Q(upto__lt=Least(F("ends"), until))
    for event in rows.filter(unfed):
        while feed(event.brand_id, event.pk, until):
            fed += 1
    return fed


def unsettle(ids: Sequence[int]) -> None:
    """Mentions were heard: events to which their minutes were put for good are watched from their beginning again."""
    ask(_UNSETTLE, {"ids": list(ids)})


def feed(brand_id: int, pk: int, until: datetime) -> bool:
    """Put to an event's watch what it has not heard for good yet; False when there is no more before `until`."""
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
        settled = max(since, min(upto, until - SETTLES))
        tags, watch, found = event.in_order(), event.watch(), list[Takeover]()
        minutes = _minutes(event, tags, since, upto)
        moment = since
        while moment < upto:
            if any(each.since == moment for each in tags[1:]):
                watch.move()
                _over(event, found, moment)
            told, after = watch.feed(minutes.get(moment, Minute())), moment + MINUTE
            if told and told.what == "began":
                found.append(_takeover(event, _in_use(tags, moment), after, told))
            elif told:
                _over(event, found, after)
            moment = after
            if moment == settled:
                event.upto, event.kept = moment, watch.kept()
        event.save(update_fields=["upto", "kept"])
        none = upto == event.ends or (upto == end and not watch.on)
        if none:
            _over(event, found, upto)
        for each in found:
            _keep(event, each)
        if none:
            event.close(upto)
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


def _takeover(event: Event, tag: EventTag, moment: datetime, told: Told) -> Takeover:
    return Takeover(
        event=event, tag=tag.tag, since=moment - told.ago * MINUTE, began=moment, before=told.before, now=told.now,
        noise=told.noise, posts=told.posts,
    )  # fmt: skip


def _over(event: Event, found: list[Takeover], moment: datetime) -> None:
    """What goes on is over: the last that was found, or what was told before."""
    if found and found[-1].over is None:
        found[-1].over = moment
    elif not found:
        event.close(moment)


def _keep(event: Event, found: Takeover) -> None:
    """Write down what was not yet, put its notice up and call programs, unless it is over already."""
    told = event.takeovers.filter(tag=found.tag).filter(Q(over=None) | Q(over__gt=found.since))
    if found.over is not None:
        if not told.filter(since__lt=found.over).exists():
            found.save()
        event.close(found.over)
        return
    if event.takeovers.filter(over=None).exists():
        return
    found.save()
    if clock.now() - found.began > FRESH:
        return
    facts: dict[str, Any] = {
        "event": event.name,
        "tag": found.tag,
        "now": round(100 * found.now),
        "before": round(100 * found.before),
    }
    Notice.post(event.brand_id, "takeover", event.about, **facts)
    announce(
        event.brand_id,
        "takeover.began",
        event=event.pk,
        takeover=found.pk,
        noise=found.noise,
        posts=found.posts,
    )
    nudge(event.brand_id, what="events")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
