"""How long a text is on the network: graphemes, as people count, and bytes, as the record stores them."""

from __future__ import annotations

import regex

from comptoir.networks.connector import Length

GRAPHEMES = 300
BYTES = 3_000
_GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """What a reader takes for one sign each: a flag, a family, a letter with its accents."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def length(text: str) -> Length:
    """The text against both limits; the figures are of the tighter one, graphemes when it fits."""
    signs, size = graphemes(text), len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES and size / BYTES > signs / GRAPHEMES:
        return Length(size, BYTES, size - BYTES)
    return Length(signs, GRAPHEMES, signs - GRAPHEMES)
