"""The parts of a message, as its server describes them without sending them (BODYSTRUCTURE)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import collapse_rfc2231_value, decode_params

from comptoir.connectors.mail.headers import decoded
from comptoir.connectors.mail.wire import Garbled, Item

MOST_PARTS = 400
DEEPEST = 40
_PATH = re.compile(r"[\\/:*?\"<>|]+")


@dataclass(slots=True)
class Part:
    """One part. `section` is what a server wants to be asked for; `size` counts bytes as they are encoded.

    Of a message inside the message `subject` is known, and its own parts are below it.
    """

    section: str
    kind: str
    params: dict[str, str] = field(default_factory=dict)
    cid: str = ""
    encoding: str = "7bit"
    size: int = 0
    disposition: str = ""
    filename: str = ""
    subject: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return self.kind.startswith("multipart/")

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order; messages inside are not entered."""
        yield self
        if self.is_multipart:
            for part in self.parts:
                yield from part.walk()


def structure(described: Item) -> Part:
    """The parts that a server describes. Garbled when it makes no sense, or nests deeper than anybody does."""
    count = [0]
    if not isinstance(described, list):
        raise Garbled("no structure")
    root = _part(described, "", count, 0)
    if not root.is_multipart:
        root.section = root.section or "1"
    return root


def _part(given: list[Item], section: str, count: list[int], depth: int) -> Part:
    count[0] += 1
    if depth > DEEPEST or not given:
        raise Garbled("too deep")
    if isinstance(given[0], list):
        return _multipart(given, section, count, depth)
    return _leaf(given, section, count, depth)


def _multipart(given: list[Item], section: str, count: list[int], depth: int) -> Part:
    children = [each for each in given if isinstance(each, list)]
    at = next((i for i, each in enumerate(given) if not isinstance(each, list)), len(given))
    children = [each for each in given[:at] if isinstance(each, list)]
    parts: list[Part] = []
    for number, child in enumerate(children, 1):
        if count[0] >= MOST_PARTS:
            break
        parts.append(_part(child, f"{section}.{number}" if section else str(number), count, depth + 1))
    kind = _word(given, at).lower() or "mixed"
    return Part(section, f"multipart/{kind}", _params(_at(given, at + 1)), parts=parts)


def _leaf(given: list[Item], section: str, count: list[int], depth: int) -> Part:
    main, sub = _word(given, 0).lower(), _word(given, 1).lower()
    section = section or "1"
    size = _word(given, 6)
    part = Part(
        section,
        f"{main}/{sub}",
        _params(_at(given, 2)),
        _word(given, 3).strip("<> "),
        _word(given, 5).lower() or "7bit",
        int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,
    )
    behind = 7
    if main == "text":
        behind = 8
    elif (main, sub) in (("message", "rfc822"), ("message", "global")) and isinstance(_at(given, 8), list):
        behind = 10
        envelope, inner = _at(given, 7), _at(given, 8)
        part.subject = decoded(_word(envelope, 1)) if isinstance(envelope, list) else ""
        if isinstance(inner, list) and count[0] < MOST_PARTS:
            multi = bool(inner) and isinstance(inner[0], list)
            part.parts = [_part(inner, section if multi else f"{section}.1", count, depth + 1)]
    _disposition(part, _at(given, behind + 1))
    return part


def _disposition(part: Part, given: Item) -> None:
    named: dict[str, str] = {}
    if isinstance(given, list):
        part.disposition = _word(given, 0).lower()
        named = _params(_at(given, 1))
    name = named.get("filename") or part.params.get("name", "")
    part.filename = file_name(name or (f"{part.subject}.eml" if part.subject else ""))


def _at(given: Item, place: int) -> Item:
    return given[place] if isinstance(given, list) and len(given) > place else None


def _word(given: Item, place: int) -> str:
    value = _at(given, place)
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""


def _params(given: Item) -> dict[str, str]:
    """Parameters with their odd spellings read (RFC 2231, and RFC 2047 where it does not belong)."""
    if not isinstance(given, list):
        return {}
    words = [_word(given, i) for i in range(min(len(given), 200))]
    named = [(name.lower(), value) for name, value in zip(words[::2], words[1::2], strict=False)]
    try:
        read = decode_params([("", ""), *((name, f'"{value}"') for name, value in named)])[1:]
        return {name: decoded(_bare(collapse_rfc2231_value(value))) for name, value in read}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {name: decoded(value) for name, value in named}


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def file_name(text: str) -> str:
    """A name that is safe to offer: no path, nothing invisible, nothing that turns its end around."""
    shown = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "C" or sign == "\u200d")
    name = _PATH.sub("_", " ".join(shown.split())).strip(". ")
    if len(name) <= 120:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 119 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else name[:120]
