"""A line to an IMAP server. It cannot dial: the line is handed in, and its TLS as well."""

from __future__ import annotations

import imaplib
import time
from typing import Any

from comptoir.connectors.mail.places import PATIENCE, Place
from comptoir.networks.connector import Http, Reconnect, Refused, TryLater

MOST = 48_000_000
"""Bytes that one command may bring: a server, or what somebody mailed, may be hostile."""
LONGEST_LINE = 8_000_000
_KEPT = 200
_PIECE = 65_536
_LONGEST_WORK = 300.0
_PASSING = ("unavailable", "inuse", "limit", "serverbug", "contactadmin", "temporar", "too many", "try again")


class TooMuch(Exception):
    """A server answers more than we take."""


class Line(imaplib.IMAP4):
    """IMAP over a socket that was handed in, reading no more than it should and for no longer."""

    def __init__(self, http: Http, place: Place, timeout: float = PATIENCE) -> None:
        self._http = http
        self._place = place
        self._held = bytearray()
        self._brought = 0
        self.until = time.monotonic() + _LONGEST_WORK
        super().__init__(place.host, place.port, timeout)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Take the line; called once, by the library."""
        self.host, self.port = self._place.host, self._place.port
        self.sock = self._place.dial(self._http, timeout or PATIENCE)

    def read(self, size: int) -> bytes:
        """So many bytes. TooMuch when that is more than one command may bring."""
        self._count(size)
        while len(self._held) < size:
            self._more()
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def readline(self) -> bytes:
        """A line with its end. Of one too long the middle is left out: it is unreadable then, and the next is right."""
        looked = 0
        while (end := self._held.find(b"\n", looked)) < 0:
            if len(self._held) > LONGEST_LINE:
                self._count(len(self._held) - 2 * _KEPT)
                del self._held[_KEPT:-_KEPT]
                self._held[_KEPT:_KEPT] = b'"('
            looked = len(self._held)
            self._more()
        self._count(end + 1)
        line = bytes(self._held[: end + 1])
        del self._held[: end + 1]
        return line

    def line_within(self, seconds: float) -> bytes | None:
        """The next line, or None when none begins within so many seconds."""
        self.until = time.monotonic() + seconds + _LONGEST_WORK
        if b"\n" not in self._held:
            before = self.sock.gettimeout()
            self.sock.settimeout(seconds)
            try:
                self._more()
            except TimeoutError:
                return None
            finally:
                self.sock.settimeout(before)
        return self.readline()

    def send(self, data: Any) -> None:
        """All of it; what comes back is counted anew."""
        self._brought = 0
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Hang up."""
        self.sock.close()

    def secure(self) -> None:
        """Go on under TLS. Refused("no_starttls") when the server does not know how."""
        if "STARTTLS" not in self.capabilities:
            raise Refused("no_starttls", host=self.host)
        self._simple_command("STARTTLS")
        if self._held:
            # What somebody on the way said before TLS must not be taken for the server's word.
            raise self.abort("words before TLS")
        self.sock = self._http.secure(self.sock, self.host)
        self._tls_established = True
        self._get_capabilities()

    def log_in(self, user: str, password: str) -> None:
        """Say who we are. Refused or Reconnect("wrong_password"), TryLater when the server is only busy."""
        try:
            if "AUTH=PLAIN" in self.capabilities:
                self.authenticate("PLAIN", lambda _asked: f"\0{user}\0{password}".encode())
            elif "LOGINDISABLED" in self.capabilities:
                raise Refused("insecure_mail", host=self.host)
            else:
                self.login(user, password)
        except self.abort:
            raise
        except self.error as fault:
            said = str(fault)[:300]
            if any(word in said.lower() for word in _PASSING):
                raise TryLater("server_error", said=said) from None
            raise Reconnect("wrong_password", said=said) from None
        except UnicodeEncodeError:
            raise Reconnect("wrong_password") from None
        self._get_capabilities()

    def can(self, name: str) -> bool:
        """Whether the server announces a capability."""
        return name in self.capabilities

    def _more(self) -> None:
        if time.monotonic() > self.until:
            raise TimeoutError("slow")
        piece = self.sock.recv(_PIECE)
        if not piece:
            raise self.abort("hung up")
        self._held += piece

    def _count(self, size: int) -> None:
        self._brought += size
        if self._brought > MOST:
            raise TooMuch
