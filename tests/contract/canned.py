"""A real web server with answers given beforehand, for what no healthy network can be made to say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar


class Canned:
    """What the server says to each method of the protocol, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.told: list[tuple[str, Mapping[str, str], bytes]] = []
        """What came with a body: the method, the headers, the body."""

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def say(self, method: str, body: Any, status: int = 200, **headers: str) -> None:
        """Answer this to a method, or to a path, from now on; bytes as they are, all else as JSON.

        With a verb before it ("POST /path") only to that one.
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[method] = (status, named, content)


@contextmanager
def canned() -> Iterator[Canned]:
    """A server on the loop-back for as long as a test lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        said: ClassVar[Canned]

        def do_GET(self) -> None:
            method = self.path.split("?")[0].removeprefix("/xrpc/")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            self.said.asked.append(method)
            if body:
                self.said.told.append((method, dict(self.headers), body))
            given = self.said.answers.get(f"{self.command} {method}") or self.said.answers.get(method)
            status, headers, content = given or (404, {}, b"{}")
            self.send_response(status)
            for name, value in {"content-length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests ask `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.said = Canned(f"127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield Handler.said
    finally:
        server.shutdown()
        server.server_close()
