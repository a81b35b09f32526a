"""A line to an SMTP server. It cannot dial: the line is handed in, and its TLS as well."""

from __future__ import annotations

import smtplib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from comptoir.connectors.mail.places import PATIENCE, Place, is_inside
from comptoir.networks.connector import Http, Reconnect, Refused, TryLater, Unanswered

_MOST_LINES = 200
_TO_TAKE = 60.0
"""Seconds for a server to say that it took a message: some look for spam meanwhile."""


class Line(smtplib.SMTP):
    """SMTP over a socket that was handed in."""

    def __init__(self, http: Http, place: Place, name: str, timeout: float = PATIENCE) -> None:
        self._http = http
        self._place = place
        # A name of our own keeps the library from asking the resolver for this machine's.
        super().__init__(local_hostname=name, timeout=timeout)
        code, said = self.connect(place.host, place.port)
        if code != 220:
            raise TryLater("server_error", status=code, said=_words(said))

    def _get_socket(self, host: str, port: int, timeout: Any) -> Any:
        return self._place.dial(self._http, timeout or PATIENCE)

    def getreply(self) -> tuple[int, bytes]:
        """An answer of so many lines at the most, as no server gives more."""
        file = self.file
        if file is None and self.sock is not None:
            file = self.file = self.sock.makefile("rb")
        if file is not None and not isinstance(file, _Bounded):
            self.file = _Bounded(file)
        elif isinstance(file, _Bounded):
            file.left = _MOST_LINES
        return super().getreply()

    def wait_for(self, seconds: float) -> None:
        """How long each step may take from now on."""
        if self.sock:
            self.sock.settimeout(seconds)

    def secure(self) -> None:
        """Go on under TLS. Refused("no_starttls") when the server does not know how."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
            raise Refused("no_starttls", host=self._place.host)
        self.sock = self._http.secure(self.sock, self._place.host)
        # All that was said before TLS counts for nothing.
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        self.ehlo()

    def log_in(self, user: str, password: str) -> None:
        """Say who we are, unless the server, one of our own network, does not ask."""
        self.ehlo_or_helo_if_needed()
        ways = self.esmtp_features.get("auth", "").upper().split()
        if not ways and is_inside(self.sock):
            return
        if "PLAIN" in ways or "LOGIN" not in ways:
            token = b64encode(f"\0{user}\0{password}".encode()).decode()
            code, said = self.docmd("AUTH", f"PLAIN {token}")
        else:
            code, said = self.docmd("AUTH", f"LOGIN {b64encode(user.encode()).decode()}")
            if code == 334:
                code, said = self.docmd(b64encode(password.encode()).decode())
        if code == 235:
            return
        if code in (454, 421) or 400 <= code < 500:
            raise TryLater("server_error", status=code, said=_words(said))
        lost = "needs_app_password" if code == 534 else "wrong_password"
        raise Reconnect(lost, status=code, said=_words(said))


class _Bounded:
    """The lines of a server's answers, a limited number each."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.left = _MOST_LINES

    def readline(self, size: int = -1) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError("endless")
        return bytes(self._file.readline(size))

    def close(self) -> None:
        self._file.close()


class Post:
    """A server that takes our mail, step by step, so that a note can be made before the last one."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @classmethod
    def open(
        cls, http: Http, place: Place, user: str, password: str, name: str, timeout: float = PATIENCE
    ) -> Self:
        """Connect and log in. Reconnect("wrong_password"), Refused when a password should not be sent there."""
        with _faults(place):
            line = Line(http, place, name, timeout)
            try:
                if place.security == "starttls":
                    line.secure()
                line.log_in(user, password)
                line.wait_for(PATIENCE)
            except BaseException:
                line.close()
                raise
        return cls(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._line.wait_for(2)
            self._line.quit()
        except (smtplib.SMTPException, OSError, AttributeError):
            self._line.close()

    def offer(self, sender: str, to: str, size: int) -> None:
        """Ask whether a message may come. Refused or TryLater, with the server's words."""
        with _faults():
            most = self._line.esmtp_features.get("size", "")
            if most.isdigit() and 0 < int(most) < size:
                raise Refused("mail_too_large", limit=int(most))
            options = [f"SIZE={size}"] if self._line.has_extn("size") else []
            if not to.isascii():
                if not self._line.has_extn("smtputf8"):
                    raise Refused("recipient_refused", address=to, said="")
                options.append("SMTPUTF8")
            _judge(*self._line.mail(sender, options), "sender_refused", sender)
            _judge(*self._line.rcpt(to), "recipient_refused", to)
            code, said = self._line.docmd("DATA")
            if code != 354:
                _judge(code, said, "mail_refused", to)
                raise TryLater("server_error", status=code, said=_words(said))

    def leave(self, content: bytes, to: str) -> None:
        """Hand the message over. Unanswered when nobody said whether it was taken."""
        lines = content.replace(b"\r\n.", b"\r\n..")
        lines = b"." + lines if lines.startswith(b".") else lines
        ending = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._line.wait_for(_TO_TAKE)
            self._line.send(lines + ending)
            code, said = self._line.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            raise Unanswered("no_answer") from fault
        if code < 0:
            raise Unanswered("no_answer")
        _judge(code, said, "mail_refused", to)


def _judge(code: int, said: bytes, refusal: str, address: str) -> None:
    """Pass when a server agrees. 4xx may pass later; 421 and its like as well; 5xx will not."""
    if 200 <= code < 400:
        return
    if code == 530 or code == 535:
        raise Reconnect("wrong_password", status=code, said=_words(said))
    if code >= 500:
        raise Refused(refusal, address=address, status=code, said=_words(said))
    raise TryLater("server_error", status=code, said=_words(said))


def _words(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split())[:300]


@contextmanager
def _faults(place: Place | None = None) -> Iterator[None]:
    """What goes wrong on a line before a message is handed over, as the rooms know it."""
    try:
        yield
    except TimeoutError:
        raise TryLater("no_answer") from None
    except (smtplib.SMTPException, OSError) as fault:
        raise TryLater("unreachable", host=place.host if place else "") from fault
