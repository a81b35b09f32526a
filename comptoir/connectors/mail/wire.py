"""What an IMAP server answers, read as nested lists (RFC 9051, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

type Item = bytes | list["Item"] | None

DEEPEST = 150
_TOKEN = re.compile(rb'\s+|([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+)|(.)', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_LITERAL = re.compile(rb"\{\d+\+?\}$")


class Garbled(Exception):
    """An answer that cannot be read."""


def responses(data: Iterable[bytes | tuple[bytes, bytes] | None]) -> Iterator[list[Item]]:
    """The answers in what imaplib hands over: literals come as pairs with the line that they end."""
    pieces: list[bytes | tuple[bytes, bytes]] = []
    for piece in data:
        if piece is None:
            continue
        pieces.append(piece)
        if isinstance(piece, bytes):
            yield items(pieces)
            pieces = []


def items(pieces: Sequence[bytes | tuple[bytes, bytes]]) -> list[Item]:
    """One answer. NIL is None; everything else that is no list is bytes. Garbled when its brackets do not match."""
    top: list[Item] = []
    stack = [top]
    for piece in pieces:
        text, literal = piece if isinstance(piece, tuple) else (piece, None)
        for bracket, quoted, atom, odd in _tokens(_LITERAL.sub(b"", text) if literal is not None else text):
            if bracket == b"(":
                inner: list[Item] = []
                stack[-1].append(inner)
                stack.append(inner)
                if len(stack) > DEEPEST:
                    raise Garbled("too deep")
            elif bracket == b")":
                if len(stack) == 1:
                    raise Garbled("brackets")
                stack.pop()
            elif odd is not None:
                raise Garbled("quotes")
            elif quoted is not None:
                stack[-1].append(_ESCAPED.sub(rb"\1", quoted))
            elif atom is not None:
                stack[-1].append(None if atom.upper() == b"NIL" else atom)
        if literal is not None:
            stack[-1].append(literal)
    if len(stack) != 1:
        raise Garbled("brackets")
    return top


def _tokens(text: bytes) -> Iterator[tuple[bytes | None, bytes | None, bytes | None, bytes | None]]:
    for found in _TOKEN.finditer(text):
        bracket, quoted, atom, odd = found.groups()
        if found.lastindex:
            yield bracket, quoted, atom, odd


def pairs(answer: list[Item]) -> dict[str, Item]:
    """The named values of a FETCH answer, the message's number left out."""
    found = next((item for item in answer if isinstance(item, list)), [])
    return {
        name.decode("ascii", "replace").upper(): value
        for name, value in zip(found[::2], found[1::2], strict=False)
        if isinstance(name, bytes)
    }


def quoted(text: str) -> str:
    """A name as a quoted string. ValueError when it cannot be one."""
    if any(sign in text for sign in "\r\n\x00"):
        raise ValueError(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folder_name(text: str) -> str:
    """A folder's name as old IMAP writes it: what is not ASCII in its own UTF-7 (RFC 3501, section 5.1.3)."""
    done: list[str] = []
    held: list[str] = []

    def release() -> None:
        if held:
            packed = _base64("".join(held).encode("utf-16-be"))
            done.append(f"&{packed}-")
            held.clear()

    for sign in text:
        if " " <= sign <= "~":
            release()
            done.append("&-" if sign == "&" else sign)
        else:
            held.append(sign)
    release()
    return "".join(done)


def _base64(content: bytes) -> str:
    from base64 import b64encode

    return b64encode(content).decode().rstrip("=").replace("/", ",")
