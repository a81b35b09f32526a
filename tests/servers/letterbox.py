"""A letterbox: takes every mail that the product sends over SMTP, so that a test can open it as its addressee would."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import cast


class Letterbox(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sender needs, accepts everything and delivers nothing."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[tuple[str, EmailMessage]] = []

    @property
    def environment(self) -> dict[str, str]:
        """The settings that make the product send its mail here."""
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.server_address[1])}

    def newest(self, to: str, seconds: float = 20, after: int = 0) -> EmailMessage:
        """The last letter to an address, once there are more than `after` of them."""
        end = time.monotonic() + seconds
        while len(found := [letter for name, letter in self.letters if name == to]) <= after:
            assert time.monotonic() < end, f"no mail came for {to}"
            time.sleep(0.1)
        return found[-1]


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 letterbox")
        to: list[str] = []
        while line := self.rfile.readline().decode("latin-1").strip():
            word = line.upper()
            if word.startswith("RCPT TO:"):
                to.append(line[8:].strip().split(">")[0].lstrip("<").lower())
            if word == "DATA":
                self._say("354 go on")
                self._take(to)
                to = []
            if word == "QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _take(self, to: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        box = cast(Letterbox, self.server)
        box.letters += [(name, cast(EmailMessage, letter)) for name in to]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """One that is open for as long as a block lasts."""
    with Letterbox() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            box.shutdown()
