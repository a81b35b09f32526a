"""The live stream: the real server process, hearing the real database, told from a page's side."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from comptoir.kernel import live, tokens
from comptoir.kernel.tests.waiting import until
from comptoir.organisation.models import Brand, Membership, User
from comptoir.web import live as stream
from comptoir.web.live import PURPOSE
from comptoir.web.live_hub import LONGEST, SHORTEST, Hub, Stream
from comptoir.web.tests.processes import dsn, running, status

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Page:
    """An open stream, read event by event."""

    def __init__(self, port: int, token: str = "", after: str = "", **headers: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        query = {"token": token, **({"after": after} if after else {})}
        self.line.request("GET", f"/?{urlencode(query)}", headers=headers)
        self.answer = self.line.getresponse()
        self.place = ""

    def next(self, seconds: float = 5) -> tuple[str, Any]:
        """The next event as (name, data); ("end", None) when the server has closed."""
        self.line.sock.settimeout(seconds)
        said: dict[str, str] = {}
        while text := self.answer.readline().decode():
            name, _colon, value = text.rstrip("\n").partition(": ")
            if not name and said:
                self.place = said["id"]
                return said["event"], json.loads(said["data"])
            if name:
                said[name] = value
        return "end", None

    def nothing(self, seconds: float) -> bool:
        """Whether the server is silent for so long."""
        try:
            self.next(seconds)
        except TimeoutError:
            return True
        return False


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[int]:
    """The live process; its port."""
    with running("live", "/live/health", PUBLIC_URL="http://desk.test") as port:
        yield port


class Tell:
    """`kernel.live` on a connection of its own, outside the test's transaction: NOTIFY leaves when one commits."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread

    def nudge(self, *args: Any, **kwargs: Any) -> None:
        self._thread.submit(live.nudge, *args, **kwargs).result()

    def revoke(self, *args: Any) -> None:
        self._thread.submit(live.revoke, *args).result()


@pytest.fixture
def tell(server: int) -> Iterator[Tell]:
    with ThreadPoolExecutor(1) as thread:
        yield Tell(thread)
        thread.submit(lambda: connection.close()).result()


def token(
    person: int = 1,
    brands: tuple[int, ...] = (1, 2),
    life: float = 60,
    purpose: str = PURPOSE,
    session: str = "",
) -> str:
    said = {"person": person, "brands": list(brands), "session": session}
    return tokens.make(purpose, said, settings.SECRET_KEY, life)


def opened(port: int, *args: Any, **kwargs: Any) -> Page:
    page = Page(port, token(*args, **kwargs))
    assert page.answer.status == 200, page.answer.read()
    assert page.next() == ("hello", {})
    return page


def test_a_nudge_reaches_the_pages_of_its_brand_alone(server: int, tell: Tell) -> None:
    ours, theirs = opened(server, 10, (1,)), opened(server, 11, (2,))
    tell.nudge(1, [5, 6])
    began = time.monotonic()
    assert ours.next() == (
        "nudge",
        {"brand": 1, "what": ["threads"], "threads": [5, 6], "n": 2, "many": False},
    )
    assert time.monotonic() - began < 0.6
    assert theirs.nothing(0.8)


def test_what_is_told_at_once_comes_as_one(server: int, tell: Tell) -> None:
    page = opened(server, 12, (3,))
    tell.nudge(3, [1])
    assert page.next()[0] == "nudge"
    first = time.monotonic()
    for thread in (2, 3, 2):
        tell.nudge(3, [thread])
    tell.nudge(3, what="channels")
    _name, said = page.next()
    assert time.monotonic() - first > 0.95 * SHORTEST
    assert said == {"brand": 3, "what": ["channels", "threads"], "threads": [2, 3], "n": 2, "many": False}
    assert page.nothing(1.3)


def test_the_more_pages_listen_the_longer_each_waits() -> None:
    hub = Hub()
    pages = [Stream(person, [1], 60) for person in range(1_000)]
    assert hub.period == SHORTEST
    for page in pages:
        hub.add(page, "")
    assert hub.period == LONGEST
    for page in pages[350:]:
        hub.remove(page)
    assert hub.period == 0.5
    for page in pages[:350]:
        hub.remove(page)
    assert hub.period == SHORTEST


def test_too_many_threads_to_name_are_only_counted(server: int, tell: Tell) -> None:
    page = opened(server, 13, (4,))
    tell.nudge(4, range(500))
    assert page.next()[1] == {"brand": 4, "what": ["threads"], "threads": [], "n": 500, "many": True}


def test_what_was_missed_between_two_streams_is_told(server: int, tell: Tell) -> None:
    page = opened(server, 14, (5,))
    tell.nudge(5, [1])
    page.next()
    page.line.close()
    tell.nudge(5, [2])
    back = Page(server, token(14, (5,)), after=page.place)
    assert back.next() == ("hello", {})
    assert back.next()[1]["threads"] == [2]


@pytest.mark.parametrize("place", ["other-3", "-", "x", "9" * 40, "\u0661-\u0662"])
def test_a_place_that_is_not_known_any_more_asks_for_everything(server: int, place: str) -> None:
    page = Page(server, token(15, (5,)), after=place)
    assert page.next() == ("hello", {})
    assert page.next() == ("resync", {})


def test_more_was_missed_than_is_remembered(server: int, tell: Tell) -> None:
    page = opened(server, 16, (6,))
    page.line.close()
    for thread in range(250):
        tell.nudge(6, [thread])
    back = Page(server, token(16, (6,)), after=page.place)
    assert [back.next()[0], back.next()[0]] == ["hello", "resync"]


def test_a_lost_right_closes_the_stream_and_its_token(server: int, tell: Tell) -> None:
    old = token(17, (7, 8))
    page, colleague = Page(server, old), opened(server, 18, (7, 8))
    page.next()
    tell.revoke(17, 7)
    assert page.next() == ("revoked", {"brand": 7})
    assert page.next() == ("end", None)
    assert Page(server, old).answer.status == 401
    assert Page(server, token(17, (8,))).answer.status == 200
    assert colleague.nothing(0.3)


def test_signing_out_closes_all(server: int, tell: Tell) -> None:
    page = opened(server, 19, (9,))
    tell.revoke(19)
    assert page.next() == ("revoked", {"brand": None})
    assert page.next() == ("end", None)


def test_a_session_that_ends_closes_its_own_streams_alone(server: int, tell: Tell) -> None:
    old = token(19, (9,), session="a" * 16)
    ended, other = Page(server, old), opened(server, 19, (9,), session="b" * 16)
    ended.next()
    tell.revoke(19, None, "a" * 16)
    assert ended.next() == ("revoked", {"brand": None})
    assert ended.next() == ("end", None)
    assert Page(server, old).answer.status == 401
    assert Page(server, token(19, (9,), session="b" * 16)).answer.status == 200
    assert other.nothing(0.3)


def test_a_stream_ends_with_its_token(server: int) -> None:
    page = opened(server, 20, (1,), life=1)
    assert page.next() == ("expired", {})
    assert page.next() == ("end", None)


def test_who_is_let_in(server: int) -> None:
    good = token(21)
    for bad in (
        "",
        "x",
        "a.b",
        good[:-1],
        good + "0",
        "é" + good,
        token(21, purpose="other"),
        token(21, life=-1),
    ):
        assert Page(server, bad).answer.status == 401, bad
    assert Page(server, good, Origin="http://evil.test").answer.status == 403
    welcome = Page(server, good, Origin="http://desk.test")
    assert welcome.answer.status == 200
    assert welcome.answer.headers["access-control-allow-origin"] == "http://desk.test"
    assert welcome.answer.headers["content-type"] == "text/event-stream"


def test_one_person_cannot_take_all_streams(server: int) -> None:
    pages = [opened(server, 22) for _ in range(20)]
    assert Page(server, token(22)).answer.status == 429
    pages[0].line.close()
    until(lambda: Page(server, token(22)).answer.status == 200)


def test_a_database_that_went_away_is_heard_again(server: int, tell: Tell) -> None:
    page, before = opened(server, 23, (1,)), token(23, (1,))
    with psycopg.connect(dsn(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'comptoir live'"
        )
    assert page.next() == ("resync", {})
    assert Page(server, before).answer.status == 401
    tell.nudge(1, [77])
    assert page.next()[1]["threads"] == [77]
    assert page.next(12) == ("expired", {})


def test_what_is_not_a_nudge_is_passed_over(server: int) -> None:
    page = opened(server, 24, (1,))
    with psycopg.connect(dsn(), autocommit=True) as other:
        for payload in (
            "",
            "{",
            "[]",
            "7",
            '{"brand": 1}',
            '{"brand": [], "what": 1, "threads": null, "n": 0}',
        ):
            other.execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, payload])
    assert page.nothing(0.5)
    assert status(server, "/health") == 200


def test_the_token_names_the_brands_of_the_person(client: Any) -> None:
    assert client.get("/live-token/").status_code == 401
    user = User.objects.create_user("a@x.test")
    brand = Brand.objects.create(name="A", slug="a")
    Brand.objects.create(name="B", slug="b")
    Membership.objects.create(user=user, brand=brand)
    client.force_login(user)
    answer = client.get("/live-token/")
    assert "no-store" in answer["Cache-Control"]
    read = tokens.read(PURPOSE, answer.json()["token"], settings.SECRET_KEY)
    assert read.said == {
        "person": user.pk,
        "brands": [brand.pk],
        "session": client.session.handle,
        "given": {},
    }
    assert answer.json()["url"] == f"{settings.LIVE_URL}/"


def test_a_page_that_does_not_read_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STUCK", 0.05)
    left = Stream(1, [1], 60)

    async def jammed(message: dict[str, Any]) -> None:
        """A connection whose buffers are full, as granian shows it: `send` does not come back."""
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    async def silent() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    monkeypatch.setitem(stream._state, "origin", "http://desk.test")
    began = time.monotonic()
    asyncio.run(stream._serve(left, "", silent, jammed))
    assert time.monotonic() - began < 2
    assert stream.hub.streams_of(1) == 0


def test_it_stops_at_once_with_pages_open_and_waits_for_a_database(django_db_setup: None) -> None:
    with running("live", "/health") as port:
        pages = [opened(port, person) for person in range(5)]
    assert pages[0].next()[0] in {"expired", "end"}
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    with running("live", "/health", answer=503, DATABASE_URL=nowhere) as port:
        assert Page(port, token()).answer.status == 503
