"""Where queries are filed, by word and by beginning of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from comptoir.reading.matching.filing import Filed

STEM = 3
"""Letters by which beginnings of words are looked up. A `*` has as many before it; a `?` may have fewer."""

type Shelf[Id: Hashable] = dict[Id, Filed]


class Shelves[Id: Hashable]:
    """Queries by the words of `Filed.under`."""

    def __init__(self) -> None:
        self._words: dict[str, Shelf[Id]] = {}
        self._heads: dict[str, Shelf[Id]] = {}
        self._lengths: dict[
            str, Counter[int]
        ] = {}  # by their first letters, how long heads are, and how many so
        self._short = 0

    def put(self, id: Id, filed: Filed) -> None:
        """File a query under each of its words."""
        for word in filed.under:
            shelves, key = self._place(word)
            if key not in shelves:
                shelves[key] = {}
                if shelves is self._heads:
                    self._lengths.setdefault(key[:STEM], Counter())[len(key)] += 1
                    self._short += len(key) < STEM
            shelves[key][id] = filed

    def take(self, id: Id, filed: Filed) -> None:
        """Take it away again."""
        for word in filed.under:
            shelves, key = self._place(word)
            del shelves[key][id]
            if shelves[key]:
                continue
            del shelves[key]
            if shelves is self._heads:
                self._short -= len(key) < STEM
                self._lengths[key[:STEM]] -= Counter([len(key)])
                if not self._lengths[key[:STEM]]:
                    del self._lengths[key[:STEM]]

    def _place(self, word: str) -> tuple[dict[str, Shelf[Id]], str]:
        return (self._heads, word[:-1]) if word[-1] == "*" else (self._words, word)

    def of(self, words: frozenset[str]) -> list[Shelf[Id]]:
        """The shelves that these words lead to."""
        found = [self._words[word] for word in self._words.keys() & words]
        heads, lengths = self._heads, self._lengths
        for word in words:
            if begins := lengths.get(word[:STEM]):
                found += [heads[word[:length]] for length in begins if word[:length] in heads]
        if self._short:
            begun = {word[:length] for length in range(1, STEM) for word in words}
            found += [heads[head] for head in begun & heads.keys()]
        return found
