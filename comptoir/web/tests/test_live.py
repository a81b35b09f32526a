"""The live stream: the real server process, hearing the real database, told from a page's side."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from comptoir.kernel import live, tokens
from comptoir.organisation.models import Brand, Membership, User
from comptoir.web.live import PURPOSE

pytestmark = pytest.mark.database


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


def _dsn() -> str:
    given = connection.settings_dict
    parts = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    return make_conninfo(dbname=given["NAME"], **{name: value for name, value in parts.items() if value})


def _url() -> str:
    given = connection.settings_dict
    who = f"{given['USER']}:{given['PASSWORD']}@" if given["PASSWORD"] else f"{given['USER']}@"
    if given["HOST"].startswith("/"):
        return f"postgresql://{who}/{given['NAME']}?{urlencode({'host': given['HOST']})}"
    return f"postgresql://{who}{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def _health(port: int) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/live/health")
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


def _until(true: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[int]:
    """The live process, as `comptoir up` runs it; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1] - 1
    env = {**os.environ, "DATABASE_URL": _url(), "PORT": str(port), "PUBLIC_URL": "http://desk.test"}
    code = "from comptoir.command import roles; roles.live()"
    with subprocess.Popen([sys.executable, "-c", code], env=env) as process:
        try:
            _until(lambda: _health(port + 1) == 200)
            yield port + 1
        finally:
            process.terminate()
            began = time.monotonic()
            process.wait(10)
            assert time.monotonic() - began < 4


@pytest.fixture
def tell(django_db_blocker: Any, server: int) -> Iterator[Any]:
    """`kernel.live`, outside any transaction: NOTIFY leaves when one commits."""
    with django_db_blocker.unblock():
        yield live
        connection.close()


def token(person: int = 1, brands: tuple[int, ...] = (1, 2), life: float = 60, purpose: str = PURPOSE) -> str:
    return tokens.make(purpose, {"person": person, "brands": list(brands)}, settings.SECRET_KEY, life)


def opened(port: int, *args: Any, **kwargs: Any) -> Page:
    page = Page(port, token(*args, **kwargs))
    assert page.answer.status == 200, page.answer.read()
    assert page.next() == ("hello", {})
    return page


def test_a_nudge_reaches_the_pages_of_its_brand_alone(server: int, tell: Any) -> None:
    ours, theirs = opened(server, 10, (1,)), opened(server, 11, (2,))
    tell.nudge(1, [5, 6])
    began = time.monotonic()
    assert ours.next() == (
        "nudge",
        {"brand": 1, "what": ["threads"], "threads": [5, 6], "n": 2, "many": False},
    )
    assert time.monotonic() - began < 0.6
    assert theirs.nothing(0.8)


def test_nudges_of_a_second_come_as_one(server: int, tell: Any) -> None:
    page = opened(server, 12, (3,))
    tell.nudge(3, [1])
    assert page.next()[0] == "nudge"
    first = time.monotonic()
    for thread in (2, 3, 2):
        tell.nudge(3, [thread])
    tell.nudge(3, what="channels")
    _name, said = page.next()
    assert time.monotonic() - first > 0.95
    assert said == {"brand": 3, "what": ["channels", "threads"], "threads": [2, 3], "n": 2, "many": False}
    assert page.nothing(1.3)


def test_too_many_threads_to_name_are_only_counted(server: int, tell: Any) -> None:
    page = opened(server, 13, (4,))
    tell.nudge(4, range(500))
    assert page.next()[1] == {"brand": 4, "what": ["threads"], "threads": [], "n": 500, "many": True}


def test_what_was_missed_between_two_streams_is_told(server: int, tell: Any) -> None:
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


def test_more_was_missed_than_is_remembered(server: int, tell: Any) -> None:
    page = opened(server, 16, (6,))
    page.line.close()
    for thread in range(250):
        tell.nudge(6, [thread])
    back = Page(server, token(16, (6,)), after=page.place)
    assert [back.next()[0], back.next()[0]] == ["hello", "resync"]


def test_a_lost_right_closes_the_stream_and_its_token(server: int, tell: Any) -> None:
    old = token(17, (7, 8))
    page, colleague = Page(server, old), opened(server, 18, (7, 8))
    page.next()
    tell.revoke(17, 7)
    assert page.next() == ("revoked", {"brand": 7})
    assert page.next() == ("end", None)
    assert Page(server, old).answer.status == 401
    assert Page(server, token(17, (8,))).answer.status == 200
    assert colleague.nothing(0.3)


def test_signing_out_closes_all(server: int, tell: Any) -> None:
    page = opened(server, 19, (9,))
    tell.revoke(19)
    assert page.next() == ("revoked", {"brand": None})
    assert page.next() == ("end", None)


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
    _until(lambda: Page(server, token(22)).answer.status == 200)


def test_a_database_that_went_away_is_heard_again(server: int, tell: Any) -> None:
    page, before = opened(server, 23, (1,)), token(23, (1,))
    with psycopg.connect(_dsn(), autocommit=True) as other:
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
    with psycopg.connect(_dsn(), autocommit=True) as other:
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
    assert _health(server) == 200


@pytest.mark.django_db
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
    assert read.said == {"person": user.pk, "brands": [brand.pk]}
    assert answer.json()["url"] == f"{settings.LIVE_URL}/"
