"""The clients of the standard library speak over a line that was handed in, and can open none themselves."""

from __future__ import annotations

import socket
from threading import Thread
from typing import Any

import pytest

from comptoir.connectors.mail import imap, smtp
from comptoir.connectors.mail.mailbox import Mailbox
from comptoir.connectors.mail.places import Place
from comptoir.connectors.mail.smtp import Post
from comptoir.networks.connector import Reconnect, Refused, TryLater

AWAY = Place("mail.example.org", 993, "tls")


class Handed:
    """One end of a pair of sockets as the way out. The other says what it is told to; TAG is the last one heard."""

    def __init__(self, *says: bytes, peer: tuple[str, int] = ("127.0.0.1", 1)) -> None:
        self.mine, self.theirs = socket.socketpair()
        self.asked: list[tuple[str, int, bool]] = []
        self.heard = b""
        self.peer = peer
        self._says = says
        Thread(target=self._talk, daemon=True).start()

    def _talk(self) -> None:
        last = b""
        for words in self._says:
            try:
                self.theirs.sendall(words.replace(b"TAG", last.split(b" ")[0]))
                last = self.theirs.recv(65_536)
            except OSError:
                return
            self.heard += last
        self.theirs.close()

    def dial(self, host: str, port: int, *, tls: bool, timeout: float = 20) -> Any:
        self.asked.append((host, port, tls))
        self.mine.settimeout(5)
        return _Named(self.mine, self.peer)

    def secure(self, line: Any, host: str) -> Any:
        raise AssertionError("not asked for")


class _Named:
    """A socket that says it leads somewhere else."""

    def __init__(self, line: socket.socket, peer: tuple[str, int]) -> None:
        self._line = line
        self._peer = peer

    def getpeername(self) -> tuple[str, int]:
        return self._peer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


@pytest.fixture(autouse=True)
def no_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries to reach something by itself fails."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a line was opened past the guard, or a name asked for")

    for name in ("create_connection", "getaddrinfo", "gethostbyname", "getfqdn"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_imap_takes_the_line_that_it_is_given() -> None:
    http: Any = Handed(b"* OK [CAPABILITY IMAP4rev1] hello\r\n", b"* CAPABILITY IMAP4rev1\r\n")
    with pytest.raises(TryLater):
        Mailbox.open(http, AWAY, "user", "secret")
    assert http.asked == [("mail.example.org", 993, True)]


def test_smtp_takes_the_line_that_it_is_given() -> None:
    http: Any = Handed(b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 no\r\n", b"221 bye\r\n")
    with pytest.raises(Reconnect, match="wrong_password"):
        Post.open(http, AWAY, "user", "secret", "example.org")
    assert http.asked == [("mail.example.org", 993, True)]
    assert b"EHLO example.org" in http.heard.upper().replace(b"EXAMPLE.ORG", b"example.org")


@pytest.mark.parametrize("kind", ["imap", "smtp"])
def test_a_password_does_not_cross_an_open_line_to_the_outside(kind: str) -> None:
    http: Any = Handed(b"* OK hello\r\n", peer=("93.184.216.34", 143))
    place = Place("mail.example.org", 143, "none")
    with pytest.raises(Refused, match="insecure_mail"):
        imap.Line(http, place) if kind == "imap" else smtp.Line(http, place, "example.org")
    assert http.heard == b""


def test_what_is_said_before_tls_counts_for_nothing() -> None:
    http: Any = Handed(
        b"* OK hello\r\n",
        b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n",
        b"TAG OK go on\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    )
    line = imap.Line(http, Place("mail.example.org", 143, "starttls"))
    with pytest.raises(line.abort, match="before TLS"):
        line.secure()


def test_a_server_without_tls_is_not_believed() -> None:
    http: Any = Handed(b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"221 bye\r\n")
    with pytest.raises(Refused, match="no_starttls"):
        Post.open(http, Place("mail.example.org", 587, "starttls"), "user", "secret", "example.org")
    assert b"AUTH" not in http.heard


def test_an_endless_answer_ends() -> None:
    http: Any = Handed(b"220 hello\r\n", b"250-more\r\n" * 5_000)
    with pytest.raises(TryLater):
        Post.open(http, AWAY, "user", "secret", "example.org")


def test_a_line_too_long_leaves_the_next_one_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "LONGEST_LINE", 100_000)

    class Bare(imap.Line):
        def _connect(self) -> None:
            """Say nothing."""

    http: Any = Handed(b'* 1 FETCH (BODYSTRUCTURE ("' + b"x" * 300_000 + b'"))\r\n* OK next\r\n')
    line = Bare(http, AWAY)
    assert len(line.readline()) < 101_000
    assert line.readline() == b"* OK next\r\n"
