"""Searches over 1,000,000 messages, over HTTP, newest first: how long a page of results takes.

Words follow Zipf's law over 200,000 invented ones. What is looked for, in equal parts: rare words, the commonest ones,
two words of the middle, phrases that somebody wrote, people's names, queries with NOT and fields. Four agents ask at
once, a second of thought between; the client, PostgreSQL and the pages share the machine.
"""

from __future__ import annotations

import http.client
import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from comptoir.bench import stage
from comptoir.bench.pages import read_page, sign_in
from comptoir.kernel.ports import free_port

MESSAGES = 1_000_000
WORDS = 200_000
BATCH = 2_000
AGENTS = 4
_SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "ai", "on", "é")]


def run(messages: int = MESSAGES, seconds: float = 60) -> dict[str, Any]:
    """Fill, then search for so long; figures as one flat object."""
    port = free_port(2)
    os.environ["PORT"] = str(port)
    with stage.fresh():
        said = _fill(messages)
        cookies = sign_in("bench", AGENTS)
        with stage.beside("web"):
            stage.wait(port)
            _together(port, cookies, said, 5)
            took = _together(port, cookies, said, seconds)
    every = [t for _kind, t in took]
    kinds = sorted({kind for kind, _t in took})
    return {
        "messages": messages,
        "searches": len(every),
        "search_p95_ms": stage.percentile(every, 95),
        "search_p50_ms": stage.percentile(every, 50),
        **{f"{kind}_p95_ms": stage.percentile([t for k, t in took if k == kind], 95) for kind in kinds},
    }


def word(rank: int) -> str:
    """The invented word of this rank: each rank has its own."""
    letters = [_SYLLABLES[rank % len(_SYLLABLES)]]
    while rank := rank // len(_SYLLABLES):
        letters.append(_SYLLABLES[rank % len(_SYLLABLES)])
    return "".join(letters) + ("x" if len(letters) == 1 else "")


def _messages(count: int) -> Iterator[Any]:
    from comptoir.networks.connector import Activity, Actor, Kind

    dice = random.Random(11)  # noqa: S311
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(WORDS)))
    people = [
        Actor(f"p{n}", f"p{n}.example", f"{word(n % 500).title()} {word(1_000 + n).title()}")
        for n in range(count // 20)
    ]
    now = datetime.now(UTC) - timedelta(days=30)
    for n in range(count):
        ranks = dice.choices(range(WORDS), cum_weights=weights, k=dice.randint(8, 30))
        text = " ".join(map(word, ranks))
        at = now + timedelta(seconds=2.5 * n)
        yield Activity(f"m{n}", Kind.MENTION, dice.choice(people), at, text=text, language="fr")


def _fill(count: int) -> list[str]:
    """A brand with so many messages, a thread each; some of what was said."""
    from django.db import connection

    from comptoir.inbox import gathering
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import Brand

    brand = Brand.objects.create(name="Bench", slug="bench")
    channel = Channel.objects.create(brand=brand, network="rehearsal", remote_id="me", handle="me")
    said: list[str] = []
    for batch in itertools.batched(_messages(count), BATCH):
        gathering.gather(channel, channel.receive(list(batch)))
        said.append(batch[0].text)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("VACUUM ANALYZE")
    return said


def _kinds(said: list[str]) -> dict[str, Callable[[random.Random], str]]:
    def phrase(dice: random.Random) -> str:
        words = dice.choice(said).split()
        at = dice.randrange(len(words) - 1)
        return f'"{words[at]} {words[at + 1]}"'

    return {
        "rare": lambda dice: word(dice.randrange(WORDS // 2, WORDS)),
        "common": lambda dice: word(dice.randrange(20)),
        "middle": lambda dice: f"{word(dice.randrange(50, 500))} {word(dice.randrange(50, 500))}",
        "phrase": phrase,
        "name": lambda dice: f"{word(dice.randrange(500))} {word(1_000 + dice.randrange(10_000))}",
        "query": lambda dice: f"{word(dice.randrange(20))} AND NOT {word(dice.randrange(20))} lang:fr",
    }


def _together(port: int, cookies: list[str], said: list[str], seconds: float) -> list[tuple[str, float]]:
    took: list[tuple[str, float]] = []
    end = time.monotonic() + seconds
    agents = [
        threading.Thread(target=_agent, args=(port, cookie, said, number, end, took))
        for number, cookie in enumerate(cookies)
    ]
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join()
    return took


def _agent(
    port: int, cookie: str, said: list[str], number: int, end: float, took: list[tuple[str, float]]
) -> None:
    dice, kinds = random.Random(number), _kinds(said)  # noqa: S311
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < end:
        kind = dice.choice(sorted(kinds))
        address = f"/b/bench/threads/?show=all&q={quote(kinds[kind](dice))}"
        took.append((kind, read_page(line, address, cookie)))
        time.sleep(0.5 + dice.random())
