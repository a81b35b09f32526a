"""What the brand says, as records: facets over UTF-8 bytes, pictures, and a key that makes twice once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import regex
from PIL import Image

from comptoir.connectors.bluesky.counting import graphemes
from comptoir.connectors.bluesky.reading import POST
from comptoir.networks.connector import Json, Upload

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_FACET = "app.bsky.richtext.facet"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MENTION = regex.compile(
    rf"(?<![\w@./-])@((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?![\w@])", regex.I
)
_LINK = regex.compile(
    r"(?<![\w@./-])(?:https?://[^\s<>\"]+|(?:www\.)[^\s<>\"]+|(?:[a-z0-9-]+\.)+[a-z]{2,24}/[^\s<>\"]*)",
    regex.I,
)
_TAG = regex.compile(r"(?<![\w#&/])[##](?=[\p{N}_]*[\p{L}\p{So}])([\p{L}\p{M}\p{N}\p{So}\p{Sk}_\u200d]+)")
_CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text, in characters, that a facet will point from."""

    start: int
    end: int
    kind: str
    value: str


def record_key(key: str, at: datetime, attempt: int = 0) -> str:
    """The record key (a TID) for a delivery's key: the same for every try, sorted by `at` as others are.

    `attempt` gives another one, for when the first turns out to be taken by something else.
    """
    digest = int.from_bytes(sha256(f"{attempt}/{key}".encode()).digest()[:8])
    micros = int(at.timestamp() * 1000) * 1000 + digest % 1000
    number = (micros << 10) | (digest // 1000 % 1024)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def timestamp(at: datetime) -> str:
    """A time as records carry it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def find(text: str) -> list[Found]:
    """Links, mentions and tags in a text, in order, none over another."""
    found = sorted((*_links(text), *_mentions(text), *_tags(text)), key=lambda f: (f.start, -f.end))
    out: list[Found] = []
    for one in found:
        if one.start >= (out[-1].end if out else 0):
            out.append(one)
    return out


def _links(text: str) -> Iterator[Found]:
    for match in _LINK.finditer(text):
        shown = _trimmed(match[0])
        uri = shown if shown.lower().startswith(("http://", "https://")) else f"https://{shown}"
        if "." in uri.partition("://")[2] and len(uri) <= 2_000:
            yield Found(match.start(), match.start() + len(shown), "link", uri)


def _trimmed(link: str) -> str:
    """A link without the punctuation of the sentence around it."""
    while link:
        last = link[-1]
        if last in ".,;:!?'\"»”’…" or (last in _CLOSING and link.count(last) > link.count(_CLOSING[last])):
            link = link[:-1]
        else:
            break
    return link


def _mentions(text: str) -> Iterator[Found]:
    for match in _MENTION.finditer(text):
        yield Found(match.start(), match.end(), "mention", match[1].lower())


def _tags(text: str) -> Iterator[Found]:
    for match in _TAG.finditer(text):
        if graphemes(match[1]) <= 64 and len(match[1].encode()) <= 640:
            yield Found(match.start(), match.end(), "tag", match[1])


def facets(text: str, resolve: Callable[[str], str]) -> list[dict[str, Json]]:
    """The facets of a text. `resolve` gives the DID of a handle, "" when nobody has it: it stays plain."""
    out = []
    dids: dict[str, str] = {}
    for one in find(text):
        if one.kind == "mention":
            if one.value not in dids:
                dids[one.value] = resolve(one.value)
            feature = {"$type": f"{_FACET}#mention", "did": dids[one.value]}
            if not dids[one.value]:
                continue
        elif one.kind == "link":
            feature = {"$type": f"{_FACET}#link", "uri": one.value}
        else:
            feature = {"$type": f"{_FACET}#tag", "tag": one.value}
        start = len(text[: one.start].encode())
        end = start + len(text[one.start : one.end].encode())
        out.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
    return out


def images(media: Sequence[Upload], upload: Callable[[bytes, str], Json]) -> dict[str, Json]:
    """The embed that shows pictures, brought to the server one by one."""
    shown = []
    for one in media:
        image: dict[str, Json] = {"image": upload(one.content, one.mime), "alt": one.alt}
        if ratio := _ratio(one.content):
            image["aspectRatio"] = ratio
        shown.append(image)
    return {"$type": "app.bsky.embed.images", "images": shown}


def _ratio(content: bytes) -> dict[str, int] | None:
    """A picture's width and height, so that pages leave the right room; None when they cannot be read."""
    try:
        with Image.open(BytesIO(content)) as picture:
            return {"width": picture.width, "height": picture.height}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def post(text: str, at: datetime, **more: Json) -> dict[str, Any]:
    """The record of a post; of `more`, what is empty is left out."""
    filled = {name: value for name, value in more.items() if value}
    return {"$type": POST, "text": text, "createdAt": timestamp(at), **filled}
