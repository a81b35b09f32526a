"""Three of each on one external database: gathered once, sent once, heard everywhere, whoever dies or is replaced."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from comptoir.kernel.ports import free_port
from tests.command.started import COMPTOIR, data_folder, environment, run, until
from tests.operations.houses import inside
from tests.servers.running import Postgres, end

REPLIES = 30
MAKE = """
from comptoir.web import first
made = first.prepare()
answer = {"slug": made.brand.slug, "brand": made.brand.pk, "owner": made.owner.pk}
"""
REPLY = """
from comptoir.inbox.models import Thread
from comptoir.organisation.models import User
owner = User.objects.first()
threads = Thread.objects.everywhere().filter(answered=False, closed_at=None, channel__state="active")
answer = [thread.reply(f"answer to thread {thread.pk}", owner).pk for thread in threads.order_by("pk")[:%d]]
"""
STREAM = """
from django.conf import settings
from comptoir.kernel import tokens
from comptoir.web.live import PURPOSE
answer = tokens.make(PURPOSE, {"person": %d, "brands": [%d]}, settings.SECRET_KEY, 300)
"""


@dataclass
class Fleet:
    """Processes on one database, each with ports of its own."""

    settings: dict[str, str]
    processes: dict[str, list[subprocess.Popen[bytes]]] = field(default_factory=dict)
    ports: dict[int, int] = field(default_factory=dict)

    def start(self, role: str) -> subprocess.Popen[bytes]:
        """One more of a role."""
        port = free_port(2)
        given = {
            **self.settings,
            "PORT": str(port),
            "WEB_WORKERS": "1",
            "WEB_THREADS": "2",
            "WORKER_THREADS": "2",
        }
        process = subprocess.Popen([*COMPTOIR, role], env=environment(**given), start_new_session=True)
        self.processes.setdefault(role, []).append(process)
        self.ports[process.pid] = port + (role == "live")
        return process

    def get(self, process: subprocess.Popen[bytes], path: str) -> int:
        """What one of them answers, 0 when it does not."""
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", self.ports[process.pid], timeout=5)
            line.request("GET", path)
            return line.getresponse().status
        return 0

    def up(self) -> None:
        """Wait until all of them work."""
        for web in self.processes["web"]:
            until(lambda web=web: self.get(web, "/health/ready") == 200)  # type: ignore[misc]
        for live in self.processes["live"]:
            until(lambda live=live: self.get(live, "/health") == 200)  # type: ignore[misc]

    def stop(self) -> None:
        """Stop whoever is left."""
        for processes in self.processes.values():
            for process in processes:
                end(process, signal.SIGTERM)


@pytest.fixture
def fleet(debian_postgres: Postgres) -> Iterator[tuple[Fleet, str, dict[str, Any]]]:
    url = debian_postgres.create(f"fleet_{os.getpid()}")
    with data_folder() as data, ExitStack() as stack:
        settings = {"DATABASE_URL": url, "COMPTOIR_DATA": str(data), "SEND_DELAY": "0", "WORKER_DEAD_AFTER": "8",
                    "PUBLIC_URL": "http://localhost:8000"}  # fmt: skip
        assert run("migrate", **settings).returncode == 0
        made = inside(MAKE, **settings)
        ours = Fleet(settings)
        stack.callback(ours.stop)
        for role in ("web", "worker", "live"):
            for _ in range(3):
                ours.start(role)
        ours.up()
        yield ours, url, made


def listen(port: int, token: str, told: list[float]) -> Callable[[], None]:
    """Hear one live process; what its nudges said, with the moment."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", f"/?token={token}", headers={"Origin": "http://localhost:8000"})
    answer = line.getresponse()
    assert answer.status == 200

    def hear() -> None:
        with suppress(OSError, ValueError, AttributeError):
            for row in answer:
                if row == b"event: nudge\n":
                    told.append(time.monotonic())

    Thread(target=hear, daemon=True).start()
    return line.close


def test_three_of_each(fleet: tuple[Fleet, str, dict[str, Any]], tmp_path: Path) -> None:
    ours, url, made = fleet
    token = inside(STREAM % (made["owner"], made["brand"]), **ours.settings)
    told: list[list[float]] = [[], [], []]
    hang_up = [
        listen(ours.ports[live.pid], token, heard)
        for live, heard in zip(ours.processes["live"], told, strict=True)
    ]
    with psycopg.connect(url, autocommit=True) as line:
        until(
            lambda: (
                one(line, "SELECT count(*) FROM inbox_thread WHERE NOT answered AND closed_at IS NULL") > 5
            )
        )
        assert run("rehearse", "volcano", "--rate", "60", "--seconds", "15", **ours.settings).returncode == 0
        until(
            lambda: (
                one(line, "SELECT count(*) FROM inbox_thread WHERE NOT answered AND closed_at IS NULL")
                > REPLIES
            )
        )
        replies = inside(REPLY % REPLIES, **ours.settings)
        _kill_one_at_work(ours)
        _roll(ours)
        until(lambda: one(line, "SELECT count(*) FROM networks_delivery WHERE state <> 'sent'") == 0)
        until(lambda: one(line, UNGATHERED) == 0)
        _count(line, len(replies))
    assert all(heard for heard in told), "each live process heard what some worker told"
    for close in hang_up:
        close()


UNGATHERED = """
SELECT count(*) FROM networks_audience u JOIN networks_activity a ON a.id = u.activity_id
LEFT JOIN inbox_entry e ON e.activity_id = a.id
WHERE e.id IS NULL AND a.kind IN ('mention', 'reply') AND a.deleted IS NULL
"""


def one(line: psycopg.Connection[tuple[Any, ...]], statement: str) -> int:
    return int(line.execute(statement.encode()).fetchone()[0])  # type: ignore[index]


def _kill_one_at_work(ours: Fleet) -> None:
    """A worker dies with the kernel's hardest word, while it has work; another is started in its place."""
    worker = ours.processes["worker"][0]
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    ours.start("worker")


def _roll(ours: Fleet) -> None:
    """Replace each web process and a worker by a new one, one after the other; the others answer meanwhile."""
    for role in ("web", "worker"):
        old = ours.processes[role][1]
        new = ours.start(role)
        if role == "web":
            until(lambda new=new: ours.get(new, "/health/ready") == 200)  # type: ignore[misc]
        end(old, signal.SIGTERM)
        assert old.returncode in (0, -signal.SIGTERM), f"{role} ended with {old.returncode}"
        alive = [web for web in ours.processes["web"] if web.poll() is None]
        assert [ours.get(web, "/account/login/") for web in alive] == [200] * len(alive)


def _count(line: psycopg.Connection[tuple[Any, ...]], replies: int) -> None:
    """Each message in one thread, each answer said once."""
    assert one(line, "SELECT count(*) - count(DISTINCT activity_id) FROM inbox_entry") == 0
    assert one(line, "SELECT count(*) - count(DISTINCT (network, remote_id)) FROM networks_activity") == 0
    assert one(line, "SELECT count(*) FROM networks_delivery WHERE state = 'sent'") == replies
    said = "SELECT count(*) FROM networks_activity WHERE text LIKE 'answer to thread %%'"
    assert one(line, said) == replies, "the brand's own words came back once each"
