"""What any message that a query matches must hold: for an index, which then has few to propose."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice, product
from typing import Any

from comptoir.reading.query.fields import MARKED, PLACES
from comptoir.reading.query.finding import Compound as CompoundFinder
from comptoir.reading.query.finding import Exact as ExactFinder
from comptoir.reading.query.finding import Sought, sought, words_of
from comptoir.reading.query.syntax import And, Compound, Exact, Field, Mark, Near, Node, Not, Or, Phrase, Word
from comptoir.reading.query.words import WORD_MOST, patterns, seen

type Needs = tuple[frozenset[str], ...]
type Leaf = Callable[[Node, str], Needs]
"""What a part that is not made of others needs, inside the field of that name, or "" outside any."""
type Telling = Callable[[frozenset[str]], Any]
"""How much a clause says: the more, the fewer messages it is true of."""

SPELLINGS_MOST = 16
ALTERNATIVES_MOST = 1_000
_BEHIND = re.compile(r"[*?].*", re.DOTALL)


def needs(node: Node, leaf: Leaf, telling: Telling, field: str = "", either: int = 1) -> Needs:
    """The words of which a match must hold one of each set; "fibr*" is any word that begins so. () says nothing.

    `either`: into how many sets at the most the words of an OR are gathered.
    """
    if isinstance(node, And | Near):
        parts = node.parts if isinstance(node, And) else (node.left, node.right)
        return _each([clause for part in parts for clause in needs(part, leaf, telling, field, either)])
    if isinstance(node, Or):
        return _either([needs(part, leaf, telling, field, either) for part in node.parts], telling, either)
    if isinstance(node, Field):
        return needs(node.value, leaf, telling, node.name, either)
    return () if isinstance(node, Not) else leaf(node, field)


def indexed(node: Node, field: str) -> Needs:
    """What a leaf needs of an index of messages, which holds words alone, without signs."""
    if field in MARKED and isinstance(node, Word | Phrase):
        node = Mark(MARKED[field], node.text)
    elif field and field not in PLACES:
        return ()
    if isinstance(node, Mark):
        if len(node.text) >= WORD_MOST // 2:
            return ()
        # Behind a wildcard no word is sure to begin where it does here.
        text = _BEHIND.sub("*", seen(node.text.replace("_", " ")).text)
        return _words([sought(word) for _, word in patterns(text)[0]])
    if isinstance(node, Exact):
        return _words(ExactFinder(node.text).words)
    if isinstance(node, Compound):
        return _compound(node)
    return _words(words_of(node.text)) if isinstance(node, Word | Phrase) else ()


def shortly(clause: frozenset[str]) -> tuple[int, int]:
    """By its looks: few words, and long ones, say much."""
    return -len(clause), min(len(word) for word in clause)


def rows(node: Node) -> tuple[Needs, ...]:
    """Words of which a match must hold one of each set, one right behind the other: those of its phrases."""
    if isinstance(node, And):
        return tuple(row for part in node.parts for row in rows(part))
    if isinstance(node, Near):
        return (*rows(node.left), *rows(node.right))
    if isinstance(node, Field):
        return rows(node.value) if node.name in PLACES else ()
    if isinstance(node, Exact):
        return _row(ExactFinder(node.text).words)
    if isinstance(node, Word | Phrase) and getattr(node, "distance", None) is None:
        return _row(words_of(node.text))
    return ()


def among(node: Node, field: str) -> frozenset[str] | None:
    """Values as they were typed, one of which the field has in any match; None where it may have any, or none."""
    if isinstance(node, And):
        return next((found for part in node.parts if (found := among(part, field)) is not None), None)
    if isinstance(node, Or):
        return _union([among(part, field) for part in node.parts])
    return _typed(node.value) if isinstance(node, Field) and node.name == field else None


def _typed(node: Node) -> frozenset[str] | None:
    if isinstance(node, Or):
        return _union([_typed(part) for part in node.parts])
    return frozenset({node.text}) if isinstance(node, Word | Phrase) else None


def _union(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in parts if part is not None]
    return frozenset[str]().union(*known) if len(known) == len(parts) else None


def _row(words: list[Sought]) -> tuple[Needs, ...]:
    row = tuple(map(_spelt, words))
    return (row,) if len(row) > 1 and all(row) else ()


def _each(clauses: list[frozenset[str]]) -> Needs:
    return tuple(dict.fromkeys(clauses))


def _either(branches: list[Needs], telling: Telling, most: int) -> Needs:
    """Clauses that hold whichever branch does: the most telling of each, together; then the next, if they say more."""
    if not all(branches):
        return ()
    told = [sorted(branch, key=telling, reverse=True) for branch in branches]
    clauses: list[frozenset[str]] = []
    for nth in range(1, min(most, max(map(len, told))) + 1):
        clause = frozenset[str]().union(*(branch[:nth][-1] for branch in told))
        if len(clause) <= ALTERNATIVES_MOST and not any(known <= clause for known in clauses):
            clauses.append(clause)
    return tuple(clauses)


def _words(words: list[Sought]) -> Needs:
    return _each([clause for word in words if (clause := _spelt(word))])


def _spelt(word: Sought) -> frozenset[str]:
    """The ways an index may write a word: with "œ" or "oe", cut where it is long."""
    begins = word.fits is not None or len(word.head) >= WORD_MOST - 4
    head = word.head[: WORD_MOST // 2] if begins else word.head
    if not head.isalnum():
        return frozenset()
    found = _ligatures(head)
    if begins and head[-1] in "oa":
        found |= {f"{each[:-1]}{'œ' if head[-1] == 'o' else 'æ'}" for each in found}
    return frozenset(f"{each}*" if begins else each for each in found)


def _ligatures(word: str) -> set[str]:
    parts = [word]
    for pair in ("oe", "ae"):
        parts = [piece for part in parts for piece in _split(part, pair)]
    ways = [{"oe": ("oe", "œ"), "ae": ("ae", "æ")}.get(part, (part,)) for part in parts]
    found = {"".join(way) for way in islice(product(*ways), SPELLINGS_MOST + 1)}
    return found if len(found) <= SPELLINGS_MOST else set()


def _split(part: str, pair: str) -> list[str]:
    pieces = part.split(pair)
    between = [[piece, pair] for piece in pieces[:-1]]
    return [piece for each in [*between, pieces[-1:]] for piece in each if piece]


def _compound(node: Compound) -> Needs:
    """It stands there whole, or its first half does."""
    finder = CompoundFinder(node.text)
    halves = [Sought(finder.whole.head[:cut]) for cut in range(1, len(finder.whole.head) + 1)]
    clauses = [_spelt(word) for word in [*halves, *finder.typed[:1]]]
    return (frozenset[str]().union(*clauses),) if all(clauses) else ()
