"""The queries, held ready for every message."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from comptoir.reading.matching.beside import BESIDE
from comptoir.reading.matching.filing import Filed
from comptoir.reading.matching.frequencies import Frequencies
from comptoir.reading.matching.shelves import Shelves
from comptoir.reading.query import Document, Query

LEARNT_FROM = 16
"""Of so many messages one is learnt from."""
WORTH = 0.5
"""A query is filed anew if at most so much of the messages remain in which its words are met."""


class Matcher[Id: Hashable]:
    """Queries by what names them. `asked` counts how often one of them was put to a message."""

    def __init__(self) -> None:
        self._filed: dict[Id, Filed] = {}
        self._shelves = Shelves[Id]()
        self._always: dict[Id, Filed] = {}
        self._beside = Counter[str]()
        self._ways: set[Callable[[Document], Iterable[str]]] = set()
        self._frequencies = Frequencies()
        self.asked = 0

    def __len__(self) -> int:
        return len(self._filed)

    def __contains__(self, id: Id) -> bool:
        return id in self._filed

    def queries(self) -> dict[Id, Query]:
        """All that it holds."""
        return {id: filed.query for id, filed in self._filed.items()}

    def add(self, id: Id, query: Query) -> None:
        """Have a query from now on, in the place of an earlier one of that name."""
        self.remove(id)
        self._file(id, Filed(query, self._frequencies))

    def remove(self, id: Id) -> None:
        """Have it no more, if it was there."""
        if filed := self._filed.pop(id, None):
            self._shelves.take(id, filed)
            self._always.pop(id, None)
            self._count(filed, -1)

    def settle(self) -> None:
        """Have Python's collector pass over what is held by now, for good: walking through it takes half a second.

        For whoever has filed many queries, or changed some hundred, in a process that does nothing else.
        """
        gc.collect(1)
        gc.freeze()

    def match(self, documents: Sequence[Document]) -> list[tuple[Document, list[Id]]]:
        """The messages that some query matches, in order, each with the queries that do, in none."""
        with _uncollected():
            found = [(document, ids) for document in documents if (ids := self._of(document))]
        for document in documents[::LEARNT_FROM]:
            self._learn(document)
        return found

    def _file(self, id: Id, filed: Filed) -> None:
        self._filed[id] = filed
        self._count(filed, 1)
        if filed.under:
            self._shelves.put(id, filed)
        else:
            self._always[id] = filed

    def _count(self, filed: Filed, by: int) -> None:
        """Look beside the text only for what some query asks."""
        for begins in filed.beside:
            self._beside[begins] += by
        if filed.beside:
            self._ways = {BESIDE[begins] for begins, count in self._beside.items() if count}

    def _words(self, document: Document) -> frozenset[str]:
        """The words that queries may be filed under."""
        return document.words.union(*[words(document) for words in self._ways])

    def _asked(self, words: frozenset[str]) -> dict[Id, Filed]:
        """The queries that a message with these words may match."""
        asked = dict(self._always)
        for shelf in self._shelves.of(words):
            for id, filed in shelf.items():
                for others in filed.also:
                    if others.isdisjoint(words):
                        break
                else:
                    asked[id] = filed
        return asked

    def _of(self, document: Document) -> list[Id]:
        asked = self._asked(self._words(document))
        self.asked += len(asked)
        return [id for id, filed in asked.items() if filed.matches(document)]

    def _learn(self, document: Document) -> None:
        """Count words, and file anew what was asked in vain, if by now there is a better word for it."""
        words = self._words(document)
        self._frequencies.learn(words)
        for id, filed in self._asked(words).items():
            if self._frequencies.learnt > 2 * filed.learnt and not filed.matches(document):
                self._look(id, filed)

    def _look(self, id: Id, filed: Filed) -> None:
        better = Filed(filed.query, self._frequencies)
        if self._frequencies.of(better.under) < WORTH * self._frequencies.of(filed.under):
            self.remove(id)
            self._file(id, better)
        else:
            filed.learnt = better.learnt


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare Python's collector the messages of a batch: it would walk through them time and again, and none of what is
    found in them leads back to itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
