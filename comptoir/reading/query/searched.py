"""What a search by words can be asked for of a query, where no more than words is understood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from comptoir.reading.folding import words as folded
from comptoir.reading.query.fields import MARKED, PLACES
from comptoir.reading.query.needing import Needs, needs, shortly
from comptoir.reading.query.query import Query
from comptoir.reading.query.syntax import And, Field, Mark, Near, Node, Not, Or, Phrase, Word

WORDS, TAGS = "words", "tags"
"""What a search may understand."""
PROPOSED_MOST = 20
_WORD = re.compile(r"\w{2,}")


class Beyond(StrEnum):
    """Why a search cannot be asked for a part of a query."""

    WITHOUT = "without"
    NEAR = "near"
    WILDCARD = "wildcard"
    PHRASE = "phrase"
    SPELLING = "spelling"
    SIGN = "sign"
    FIELD = "field"


class Part(NamedTuple):
    """A part of a query, as it is written."""

    why: Beyond
    text: str


def beyond(query: Query, takes: Collection[str]) -> list[Part]:
    """The parts that a search which takes no more than this cannot be asked for, in their order."""
    return list(dict.fromkeys(_beyond(query.root, takes)))


def proposals(query: Query, takes: Collection[str], most: int) -> list[str]:
    """What to search for, so that together these searches bring whatever the query may be true of; each has `most`
    letters at the most. Empty where no words are sure to be in it, or where it takes too many searches."""
    clauses = _clauses(query, takes)
    if not clauses:
        return []
    # The more words beside each other, the less is found in vain.
    several = [clause for clause in clauses if 1 < len(clause) <= PROPOSED_MOST]
    chosen = max(several or clauses, key=shortly)
    if len(chosen) > PROPOSED_MOST:
        return []
    everywhere = sorted(
        each for clause in clauses if len(clause) == 1 and clause != chosen for each in clause
    )
    found = []
    for word in sorted(chosen):
        # A tag is looked for by itself alone.
        beside = [] if word.startswith("#") else [each for each in everywhere if not each.startswith("#")]
        found.append(_within([word, *beside], most))
    return found if all(found) else []


def uncovered(query: Query, takes: Collection[str], most: int, searches: Sequence[str]) -> list[str]:
    """Of what to search for, what none of these searches brings already."""
    held = [_pieces(search) for search in searches]
    always = {each for clause in _clauses(query, takes) if len(clause) == 1 for each in map(_same, clause)}
    wanted = proposals(query, takes, most)
    return [each for each in wanted if not any(have <= always | _pieces(each) for have in held)]


def _beyond(node: Node, takes: Collection[str]) -> Iterator[Part]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _beyond(part, takes)
    elif (why := _why(node, takes)) is not None:
        yield Part(why, str(node))


def _why(node: Node, takes: Collection[str]) -> Beyond | None:
    if isinstance(node, Word):
        return Beyond.WILDCARD if re.search(r"[*?]", node.text) else None
    if isinstance(node, Mark):
        return None if _tag(node, "", takes) else Beyond.SIGN
    if isinstance(node, Field):
        return None if _tag(node.value, node.name, takes) else Beyond.FIELD
    kinds = {Not: Beyond.WITHOUT, Near: Beyond.NEAR, Phrase: Beyond.PHRASE}
    return kinds.get(type(node), Beyond.SPELLING)


def _clauses(query: Query, takes: Collection[str]) -> Needs:
    """What any match holds one of each of, as a search is asked for it."""

    def leaf(node: Node, field: str) -> Needs:
        if tag := _tag(node, field, takes):
            return (frozenset({tag}),)
        if (field and field not in PLACES) or WORDS not in takes or not isinstance(node, Word | Phrase):
            return ()
        if re.search(r"[*?]", node.text):
            return ()
        return tuple(frozenset({word.lower()}) for word in _WORD.findall(node.text))

    return needs(query.root, leaf, shortly)


def _tag(node: Node, field: str, takes: Collection[str]) -> str:
    """The #tag that a leaf asks for, "" if it is none that can be searched for."""
    text = node.text if isinstance(node, Mark | Word) else ""
    is_tag = isinstance(node, Mark) and node.sign == "#" if not field else MARKED.get(field) == "#"
    return f"#{text.lower()}" if is_tag and TAGS in takes and re.fullmatch(r"\w+", text) else ""


def _within(words: list[str], most: int) -> str:
    """As many of these words, from the first on, as go into a question; "" when not even the first does."""
    while words and len(" ".join(words)) > most:
        words = words[:-1]
    return " ".join(words)


def _pieces(search: str) -> set[str]:
    return {_same(piece) for piece in search.split()}


def _same(word: str) -> str:
    """A word without what searches pass over: its case and accents."""
    return ("#" if word.startswith("#") else "") + " ".join(folded(word.removeprefix("#")))
