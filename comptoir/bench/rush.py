"""A rush: 100 messages a second come in while 50 agents read, take the next and answer, two seconds of thought between.

    list_p50_ms, list_p95_ms      a page of the list, whole
    thread_p95_ms                 the desk with the thread that was handed out
    nudge_p50_ms, nudge_p95_ms    from before a message is stored to the open page that hears of its thread
    heard, expected               threads that all open pages heard of, and that they had to hear of
    threads_begun_a_second        of the messages, four in five begin a thread
    answered                      answers given meanwhile

Real HTTP sessions, and a live stream for each agent. Pages, live process, worker, PostgreSQL and agents share the
machine.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from typing import Any

from comptoir.bench import stage
from comptoir.bench.live import open_page
from comptoir.bench.pages import sign_in
from comptoir.bench.receive import batches
from comptoir.bench.storm import Visit, fill, take_and_answer
from comptoir.kernel.ports import free_port

Heard = list[tuple[int, float]]

AGENTS = 50
THINK = 2.0
A_SECOND = 100
AT_ONCE = 10
"""Messages of one batch: a connector brings what came since it last asked."""
LATE = 5.0


def run(seconds: float = 60, threads: int = 6_000) -> dict[str, Any]:
    """So many seconds of rush over a counter that holds so many threads already, and that every agent has open."""
    port = free_port(2)
    os.environ |= {"PORT": str(port), "WEB_WORKERS": "2", "SEND_DELAY": "0"}
    with stage.fresh():
        brand = fill(threads, "")
        cookies = sign_in(brand.slug, AGENTS)
        with stage.beside("web"), stage.beside("live"), stage.beside("worker"):
            stage.wait(port)
            stage.wait(port + 1)
            _settle()
            for cookie in cookies:
                Visit(port, f"/b/{brand.slug}/threads/", cookie, []).ask("GET", "", whole=True)
            return asyncio.run(_measure(brand, port, cookies, seconds))


def _settle() -> None:
    """What filling the counter left to do is done before."""
    from django.db import connection

    with connection.cursor() as cursor:
        for _second in range(120):
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'comptoir.inbox.jobs.%%'", []
            )
            if cursor.fetchone() == (0,):
                break
            time.sleep(1)
    connection.close()


async def _measure(brand: Any, port: int, cookies: list[str], seconds: float) -> dict[str, Any]:
    heard: list[Heard] = [[] for _ in cookies]
    gate = asyncio.Semaphore(20)
    pages = [
        asyncio.create_task(open_page(port, brand.pk, number + 1, f"page {number}", gate, its))
        for number, its in enumerate(heard)
    ]
    while not all(heard):
        await asyncio.sleep(0.05)
    took: list[tuple[str, float]] = []
    end = time.monotonic() + seconds
    agents = [
        threading.Thread(target=_agent, args=(port, brand.slug, cookie, end, took, number))
        for number, cookie in enumerate(cookies)
    ]
    for agent in agents:
        agent.start()
    told = await asyncio.to_thread(_pour, brand, end)
    for agent in agents:
        await asyncio.to_thread(agent.join)
    await asyncio.sleep(LATE)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    return _figures(took, heard, told, seconds)


def _pour(brand: Any, end: float) -> dict[int, float]:
    """Messages at an even pace; the thread that each began, and the moment before it was stored."""
    from django.db import connection

    from comptoir.inbox.models import Thread
    from comptoir.networks.models import Channel

    channel = Channel.objects.of(brand).get()
    stored: dict[str, float] = {}
    due = time.monotonic()
    for batch in batches(int(A_SECOND * (end - due) + A_SECOND), seed=5, size=AT_ONCE):
        time.sleep(max(0.0, due - time.monotonic()))
        if time.monotonic() >= end:
            break
        due += AT_ONCE / A_SECOND
        stored |= {item.remote_id: time.monotonic() for item in batch if not item.in_reply_to}
        channel.receive(batch)
    time.sleep(LATE)
    begun = Thread.objects.of(brand).filter(conversation__in=stored).values_list("pk", "conversation")
    told = {pk: stored[name] for pk, name in begun}
    connection.close()
    return told


def _agent(port: int, slug: str, cookie: str, end: float, took: list[tuple[str, float]], number: int) -> None:
    """Look at the list, take the next, answer it; about two seconds of thought before each."""
    dice = random.Random(number)  # noqa: S311
    visit = Visit(port, f"/b/{slug}/threads/", cookie, [])

    def thinks() -> bool:
        time.sleep(THINK * (0.5 + dice.random()))
        return time.monotonic() < end

    while thinks():
        began = time.perf_counter()
        visit.ask("GET", "", whole=True)
        took.append(("list", time.perf_counter() - began))
        if thinks() and (thread := take_and_answer(visit, thinks)) is not None:
            took.append(("thread", thread))


def _figures(
    took: list[tuple[str, float]], heard: list[Heard], told: dict[int, float], seconds: float
) -> dict[str, Any]:
    lists, threads = ([each for name, each in took if name == what] for what in ("list", "thread"))
    late = []
    for its in heard:
        first: dict[int, float] = {}
        for thread, at in its:
            first.setdefault(thread, at)
        late += [at - told[thread] for thread, at in first.items() if thread in told]
    return {
        "seconds": seconds,
        "agents": AGENTS,
        "list_p50_ms": stage.percentile(lists, 50),
        "list_p95_ms": stage.percentile(lists, 95),
        "thread_p95_ms": stage.percentile(threads, 95),
        "nudge_p50_ms": stage.percentile(late, 50),
        "nudge_p95_ms": stage.percentile(late, 95),
        "heard": len(late),
        "expected": len(told) * len(heard),
        "threads_begun_a_second": round(len(told) / seconds, 1),
        "answered": len(threads),
    }
