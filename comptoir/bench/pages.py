"""The counter with 200,000 threads over HTTP: how long pages take for 20 agents, and how many come a second.

Half of what agents ask for are lists, as whole pages. Of the threads, nine in ten are asked for as a browser does when
somebody clicks in the list: htmx asks for the desk alone (`thread_p95_ms`); one in ten is a whole page with the list
beside it, as from a link (`thread_full_p95_ms`). All three count for `pages_per_s`. Agents keep their cookies. The
client, PostgreSQL and the pages share the machine.
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from typing import Any

from comptoir.bench import stage
from comptoir.bench.receive import BATCH, batches
from comptoir.kernel.ports import free_port

THREADS = 200_000
AGENTS = 20
Took = list[tuple[str, float]]


def run(threads: int = THREADS, seconds: float = 40) -> dict[str, Any]:
    """Two runs of `seconds` each: agents who think a second between pages, then agents who do not think."""
    port = free_port(2)
    os.environ["PORT"] = str(port)
    with stage.fresh():
        slug, ids = _fill(threads)
        cookies = sign_in(slug, AGENTS)
        with stage.beside("web"):
            stage.wait(port)
            visit = Visit(port, slug, ids, cookies)
            visit.together(5, think=0.2)
            calm = visit.together(seconds, think=1.0)
            rush = visit.together(seconds / 2, think=0.0)
    figures = {
        f"{what}_p{which}_ms": stage.percentile([t for kind, t in calm if kind == what], which)
        for what in ("list", "thread", "thread_full")
        for which in (95, 50)
    }
    return {
        "threads": len(ids),
        "agents": AGENTS,
        **figures,
        "pages_measured": len(calm),
        "pages_per_s": round(len(rush) / (seconds / 2)),
    }


class Visit:
    """Agents who read the counter."""

    def __init__(self, port: int, slug: str, ids: list[int], cookies: list[str]) -> None:
        self.port, self.base, self.ids, self.cookies = port, f"/b/{slug}/threads/", ids, cookies
        here = f"http://localhost:{port}{self.base}"
        self._click = {
            "HX-Request": "true",
            "HX-Boosted": "true",
            "HX-Target": "desk",
            "HX-Current-URL": here,
        }

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
        cookies = self.cookies[number]
        time.sleep(dice.random() * think)
        while time.monotonic() < end:
            what, address = self._page(dice)
            headers = {"Cookie": cookies, **(self._click if what == "thread" else {})}
            started = time.perf_counter()
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            took.append((what, time.perf_counter() - started))
            if answer.status != 200 or (b"</article>" if what == "thread" else b"</html>") not in body:
                raise SystemExit(f"{address} answered {answer.status}")
            if given := answer.getheader("Set-Cookie"):
                cookies = f"{self.cookies[number]}; {given.partition(';')[0]}"
            if think:
                time.sleep(think * (0.5 + dice.random()))

    def _page(self, dice: random.Random) -> tuple[str, str]:
        if dice.random() < 0.5:
            what = "thread" if dice.random() < 0.9 else "thread_full"
            return what, f"{self.base}{dice.choice(self.ids)}/"
        return "list", self.base + dice.choice(["", "", "", "?show=unread", "?show=all", "?show=closed"])


def _fill(threads: int) -> tuple[str, list[int]]:
    """A brand with so many threads, one in ten of them open; made through the product's own way in."""
    from django.db import connection

    from comptoir.inbox import gathering
    from comptoir.networks.models import Channel
    from comptoir.organisation.models import Brand

    brand = Brand.objects.create(name="Bench", slug="bench")
    network = os.environ.get("BENCH_NETWORK", "rehearsal")
    channel = Channel.objects.create(brand=brand, network=network, remote_id="me", handle="me")
    for batch in batches(int(threads * 1.25) + BATCH, seed=3):
        gathering.gather(channel, channel.receive(batch))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inbox_thread SET closed_at = now() WHERE id %% 10 <> 0", [])
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT id FROM inbox_thread ORDER BY id")
        return brand.slug, [pk for (pk,) in cursor.fetchall()]


def sign_in(slug: str, agents: int) -> list[str]:
    """A session cookie for each of so many agents of a brand."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from comptoir.organisation.models import Brand, Membership, User
    from comptoir.organisation.sessions import SessionStore

    cookies = []
    for number in range(agents):
        email = f"agent{number}@example.org"
        known = User.objects.filter(email=email).first()
        user = known or User.objects.create_user(email, name=f"Agent {number}")
        brand = Brand.objects.everywhere().get(slug=slug)
        Membership.objects.create(user=user, brand=brand, role="agent")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def read_page(line: http.client.HTTPConnection, address: str, cookie: str) -> float:
    """How many seconds a whole page takes. SystemExit where it is none."""
    started = time.perf_counter()
    line.request("GET", address, headers={"Cookie": cookie})
    answer = line.getresponse()
    body = answer.read()
    took = time.perf_counter() - started
    if answer.status != 200 or b"</html>" not in body:
        raise SystemExit(f"{address} answered {answer.status}")
    return took
