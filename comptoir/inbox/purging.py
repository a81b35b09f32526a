"""How long the inbox keeps conversations, and with them what was said there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from comptoir.inbox.models import Entry, Reply, Thread
from comptoir.inbox.models.contact import forget
from comptoir.networks.models import Activity, Delivery
from comptoir.networks.purging import let_go, let_go_of
from comptoir.organisation.models import Brand
from comptoir.organisation.retention import keeps

_AT_ONCE = 200
"""Conversations in one transaction, each with its messages."""


@keeps(
    "conversations", gettext_noop("Public conversations"), gettext_noop("after the last contact"), days=1_095
)
def _conversations(brand: Brand, before: datetime, most: int) -> int:
    return _remove(brand, Thread.objects.of(brand).filter(last_at__lt=before).exclude(kind="message"), most)


@keeps("private_messages", gettext_noop("Private messages"), gettext_noop("after the last contact"), days=730)
def _private(brand: Brand, before: datetime, most: int) -> int:
    return _remove(brand, Thread.objects.of(brand).filter(last_at__lt=before, kind="message"), most)


def _remove(brand: Brand, threads: Any, most: int) -> int:
    done = 0
    while done < most:
        ids = list(threads.order_by("last_at").values_list("pk", flat=True)[: min(_AT_ONCE, most - done)])
        if not ids:
            break
        deliveries = list(Reply.objects.filter(thread__in=ids).values_list("delivery", flat=True))
        activities = set(Entry.objects.filter(thread__in=ids).values_list("activity", flat=True))
        people = set(Thread.objects.of(brand).filter(pk__in=ids).values_list("person", flat=True)) - {None}
        Thread.objects.of(brand).filter(pk__in=ids).delete()
        Delivery.objects.of(brand).filter(pk__in=deliveries).delete()
        elsewhere = Entry.objects.filter(activity__in=activities, thread__brand=brand)
        let_go(brand, activities - set(elsewhere.values_list("activity", flat=True)))
        # With the last conversation goes what was kept of its person.
        lost = people - set(
            Thread.objects.of(brand).filter(person__in=people).values_list("person", flat=True)
        )
        forget(lost, brand)
        let_go_of(brand, lost)
        done += len(ids)
    return done


@keeps(
    "traces",
    gettext_noop("Likes, shares, follows and what belongs to no conversation"),
    gettext_noop("after they came"),
    days=365,
)
def _traces(brand: Brand, before: datetime, most: int) -> int:
    """What others did that no conversation holds. What the brand itself said stays."""
    rows = Activity.objects.of(brand).filter(received__lt=before, entries=None).exclude(audience__own=True)
    ids = list(rows.values_list("pk", flat=True).distinct()[:most])
    let_go(brand, ids)
    return len(ids)
