"""From a connector's hands to open, searchable threads in the list: activities a second, batches of 500."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.bench import stage

BATCH = 500
WORDS = [
    "bonjour",
    "ferry",
    "retard",
    "quai",
    "billet",
    "merci",
    "panne",
    "horaire",
    "cendre",
    "valise",
    "bus",
    "île",
    "tempête",
    "réponse",
    "service",
    "avis",
    "hello",
    "late",
    "boat",
    "ticket",
    "thanks",
    "refund",
    "ash",
    "harbour",
    "luggage",
    "cable",
    "answer",
    "queue",
    "storm",
    "phone",
    "desk",
    "lost",
    "dog",
    "bike",
]


def run(activities: int = 60_000) -> dict[str, Any]:
    """Receive, gather and index `activities` messages with one worker beside; figures as one flat object."""
    with stage.fresh(), stage.beside("worker"):
        from comptoir.inbox.models import Thread
        from comptoir.inbox.models.listed import listed
        from comptoir.networks.models import Channel
        from comptoir.organisation.models import Brand

        brand = Brand.objects.create(name="Bench", slug="bench")
        channel = Channel.objects.create(
            brand=brand, network="bench", remote_id="me", handle="me", state="off"
        )
        threads = Thread.objects.of(brand).filter(closed_at=None)
        _through(channel, batches(2 * BATCH, seed=1), threads)
        before = threads.count()
        work = batches(activities, seed=2)
        started = time.perf_counter()
        stored = 0
        for batch in work:
            stored += len(channel.receive(batch))
        received = time.perf_counter() - started
        expected = before + sum(1 for batch in work for item in batch if not item.in_reply_to)
        _wait(threads, expected)
        elapsed = time.perf_counter() - started
        found = len(listed(brand.pk, 0, "all", "valise", limit=activities))
    return {
        "activities": stored,
        "threads": expected - before,
        "seconds": round(elapsed, 2),
        "activities_per_s": round(stored / elapsed),
        "stored_per_s": round(stored / received),
        "threads_found_by_a_word": found,
    }


def batches(count: int, seed: int, size: int = BATCH) -> list[list[Any]]:
    """Batches of messages of invented people: four in five begin a conversation, the others answer one."""
    from comptoir.networks.connector import Activity, Actor, Kind

    dice = random.Random(seed)  # noqa: S311
    now = datetime.now(UTC)
    people = [Actor(f"{seed}-p{n}", f"p{n}.example", f"Person {n}") for n in range(max(100, count // 20))]
    made: list[list[Any]] = []
    roots: list[str] = []
    for start in range(0, count, size):
        batch = []
        for n in range(start, min(start + size, count)):
            root = dice.choice(roots) if roots and dice.random() < 0.2 else ""
            text = " ".join(dice.choices(WORDS, k=dice.randint(6, 24)))
            at = now + timedelta(milliseconds=n)
            batch.append(
                Activity(f"{seed}-{n}", Kind.REPLY if root else Kind.MENTION, dice.choice(people), at, text=text,
                         language="fr", in_reply_to=root, conversation=root)
            )  # fmt: skip
            if not root:
                roots.append(f"{seed}-{n}")
        made.append(batch)
    return made


def _through(channel: Any, work: list[list[Any]], threads: Any) -> None:
    """Warm the worker and the connections up."""
    for batch in work:
        channel.receive(batch)
    _wait(threads, sum(1 for batch in work for item in batch if not item.in_reply_to))


def _wait(threads: Any, expected: int) -> None:
    """Until all threads are in the list and no batch is left to gather."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    end = time.monotonic() + 120
    waiting = ProcrastinateJob.objects.filter(
        task_name="comptoir.inbox.jobs.gather", status__in=["todo", "doing"]
    )
    while threads.all().count() < expected or waiting.all().exists():
        if time.monotonic() > end:
            raise SystemExit(f"only {threads.all().count()} of {expected} threads after five minutes")
        time.sleep(0.02)
