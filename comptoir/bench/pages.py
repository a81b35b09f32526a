"""The counter with 200,000 threads over HTTP: how long pages take for 20 agents, and how many come a second."""

from __future__ import annotations

import http.client
import os
import random
import socket
import threading
import time
from typing import Any

from comptoir.bench import stage
from comptoir.bench.receive import BATCH, batches

THREADS = 200_000
AGENTS = 20
Took = list[tuple[str, float]]


def run(threads: int = THREADS, seconds: float = 40) -> dict[str, Any]:
    """Two runs of `seconds` each: agents who think a second between pages, then agents who do not think."""
    port = _free_port()
    os.environ["PORT"] = str(port)
    with stage.fresh():
        slug, ids = _fill(threads)
        cookies = _sign_in(slug)
        with stage.beside("web"):
            _wait(port)
            visit = Visit(port, slug, ids, cookies)
            visit.together(5, think=0.2)
            calm = visit.together(seconds, think=1.0)
            rush = visit.together(seconds / 2, think=0.0)
    return {
        "threads": len(ids),
        "agents": AGENTS,
        "list_p95_ms": _percentile([t for what, t in calm if what == "list"], 95),
        "list_p50_ms": _percentile([t for what, t in calm if what == "list"], 50),
        "thread_p95_ms": _percentile([t for what, t in calm if what == "thread"], 95),
        "thread_p50_ms": _percentile([t for what, t in calm if what == "thread"], 50),
        "pages_measured": len(calm),
        "pages_per_s": round(len(rush) / (seconds / 2)),
    }


class Visit:
    """Agents who read the counter: half their pages are lists, half are threads."""

    def __init__(self, port: int, slug: str, ids: list[int], cookies: list[str]) -> None:
        self.port, self.base, self.ids, self.cookies = port, f"/b/{slug}/threads/", ids, cookies

    def together(self, seconds: float, think: float) -> Took:
        """All agents at once for so long; what each page took, in seconds."""
        took: Took = []
        end = time.monotonic() + seconds
        agents = [
            threading.Thread(target=self._agent, args=(n, end, think, took)) for n in range(len(self.cookies))
        ]
        for agent in agents:
            agent.start()
        for agent in agents:
            agent.join()
        return took

    def _agent(self, number: int, end: float, think: float, took: Took) -> None:
        dice = random.Random(number)  # noqa: S311
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        time.sleep(dice.random() * think)
        while time.monotonic() < end:
            what, address = self._page(dice)
            started = time.perf_counter()
            line.request("GET", address, headers={"Cookie": self.cookies[number]})
            answer = line.getresponse()
            body = answer.read()
            took.append((what, time.perf_counter() - started))
            if answer.status != 200 or b"</html>" not in body:
                raise SystemExit(f"{address} answered {answer.status}")
            if think:
                time.sleep(think * (0.5 + dice.random()))

    def _page(self, dice: random.Random) -> tuple[str, str]:
        if dice.random() < 0.5:
            return "thread", f"{self.base}{dice.choice(self.ids)}/"
        return "list", self.base + dice.choice(["", "", "", "?show=unread", "?show=all", "?show=closed"])


def _fill(threads: int) -> tuple[str, list[int]]:
    """A brand with so many threads, one in ten of them open; made through the product's own way in."""
    from django.db import connection

    from comptoir.inbox import gathering
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import Brand

    brand = Brand.objects.create(name="Bench", slug="bench")
    network = os.environ.get("BENCH_NETWORK", "rehearsal")
    channel = Channel.objects.create(brand=brand, network=network, remote_id="me", handle="me", state="off")
    for batch in batches(int(threads * 1.25) + BATCH, seed=3):
        gathering.gather(channel, channel.receive(batch))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inbox_thread SET closed_at = now() WHERE id %% 10 <> 0", [])
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT id FROM inbox_thread ORDER BY id")
        return brand.slug, [pk for (pk,) in cursor.fetchall()]


def _sign_in(slug: str) -> list[str]:
    """A session cookie for each of the agents."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from comptoir.organisation.models import Brand, Membership, User

    cookies = []
    for number in range(AGENTS):
        user = User.objects.create_user(f"agent{number}@example.org", name=f"Agent {number}")
        brand = Brand.objects.everywhere().get(slug=slug)
        Membership.objects.create(user=user, brand=brand, role="agent")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the pages did not come up within 30 seconds")


def _percentile(times: list[float], which: float) -> float:
    """The nearest-rank percentile of some seconds, in milliseconds."""
    ranked = sorted(times)
    place = max(0, min(len(ranked) - 1, round(which / 100 * len(ranked)) - 1))
    return round(ranked[place] * 1000, 1)
