"""An event of the tests: what is said under its tag, and the watch going by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.db import transaction

from comptoir.inbox.tests.building import TOWN, House
from comptoir.kernel import clock
from comptoir.listening import jobs
from comptoir.listening.hearing import hear
from comptoir.listening.models import Event, Mention
from comptoir.networks.connector import Activity as Said
from tests.listening.test_hearing import public

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def fair_of(house: House) -> Event:
    """An event of eight hours from noon on, made in time."""
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        made = Event.make(
            house.brand, house.people["manager"], "Tea fair", "#TeaFair", NOON, NOON + timedelta(hours=8)
        )
    return made


def said(name: str, text: str, at: datetime, by: int = 0) -> Said:
    return replace(public(name, text, by=by), published=at)


def heard(said_: list[Said], noise: str = "") -> None:
    hear(TOWN, said_)
    marked(said_, noise)


def heard_as(genuine: list[Said], spam: list[Said]) -> None:
    """Both are heard, and marked before anybody else meets them: for tests with workers beside, who fold."""
    with transaction.atomic():
        hear(TOWN, [*genuine, *spam])
        marked(genuine, "")
        marked(spam, "spam")


def marked(said_: list[Said], noise: str) -> None:
    names = [each.remote_id for each in said_]
    Mention.objects.everywhere().filter(activity__remote_id__in=names).update(noise=noise)


def poured(name: str, tag: str, since: datetime, minutes: int, a_minute: int, noise: str = "") -> None:
    """So many messages a minute, each by somebody else."""
    heard([
        said(f"{name}-{m}-{n}", f"{tag} {name} number {m} {n}", since + timedelta(minutes=m, seconds=5 + n), m * 7 + n)
        for m in range(minutes)
        for n in range(a_minute)
    ], noise)  # fmt: skip


def watched(travel: Any, until: datetime) -> None:
    """The job of each minute until a moment."""
    while clock.now() < until:
        travel.move_to(clock.now() + 5 * MINUTE)
        jobs.watch_events(0)


def at(house: House, event: Event, rest: str = "") -> str:
    return f"/b/{house.brand.slug}/listening/events/{event.pk}/{rest}"
