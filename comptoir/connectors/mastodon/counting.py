"""How long a text is to an instance: graphemes, a link counted as its own fixed length, a name without its server."""

from __future__ import annotations

import regex

from comptoir.networks.connector import Length

_GRAPHEME = regex.compile(r"\X")
_LINK = regex.compile(r"(?<![\w@])https?://[^\s<>\"]+", regex.I)
_NAME = regex.compile(r"(?<![\w/=])@(\w+(?:[\w.-]*\w)?)@[\w.-]+\w", regex.I)
_CLOSING = {")": "(", "]": "[", "}": "{"}


def graphemes(text: str) -> int:
    """What a reader takes for one sign each: a flag, a family, a letter with its accents."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def length(text: str, limit: int, link: int, warning: str = "") -> Length:
    """The text against an instance's limit, a content warning and the text together."""
    counted = _NAME.sub(r"@\1", _LINK.sub(lambda found: "x" * link + _after(found[0]), text))
    count = graphemes(warning) + graphemes(counted)
    return Length(count, limit, count - limit)


def _after(link: str) -> str:
    """The punctuation of the sentence behind a link, which is none of it."""
    end = len(link)
    while end:
        last = link[end - 1]
        unopened = last in _CLOSING and link[:end].count(last) > link[:end].count(_CLOSING[last])
        if last not in ".,;:!?'\"»”’…" and not unopened:
            break
        end -= 1
    return link[end:]
