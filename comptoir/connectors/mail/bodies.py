"""The words of a message: which parts hold them, and how they are read."""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from itertools import islice

from comptoir.connectors.mail.headers import in_charset
from comptoir.connectors.mail.quoting import part, part_html, unflowed
from comptoir.connectors.mail.structure import Part
from comptoir.networks.connector import Span, plain

MOST_BYTES = 250_000
"""Of one part of text, as it is encoded; the rest stays on the server."""
MOST_TEXTS = 4
RAW = "TEXT"
"""The section of everything below a message's head."""
LONGEST = 20_000
_SHOWN = ("text/plain", "text/html")
_LINK = re.compile(r"https?://[^\s<>\"'\]\[{}|\\^`\x00-\x20]{3,1500}")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_EMPTY = re.compile(r"(this|cette?|your|votre|ihr).{0,80}(html|mime).{0,120}", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says: the new, with its links, and the old that stood in it."""

    text: str = ""
    old: str = ""
    spans: tuple[Span, ...] = ()


def texts(root: Part) -> list[Part]:
    """The parts whose words are shown, in order. Of alternatives both plain text and HTML: which, is seen later."""
    found: list[Part] = []
    _collect(root, found)
    return found[:MOST_TEXTS]


def _collect(each: Part, found: list[Part]) -> None:
    if each.kind == "multipart/alternative":
        below = [p for p in each.walk() if p.kind in _SHOWN and not is_file(p)]
        for kind in _SHOWN:
            found += [p for p in below if p.kind == kind][:1]
    elif each.kind in ("multipart/related", "multipart/signed"):
        if each.parts:
            _collect(each.parts[0], found)
    elif each.is_multipart:
        for inner in each.parts:
            _collect(inner, found)
    elif each.kind in _SHOWN and not is_file(each):
        found.append(each)


def is_file(each: Part) -> bool:
    """Whether a part came to be kept rather than read."""
    return each.disposition == "attachment" or bool(each.filename and each.disposition != "inline")


def read(root: Part, parts: Sequence[Part], contents: Mapping[str, bytes], forwarded: bool = False) -> Body:
    """The body from its parts' contents by section."""
    if root.section == RAW:
        return _rescued(contents.get(RAW, b""), root.params.get("boundary", ""))
    chosen = _chosen(root, parts, contents)
    whole = [_one(each, contents.get(each.section, b""), forwarded) for each in chosen]
    text, old, spans = "", [], []
    for body in whole:
        if body.text:
            text += "\n\n" if text else ""
            spans += [Span(s.start + len(text), s.end + len(text), s.kind, s.target) for s in body.spans]
            text += body.text
        if body.old:
            old.append(body.old)
    kept = tuple(span for span in spans if span.end <= LONGEST)[:200]
    return Body(text[:LONGEST], "\n\n".join(old)[:LONGEST], kept)


def _rescued(content: bytes, boundary: str) -> Body:
    """The words of a message whose parts no server could describe: read as far as they can be."""
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n' if boundary else "\r\n"
    try:
        parts = list(islice(message_from_bytes(head.encode() + content).walk(), 500))
    except (RecursionError, ValueError, LookupError, TypeError):
        parts = []
    for kind in _SHOWN:
        for each in parts:
            payload = each.get_payload(decode=True) if each.get_content_type() == kind else None
            if isinstance(payload, bytes) and payload.strip():
                found = Part("1", kind, {"charset": each.get_content_charset() or ""}, encoding="8bit")
                return _one(found, payload, forwarded=False)
    return Body()


def _chosen(root: Part, parts: Sequence[Part], contents: Mapping[str, bytes]) -> list[Part]:
    """The parts without those that only say the same again: HTML beside plain text, unless that is empty talk."""
    plains = [each for each in parts if each.kind == "text/plain"]
    pairs = _alternatives(root)
    dropped: set[str] = set()
    for each in plains:
        other = pairs.get(each.section)
        if other is None:
            continue
        said = in_charset(
            undone(contents.get(each.section, b""), each.encoding), each.params.get("charset", "")
        )
        empty = not said.strip() or (len(said) < 300 and _EMPTY.search(said))
        dropped.add(each.section if empty and contents.get(other) else other)
    return [each for each in parts if each.section not in dropped]


def _alternatives(root: Part) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in root.walk():
        if each.kind == "multipart/alternative":
            below: list[Part] = []
            _collect(each, below)
            if len(below) == 2:
                found[below[0].section] = below[1].section
    return found


def _one(each: Part, content: bytes, forwarded: bool) -> Body:
    text = in_charset(undone(content, each.encoding), each.params.get("charset", ""))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if each.kind == "text/html":
        return _html(text, forwarded)
    if each.params.get("format", "").lower() == "flowed":
        text = unflowed(text, each.params.get("delsp", "").lower() == "yes")
    text = "\n".join(line.rstrip() if line != "-- " else line for line in text.split("\n"))
    parted = part(text, forwarded)
    return Body(parted.new, parted.old, links(parted.new))


def _html(text: str, forwarded: bool) -> Body:
    new, old = ("", text) if forwarded else part_html(text)
    said = plain(new) if new else plain("")
    if not said.text.strip():
        new, old = text, ""
        said = plain(new)
    parted = part(said.text, forwarded)
    shift = said.text.find(parted.new)
    spans = [
        Span(span.start - shift, span.end - shift, "link", span.target)
        for span in said.spans
        if span.start >= shift and span.end - shift <= len(parted.new)
    ]
    rest = "\n\n".join(each for each in (parted.old, plain(old).text if old else "") if each)
    return Body(parted.new, rest, tuple(spans))


def links(text: str) -> tuple[Span, ...]:
    """The web addresses that stand in a plain text."""
    spans: list[Span] = []
    for found in _LINK.finditer(text):
        target = found[0].rstrip(".,;:!?…")
        while target.endswith(")") and target.count(")") > target.count("("):
            target = target[:-1].rstrip(".,;:!?")
        if len(target) > 10:
            spans.append(Span(found.start(), found.start() + len(target), "link", target))
    return tuple(spans[:200])


def undone(content: bytes, encoding: str) -> bytes:
    """A part's content without the encoding that it travelled in; what is cut or broken is read as far as it goes."""
    if encoding == "base64":
        packed = _NOT_BASE64.sub(b"", content.split(b"=", 1)[0] if content.count(b"=") < 3 else content)
        packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
        try:
            return b64decode(packed + b"=" * (-len(packed) % 4))
        except (NotBase64, ValueError):
            return b""
    if encoding == "quoted-printable":
        return quopri.decodestring(content)
    return content
