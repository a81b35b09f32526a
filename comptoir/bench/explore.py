"""Explore and searches over 5,000,000 mentions, over HTTP: how long a page takes.

Pages of Explore are of one to ten queries, of the last 24 hours, 7, 30 and 90 days, some narrowed, some with noise,
each against the time before. Searches are lists of mentions by rare and common words, two words, phrases that somebody
wrote, words of one person, and queries with NOT, of one query or of several, newest first. Four people ask at once,
with a second of thought between; the client, PostgreSQL and the pages share the machine.
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from comptoir.bench import heard, stage
from comptoir.bench.pages import read_page, sign_in
from comptoir.bench.search import WORDS, word
from comptoir.kernel.ports import free_port

MENTIONS = 5_000_000
PEOPLE = 4


def run(mentions: int = MENTIONS, seconds: float = 60) -> dict[str, Any]:
    """Fill, then explore and search for so long each; figures as one flat object."""
    port = free_port(2)
    os.environ["PORT"] = str(port)
    with stage.fresh():
        began = time.monotonic()
        said = heard.fill(mentions)
        filled = time.monotonic() - began
        figures = measure(port, said, seconds)
    return {"mentions": mentions, "fill_s": round(filled, 1), **figures}


def measure(port: int, said: list[str], seconds: float) -> dict[str, Any]:
    """The figures of a house that is filled, on a port."""
    from comptoir.listening.models import Query
    from comptoir.organisation.models import Brand

    brand = Brand.objects.everywhere().get(slug="bench")
    queries = list(Query.objects.of(brand).order_by("pk").values_list("pk", flat=True))
    cookies = sign_in("bench", PEOPLE)
    with stage.beside("web"):
        stage.wait(port)
        visit = _Visit(port, cookies, queries, said)
        visit.together(_Visit.exploring, 8)
        explored = visit.together(_Visit.exploring, seconds)
        searched = visit.together(_Visit.searching, seconds)
    return {**_told("explore", explored), **_told("search", searched)}


def _told(what: str, took: list[tuple[str, float]]) -> dict[str, Any]:
    every = [t for _kind, t in took]
    kinds = sorted({kind for kind, _t in took})
    return {
        f"{what}_p95_ms": stage.percentile(every, 95),
        f"{what}_p50_ms": stage.percentile(every, 50),
        f"{what}_max_ms": stage.percentile(every, 100),
        f"{what}_pages": len(every),
        **{
            f"{what}_{kind}_p95_ms": stage.percentile([t for k, t in took if k == kind], 95) for kind in kinds
        },
    }


type Asking = Callable[["_Visit", random.Random], tuple[str, str]]


class _Visit:
    """People who explore."""

    def __init__(self, port: int, cookies: list[str], queries: list[int], said: list[str]) -> None:
        self.port, self.cookies, self.queries, self.said = port, cookies, queries, said

    def exploring(self, dice: random.Random) -> tuple[str, str]:
        """A page of Explore: what it is called in the figures, and its address."""
        period = dice.choice(("24h", "7", "30", "90"))
        many = dice.choice((1, 1, 2, 3, 5, 10))
        asked: dict[str, Any] = {"period": period, "query": dice.sample(self.queries, many)}
        if dice.random() < 0.3:
            asked |= dice.choice(({"tone": "negative"}, {"language": "en"}, {"noise": "all"}))
        return (
            f"{period}{'' if period == '24h' else 'd'}",
            f"/b/bench/listening/explore/?{urlencode(asked, doseq=True)}",
        )

    def searching(self, dice: random.Random) -> tuple[str, str]:
        """The newest 50 that a search finds."""
        kinds = _searches(self.said)
        kind = dice.choice(sorted(kinds))
        asked: dict[str, Any] = {"query": dice.sample(self.queries, dice.choice((1, 1, 3, 10)))}
        asked["q"] = kinds[kind](dice)
        if kind == "person":
            asked["author"] = dice.randrange(1, 500)
        return kind, f"/b/bench/listening/mentions/?{urlencode(asked, doseq=True)}"

    def together(self, asking: Asking, seconds: float) -> list[tuple[str, float]]:
        """All of them at once for so long; what each page took."""
        took: list[tuple[str, float]] = []
        end = time.monotonic() + seconds
        people = [
            threading.Thread(target=self._person, args=(asking, number, end, took))
            for number in range(len(self.cookies))
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()
        return took

    def _person(self, asking: Asking, number: int, end: float, took: list[tuple[str, float]]) -> None:
        dice = random.Random(number)  # noqa: S311
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.monotonic() < end:
            kind, address = asking(self, dice)
            took.append((kind, read_page(line, address, self.cookies[number])))
            time.sleep(0.5 + dice.random())


def _searches(said: list[str]) -> dict[str, Callable[[random.Random], str]]:
    def phrase(dice: random.Random) -> str:
        words = dice.choice(said).split()
        at = dice.randrange(len(words) - 1)
        return f'"{words[at]} {words[at + 1]}"'

    def unlike(dice: random.Random) -> str:
        wanted, other = dice.sample(range(20), 2)
        return f"{word(wanted)} NOT {word(other)} lang:fr"

    return {
        "rare": lambda dice: word(dice.randrange(WORDS // 2, WORDS)),
        "common": lambda dice: word(dice.randrange(20)),
        "middle": lambda dice: word(dice.randrange(50, 500)),
        "two": lambda dice: f"{word(dice.randrange(50, 500))} {word(dice.randrange(50, 500))}",
        "phrase": phrase,
        "person": lambda dice: word(dice.randrange(100)),
        "query": unlike,
    }
