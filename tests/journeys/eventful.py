"""The pages of events: one that goes on, has moved, and is taken over again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from comptoir.inbox.tests.building import said
from comptoir.kernel import clock
from comptoir.listening.models import Event, Query, Takeover
from comptoir.networks.connector import Kind
from tests.listening.eventful import heard_as

GENUINE = (
    "La #FeteDuPort commence, les bateaux sont tous pavoisés !",
    "Fanfare sur le quai, tout le monde danse. #FeteDuPort",
    "Les sardines sont parties en dix minutes #FeteDuPort #QuaiEnFete",
)
NOISE = "GAGNEZ 500 € par jour, cliquez vite : gains.example #FeteDuPort #promo"


def pages_of_events(query: Query, owner: Any, here: str) -> Iterator[tuple[str, str]]:
    """Their names and addresses; the event is made when they are first asked for."""
    brand = query.brand
    event = Event.objects.of(brand).first() or _event(query, owner)
    yield "events", f"{here}events/"
    yield "event-new", f"{here}events/new/"
    yield "event", f"{here}events/{event.pk}/"
    yield "event-all", f"{here}events/{event.pk}/?span=all"
    yield "event-edition", f"{here}events/{event.pk}/edition/"


def _event(query: Query, owner: Any) -> Event:
    now = clock.now()
    begins = now - timedelta(hours=5)
    event = Event.make(
        query.brand, owner, "La fête du port", "#FeteDuPort", begins, now + timedelta(hours=4), query
    )
    event.move(owner, "#FeteDuPort2026")
    moved = now - timedelta(hours=1)
    event.tags.filter(tag="#FeteDuPort2026").update(since=moved.replace(second=0, microsecond=0))
    genuine = [
        replace(
            said(f"fete-{n}", GENUINE[n % 3] + (" #FeteDuPort2026" if n % 2 else ""), by=20 + n % 9),
            kind=Kind.POST, addressed=False, published=begins + timedelta(minutes=4 * n),
        )
        for n in range(75)
    ]  # fmt: skip
    spam = [
        replace(said(f"bruit-{n}", f"{NOISE} {n}", by=60 + n % 4), kind=Kind.POST, addressed=False,
                published=moved - timedelta(minutes=n % 50))
        for n in range(90)
    ]  # fmt: skip
    heard_as(genuine, spam)
    Takeover.objects.create(
        event=event, tag="#FeteDuPort2026", since=now - timedelta(minutes=20), began=now, before=0.08, now=0.72,
        noise=180, posts=250,
    )  # fmt: skip
    return event
