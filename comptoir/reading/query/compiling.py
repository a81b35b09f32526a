"""A query made into functions, once: whether it holds of a message, and which places of the text show why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from comptoir.reading.query.conditions import condition
from comptoir.reading.query.document import Document, Place
from comptoir.reading.query.fields import FIELDS, PLACES
from comptoir.reading.query.finding import (
    AnyOf,
    Compound,
    Exact,
    Finder,
    Marked,
    Phrase,
    Window,
    Within,
    words_of,
)
from comptoir.reading.query.finding import Near as Together
from comptoir.reading.query.syntax import And, Field, Mark, Near, Node, Not, Or, Word
from comptoir.reading.query.syntax import Compound as CompoundNode
from comptoir.reading.query.syntax import Exact as ExactNode
from comptoir.reading.query.syntax import Phrase as PhraseNode

type Holds = Callable[[Document], bool]


class Compiled(NamedTuple):
    """Whether a part of a query holds, and the places that show it, asked only where it does."""

    holds: Holds
    places: Callable[[Document], Iterable[Place]]


def compiled(node: Node, field: str = "") -> Compiled:
    """The functions of a node, as it stands inside a field or outside any."""
    if isinstance(node, And):
        return _all([compiled(part, field) for part in node.parts])
    if isinstance(node, Or):
        return _any(node, field)
    if isinstance(node, Not):
        held = compiled(node.node, field).holds
        return Compiled(lambda document: not held(document), _nowhere)
    if isinstance(node, Field):
        return compiled(node.value, node.name)
    if field and field not in PLACES:
        return _condition(node, field)
    return _found(node, field)


def finder(node: Node) -> Finder:
    """What finds the places of a node that can have some."""
    if isinstance(node, Or):
        return AnyOf([finder(part) for part in node.parts])
    if isinstance(node, Near):
        return Together(finder(node.left), finder(node.right), node.distance, node.ordered)
    if isinstance(node, Mark):
        return Marked(node.sign, node.text)
    if isinstance(node, ExactNode):
        return Exact(node.text)
    if isinstance(node, CompoundNode):
        return Compound(node.text)
    if isinstance(node, PhraseNode) and node.distance is not None:
        return Window(words_of(node.text), node.distance)
    if isinstance(node, Word | PhraseNode):
        return Phrase(words_of(node.text))
    raise TypeError(f"{type(node).__name__} has no places")


def _all(parts: list[Compiled]) -> Compiled:
    held = [part.holds for part in parts]

    def holds(document: Document) -> bool:
        for each in held:  # noqa: SIM110 - a generator takes twice the time
            if not each(document):
                return False
        return True

    return Compiled(holds, lambda document: [place for part in parts for place in part.places(document)])


def _any(node: Or, field: str) -> Compiled:
    parts = [compiled(part, field) for part in node.parts]
    plain = frozenset(key for part in node.parts if (key := _plain(part, field)))
    held = [part.holds for part, each in zip(parts, node.parts, strict=True) if not _plain(each, field)]

    def holds(document: Document) -> bool:
        if plain and not plain.isdisjoint(document.reading.index):
            return True
        for each in held:  # noqa: SIM110
            if each(document):
                return True
        return False

    return Compiled(
        holds, lambda document: [place for p in parts if p.holds(document) for place in p.places(document)]
    )


def _plain(node: Node, field: str) -> str:
    """The key that decides it all, of a word that is sought anywhere, without accents or wildcards; or ""."""
    if field or not isinstance(node, Word | PhraseNode) or getattr(node, "distance", None) is not None:
        return ""
    words = words_of(node.text)
    return words[0].head if len(words) == 1 and words[0][1:] == (None, None) else ""


def _found(node: Node, where: str) -> Compiled:
    """What is found in the text: in the title alone or the text alone, if one is named."""
    found: Finder = finder(node)
    if where:
        found = Within(found, where)
    key = _plain(node, where)

    def anywhere(document: Document) -> bool:
        return key in document.reading.index

    if key:
        holds: Holds = anywhere
    elif isinstance(node, Mark) and not where:
        holds = marked(node.sign, node.text)
    elif isinstance(found, Together):
        together = found.together
        holds = lambda document: next(together(document.reading), None) is not None  # noqa: E731
    else:
        holds = lambda document: bool(found.places(document.reading))  # noqa: E731
    return Compiled(holds, lambda document: found.leaves(document.reading))


def marked(sign: str, text: str) -> Holds:
    """Whether a message carries that #tag, @name or $tag, in its text or beside it."""
    mark = Marked(sign, text)

    def exactly(document: Document) -> bool:
        plains = document.marked.get(mark.sought.head)
        return plains is not None and mark.sought.plain in (None, *plains)

    def somehow(document: Document) -> bool:
        return any(mark.is_(key, plain) for key, plains in document.marked.items() for plain in plains)

    return exactly if mark.sought.fits is None else somehow


def _condition(node: Node, field: str) -> Compiled:
    sign = {"hashtag": "#", "mention": "@"}.get(field)
    if sign and isinstance(node, Word | PhraseNode):
        mark = Marked(sign, node.text)
        return Compiled(marked(sign, node.text), lambda document: mark.places(document.reading))
    return Compiled(condition(FIELDS[field], node), _nowhere)


def _nowhere(document: Document) -> Iterable[Place]:
    return ()
