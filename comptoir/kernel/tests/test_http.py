"""The way out, against real servers on loopback that INSIDE_ALLOWED lets us reach."""

import gzip
import logging
import socket
import ssl
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from comptoir.kernel.http import (
    BadAnswer,
    Forbidden,
    Outside,
    Patience,
    TooLarge,
    Unreachable,
)
from comptoir.kernel.tests.loopback import Handle, Server, Visit, fault, raw_answer


def test_an_answer_of_any_status(server: Server, outside: Outside) -> None:
    server.routes["/a"] = lambda visit: visit.give(418, b'{"tea": true}', X_Pot="Brown")
    answer = outside.request("GET", server.url("/a?x=1"), params={"y": "é & =", "x": 2})
    assert answer.status == 418
    assert answer.json() == {"tea": True}
    assert answer.headers["x-POT"] == "Brown"
    assert server.seen[0].path == "/a?x=2&y=%C3%A9+%26+%3D"
    assert server.seen[0].headers["User-Agent"] == "Comptoir"
    assert server.seen[0].headers["Host"] == server.place
    assert outside.request("HEAD", server.url("/a")).content == b""


def test_json_and_bytes_are_sent(server: Server, outside: Outside) -> None:
    server.routes["/in"] = lambda visit: visit.give(200)
    outside.request("POST", server.url("/in"), json={"text": "café"})
    outside.request("PUT", server.url("/in"), content=b"\x00\xff", headers={"Content-Type": "image/png"})
    outside.request("POST", server.url("/in"), json=[])
    first, second, third = server.seen
    assert (first.body, first.headers["Content-Type"]) == ('{"text":"café"}'.encode(), "application/json")
    assert (second.body, second.headers["Content-Type"]) == (b"\x00\xff", "image/png")
    assert third.body == b"[]"
    with pytest.raises(ValueError, match="not both"):
        outside.request("POST", server.url("/in"), json={}, content=b"")


def test_connections_are_kept_and_cookies_are_not(server: Server, outside: Outside) -> None:
    server.routes["/"] = lambda visit: visit.give(200, Set_Cookie="a=b")
    for _ in range(3):
        outside.request("GET", server.url())
    assert len({seen.client_port for seen in server.seen}) == 1
    assert all("Cookie" not in seen.headers for seen in server.seen)


def test_many_threads_share_a_client(server: Server, outside: Outside) -> None:
    server.routes["/echo"] = lambda visit: visit.give(200, visit.path.encode())

    def ask(number: int) -> bool:
        path = f"/echo?{number}"
        return outside.request("GET", server.url(path)).content == path.encode()

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(160)))
    assert len(server.seen) == 160


def test_the_environment_is_not_believed(
    server: Server, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/"] = lambda visit: visit.give(204)
    with Outside(frozenset({server.place})) as fresh:
        assert fresh.request("GET", server.url()).status == 204


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"NaN", b"[" * 50_000, b"\xff\xfe\xfa", b"9" * 9_000])
def test_nonsense_for_json(server: Server, outside: Outside, body: bytes) -> None:
    server.routes["/"] = lambda visit: visit.give(200, body)
    answer = outside.request("GET", server.url())
    with pytest.raises(BadAnswer) as caught:
        answer.json()
    assert caught.value.code == "json"


def test_text_never_fails(server: Server, outside: Outside) -> None:
    def charset(name: str) -> str:
        server.routes["/"] = lambda visit: visit.give(
            200, "é".encode("latin-1"), Content_Type=f"text/plain; charset={name}"
        )
        return outside.request("GET", server.url()).text

    assert charset('"ISO-8859-1"; x=y') == "é"
    assert charset("utf-8") == charset("idna") == charset("zip") == charset("") == "\ufffd"


# Size


def test_an_answer_is_cut_off_at_the_limit(server: Server, outside: Outside) -> None:
    def endless(visit: Visit) -> None:
        visit.send_response(200)
        visit.send_header("Transfer-Encoding", "chunked")
        visit.end_headers()
        for _ in range(10_000):
            visit.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")

    server.routes["/endless"] = endless
    server.routes["/declared"] = lambda visit: visit.give(200, b"x" * 100_001)
    server.routes["/just"] = lambda visit: visit.give(200, b"x" * 100_000)
    for path in ("/endless", "/declared"):
        with pytest.raises(TooLarge):
            outside.request("GET", server.url(path))
    assert len(outside.request("GET", server.url("/just")).content) == 100_000
    with pytest.raises(TooLarge):
        outside.request("GET", server.url("/just"), max_bytes=99_999)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip", "gzip, deflate, gzip"])
def test_a_bomb_does_not_go_off(server: Server, outside: Outside, coding: str) -> None:
    bomb = b"\x00" * 50_000_000
    for step in coding.split(", "):
        bomb = gzip.compress(bomb, 9) if step == "gzip" else zlib.compress(bomb, 9)
    assert len(bomb) < 100_000
    server.routes["/"] = lambda visit: visit.give(200, bomb, Content_Encoding=coding)
    began = time.monotonic()
    with pytest.raises(TooLarge):
        outside.request("GET", server.url())
    assert time.monotonic() - began < 2


def test_honest_compression_is_undone(server: Server, outside: Outside) -> None:
    packed = gzip.compress(b"hello " * 100)
    server.routes["/"] = lambda visit: visit.give(200, packed, Content_Encoding="gzip")
    assert outside.request("GET", server.url()).content == b"hello " * 100
    server.routes["/"] = lambda visit: visit.give(200, b"not gzip", Content_Encoding="gzip")
    with pytest.raises(BadAnswer) as caught:
        outside.request("GET", server.url())
    assert (caught.value.code, caught.value.sent) == ("encoding", True)


def test_bytes_that_unpack_to_nothing_count_too(server: Server, outside: Outside) -> None:
    nothing = gzip.compress(b"") + b"\x00" * 200_000

    def pour(visit: Visit) -> None:
        visit.send_response(200)
        visit.send_header("Content-Encoding", "gzip")
        visit.send_header("Connection", "close")
        visit.end_headers()
        visit.wfile.write(nothing)

    server.routes["/"] = pour
    with pytest.raises(TooLarge):
        outside.request("GET", server.url())


# Time, and what may have been sent


def after(done: threading.Event) -> Handle:
    """A page that keeps its visitors waiting."""

    def wait(visit: Visit) -> None:
        done.wait(10)
        visit.give(200)

    return wait


def test_silence_after_sending_may_have_been_heard(server: Server, outside: Outside) -> None:
    done = threading.Event()
    server.routes["/"] = after(done)
    found = fault(outside, "POST", server.url(), json={}, timeout=Patience(1, 0.3, 5))
    done.set()
    assert isinstance(found, Unreachable)
    assert (found.code, found.sent) == ("timeout", True)
    assert len(server.seen) == 1


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_slow_drip_ends(server: Server, outside: Outside, part: str) -> None:
    def drip(visit: Visit) -> None:
        if part == "body":
            visit.send_response(200)
            visit.send_header("Content-Length", "1000")
            visit.end_headers()
        for _ in range(100):
            visit.wfile.write(b"H" if part == "headers" else b"x")
            time.sleep(0.05)

    server.routes["/"] = drip
    began = time.monotonic()
    found = fault(outside, "GET", server.url(), timeout=Patience(1, 1, 0.5))
    assert (found.code, found.sent) == ("slow", True)
    assert time.monotonic() - began < 1.2


def test_a_reader_that_never_drinks() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        place = f"127.0.0.1:{deaf.getsockname()[1]}"
        with Outside(frozenset({place}), timeout=Patience(1, 5, 0.6)) as client:
            began = time.monotonic()
            found = fault(client, "POST", f"http://{place}/", content=b"x" * 20_000_000)
            assert (found.code, found.sent) == ("slow", True)
            assert time.monotonic() - began < 1.5


def test_what_was_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as gone:
        place = f"127.0.0.1:{gone.getsockname()[1]}"
    with Outside(
        frozenset({place, "nowhere.invalid:80", "slow.test:80"}), timeout=Patience(0.4, 1, 5)
    ) as client:
        refused = fault(client, "POST", f"http://{place}/", json={})
        assert (refused.code, refused.sent) == ("refused", False)
        unknown = fault(client, "POST", "http://nowhere.invalid/", json={})
        assert (unknown.code, unknown.sent) == ("dns", False)
        assert isinstance(refused, Unreachable)
        assert isinstance(unknown, Unreachable)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [done.wait(3)][:0])
        began = time.monotonic()
        assert fault(client, "GET", "http://slow.test/").code == "dns"
        done.set()
        assert time.monotonic() - began < 1


def test_a_full_queue_is_a_connect_time_out() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        place = f"127.0.0.1:{address[1]}"
        with Outside(frozenset({place}), timeout=Patience(0.4, 1, 5)) as client:
            found = fault(client, "POST", f"http://{place}/", json={})
        for filler in fillers:
            filler.close()
    assert (found.code, found.sent) == ("connect_timeout", False)


def test_a_full_pool_says_so(server: Server) -> None:
    done = threading.Event()
    server.routes["/"] = after(done)
    with Outside(frozenset({server.place}), timeout=Patience(0.5, 10, 20)) as client:
        with ThreadPoolExecutor(20) as threads:
            for _ in range(20):
                threads.submit(client.request, "GET", server.url())
            until = time.monotonic() + 10
            while len(server.seen) < 20 and time.monotonic() < until:
                time.sleep(0.01)
            found = fault(client, "POST", server.url(), json={})
            done.set()
        assert (found.code, found.sent, len(server.seen)) == ("busy", False, 20)
        assert client.request("GET", server.url()).status == 200


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "cut"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "cut"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "cut"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000, "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol"),
    ],
)
def test_broken_answers_may_have_been_heard(answer: bytes, code: str) -> None:
    with raw_answer(answer) as port, Outside(frozenset({f"127.0.0.1:{port}"}), timeout=2.0) as client:
        found = fault(client, "POST", f"http://127.0.0.1:{port}/", json={})
    assert (found.code, found.sent) == (code, True)


# Addresses and headers


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "unix:///run/docker.sock",
        "http://",
        "http:///path",
        "http://user:secret@example.org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:x/",
        "http://exa\nmple.org/",
        "http://example.org/\r\nX: y",
        "http://[::1/",
        "http://256.1.1.1/",
        "http://%31%32%37.0.0.1/",
        "http://exa mple.org/",
        "http://a\\@b/",
        "http://" + "a" * 300 + ".org/",
        "http://example.org/" + "a" * 70_000,
        "http://\ud800.org/",
    ],
)
def test_what_is_no_address(outside: Outside, url: str) -> None:
    found = fault(outside, "GET", url)
    assert isinstance(found, Forbidden)
    assert not found.sent
    assert "secret" not in str(found)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00", "\ud800"])
def test_headers_cannot_be_smuggled(server: Server, outside: Outside, value: str) -> None:
    found = fault(outside, "GET", server.url(), headers={"X-Name": value})
    assert (found.code, found.sent, server.seen) == ("header", False, [])
    with pytest.raises(ValueError, match="host"):
        outside.request("GET", server.url(), headers={"HOST": "elsewhere"})


def test_faults_and_logs_tell_no_secrets(
    server: Server, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.routes["/"] = lambda visit: visit.give(200, b"no json")
    secret = "s3cret"
    answer = outside.request("GET", server.url(f"/?token={secret}"), headers={"Authorization": secret})
    said = [repr(answer), caplog.text]
    with pytest.raises(BadAnswer) as caught:
        answer.json()
    said += [str(caught.value), repr(caught.value)]
    for url in (f"http://127.0.0.1:1/{secret}?{secret}", f"http://nowhere.invalid/?{secret}"):
        found = fault(outside, "GET", url, headers={"Authorization": f"{secret}\n"})
        said += [str(found), repr(found), repr(found.__cause__)]
        assert found.__suppress_context__ or found.__context__ is None
    assert secret not in "".join(said)


def test_a_trust_that_does_not_verify_is_refused() -> None:
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lax.check_hostname = False
    with pytest.raises(ValueError, match="verify"):
        Outside(trust=lax)
