"""Answers that go on: read as they come, quiet or broken; and lines for protocols that are not HTTP."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from comptoir.kernel.faults import BadAnswer, Forbidden, Unreachable
from comptoir.kernel.http import Outside
from comptoir.kernel.tests.loopback import connections

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def speaking(script: Callable[[socket.socket], None]) -> Iterator[tuple[str, Outside, list[bytes]]]:
    """A server for one caller that reads the request and then does what the script says."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"

        def run() -> None:
            line, _ = listener.accept()
            with line:
                asked.append(line.recv(65536))
                script(line)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        with Outside(frozenset({place})) as outside:
            yield f"http://{place}/stream?a=b", outside, asked
        thread.join(5)


def test_pieces_come_as_they_are_said_and_silence_is_a_sign() -> None:
    heard = threading.Event()

    def script(line: socket.socket) -> None:
        line.sendall(HEAD + b"5\r\nfirst\r\n")
        heard.wait(5)
        line.sendall(b"6\r\nsecond\r\n0\r\n\r\n")

    with (
        speaking(script) as (url, outside, asked),
        outside.stream(url, headers={"X-Key": "k"}, quiet=0.2) as said,
    ):
        assert said.status == 200
        assert said.headers["content-type"] == "text/event-stream"
        pieces = iter(said)
        assert next(pieces) == b"first"
        assert next(pieces) == b""
        heard.set()
        assert b"".join(pieces) == b"second"
    assert asked[0].startswith(b"GET /stream?a=b HTTP/1.1\r\n")
    assert b"x-key: k\r\n" in asked[0].lower()


BROKEN = {
    "another protocol": b"220 mail.example ESMTP\r\n",
    "half a line": b"HTTP/1.1 200",
    "no chunk": HEAD + b"zz\r\n",
    "half a chunk": HEAD + b"5\r\nfi",
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_answer_or_breaks_off_is_a_fault(said: bytes) -> None:
    with (
        speaking(lambda line: line.sendall(said)) as (url, outside, _asked),
        pytest.raises(BadAnswer),
        outside.stream(url, quiet=1) as answer,
    ):
        list(answer)


def test_a_server_that_never_answers_is_unreachable() -> None:
    done = threading.Event()

    def script(_line: socket.socket) -> None:
        done.wait(5)

    with speaking(script) as (url, outside, _asked):
        with pytest.raises(Unreachable), outside.stream(url, quiet=0.2):
            pass
        done.set()


def test_streams_and_lines_stop_at_the_guard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, Outside() as outside, connections() as made:
        port = listener.getsockname()[1]
        with pytest.raises(Forbidden), outside.stream(f"http://127.0.0.1:{port}/"):
            pass
        with pytest.raises(Forbidden):
            outside.dial("localhost", port, tls=False)
        assert made == []


def test_a_line_is_a_socket_and_tls_wants_a_certificate() -> None:
    def script(line: socket.socket) -> None:
        line.sendall(b"hello")
        line.recv(100)

    with speaking(script) as (url, outside, asked):
        port = int(url.split(":")[2].split("/")[0])
        with outside.dial("127.0.0.1", port, tls=False) as line:
            line.sendall(b"who is there")
            assert line.recv(5) == b"hello"
            with pytest.raises(Unreachable) as fault:
                outside.secure(line, "127.0.0.1")
    assert fault.value.code == "tls"
    assert asked == [b"who is there"]
