"""A storm: 6,000 people write, 50 agents take the next, answer it, and take the next, as fast as they can.

    answered    threads whose person has exactly one answer, which left exactly once
    twice       threads handed to two people, or with two answers
    lost        threads without an answer that left
    again_*     the same, with a process of pages and a worker killed in the middle

Real HTTP sessions; the pages, two workers, PostgreSQL and the agents share the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.parse import urlencode

from comptoir.bench import stage
from comptoir.bench.pages import sign_in
from comptoir.kernel.ports import free_port

THREADS = 6_000
AGENTS = 50
PATIENCE = 300.0
"""Seconds for the last answers to leave."""


def run(threads: int = THREADS, agents: int = AGENTS) -> dict[str, Any]:
    """The storm, and once more with processes killed; figures as one flat object."""
    port = free_port(2)
    os.environ |= {"PORT": str(port), "WEB_WORKERS": "2", "SEND_DELAY": "0"}
    figures: dict[str, Any] = {"threads": threads, "agents": agents}
    with stage.fresh():
        for before, kills in (("", False), ("again_", True)):
            brand = fill(threads, before).slug
            cookies = sign_in(brand, agents)
            with _house(port) as processes:
                began = time.monotonic()
                trouble = _answer(port, brand, cookies, processes if kills else [])
                took = time.monotonic() - began
                _until_all_left(brand)
            figures |= {f"{before}{name}": value for name, value in _count(brand, threads).items()}
            figures |= {f"{before}seconds": round(took, 1), f"{before}errors": trouble}
    return figures


@contextmanager
def _house(port: int) -> Iterator[list[Popen[bytes]]]:
    with stage.beside("web") as web, stage.beside("worker") as worker, stage.beside("worker"):
        stage.wait(port)
        yield [web, worker]


def fill(threads: int, name: str) -> Any:
    """A brand with so many people who wait, on the town that delivers what is said to it."""
    from comptoir.inbox import gathering
    from comptoir.networks.connecting import ask, defaults
    from comptoir.networks.connector import Activity, Actor, Kind
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import Brand

    now = datetime.now(UTC)
    brand = Brand.objects.create(name="Storm", slug=f"{name.rstrip('_')}storm")
    channel = Channel.objects.create(
        brand=brand, network="rehearsal", remote_id=f"{brand.slug}-1", handle="@storm",
        settings=dict(ask("rehearsal", defaults("rehearsal")).settings), history_done=True,
        next_fetch=now + timedelta(hours=23), next_recheck=now + timedelta(hours=23),
    )  # fmt: skip
    for start in range(0, threads, 1_000):
        batch = [
            Activity(
                f"{brand.slug}-{n}", Kind.MENTION, Actor(f"{brand.slug}-p{n}", f"p{n}.example", f"Person {n}"),
                now - timedelta(seconds=threads - n), text=f"My flight {n} is cancelled, what now?",
            )
            for n in range(start, min(start + 1_000, threads))
        ]  # fmt: skip
        gathering.gather(channel, channel.receive(batch))
    return brand


def _answer(port: int, slug: str, cookies: list[str], victims: list[Popen[bytes]]) -> int:
    """All agents at once, until nothing waits; how many requests had no answer."""
    lost: list[str] = []
    agents = [threading.Thread(target=_agent, args=(port, slug, cookie, lost)) for cookie in cookies]
    for agent in agents:
        agent.start()
    if victims:
        time.sleep(4)
        _kill(victims)
    for agent in agents:
        agent.join()
    return len(lost)


def _kill(victims: list[Popen[bytes]]) -> None:
    """One process of the pages, and one worker, without a word."""
    web, worker = victims
    children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
    for pid in [int(children[-1]) if children else web.pid, worker.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _agent(port: int, slug: str, cookie: str, lost: list[str]) -> None:
    visit = Visit(port, f"/b/{slug}/threads/", cookie, lost)
    while take_and_answer(visit):
        pass


def take_and_answer(visit: Visit, thinks: Callable[[], bool] = lambda: True) -> float | None:
    """Take the next and answer it after a thought, with the requests that a page makes; the seconds that the thread
    took to come, None when nothing waits or the agent goes after the thought."""
    there = visit.ask("POST", "next/", {})
    if not there.startswith("{"):
        raise SystemExit(f"next answered {there[:200]}")
    began = time.perf_counter()
    page = visit.ask("GET", json.loads(there)["path"].removeprefix(visit.base))
    took = time.perf_counter() - began
    found = re.search(r'data-thread="(\d+)"', page)
    if found is None or not thinks():
        return None
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    words = {"text": f"We take care of thread {found[1]}.", "seen": "0", "key": key[1] if key else ""}
    visit.ask("POST", f"{found[1]}/replies/", words)
    return took


class Visit:
    """A browser of one agent. Where an answer gets lost on the way back, the same is asked again."""

    def __init__(self, port: int, base: str, cookie: str, lost: list[str]) -> None:
        self.base, self._port, self._lost = base, port, lost
        self._cookie = f"{cookie}; csrftoken={'c' * 32}"
        self._line: http.client.HTTPConnection | None = None

    def ask(self, method: str, rest: str, form: dict[str, str] | None = None, whole: bool = False) -> str:
        """The part of the page that comes of it, or where htmx is sent; the `whole` page as from a link."""
        for _try in range(100):
            try:
                return self._once(method, self.base + rest, form, whole)
            except (OSError, http.client.HTTPException) as error:
                self._lost.append(str(error))
                self._line = None
                time.sleep(0.3)
        raise SystemExit(f"{rest}: no answer")

    def _once(self, method: str, path: str, form: dict[str, str] | None, whole: bool) -> str:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"Cookie": self._cookie} | ({} if whole else {"HX-Request": "true", "HX-Target": "desk"})
        headers |= {"X-CSRFToken": "c" * 32, "Content-Type": "application/x-www-form-urlencoded"}
        self._line.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self._line.getresponse()
        page = answer.read().decode()
        if answer.status >= 400 and answer.status not in (409, 422):
            raise OSError(f"{path} answered {answer.status}")
        return answer.getheader("HX-Location") or page


def _until_all_left(slug: str) -> None:
    from comptoir.networks.models import Delivery

    under_way = Delivery.objects.everywhere().filter(
        channel__brand__slug=slug, state__in=("waiting", "sending")
    )
    end = time.monotonic() + PATIENCE
    while under_way.exists() and time.monotonic() < end:
        time.sleep(0.5)


def _count(slug: str, threads: int) -> dict[str, int]:
    """What became of each thread, from the books."""
    from comptoir.kernel.asking import ask

    rows = ask(_BOOKS, {"brand": slug})
    answered = sum(
        1 for handed, replies, sent, there in rows if (replies, sent, there) == (1, 1, 1) and handed == 1
    )
    twice = sum(1 for handed, replies, _sent, there in rows if handed > 1 or replies > 1 or there > 1)
    lost = threads - sum(1 for _handed, _replies, sent, _there in rows if sent)
    return {"answered": answered, "twice": twice, "lost": lost}


_BOOKS = """
SELECT (SELECT count(DISTINCT g.to_id) FROM inbox_assignment g WHERE g.thread_id = t.id),
    (SELECT count(*) FROM inbox_reply y WHERE y.thread_id = t.id),
    (SELECT count(*) FROM inbox_reply y JOIN networks_delivery d ON d.id = y.delivery_id
        WHERE y.thread_id = t.id AND d.state = 'sent'),
    (SELECT count(DISTINCT d.result_id) FROM inbox_reply y JOIN networks_delivery d ON d.id = y.delivery_id
        WHERE y.thread_id = t.id)
FROM inbox_thread t JOIN organisation_brand b ON b.id = t.brand_id WHERE b.slug = %(brand)s
"""
