"""The head of a message: never trusted, never refused, whatever stands in it."""

from __future__ import annotations

import re
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

from comptoir.connectors.mail.places import is_address

MOST = 65_536
"""Bytes of a head that are read."""
_LONGEST = 8_000
_MOST_LINES = 2_000
_NAME = re.compile(r"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_ID = re.compile(r"<([^<>\s\x00-\x20\x7f]{1,900})>")
_BARE_ID = re.compile(r"[^<>\s,;\"]{1,440}@[^<>\s,;\"]{1,440}")
_LOOSE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody in a head: the address as written, and a name that may be empty."""

    address: str
    name: str = ""


class Headers:
    """The lines of a head by name, case ignored."""

    def __init__(self, raw: bytes) -> None:
        self._lines: dict[str, list[str]] = {}
        for name, value in _split(raw[:MOST]):
            self._lines.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._lines

    def raw(self, name: str) -> str:
        """The first line of that name, unfolded, not decoded; "" when there is none."""
        return self._lines.get(name.lower(), [""])[0][:_LONGEST]

    def text(self, name: str) -> str:
        """The first line of that name in words."""
        return decoded(self.raw(name))

    def word(self, name: str) -> str:
        """The first word of a line, in lower case, parameters and comments left out."""
        words = re.split(r"[\s;(,]", self.raw(name).strip(), maxsplit=1)
        return words[0].lower()

    def mailboxes(self, name: str) -> list[Mailbox]:
        """Who is named there: at most fifty with an address that mail could go to."""
        found: list[Mailbox] = []
        for line in self._lines.get(name.lower(), [])[:5]:
            found += _mailboxes(line[:_LONGEST])
        return list({box.address.lower(): box for box in reversed(found)}.values())[::-1][:50]

    def ids(self, name: str) -> list[str]:
        """The message ids named there, without brackets, each once, in order."""
        line = " ".join(self._lines.get(name.lower(), []))[:MOST]
        found = _ID.findall(line) or _BARE_ID.findall(line[:_LONGEST])
        return list(dict.fromkeys(found))

    def date(self) -> datetime | None:
        """When its author says it was written, None when that makes no sense."""
        try:
            said = parsedate_to_datetime(self.raw("date")[:200])
            return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None


def decoded(text: str) -> str:
    """Words as people read them: RFC 2047 undone, one line, no control characters."""
    try:
        pieces = decode_header(text[:_LONGEST])
    except (HeaderParseError, NotBase64, ValueError, LookupError):
        pieces = [(text[:_LONGEST], None)]
    words = "".join(_words(piece, charset) for piece, charset in pieces)
    return _BLANKS.sub(" ", _told(words)).strip()


def in_charset(content: bytes, charset: str) -> str:
    """Text from bytes; a charset that nobody knows is guessed, and what does not fit is shown as unreadable."""
    name = charset.strip("\"' ").lower()
    if name in ("", "us-ascii", "ascii", "utf8", "utf-8", "unknown-8bit", "default", "x-unknown"):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            name = "utf-8" if name.startswith("utf") else "cp1252"
    if name in ("iso-8859-1", "latin1", "latin-1"):
        name = "cp1252"
    try:
        return content.decode(name, "replace")
    except (LookupError, ValueError, TypeError):
        return content.decode("utf-8", "replace")


def _words(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:
        # What is not encoded comes back in Python's own escapes.
        return _told(piece.decode("raw-unicode-escape", "replace"))
    return in_charset(piece, charset)


def _told(text: str) -> str:
    """Text in which bytes that were no ASCII stand as surrogates: UTF-8 if they can be, else Western."""
    if text.isascii():
        return text
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return in_charset(content, "")


def _split(raw: bytes) -> list[tuple[str, str]]:
    """Names and values, folded lines joined; what is no header line is passed over."""
    text = raw.decode("ascii", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    lines: list[tuple[str, list[str]]] = []
    for line in text.split("\n")[:_MOST_LINES]:
        if not line:
            break
        if line[0] in " \t":
            if lines:
                lines[-1][1].append(line)
        elif found := _NAME.fullmatch(line):
            lines.append((found[1].lower(), [found[2]]))
    return [(name, " ".join(each.strip() for each in values)) for name, values in lines]


def _mailboxes(line: str) -> list[Mailbox]:
    try:
        named = getaddresses([line])
    except (ValueError, IndexError, TypeError, RecursionError):
        named = []
    found = [Mailbox(_told(address), decoded(name)[:200]) for name, address in named if is_address(address)]
    return found or [Mailbox(_told(each)) for each in _LOOSE.findall(line)[:1]]
