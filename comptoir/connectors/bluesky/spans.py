"""Texts as the network writes them: facets that count UTF-8 bytes become spans that count characters."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import quote

from comptoir.networks.connector import Json, Span

APP = "https://bsky.app"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KINDS = {
    "app.bsky.richtext.facet#link": "link",
    "app.bsky.richtext.facet#mention": "mention",
    "app.bsky.richtext.facet#tag": "tag",
}


def clean(text: str) -> str:
    """The text without control characters and lone surrogates, which nothing further on could keep."""
    return _CONTROL.sub("", text)


def profile_address(actor: str) -> str:
    """The page of a person, by handle or DID."""
    return f"{APP}/profile/{quote(actor, safe=':.-')}"


def spans(text: str, facets: Json) -> tuple[Span, ...]:
    """The stretches of `clean(text)` that the facets of `text` point at.

    A facet that lies outside the text, cuts a character in two, overlaps an earlier one or points nowhere is
    left out: the text stays whole without it.
    """
    if not isinstance(facets, list) or not facets:
        return ()
    ends = [0, *accumulate(len(letter.encode("utf-8", "surrogatepass")) for letter in text)]
    kept = [0, *accumulate(not _CONTROL.match(letter) for letter in text)]
    found = sorted(_found(facets, ends, kept), key=lambda span: (span.start, -span.end))
    out: list[Span] = []
    for span in found:
        if span.start >= (out[-1].end if out else 0):
            out.append(span)
    return tuple(out)


def _found(facets: list[Json], ends: list[int], kept: list[int]) -> Iterator[Span]:
    for facet in facets:
        try:
            index, features = facet["index"], facet["features"]
            start, end = _place(index["byteStart"], ends), _place(index["byteEnd"], ends)
            pointed = next(filter(None, map(_pointed, features)), None)
        except (KeyError, TypeError, ValueError):
            continue
        if pointed and kept[start] < kept[end]:
            yield Span(kept[start], kept[end], *pointed)


def _place(byte: Json, ends: list[int]) -> int:
    """The index of the character that begins at a byte. ValueError when none does."""
    if not isinstance(byte, int):
        raise ValueError(byte)
    place = bisect_left(ends, byte)
    if byte < 0 or place == len(ends) or ends[place] != byte:
        raise ValueError(byte)
    return place


def _pointed(feature: Json) -> tuple[str, str] | None:
    """What a feature is and the https address that it points to; None when it is none that we know."""
    if not isinstance(feature, dict):
        return None
    kind = _KINDS.get(str(feature.get("$type")), "")
    value = feature.get({"link": "uri", "mention": "did", "tag": "tag"}.get(kind, ""))
    if not isinstance(value, str) or not clean(value) or len(value) > 2_000:
        return None
    value = clean(value)
    if kind == "link":
        return (kind, value) if value.startswith(("https://", "http://")) else None
    if kind == "mention":
        return (kind, profile_address(value)) if value.startswith("did:") else None
    return kind, f"{APP}/hashtag/{quote(value, safe='')}"
