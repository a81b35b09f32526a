"""Remote HTML, read as plain text with its links and pictures beside it: none of its markup reaches a page.

Pure, and part of the contract: connectors use it through `networks.connector`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from comptoir.networks.values import Media, Span

_PARAGRAPHS = frozenset(
    {"address", "article", "aside", "blockquote", "div", "dl", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
     "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
)  # fmt: skip
_LINES = frozenset({"br", "caption", "dd", "dt", "figcaption", "li", "tr"})
_SILENT = frozenset({"head", "math", "noscript", "object", "script", "style", "svg", "template", "title"})
_LEFT = frozenset({"head", "math", "svg"})
"""What a paragraph ends that nobody closed, as in browsers."""
_PICTURES = {"img": "image", "video": "video", "audio": "audio"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Marked:
    """What HTML says: its text, the spans of its links, and the media that it shows, each once."""

    text: str
    spans: tuple[Span, ...] = ()
    media: tuple[Media, ...] = ()


def plain(html: str, base: str = "") -> Marked:
    """Read HTML, however broken. `base` is the address that relative ones start from.

    Paragraphs are set apart by an empty line, lines and list items by a line break. A link's span is of kind "mention"
    or "tag" where its class or rel says so (`mention`, `hashtag`, `tag`), else "link"; only http(s) targets count.
    """
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return reader.marked()


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = base
        self._parts: list[str] = []
        self._length = 0
        self._owed = ""
        self._silent: list[str] = []
        self._raw = 0
        self._link: tuple[int, str, str] | None = None
        self._spans: list[Span] = []
        self._media: dict[str, Media] = {}

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if self._silent and self._silent[-1] in _LEFT and tag in _PARAGRAPHS | {"body"}:
            self._silent.clear()
        if self._silent:
            if tag in _SILENT:
                self._silent.append(tag)
            return
        if tag in _SILENT:
            self._silent.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        self._break(tag)
        if tag == "li":
            self._write("• ")
        elif tag == "pre":
            self._raw += 1
        elif tag == "a":
            self._end_link()
            if target := self._address(given.get("href", "")):
                self._settle()
                self._link = (self._length, _kind(given), target)
        elif tag in _PICTURES:
            self._show(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag == "a":
            self._end_link()
        elif tag == "pre":
            self._raw = max(0, self._raw - 1)
        if tag in _PARAGRAPHS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._raw:
            self._write(data)
            return
        words = _BLANKS.sub(" ", data)
        if words.startswith(" ") and not self._owed and self._length:
            self._owed = " "
        if body := words.strip(" "):
            self._write(body)
            if words.endswith(" "):
                self._owed = " "

    def marked(self) -> Marked:
        self._end_link()
        text = "".join(self._parts)
        spans = [span for span in self._spans if span.end <= len(text)]
        return Marked(text, tuple(spans), tuple(self._media.values()))

    def _break(self, tag: str) -> None:
        if not self._length:
            return
        if tag in _PARAGRAPHS:
            self._owed = "\n\n"
        elif tag in _LINES:
            self._owed = "\n" if "\n" not in self._owed or tag != "br" else "\n\n"

    def _settle(self) -> None:
        """Write the blank that is owed, so that a link does not begin with it."""
        if self._owed and self._length:
            self._parts.append(self._owed)
            self._length += len(self._owed)
        self._owed = ""

    def _write(self, words: str) -> None:
        self._settle()
        self._parts.append(words)
        self._length += len(words)

    def _end_link(self) -> None:
        if self._link is None:
            return
        start, kind, target = self._link
        self._link = None
        if self._length > start:
            self._spans.append(Span(start, self._length, kind, target))

    def _show(self, tag: str, given: dict[str, str]) -> None:
        if url := self._address(given.get("src", "")):
            self._media.setdefault(
                url,
                Media(
                    url,
                    _PICTURES[tag],
                    given.get("alt", "")[:1_500],
                    _pixels(given.get("width", "")),
                    _pixels(given.get("height", "")),
                    self._address(given.get("poster", "")),
                ),
            )

    def _address(self, given: str) -> str:
        try:
            url = urljoin(self._base, given.strip())
            return url if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname else ""
        except ValueError:
            return ""


def _kind(given: dict[str, str]) -> str:
    words = set(given.get("class", "").split()) | set(given.get("rel", "").split())
    if words & {"hashtag", "tag"}:
        return "tag"
    return "mention" if "mention" in words else "link"


def _pixels(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 else None
