"""The real web process from outside: tries counted across two of them, nonsense on the wire, our own files."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection

from comptoir.web.tests.processes import running

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[int, int]]:
    """Two web processes on one database; their ports."""
    env: Any = {"WEB_WORKERS": "1", "PUBLIC_URL": "http://localhost"}
    with running("web", "/account/login/", **env) as one, running("web", "/account/login/", **env) as other:
        yield one, other
    with django_db_blocker.unblock():
        cache.clear()
        connection.close()


def ask(port: int, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[Any, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer, content


def try_password(port: int, email: str) -> bytes:
    page, content = ask(port, "/account/login/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', content)
    assert found
    body = urlencode({"login": email, "password": "wrong", "csrfmiddlewaretoken": found[1].decode()})
    kind = "application/x-www-form-urlencoded"
    answer, said = ask(port, "/account/login/", "POST", body, Cookie=cookie, **{"Content-Type": kind})
    assert answer.status == 200
    return said


def test_tries_are_counted_over_all_web_processes(two: tuple[int, int]) -> None:
    said = [try_password(two[n % 2], "front@brand.test") for n in range(6)]
    assert [b"too many" in words.lower() for words in said] == [False] * 5 + [True], said[-1]


def raw(port: int, request: bytes) -> int:
    """The status that a server gives to bytes as they are; 0 when it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        answer = line.recv(4096)
    return int(answer.split(b" ")[1]) if answer else 0


@pytest.mark.parametrize(
    "target",
    [
        b"/%00", b"/%ff%fe", b"/b/%00/", b"/b/%c3%28/", b"/owner/%00/", b"/owner/%ed%a0%80/", b"/?q=%00", b"/?%ff=%ff",
        b"/settings/?next=%00", b"/b/x/" + b"9" * 5000 + b"/", b"/" + b"a" * 20_000, b"//", b"/..%2f..%2fetc/passwd",
        b"/static/../../settings.py", b"/static/%2e%2e/%2e%2e/settings.py", b"/account/login/?next=//evil.test",
        b"*", b"http://evil.test/", b"/account/password/reset/key/%00-%00/",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_never_our_fault(two: tuple[int, int], target: bytes) -> None:
    assert raw(two[0], b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") < 500


@pytest.mark.parametrize(
    "header",
    [
        b"Cookie: sessionid=\"\\000\\000\\000\\000\\000\\000\\000\\000\"",
        b"Cookie: sessionid=\xff\xfe; csrftoken=\xff",
        b"Cookie: django_language=\"\\000\"", b"Cookie: \x80=\x80", b"Accept-Language: " + b"x-" * 3000,
        b"Accept-Language: \xff", b"HX-Request: \xff", b"HX-Current-URL: http://[", b"Content-Length: x",
        b"Content-Type: multipart/form-data", b"Content-Type: text/html; charset=\xff",
        b"X-Forwarded-For: " + b"1," * 999,
        b"Origin: \xff", b"Referer: http://[::", b"Range: bytes=9-1", b"If-Modified-Since: \xff",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [b"/account/login/", b"/"])
def test_a_header_that_makes_no_sense_is_never_our_fault(
    two: tuple[int, int], path: bytes, header: bytes
) -> None:
    for method in (b"GET ", b"POST "):
        request = (
            method + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + b"\r\n\r\n"
        )
        assert raw(two[0], request) < 500


@pytest.mark.parametrize("host", [b"evil.test", b"", b"\xff", b"[::1", b"a" * 5000])
def test_only_our_own_name_is_answered_to(two: tuple[int, int], host: bytes) -> None:
    status = raw(two[0], b"GET /account/login/ HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert status < 500
    assert status != 200


def test_our_files_are_compressed_and_kept_for_ever(two: tuple[int, int]) -> None:
    _page, content = ask(two[0], "/account/login/")
    found = re.search(rb'"(/static/[0-9a-f]{12}/web/base\.css)"', content)
    assert found, content
    url = found[1].decode()
    packed, body = ask(two[0], url, **{"Accept-Encoding": "gzip"})
    assert packed.status == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in packed.headers["Cache-Control"]
    assert packed.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in packed.headers
    plain, words = ask(two[1], url)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(body) == words
    assert len(body) < len(words)
    for missing in ("/static/web/base.css", "/static/000000000000/web/base.css"):
        assert ask(two[0], missing)[0].status == 404
