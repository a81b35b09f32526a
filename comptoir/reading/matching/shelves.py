"""Where queries are filed, by word and by beginning of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from itertools import chain, filterfalse

from comptoir.reading.matching.filing import Filed

STEM = 3
"""Letters by which beginnings of words are looked up. A `*` has as many before it; a `?` may have fewer."""

REMEMBERED_MOST = 100_000
"""Words that are remembered to lead nowhere."""

type Shelf[Id: Hashable] = dict[Id, Filed]


class _Leads[Id: Hashable](dict[str, list[Shelf[Id]]]):
    """Where words lead, as was seen when they were first met."""

    def __init__(self, look: Callable[[str], list[Shelf[Id]]]) -> None:
        self._look = look

    def __missing__(self, word: str) -> list[Shelf[Id]]:
        return self._look(word)


class Shelves[Id: Hashable]:
    """Queries by the words of `Filed.under`."""

    def __init__(self) -> None:
        self._words: dict[str, Shelf[Id]] = {}
        self._heads: dict[str, Shelf[Id]] = {}
        self._lengths: dict[
            str, Counter[int]
        ] = {}  # by their first letters, how long heads are, and how many so
        self._short = 0
        self._idle = set[str]()  # words met that lead nowhere: most do, and are passed over together
        self._leads = _Leads(self._look)  # where the others lead

    def put(self, id: Id, filed: Filed) -> None:
        """File a query under each of its words."""
        for word in filed.under:
            shelves, key = self._place(word)
            if key not in shelves:
                shelves[key] = {}
                self._forget(None if shelves is self._heads else key)
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
            self._forget(None if shelves is self._heads else key)
            if shelves is self._heads:
                self._short -= len(key) < STEM
                self._lengths[key[:STEM]] -= Counter([len(key)])
                if not self._lengths[key[:STEM]]:
                    del self._lengths[key[:STEM]]

    def _place(self, word: str) -> tuple[dict[str, Shelf[Id]], str]:
        return (self._heads, word[:-1]) if word[-1] == "*" else (self._words, word)

    def of(self, words: Iterable[str]) -> list[Shelf[Id]]:
        """The shelves that these words lead to, some of them perhaps twice."""
        live = filterfalse(self._idle.__contains__, words)
        return list(chain.from_iterable(map(self._leads.__getitem__, live)))

    def _forget(self, word: str | None = None) -> None:
        """Look anew where one word leads, or all of them."""
        if word is None:
            self._idle.clear()
            self._leads.clear()
        else:
            self._idle.discard(word)
            self._leads.pop(word, None)

    def _look(self, word: str) -> list[Shelf[Id]]:
        """The shelves that one word leads to, remembered."""
        if shelves := self._led(word):
            self._leads[word] = shelves
        elif ":" not in word:  # authors are too many to be remembered
            if len(self._idle) >= REMEMBERED_MOST:
                self._idle.clear()
            self._idle.add(word)
        return shelves

    def _led(self, word: str) -> list[Shelf[Id]]:
        heads = self._heads
        found = [self._words[word]] if word in self._words else []
        if begins := self._lengths.get(word[:STEM]):
            found += [heads[word[:length]] for length in begins if word[:length] in heads]
        if self._short:
            found += [heads[word[:length]] for length in range(1, STEM) if word[:length] in heads]
        return found
