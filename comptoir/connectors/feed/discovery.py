"""The feeds that a page names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_KINDS = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "application/rdf+xml",
    "text/xml",
}
_COMMENTS = ("comment", "commentaire", "replies")


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page names."""

    address: str
    title: str
    about_comments: bool


def links(page: bytes, base: str) -> list[Link]:
    """The feeds that a page's head names (rel=alternate, or rel=replies), in its own order."""
    reader = _Heads(base)
    reader.feed(page[:2_000_000].decode("utf-8", errors="replace"))
    return reader.found


def best(found: Sequence[Link], what: str) -> str:
    """The first that is about what is wanted ("comments" or "posts"); "" when there is none."""
    wanted = [link for link in found if link.about_comments == (what == "comments")]
    return wanted[0].address if wanted else ""


class _Heads(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base
        self.found: list[Link] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self._base = _joined(self._base, given["href"]) or self._base
        relations = set(given.get("rel", "").lower().split())
        kind = given.get("type", "").lower().partition(";")[0].strip()
        if tag not in ("link", "a") or kind not in _KINDS or not relations & {"alternate", "replies"}:
            return
        if kind == "application/json" and "feed" not in given.get("href", ""):
            return  # the page itself, in another form
        if address := _joined(self._base, given.get("href", "")):
            said = f"{address} {given.get('title', '')}".lower()
            about = "replies" in relations or any(word in said for word in _COMMENTS)
            self.found.append(Link(address, given.get("title", ""), about))


def _joined(base: str, address: str) -> str:
    try:
        whole = urljoin(base, address.strip())
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""
