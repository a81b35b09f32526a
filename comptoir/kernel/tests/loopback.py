"""A real HTTP server on loopback for the tests of the way out, and a note of every place a socket went to."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from comptoir.kernel.http import Outside, OutsideError

type Handle = Callable[["Visit"], None]


class Visit(BaseHTTPRequestHandler):
    """One request, answered by the test's own function for its path."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def give(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer. Underscores in header names stand for hyphens."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path, dict(self.headers.items()), body, self.client_address[1])
        self.server.seen.append(seen)
        handle = self.server.routes.get(self.path.partition("?")[0])
        if handle is None:
            self.give(404)
        else:
            handle(self)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815 (the names that the library calls)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Seen:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client_port: int


@dataclass
class Server(ThreadingHTTPServer):
    """Answers by `routes`, keeps what it saw in `seen`."""

    routes: dict[str, Handle] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self.daemon_threads = True
        self.request_queue_size = 64
        super().__init__((self.host, 0), Visit)

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.place}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is what many of these tests are about."""


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Server]:
    """A server that runs for as long as the block."""
    server = Server(host=host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def raw_answer(*pieces: bytes) -> Iterator[int]:
    """The port of a server that answers one POST of {} with these bytes, whatever they are, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                asked = b""
                while not asked.endswith(b"{}"):
                    asked += connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)

        threading.Thread(target=run, daemon=True).start()
        yield listener.getsockname()[1]


def fault(client: Outside, method: str, url: str, **more: Any) -> OutsideError:
    """The fault that a request ends in."""
    with pytest.raises(OutsideError) as caught:
        client.request(method, url, **more)
    return caught.value


_notes: list[list[Any]] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        for note in _notes:
            note.append(args[1])
        if _notes and not str(args[1][0]).startswith(("127.", "::1")):
            raise ConnectionRefusedError("no packet leaves this machine for a test")


sys.addaudithook(_hook)


@contextmanager
def connections() -> Iterator[list[Any]]:
    """Every address that a socket of this process connects to meanwhile, as the interpreter reports it.

    Beyond loopback it goes no further than that.
    """
    note: list[Any] = []
    _notes.append(note)
    try:
        yield note
    finally:
        _notes.remove(note)
