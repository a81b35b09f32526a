"""Credit: whether a text names whoever made what it shares, and leads there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from comptoir.publishing.tagging import each_address
from comptoir.reading.folding import fold, spaced

_UTM = re.compile(r"(?:^|(?<=&))utm_\w+=[^&]*(?:&|$)", re.IGNORECASE)


def lacking(texts: Sequence[str], link: str, author: str, handles: Iterable[str]) -> list[str]:
    """What of the credit no text has: "author" (the name, a handle or an address of theirs does), "link"."""
    said = "\n".join(texts)
    there = addresses(said)
    # Whoever is named in an address alone is named to nobody.
    words = each_address(said, lambda _address: " ")
    found = [] if _named(words, there, author, handles) else ["author"]
    return found if plain(link) in there else [*found, "link"]


def addresses(text: str) -> set[str]:
    """The addresses in a text, each as `plain` has it."""
    found: set[str] = set()

    def note(address: str) -> str:
        found.add(plain(address))
        return address

    each_address(text, note)
    return found


def plain(address: str) -> str:
    """What is the same for addresses that lead to the same page: without the scheme, "www.", the slash at the end, the
    place on the page, and words that say where a visitor came from."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return address.strip()
    host = host.removeprefix("www.") + (f":{port}" if port not in (None, 80, 443) else "")
    query = _UTM.sub("", parts.query).rstrip("&")
    return f"{host}{parts.path.rstrip('/')}{f'?{query}' if query else ''}"


def _named(said: str, there: set[str], author: str, handles: Iterable[str]) -> bool:
    name = spaced(author)
    if name and f" {name} " in f" {spaced(said)} ":
        return True
    return any(_handled(said, there, each.strip()) for each in handles if each.strip())


def _handled(said: str, there: set[str], handle: str) -> bool:
    """Whether a handle, or the address of a page of somebody's, stands in a text, and not only the beginning of it."""
    if "://" in handle:
        return plain(handle) in there
    bare = re.escape(fold(handle).lstrip("@"))
    # A word of one piece is a handle where it is written as one: "@rose" is somebody, "rose" is a flower.
    sign = "@?" if "." in bare or "@" in bare else "@"
    return re.search(rf"(?<![\w@.-]){sign}{bare}(?![\w@-]|\.\w)", fold(said)) is not None
