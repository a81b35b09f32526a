"""A program that takes calls: a real HTTP server beside the test, on this machine's loop."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Taken:
    """A call as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answers` are given in turn, the last one for ever: (status, headers, body)."""

    port: int = 0
    calls: list[Taken] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"thanks")])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=theirs"

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def will(self, *statuses: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Answer these, one after the other."""
        self.answers = [(status, headers or {}, body) for status in statuses]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """One, for as long as a block lasts."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.calls.append(Taken(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, headers, answer = found.answers[0]
            if len(found.answers) > 1:
                found.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
