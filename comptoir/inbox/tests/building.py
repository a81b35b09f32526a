"""A brand with its people and threads, built through the real way in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client

from comptoir.inbox import jobs
from comptoir.inbox.models import Thread
from comptoir.kernel import clock
from comptoir.kernel.asking import ask as statement
from comptoir.networks.connecting import ask, defaults
from comptoir.networks.connector import Activity, Actor, Kind
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, Membership, User

TOWN = "rehearsal"
ROLES = ("reader", "agent", "manager", "owner")
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@dataclass(eq=False)
class House:
    """One brand, a member of each role, a stranger with a brand of their own, and a channel."""

    brand: Brand
    channel: Channel
    people: dict[str, User]
    stranger: User

    def url(self, rest: str = "") -> str:
        return f"/b/{self.brand.slug}/threads/{rest}"

    def thread(self) -> Any:
        """The newest thread."""
        return Thread.objects.of(self.brand).filter(merged_into=None).order_by("-last_at", "-pk")[0]


def house(slug: str = "verdier") -> House:
    """A real town, but one where nobody speaks by themselves: tests say who says what."""
    brand = Brand.objects.create(name="Maison Verdier", slug=slug)
    # Longer than any test, and no longer than a channel ever waits: more would be a clock that was set back.
    later = clock.now() + timedelta(hours=23)
    channel = Channel.objects.create(
        brand=brand,
        network=TOWN,
        remote_id=f"{slug}-1",
        handle="@verdier",
        name="Maison Verdier",
        settings=dict(ask(TOWN, defaults(TOWN)).settings),
        next_fetch=later,
        next_recheck=later,
        history_done=True,
    )
    people = {role: User.objects.create_user(f"{role}@{slug}.example", name=role.title()) for role in ROLES}
    for role, user in people.items():
        Membership.objects.create(user=user, brand=brand, role=role)
    other = Brand.objects.create(name="Other", slug=f"not-{slug}")
    stranger = User.objects.create_user(f"stranger@{slug}.example", name="Stranger")
    Membership.objects.create(user=stranger, brand=other, role="owner")
    return House(brand, channel, people, stranger)


def at_once[Result](*calls: Callable[[], Result]) -> list[Result]:
    """What comes of calls made at the same moment, each on a connection of its own: in a test with transactions."""
    start = threading.Barrier(len(calls))

    def work(call: Callable[[], Result]) -> Result:
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(work, calls))


def said(name: str, text: str = "", minutes_ago: float = 30, by: int = 0, **rest: Any) -> Activity:
    """Something that person number `by` says to the brand."""
    person = Actor(f"person-{by}", f"@person{by}.example", f"Person {by}", followers=1200, about="Likes tea.")
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    given: dict[str, Any] = {"kind": Kind.MENTION, "actor": person, "published": at, **rest}
    return Activity(
        name, text=text or f"{name}: is anybody there?", url=f"https://example.org/{name}", **given
    )


def hear(channel: Channel, items: Sequence[Activity]) -> None:
    """Receive them and gather them into threads."""
    ids = channel.receive(items)
    new = list(Row.objects.of(channel.brand_id).filter(pk__in=ids).values_list("pk", flat=True))
    jobs.gather.func(channel_id=channel.pk, new=new, changed=[])
    # That was the job of this batch: nothing waits to be gathered.
    statement(
        "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND lock = %(lock)s",
        {"lock": f"gather:{channel.pk}"},
    )


def browser(user: User | None = None) -> Client:
    """A browser, signed in as somebody."""
    client = Client()
    if user:
        client.force_login(user)
    return client
