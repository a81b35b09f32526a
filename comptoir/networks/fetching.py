"""Hearing: one step of a channel's fetch, its history, and its looks back at what was edited or taken away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.http import OutsideError
from comptoir.networks import discussing
from comptoir.networks.connector import (
    Actor,
    Blocks,
    ConnectorError,
    Discusses,
    Fetches,
    Followed,
    Gone,
    Measures,
    Page,
    Rechecks,
    Reconnect,
    Said,
    Streams,
    TryLater,
)
from comptoir.networks.models import AccountSnapshot, Activity, Channel, Defence, Delivery, Snapshot
from comptoir.networks.outside import code_of

log = logging.getLogger(__name__)
MOST_PAGES = 20
"""Pages fetched by one job; the rest follows in the next one, at once."""

MEASURES = (
    (timedelta(hours=2), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
)
"""How often the counts of what the brand said are asked for, by its age: (age, period). Later they are left alone."""
MEASURED_MOST = 1_000
MEASURED_AT_ONCE = 25

RECHECKS = (
    (timedelta(minutes=15), timedelta(seconds=10)),
    (timedelta(hours=6), timedelta(minutes=5)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
)
"""How often messages younger than an age are asked for again: (age, period)."""
HELD = timedelta(minutes=5)
"""How often those that wait for approval are, whatever their age."""


def fetch(channel: Channel) -> None:
    """Fetch what is new, page by page: each page and its cursor are stored together, so nothing falls between."""
    _guarded(channel, _fetch_pages)


def look_back(channel: Channel) -> None:
    """Read the history back, a page a call, until it is done."""
    _guarded(channel, _history_page)


def recheck(channel: Channel) -> None:
    """Ask again for messages that may have been edited or taken back: the younger, the more often."""
    _guarded(channel, _recheck)


def measure(channel: Channel) -> None:
    """Ask for the public counts of what the brand said, the younger the more often, and once a day who follows it."""
    _guarded(channel, _measure)


def _guarded(channel: Channel, work: Any) -> None:
    try:
        work(channel)
    except Reconnect as error:
        channel.lose(error)
    except TryLater as error:
        channel.failed(error, error.after)
    except ConnectorError as error:
        channel.failed(error)
    except OutsideError as error:
        channel.failed(ConnectorError(code_of(error)))
    except Exception:
        log.exception("channel %s", channel.pk)
        channel.failed(ConnectorError("broken"))


def _fetch_pages(channel: Channel) -> None:
    connector = channel.connector()
    more = isinstance(connector, Fetches)
    pages, after = 0, None
    while more and pages < MOST_PAGES:
        spoken = _spoken(channel)
        page = connector.fetch(channel.cursor, [_said(delivery) for delivery in spoken])
        with transaction.atomic():
            if isinstance(connector, Discusses):
                discussing.hear(channel, page.items)
            else:
                channel.receive(page.items)
            _keep(channel, cursor=page.cursor)
            if page.settings:
                channel.adjust(**page.settings)
            if spoken:
                mine = Delivery.objects.of(channel.brand_id)
                mine.filter(pk__in=[delivery.pk for delivery in spoken]).update(passed_on=True)
        more, after = page.more, page.after
        pages += 1
    channel.worked(timedelta(0) if more else after or _pause(channel, connector))


def _pause(channel: Channel, connector: Any) -> timedelta:
    """How long until the next fetch: longer while a stream tells what comes."""
    row = Channel.objects.of(channel.brand_id).filter(pk=channel.pk, listening_until__gt=clock.now())
    listening = isinstance(connector, Streams) and row.exists()
    return connector.quiet if listening else connector.every  # type: ignore[no-any-return]


def _history_page(channel: Channel) -> None:
    connector = channel.connector()
    if not isinstance(connector, Fetches):
        _keep(channel, history_done=True)
        return
    since = channel.history_from or clock.now() - timedelta(days=settings.HISTORY_DAYS)
    page: Page = connector.history(since, channel.history_cursor)
    with transaction.atomic():
        channel.receive(page.items, historic=True)
        _keep(channel, history_cursor=page.cursor, history_from=since, history_done=not page.more)


def _recheck(channel: Channel) -> None:
    connector = channel.connector()
    if not isinstance(connector, Rechecks):
        return
    size = connector.recheck_batch
    hides = isinstance(connector, Blocks) and connector.hides_earlier
    ids = list(
        _to_recheck(channel, Defence.objects.of(channel.brand_id).blocked_on(channel) if hides else ())
    )
    for start in range(0, len(ids), size):
        found = connector.recheck(ids[start : start + size])
        if found:
            known = [
                i for i in found if not isinstance(i, Actor) and (isinstance(i, Gone) or i.remote_id in ids)
            ]
            channel.receive(known)


def _measure(channel: Channel) -> None:
    connector = channel.connector()
    if isinstance(connector, Followed) and AccountSnapshot.is_due(channel):
        AccountSnapshot.keep(channel, connector.followers())
    if not isinstance(connector, Measures):
        return
    now = clock.now()
    ids = dict(_to_measure(channel, now))
    names = list(ids)
    for start in range(0, len(names), MEASURED_AT_ONCE):
        counts = connector.measure(names[start : start + MEASURED_AT_ONCE])
        Snapshot.keep({ids[each.remote_id]: each for each in counts if each.remote_id in ids})
    _keep(channel, measured_at=now)


def _to_measure(channel: Channel, now: datetime) -> Iterator[tuple[str, int]]:
    """What the brand said whose counts are due, the youngest first: those of an age are due whenever a multiple of its
    period has passed since the channel was last measured."""
    last = channel.measured_at
    mine = Activity.objects.of(channel.brand_id).filter(
        audience__channel=channel, audience__own=True, deleted=None
    )
    mine = mine.exclude(kind__in=["like", "follow", "repost"]).order_by("-published")
    upper = now + timedelta(days=1)
    for age, period in MEASURES:
        if last is None or _turn(now, last, period):
            band = mine.filter(published__gt=now - age, published__lte=upper)
            yield from band.values_list("remote_id", "pk")[:MEASURED_MOST]
        upper = now - age


def _to_recheck(channel: Channel, unasked: Any = ()) -> list[str]:
    """Ids due now: a message is due when a period of its age's band has passed since it was last a multiple of it.

    `unasked`: people whose messages are left alone. No state is kept: the band's period is compared with the time of
    the channel's last look.
    """
    now = clock.now()
    last = channel.next_recheck - RECHECKS[0][1]
    ids: list[str] = []
    upper = timedelta(0)
    mine = Activity.objects.of(channel.brand_id).filter(audience__channel=channel, deleted=None)
    mine = mine.exclude(kind__in=["like", "follow", "repost"]).exclude(actor__in=unasked)
    for age, period in RECHECKS:
        if _turn(now, last, period):
            band = mine.filter(published__gt=now - age, published__lte=now - upper).order_by("-published")
            ids += band.values_list("remote_id", flat=True)[:2_000]
        upper = age
    if _turn(now, last, HELD):
        # What waits for approval is approved elsewhere at any age.
        ids += mine.filter(standing="held").values_list("remote_id", flat=True)[:500]
    _keep(channel, next_recheck=now + RECHECKS[0][1])
    return ids


def _turn(now: datetime, last: datetime, period: timedelta) -> bool:
    """Whether a multiple of the period lies between the two."""
    return now.timestamp() // period.total_seconds() != last.timestamp() // period.total_seconds()


def _spoken(channel: Channel) -> list[Delivery]:
    """What the brand said through us on this channel and its connector has not been told."""
    sent = Delivery.objects.of(channel.brand_id).filter(channel=channel, state="sent", passed_on=False)
    spoken = sent.filter(act__in=[Delivery.Act.REPLY, Delivery.Act.POST])
    return list(spoken.select_related("target").order_by("pk")[:1_000])


def _said(delivery: Delivery) -> Said:
    answered = delivery.target.remote_id if delivery.target else ""
    return Said(delivery.remote_id, answered, delivery.text, delivery.said_at)


def _keep(channel: Channel, **changes: Any) -> None:
    Channel.objects.of(channel.brand_id).filter(pk=channel.pk).update(**changes)
    for name, value in changes.items():
        setattr(channel, name, value)
