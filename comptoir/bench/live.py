"""1,000 open counters of one brand on the live stream: how long from a commit to the nudge that a page hears.

    nudge_p50_ms, nudge_p95_ms, nudge_max_ms  from before COMMIT to the event in the client's hands
    delivered, expected                       nudges heard by all streams, and what they had to hear
    opened_s                                  until all streams were open

Commits come every second and a half, one thread each: the law that so many pages hear of a brand at most once a second
does not hold them up, the jitter that spreads the pages does, and counts. The clients, PostgreSQL and the live process
share the machine; the clients are in a process of their own.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any

from comptoir.bench import stage
from comptoir.kernel import open_files
from comptoir.kernel.ports import free_port

COUNTERS = 1_000
NUDGES = 30
EVERY = 1.5
A_PERSON = 10
"""Open counters of each person."""
LATE = 10.0
"""Seconds after the last commit in which what is late may still come."""


def run(counters: int = COUNTERS, nudges: int = NUDGES) -> dict[str, Any]:
    """Open the counters, commit the nudges, and measure."""
    open_files.allow_many()
    port = free_port(2)
    os.environ["PORT"] = str(port)
    with stage.fresh():
        from comptoir.organisation.models import Brand

        brand = Brand.objects.create(name="Bench", slug="bench").pk
        with stage.beside("live"):
            stage.wait(port + 1)
            return asyncio.run(_measure(brand, port, counters, nudges))


async def _measure(brand: int, port: int, counters: int, nudges: int) -> dict[str, Any]:
    began = time.monotonic()
    heard: list[tuple[int, float]] = []
    gate = asyncio.Semaphore(100)
    pages = [
        asyncio.create_task(open_page(port, brand, 1 + n // A_PERSON, f"page {n}", gate, heard))
        for n in range(counters)
    ]
    while sum(1 for number, _at in heard if number < 0) < counters:
        if any(page.done() for page in pages) or time.monotonic() - began > 60:
            raise SystemExit("Not every counter could be opened.")
        await asyncio.sleep(0.05)
    opened = time.monotonic() - began
    heard.clear()
    committed = await asyncio.to_thread(_commit, brand, nudges)
    end = time.monotonic() + LATE
    while len(heard) < counters * nudges and time.monotonic() < end:
        await asyncio.sleep(0.1)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    took = [at - committed[number] for number, at in heard]
    return {
        "counters": counters,
        "nudges": nudges,
        "opened_s": round(opened, 2),
        "nudge_p50_ms": stage.percentile(took, 50),
        "nudge_p95_ms": stage.percentile(took, 95),
        "nudge_max_ms": stage.percentile(took, 100),
        "delivered": len(took),
        "expected": counters * nudges,
    }


def _commit(brand: int, nudges: int) -> list[float]:
    """Commit so many nudges; the moment before each commit."""
    from django.db import connection, transaction

    from comptoir.kernel.live import nudge

    moments = []
    for number in range(nudges):
        time.sleep(EVERY)
        with transaction.atomic():
            nudge(brand, [number])
            moments.append(time.monotonic())
    connection.close()
    return moments


async def open_page(
    port: int, brand: int, person: int, session: str, gate: asyncio.Semaphore, heard: list[tuple[int, float]]
) -> None:
    """One open counter of a person: notes each thread that it is nudged about, -1 when the stream is open."""
    from django.conf import settings

    from comptoir.kernel import tokens
    from comptoir.web.live import PURPOSE, TOKEN_LIFE

    said = {"person": person, "brands": [brand], "session": session}
    token = tokens.make(PURPOSE, said, settings.SECRET_KEY, TOKEN_LIFE)
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port + 1)
        asked = f"GET /?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {settings.PUBLIC_URL}\r\n\r\n"
        writer.write(asked.encode())
        await reader.readuntil(b"event: hello")
    heard.append((-1, time.monotonic()))
    try:
        while line := await reader.readline():
            if line.startswith(b"data: {") and b'"threads": [' in line:
                at = time.monotonic()
                heard += [(thread, at) for thread in json.loads(line[6:])["threads"]]
    finally:
        writer.close()
