"""A query made into functions, each when it is first asked for: whether it holds of a message, and what shows why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from comptoir.reading.query.conditions import condition
from comptoir.reading.query.document import EDGE, Document, Place, Reading
from comptoir.reading.query.fields import FIELDS, MARKED, PLACES
from comptoir.reading.query.finding import (
    AnyOf,
    AnyWord,
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
type Shows = Callable[[Document], Iterable[Place]]

HEAD_MOST = 50


@lru_cache(maxsize=1 << 16)
def holding(node: Node, field: str = "") -> Holds:
    """Whether a node is true of a message, as it stands inside a field or outside any.

    Queries that have a part in common have its function in common: it is in the processor's cache more often.
    """
    if isinstance(node, And):
        # What takes a look at the words alone comes first: it spares the rest.
        return _all([holding(part, field) for part in sorted(node.parts, key=_is_long)])
    if isinstance(node, Or):
        return _any(node, field)
    if isinstance(node, Not):
        held = holding(node.node, field)
        return lambda document: not held(document)
    if isinstance(node, Field):
        return holding(node.value, node.name)
    if field in MARKED and isinstance(node, Word | PhraseNode):
        return marked(MARKED[field], node.text)
    if field and field not in PLACES:
        return condition(FIELDS[field], node)
    if key := _plain(node, field):
        return lambda document: key in document.reading.held
    if piece := _piece(node, field):
        return lambda document: piece in document.reading.line
    if isinstance(node, Mark) and not field:
        return marked(node.sign, node.text)
    found = _finder(node, field)
    if isinstance(found, Together):
        return _together(found, node)
    if isinstance(found, Exact) and found.single:
        word, written = found.words[0].head, found.single
        return lambda document: word in document.reading.held and _written(written, document.reading)
    places = found.places
    if isinstance(found, Phrase | Exact | Window):
        whole = found.whole
        return lambda document: whole <= document.reading.held and bool(places(document.reading))
    return lambda document: bool(places(document.reading))


def showing(node: Node, field: str = "") -> Shows:
    """The places that show why a node is true of a message; asked only where it is."""
    if isinstance(node, And):
        parts = [showing(part, field) for part in node.parts]
        return lambda document: [place for part in parts for place in part(document)]
    if isinstance(node, Or):
        either = [(holding(part, field), showing(part, field)) for part in node.parts]
        return lambda document: [
            place for held, shown in either if held(document) for place in shown(document)
        ]
    if isinstance(node, Field):
        return showing(node.value, node.name)
    if field in MARKED and isinstance(node, Word | PhraseNode):
        mark = Marked(MARKED[field], node.text)
        return lambda document: mark.places(document.reading)
    if isinstance(node, Not) or (field and field not in PLACES):
        return lambda document: ()
    leaves = _finder(node, field).leaves
    return lambda document: leaves(document.reading)


def _finder(node: Node, where: str) -> Finder:
    """What finds the places of a node: in the title alone or the text alone, if one is named."""
    return Within(finder(node), where) if where else finder(node)


def finder(node: Node) -> Finder:
    """What finds the places of a node that can have some."""
    if isinstance(node, Or):
        plain = frozenset(key for part in node.parts if (key := _plain(part, "")))
        others: list[Finder] = [finder(part) for part in node.parts if not _plain(part, "")]
        return AnyOf([AnyWord(plain), *others]) if plain else AnyOf(others)
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


def _written(word: str, reading: Reading) -> bool:
    """Whether a word stands there just so: few texts that hold its signs have to be parted into words for it."""
    return (word in reading.text.text or word in reading.title.text) and word in reading.words


def _all(held: list[Holds]) -> Holds:
    def holds(document: Document) -> bool:
        for each in held:  # noqa: SIM110 - a generator takes twice the time
            if not each(document):
                return False
        return True

    return holds


def _together(found: Together, node: Node) -> Holds:
    """Where each side stands is looked for only where both stand somewhere."""
    together = found.together
    sides = _all([holding(side) for side in (node.left, node.right)]) if isinstance(node, Near) else None
    if sides is None:
        return lambda document: next(together(document.reading), None) is not None
    return lambda document: sides(document) and next(together(document.reading), None) is not None


def _is_long(node: Node) -> bool:
    """Whether it takes more than a look at the words to see if it holds."""
    if isinstance(node, Or):
        return not all(_plain(part, "") or _piece(part, "") for part in node.parts)
    return not (_plain(node, "") or _piece(node, ""))


def _any(node: Or, field: str) -> Holds:
    plain = frozenset(key for part in node.parts if (key := _plain(part, field)))
    pieces = [piece for part in node.parts if (piece := _piece(part, field))]
    marks = frozenset(key for part in node.parts if (key := _mark(part, field)))
    ways = (_plain, _piece, _mark)
    held = [holding(part, field) for part in node.parts if not any(way(part, field) for way in ways)]
    if not held and not marks and not pieces:
        return lambda document: not plain.isdisjoint(document.reading.held)

    def holds(document: Document) -> bool:
        if plain and not plain.isdisjoint(document.reading.held):
            return True
        if marks and not marks.isdisjoint(document.mark_keys):
            return True
        if pieces:
            line = document.reading.line
            for piece in pieces:
                if piece in line:
                    return True
        for each in held:  # noqa: SIM110
            if each(document):
                return True
        return False

    return holds


def _plain(node: Node, field: str) -> str:
    """The key that decides it all, of a word that is sought anywhere, without accents or wildcards; or ""."""
    if field or not isinstance(node, Word | PhraseNode) or getattr(node, "distance", None) is not None:
        return ""
    words = words_of(node.text)
    return words[0].head if len(words) == 1 and words[0][1:] == (None, None) else ""


def _piece(node: Node, field: str) -> str:
    """What of `Reading.line` decides it all, of words one behind the other that are sought anywhere, without accents
    or wildcards, and of one word with a star behind it and no other sign; or ""."""
    if field or not isinstance(node, Word | PhraseNode) or getattr(node, "distance", None) is not None:
        return ""
    words = words_of(node.text)
    if len(words) > 1:
        plain = all(word[1:] == (None, None) for word in words)
        return f"{EDGE}{EDGE.join(word.head for word in words)}{EDGE}" if plain else ""
    starred = isinstance(node, Word) and node.text[-1:] == "*" and node.text[:-1].isalpha()
    return EDGE + words[0].head if starred and words[0].plain is None and len(node.text) < HEAD_MOST else ""


def _mark(node: Node, field: str) -> str:
    """The key that decides it all, of a #tag, @name or $tag that is sought without accents or wildcards; or ""."""
    if field in MARKED and isinstance(node, Word | PhraseNode):
        mark = Marked(MARKED[field], node.text)
    elif isinstance(node, Mark) and not field:
        mark = Marked(node.sign, node.text)
    else:
        return ""
    return mark.sought.head if mark.sought[1:] == (None, None) else ""


def marked(sign: str, text: str) -> Holds:
    """Whether a message carries that #tag, @name or $tag, in its text or beside it."""
    mark = Marked(sign, text)
    head, plain, _fits = mark.sought

    def exactly(document: Document) -> bool:
        if head not in document.mark_keys:
            return False
        return plain is None or plain in document.marked[head]

    def somehow(document: Document) -> bool:
        return any(mark.is_(key, plain) for key, plains in document.marked.items() for plain in plains)

    return exactly if mark.sought.fits is None else somehow
