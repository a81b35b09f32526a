"""A mailbox on its server: folders, what is in them, and what is put there."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from comptoir.connectors.mail.imap import Line, TooMuch
from comptoir.connectors.mail.places import PATIENCE, Place
from comptoir.connectors.mail.wire import Garbled, Item, pairs, quoted, responses
from comptoir.networks.connector import Http, Refused, TryLater

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ADDED = re.compile(rb"\[(?:APPENDUID \d+ |COPYUID \d+ \S+ )(\d+)\]", re.IGNORECASE)
RENEW = 9 * 60.0
"""Seconds after which IDLE is asked for anew: before servers (29 minutes) and most gateways hang up."""
SIGN = 50.0
"""Seconds between two signs of life."""


@dataclass(frozen=True, slots=True)
class State:
    """A folder as it was opened: numbers mean nothing once `validity` is another; `next` is given to what comes."""

    validity: int
    next: int


class Mailbox:
    """One account, logged in. Use it in a `with`; what goes wrong on its line is TryLater."""

    def __init__(self, line: Line) -> None:
        self.line = line

    @classmethod
    def open(cls, http: Http, place: Place, user: str, password: str, timeout: float = PATIENCE) -> Self:
        """Log in. Reconnect("wrong_password"), Refused when a password should not be sent there."""
        with _faults(place):
            line = Line(http, place, timeout)
            try:
                if place.security == "starttls":
                    line.secure()
                line.log_in(user, password)
                line.sock.settimeout(PATIENCE)
            except BaseException:
                line.shutdown()
                raise
        return cls(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say good-bye, if anybody listens."""
        try:
            self.line.sock.settimeout(2)
            self.line.logout()
        except (imaplib.IMAP4.error, OSError, TooMuch):
            self.line.shutdown()

    # Folders

    def examine(self, folder: str, write: bool = False) -> State:
        """Open a folder, without a trace unless `write`. Refused("folder_missing") when there is none."""
        with _faults():
            try:
                answer, _said = self.line.select(quoted(folder), readonly=not write)
            except imaplib.IMAP4.readonly:
                answer = "NO"
        if answer != "OK":
            raise Refused("folder_missing", folder=folder)
        return State(self._number("UIDVALIDITY"), self._number("UIDNEXT"))

    def folders(self) -> dict[str, frozenset[str]]:
        """Every folder with its flags in lower case, the special uses among them where the server says them."""
        use = " RETURN (SPECIAL-USE)" if self.line.can("LIST-EXTENDED") else ""
        found: dict[str, frozenset[str]] = {}
        for each in responses(self._ask("LIST", '""', f'"*"{use}') or []):
            if len(each) < 3 or not isinstance(each[0], list) or not isinstance(each[2], bytes):
                continue
            flags = frozenset(flag.decode().lower() for flag in each[0] if isinstance(flag, bytes))
            found[each[2].decode("ascii", "replace")] = flags
        return found

    def create(self, folder: str) -> bool:
        """Make a folder; False when the server will not."""
        return self._ask("CREATE", quoted(folder)) is not None

    # What is in them

    def search(self, *words: str, literal: bytes | None = None) -> list[int]:
        """The numbers of the messages that fit, lowest first. `literal` ends the question, in UTF-8."""
        if literal is not None:
            words = ("CHARSET", "UTF-8", *words)
            self.line.literal = literal  # type: ignore[assignment]
        found = self._ask_uid("SEARCH", *words)
        if found is None:
            # That nothing was found and that nobody looked are not the same.
            raise TryLater("server_error", said="SEARCH")
        return sorted({int(word) for each in found if each for word in each.split() if word.isdigit()})

    def with_id(self, message_id: str, since: date | None = None) -> list[int]:
        """The messages of the open folder that have this Message-ID."""
        when = ["SINCE", day(since)] if since else []
        return self.search(*when, "HEADER", "Message-ID", quoted(f"<{message_id}>"))

    def fetch(self, uids: Sequence[int], what: str) -> dict[int, dict[str, Item]]:
        """These parts of these messages by number; those that are gone are left out. Garbled when one is unreadable."""
        asked = ",".join(map(str, uids))
        found: dict[int, dict[str, Item]] = {}
        said = self._ask_uid("FETCH", asked, f"(UID {what})")
        if said is None:
            raise Garbled("refused")
        for each in responses(said):
            values = pairs(each)
            uid = values.get("UID")
            if isinstance(uid, bytes) and uid.isdigit() and int(uid) in uids:
                found.setdefault(int(uid), {}).update(values)
        return found

    # What is put there

    def append(self, folder: str, flags: str, at: datetime, message: bytes) -> int:
        """Put a message into a folder; its number there, 0 when the server does not say."""
        when = f'"{at.astimezone(UTC):%d}-{_MONTHS[at.month - 1]}-{at.astimezone(UTC):%Y %H:%M:%S} +0000"'
        self.line.literal = message  # type: ignore[assignment]
        said = self._ask("APPEND", quoted(folder), f"({flags})", when)
        if said is None:
            raise TryLater("server_error", folder=folder)
        return _added(said)

    def flag(self, uids: Sequence[int], change: str) -> None:
        """Change flags of the open folder's messages, "+FLAGS (\\Seen)" say; that it cannot be is no fault."""
        if uids:
            self._ask_uid("STORE", ",".join(map(str, uids)), change)

    def move(self, uids: Sequence[int], folder: str) -> bool:
        """Move messages of the open folder; False when the server does not know how."""
        if not self.line.can("MOVE"):
            return False
        return self._ask_uid("MOVE", ",".join(map(str, uids)), quoted(folder)) is not None

    def remove(self, uids: Sequence[int]) -> None:
        """Take messages away: those alone, so where the server cannot do that they are only marked."""
        self.flag(uids, "+FLAGS.SILENT (\\Deleted)")
        if uids and self.line.can("UIDPLUS"):
            self._ask_uid("EXPUNGE", ",".join(map(str, uids)))

    # Waiting

    def wait(self) -> Iterator[bool]:
        """True at once and whenever the open folder has something new, False at least once a minute."""
        yield True
        while True:
            yield from self._idle() if self.line.can("IDLE") else self._poll()

    def _idle(self) -> Iterator[bool]:
        with _faults():
            self.line.send(b"COMPTOIR IDLE\r\n")
            renew = time.monotonic() + RENEW
        while True:
            with _faults():
                line = self.line.line_within(SIGN)
                if line is not None and line.startswith(b"+"):
                    continue
                if line is None or line.startswith(b"* OK"):
                    news = False
                elif line.startswith(b"* BYE"):
                    raise TryLater("no_answer")
                elif line.startswith(b"COMPTOIR "):
                    if not line.startswith(b"COMPTOIR OK"):
                        self.line.capabilities = tuple(set(self.line.capabilities) - {"IDLE"})
                    return
                else:
                    news = b" EXISTS" in line.upper()
                if renew and time.monotonic() > renew:
                    renew = 0.0
                    self.line.send(b"DONE\r\n")
            yield news

    def _poll(self) -> Iterator[bool]:
        """For servers without IDLE: ask now and then on the same line."""
        time.sleep(SIGN / 2)
        with _faults():
            self.line.untagged_responses = {}
            self.line.noop()
            news = "EXISTS" in self.line.untagged_responses
        yield news

    # The line

    def _number(self, name: str) -> int:
        value: Any = (self.line.untagged_responses.get(name) or [b"0"])[-1]
        return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 11 else 0

    def _ask(self, name: str, *words: str) -> list[Any] | None:
        """The answer's data, None when the server says no."""
        return self._said(name, name, words)

    def _ask_uid(self, name: str, *words: str) -> list[Any] | None:
        return self._said("FETCH" if name == "STORE" else name, "UID", (name, *words))

    def _said(self, data: str, command: str, words: tuple[str, ...]) -> list[Any] | None:
        with _faults():
            self.line.untagged_responses.pop(data, None)
            try:
                answer, said = self.line.xatom(command, *words)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                return None
            return (self.line.untagged_responses.pop(data, None) or said) if answer == "OK" else None


@contextmanager
def _faults(place: Place | None = None) -> Iterator[None]:
    """What goes wrong on a line, as the rooms know it."""
    try:
        yield
    except TimeoutError:
        raise TryLater("no_answer") from None
    except (imaplib.IMAP4.error, OSError) as fault:
        raise TryLater("unreachable", host=place.host if place else "") from fault
    except TooMuch:
        raise TryLater("too_large") from None


def _added(said: Sequence[Any]) -> int:
    """The number of a message that was put somewhere (UIDPLUS)."""
    for each in said:
        if isinstance(each, bytes) and (found := _ADDED.search(each)):
            return int(found[1])
    return 0


def day(when: date) -> str:
    """A day as IMAP writes it."""
    return f"{when.day}-{_MONTHS[when.month - 1]}-{when.year}"
