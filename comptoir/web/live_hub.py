"""Who listens to which brand, and what was told lately: a stream holds a place in it, so that none can fall behind."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from comptoir.kernel.live import MOST

KEPT = 200
"""Nudges of a brand that are remembered for streams that come back."""
REMEMBERED = 400.0
"""Seconds that a revocation is remembered: longer than any token lives."""
SPREAD = 10.0
"""Seconds over which streams are closed when all have to come again."""
SHORTEST, LONGEST = 0.25, 1.0
TOGETHER = 700
"""Nudges a second to all pages together, as long as no page waits longer than `LONGEST`."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One nudge as the database told it; `of` has the channel of each thread."""

    number: int
    what: str
    threads: tuple[int, ...]
    n: int
    of: tuple[int, ...] = ()

    def for_those_of(self, channels: frozenset[int]) -> Nudge | None:
        """What of it concerns these channels; None for nothing. Of too many to name it is only said that there are."""
        if self.n > len(self.threads) or not self.n:
            return self
        mine = tuple(thread for thread, on in zip(self.threads, self.of, strict=False) if on in channels)
        return Nudge(self.number, self.what, mine, len(mine)) if mine else None


@dataclass(slots=True)
class Log:
    """The last nudges of a brand. `lost` is the number of the newest one that is no longer here."""

    lost: int = 0
    kept: deque[Nudge] = field(default_factory=deque)

    def add(self, nudge: Nudge) -> None:
        self.kept.append(nudge)
        if len(self.kept) > KEPT:
            self.lost = self.kept.popleft().number

    def since(self, number: int, channels: frozenset[int] | None = None) -> dict[str, Any] | None:
        """All later nudges as one, or those of some channels; None when there are none."""
        later = [nudge for nudge in self.kept if nudge.number > number]
        if channels is not None:
            later = [mine for nudge in later if (mine := nudge.for_those_of(channels))]
        if not later:
            return None
        threads = list(dict.fromkeys(thread for nudge in later for thread in nudge.threads))
        many = len(threads) > MOST or any(nudge.n > len(nudge.threads) for nudge in later)
        return {
            "what": sorted({nudge.what for nudge in later}),
            "threads": [] if many else threads,
            "n": sum(nudge.n for nudge in later) if many else len(threads),
            "many": many,
        }


class Stream:
    """An open page: whose it is, what it may hear, and up to where it has been told."""

    def __init__(
        self,
        person: int,
        brands: list[int],
        seconds: float,
        session: str = "",
        given: dict[str, list[int]] | None = None,
    ) -> None:
        self.person = person
        self.brands = brands
        self.given = {int(brand): frozenset(channels) for brand, channels in (given or {}).items()}
        self.session = session
        self.ends = time.monotonic() + seconds
        self.told = 0.0
        self.epoch = ""
        self.number = 0
        self.over = ""
        self.why: dict[str, Any] = {}
        self._woken = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def place(self) -> str:
        """Where it is, for a page to say when it comes back."""
        return f"{self.epoch}-{self.number}"

    @property
    def awake(self) -> bool:
        return self._woken.is_set()

    def wake(self) -> None:
        self._woken.set()

    def rest(self) -> None:
        self._woken.clear()

    def end(self, over: str, **why: Any) -> None:
        """Close it, and say why to the page unless it has left."""
        self.over, self.why = self.over or over, why
        self._ended.set()
        self._woken.set()

    async def woken_within(self, seconds: float) -> None:
        await _within(self._woken, seconds)

    async def over_within(self, seconds: float) -> None:
        await _within(self._ended, seconds)


async def _within(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Hub:
    """All open streams of this process."""

    def __init__(self) -> None:
        self.listening = False
        self._believed_from = 0.0
        self._epoch = ""
        self._number = 0
        self._logs: dict[int, Log] = {}
        self._streams: dict[int, set[Stream]] = {}
        self._people: dict[int, set[Stream]] = {}
        self._count = 0
        self._revoked: dict[tuple[int, int | str | None], float] = {}
        """When a right was taken away, by person and brand, person and session, or person and None: all of them."""

    def hear(self, said: dict[str, Any]) -> None:
        """What the database told: a nudge, or that a right was taken away."""
        if "revoked" in said:
            self._revoke(said["revoked"], said.get("brand"), said.get("session", ""))
            return
        self._number += 1
        nudge = Nudge(
            self._number, said["what"], tuple(said["threads"]), said["n"], tuple(said.get("of", ()))
        )
        self._logs.setdefault(said["brand"], Log()).add(nudge)
        for stream in self._streams.get(said["brand"], ()):
            stream.wake()

    def opened(self) -> None:
        """The database is heard from now on. What it said before, a revocation perhaps, is not known."""
        self.listening, self._believed_from = True, time.time()
        self._epoch, self._number = secrets.token_hex(4), 0
        self._logs.clear()
        for stream in self._all():
            stream.ends = min(stream.ends, time.monotonic() + random.uniform(1, SPREAD))  # noqa: S311
            stream.wake()

    def lost(self) -> None:
        """The database is not heard any more."""
        self.listening = False

    def believes(self, person: int, brands: list[int], session: str, made: float) -> bool:
        """Whether no right in a token was taken away since it was made, as far as we can know."""
        places: list[int | str | None] = [None, session, *brands]
        taken = (self._revoked.get((person, place), 0.0) for place in places)
        return made > max(self._believed_from, *taken)

    def streams_of(self, person: int) -> int:
        return len(self._people.get(person, ()))

    @property
    def period(self) -> float:
        """Seconds between two nudges to a page: where few are open they hear soon, thousands share what can be told."""
        return min(LONGEST, max(SHORTEST, self._count / TOGETHER))

    def add(self, stream: Stream, after: str) -> None:
        """Take a stream in, where it left off or, without a place, from now on."""
        epoch, _dash, number = after.partition("-")
        stream.epoch, stream.number = self._epoch, self._number
        if after:
            stream.epoch, stream.number = (
                epoch[:16],
                int(number) if number.isdecimal() and len(number) < 16 else 0,
            )
            stream.wake()
        self._count += 1
        self._people.setdefault(stream.person, set()).add(stream)
        for brand in stream.brands:
            self._streams.setdefault(brand, set()).add(stream)

    def remove(self, stream: Stream) -> None:
        self._count -= 1
        _forget(self._people, stream.person, stream)
        for brand in stream.brands:
            _forget(self._streams, brand, stream)

    def news(self, stream: Stream) -> list[tuple[str, dict[str, Any]]]:
        """What a stream has not been told yet, as events; it has been told then."""
        stream.rest()
        behind, since = stream.epoch != self._epoch, stream.number
        stream.epoch, stream.number = self._epoch, self._number
        logs = {brand: log for brand in stream.brands if (log := self._logs.get(brand))}
        if behind or since > self._number or any(log.lost > since for log in logs.values()):
            return [("resync", {})]
        told = ((brand, log.since(since, stream.given.get(brand))) for brand, log in logs.items())
        return [("nudge", {"brand": brand, **said}) for brand, said in told if said]

    def close(self) -> None:
        """End all streams: the process stops."""
        for stream in list(self._all()):
            stream.end("expired")

    def _all(self) -> Iterator[Stream]:
        return (stream for streams in self._people.values() for stream in streams)

    def _revoke(self, person: int, brand: int | None, session: str) -> None:
        now = time.time()
        self._revoked = {key: at for key, at in self._revoked.items() if at > now - REMEMBERED}
        self._revoked[person, session or brand] = now
        for stream in list(self._people.get(person, ())):
            if stream.session == session if session else brand is None or brand in stream.brands:
                stream.end("revoked", brand=brand)


def _forget(index: dict[int, set[Stream]], key: int, stream: Stream) -> None:
    streams = index.get(key, set())
    streams.discard(stream)
    if not streams:
        index.pop(key, None)
