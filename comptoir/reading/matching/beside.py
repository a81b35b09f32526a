"""What queries need that is no word of the text: marks and emoji, who wrote it, where it stands.

Written as "#orange", "author:nasa" and "site:orange.fr", it is filed as if it were a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from comptoir.reading.query import Document
from comptoir.reading.query.conditions import bare, folded, host_of
from comptoir.reading.query.fields import MARKED
from comptoir.reading.query.finding import sought, words_of
from comptoir.reading.query.needing import Needs, indexed
from comptoir.reading.query.syntax import Mark, Node, Phrase, Word


def authors(document: Document) -> set[str]:
    """What `author:` may ask of a message: its handle, in full and before the "@", and the words of the name."""
    found = {f"author:{key}" for key in document.author.held} if document.name else set()
    if document.handle:
        handle = document.handle.lstrip("@")
        found.add(f"author:{folded(handle)}")
        if "@" in handle:
            found.add(f"author:{folded(handle.partition('@')[0])}")
    return found


def sites(document: Document) -> set[str]:
    """What `site:` may ask: the host, and all above it."""
    if document.url is None:
        return set()
    parts = host_of(document.url).split(".")
    return {f"site:{'.'.join(parts[first:])}" for first in range(len(parts))}


def marks(document: Document) -> Iterable[str]:
    """Its #tags, @names and $tags."""
    return document.mark_keys


BESIDE: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "author:": authors,
    "site:": sites,
} | dict.fromkeys("#@$", marks)
"""By how such words begin, what a message has of them."""


def beside(words: Iterable[str]) -> frozenset[str]:
    """How those of some words begin that are no words of a text."""
    return frozenset(begins for begins in BESIDE for word in words if word.startswith(begins))


@lru_cache(maxsize=1 << 14)
def needed(node: Node, field: str) -> Needs:
    """What a leaf of a query needs of a message."""
    if field in MARKED and isinstance(node, Word | Phrase):
        node, field = Mark(MARKED[field], node.text), ""
    if isinstance(node, Mark):
        mark = sought(node.sign + node.text)
        return (*(() if mark.fits else (frozenset({mark.head}),)), *_spelt(indexed(node, field)))
    if not isinstance(node, Word | Phrase):
        return _spelt(indexed(node, field))
    if field == "author":
        return _author(node.text)
    if field == "site":
        return (frozenset({f"site:{bare(node.text).partition('/')[0]}"}),)
    clauses = _spelt(indexed(node, field))
    if clauses or field:
        return clauses
    # An index of messages has no emoji; the words of a document do.
    return tuple(frozenset({word.head}) for word in words_of(node.text) if word.fits is None)


def _author(value: str) -> Needs:
    if "*" in value or "?" in value:
        return ()
    names = sorted((word.head for word in words_of(value)), key=len)
    return (frozenset({f"author:{folded(value)}", *(f"author:{name}" for name in names[-1:])}),)


def _spelt(clauses: Needs) -> Needs:
    """Without "œ", which an index of messages may hold, and the words of a document do not."""
    return tuple(
        frozenset(word for word in clause if "œ" not in word and "æ" not in word) for clause in clauses
    )
