"""Threads with a past that a test writes down, for figures to be taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.inbox.models import Closure, Entry, Reply, Thread
from comptoir.inbox.tests.building import TOWN, House, house
from comptoir.measurement import counting
from comptoir.measurement.asked import Asked
from comptoir.measurement.figures import Figures, figures_of
from comptoir.networks.models import Activity, Actor, Audience, Channel, Delivery
from comptoir.organisation.models import User

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday at midnight; the clocks of Europe change on the 29th."""


def at(hours: float) -> datetime:
    """So many hours after Monday's midnight."""
    return MONDAY + timedelta(hours=hours)


@dataclass
class Past:
    """One thread of a house. Times are hours after Monday's midnight."""

    house: House
    thread: Thread
    n: int = 0

    @classmethod
    def of(cls, made: House, channel: Channel | None = None, **rest: Any) -> Past:
        channel = channel or made.channel
        number = Thread.objects.of(made.brand).count()
        thread = Thread.objects.create(
            brand=made.brand, channel=channel, conversation=f"c{number}", last_at=MONDAY, **rest
        )
        return cls(made, thread)

    def _said(self, hours: float, own: bool, historic: bool = False, **rest: Any) -> Entry:
        self.n += 1
        name = f"t{self.thread.pk}-{self.n}"
        actor, _new = Actor.objects.get_or_create(
            network=TOWN, remote_id="us" if own else name, defaults={"seen": MONDAY}
        )
        given = {"kind": "mention", "text": "…", "language": "fr", "published": at(hours), **rest}
        activity = Activity.objects.create(network=TOWN, remote_id=name, actor=actor, **given)
        addressed = not own and not given.get("automatic")
        Audience.objects.create(
            channel=self.thread.channel, activity=activity, own=own, addressed=addressed, historic=historic
        )
        return Entry.objects.create(
            thread=self.thread, activity=activity, own=own, addressed=addressed, at=at(hours)
        )

    def asks(self, hours: float, **rest: Any) -> Entry:
        """Somebody writes to the brand."""
        return self._said(hours, own=False, **rest)

    def says(self, hours: float, **rest: Any) -> Entry:
        """The brand answers on the network itself."""
        return self._said(hours, own=True, **rest)

    def answers(self, hours: float, by: User, state: str = "sent", left: float | None = None) -> Reply:
        """A colleague answers here."""
        claimed = at(left if left is not None else hours)
        delivery = Delivery.objects.create(
            channel=self.thread.channel, state=state, said_at=at(hours), claimed_at=claimed, text="…"
        )
        return Reply.objects.create(thread=self.thread, delivery=delivery, author=by, created=at(hours))

    def closes(self, hours: float, reopened: float | None = None) -> Closure:
        """Somebody closes it; a message opens it again."""
        again = None if reopened is None else at(reopened)
        return Closure.objects.create(thread=self.thread, at=at(hours), reopened_at=again)


def counted(made: House, **given: Any) -> Figures:
    """The figures of the month around Monday, with everything counted that is due."""
    counting.count_due()
    asked = Asked.of(made.brand, {"since": "2026-03-02", "until": "2026-03-29", **given})
    return figures_of(asked)


__all__ = ["MONDAY", "Past", "at", "counted", "house"]
