"""Listening: a stream wakes the fetch, one process holds it, and what breaks is taken up again.

The network is a stand-in whose stream says what the test puts into a queue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from queue import Empty, Queue
from typing import Any, ClassVar

import pytest

from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks import fetching, streaming
from comptoir.networks.connector import Connector, Json, Page, Reconnect, Said, Streams, TryLater
from comptoir.networks.models import Channel
from comptoir.networks.streaming import Listening
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand

pytestmark = pytest.mark.django_db(transaction=True)


class Streamed(Streams, Connector):
    """A stand-in: True and False are said, an exception is raised, None ends the stream."""

    network = "standin"
    label = "Stand-in"
    says: ClassVar[Queue[Any]] = Queue()
    opened: ClassVar[list[datetime]] = []
    closed: ClassVar[list[datetime]] = []

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        return Page([], cursor, settings={"seen": 1})

    def history(self, since: datetime, cursor: Json) -> Page:
        return Page([], None)

    def listen(self) -> Iterator[bool]:
        self.opened.append(clock.now())
        try:
            while (word := self._next()) is not None:
                if isinstance(word, Exception):
                    raise word
                yield word
        finally:
            self.closed.append(clock.now())

    def _next(self) -> Any:
        try:
            return self.says.get(timeout=0.05)
        except Empty:
            return False


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    every_network_is(monkeypatch, Streamed)
    for name, fresh in {"says": Queue(), "opened": [], "closed": []}.items():
        monkeypatch.setattr(Streamed, name, fresh)
    brand = Brand.objects.create(slug="brand", name="Brand")
    later = clock.now() + timedelta(hours=1)
    return Channel.objects.create(
        brand=brand,
        network="standin",
        remote_id="brand",
        handle="brand",
        next_fetch=later,
        settings={"kept": 2},
    )


@pytest.fixture
def listening(channel: Channel) -> Iterator[Listening]:
    ears = Listening(look=0.05)
    ears.start()
    until(lambda: Streamed.opened)
    yield ears
    ears.stop()


def due(channel: Channel) -> bool:
    return Channel.objects.of(channel.brand).due().filter(pk=channel.pk).exists()


def test_news_makes_the_fetch_due_and_a_sign_of_life_does_not(channel: Channel, listening: Listening) -> None:
    until(lambda: Channel.objects.of(channel.brand).filter(listener=listening.me).exists())
    assert not due(channel)
    Streamed.says.put(True)
    until(lambda: due(channel))


def test_while_a_stream_is_open_fetches_are_rare(channel: Channel, listening: Listening) -> None:
    until(lambda: Channel.objects.of(channel.brand).filter(listener=listening.me).exists())
    fetching.fetch(channel)
    channel.refresh_from_db()
    assert channel.next_fetch > clock.now() + timedelta(seconds=50)
    assert channel.settings == {"kept": 2, "seen": 1}
    listening.stop()
    channel.refresh_from_db()
    assert channel.listener is None
    fetching.fetch(channel)
    channel.refresh_from_db()
    assert channel.next_fetch < clock.now() + timedelta(seconds=6)


def test_one_process_listens_and_another_takes_over(channel: Channel, listening: Listening) -> None:
    until(lambda: Channel.objects.of(channel.brand).filter(listener=listening.me).exists())
    other = Listening(look=0.05)
    other.start()
    try:
        Streamed.says.put(True)
        until(lambda: due(channel))
        assert len(Streamed.opened) == 1
        listening.stop()
        until(lambda: Channel.objects.of(channel.brand).filter(listener=other.me).exists())
        until(lambda: len(Streamed.opened) == 2)
    finally:
        other.stop()


def test_a_lease_that_ran_out_is_free(channel: Channel) -> None:
    one, two = Listening().me, Listening().me
    assert channel.listened(one, timedelta(seconds=30))
    assert not channel.listened(two, timedelta(seconds=30))
    Channel.objects.of(channel.brand).update(listening_until=clock.now())
    assert channel.listened(two, timedelta(seconds=30))
    assert not channel.listened(one, timedelta(seconds=30))


def test_a_stream_that_ends_or_breaks_is_opened_again(channel: Channel, listening: Listening) -> None:
    for times, end in enumerate([None, TryLater("rate_limited"), ValueError("unforeseen")], start=2):
        Streamed.says.put(True)
        Streamed.says.put(end)
        until(lambda times=times: len(Streamed.opened) == times)  # type: ignore[misc]


def test_a_stream_that_says_nothing_is_left_alone_longer_each_time(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Streamed, "_next", lambda self: None)
    ears = Listening(look=0.05)
    ears.start()
    until(lambda: len(Streamed.opened) == 4)
    ears.stop()
    gaps = [(b - a).total_seconds() for a, b in zip(Streamed.opened, Streamed.opened[1:], strict=False)]
    assert gaps[0] < gaps[1] < gaps[2]


def test_a_dead_grant_loses_the_channel_and_its_stream(channel: Channel, listening: Listening) -> None:
    Streamed.says.put(Reconnect("token_revoked"))
    until(lambda: Channel.objects.of(channel.brand).filter(state="reconnect").exists())
    until(lambda: not Channel.objects.of(channel.brand).exclude(listener=None).exists())
    assert len(Streamed.opened) == 1


def test_a_channel_switched_off_hangs_up(channel: Channel, listening: Listening) -> None:
    channel.switch_off()
    until(lambda: Streamed.closed)
    assert timedelta(minutes=1) < streaming.LEASE
