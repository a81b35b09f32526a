"""The queries, held ready for every message."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from comptoir.reading.matching.beside import BESIDE
from comptoir.reading.matching.filing import Filed
from comptoir.reading.matching.frequencies import Frequencies
from comptoir.reading.matching.shelves import Shelves
from comptoir.reading.query import Document, Query

LEARNT_FROM, LATER_FROM = 16, 64
"""Of so many messages one is learnt from, until `MUCH` is learnt and after."""
MUCH = 2_000
"""Messages after which common words are known: what changes later is soon enough met in fewer."""
WORTH = 0.5
"""A query is filed anew if at most so much of the messages remain in which its words are met."""


SELDOM = 0.001
"""Of a query whose words are met in a smaller share of the messages there is nothing to be gained."""

COLLECTED_AFTER = 100_000
"""Objects made, less those gone, after which a settled process has its memory looked through."""


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
        From then on it comes by seldom: it would walk through all messages of each batch.

        For whoever has filed many queries, or changed some hundred, in a process that does nothing else.
        """
        gc.collect(1)
        gc.freeze()
        gc.set_threshold(COLLECTED_AFTER)

    def match(self, documents: Sequence[Document]) -> list[tuple[Document, list[Id]]]:
        """The messages that some query matches, in order, each with the queries that do, in none."""
        with _uncollected():
            # One step after the other for all: what a step needs is then in the processor's cache.
            for document in documents:
                document.keys  # noqa: B018 - they are kept
            asked = [self._asked(document) for document in documents]
            self.asked += sum(map(len, asked))
            found = [
                (document, ids)
                for document, queries in zip(documents, asked, strict=True)
                if (ids := [id for id, filed in queries.items() if filed.holds(document)])
            ]
            for document in documents[:: LEARNT_FROM if self._frequencies.learnt < MUCH else LATER_FROM]:
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

    def _asked(self, document: Document) -> dict[Id, Filed]:
        """The queries that a message may match."""
        asked = dict(self._always)
        beside = self._beside_of(document)
        if shelves := self._shelves.of(chain(document.keys, beside)):
            words = document.words
            for shelf in shelves:
                for id, filed in shelf.items():
                    for others in filed.also:
                        if others.isdisjoint(words) and others.isdisjoint(beside):
                            break
                    else:
                        asked[id] = filed
        return asked

    def _beside_of(self, document: Document) -> list[str]:
        return [word for words in self._ways for word in words(document)]

    def _learn(self, document: Document) -> None:
        """Count words, and file anew what was met, if by now there is a better word for it."""
        words = document.words.union(self._beside_of(document))
        self._frequencies.learn(words)
        met = {id: filed for shelf in self._shelves.of(words) for id, filed in shelf.items()}
        for id, filed in met.items():
            if self._frequencies.learnt > 2 * filed.learnt:
                self._look(id, filed)

    def _look(self, id: Id, filed: Filed) -> None:
        filed.learnt = self._frequencies.learnt
        met = self._frequencies.of(filed.under)
        if met < SELDOM:
            return
        better = Filed(filed.query, self._frequencies)
        if self._frequencies.of(better.under) < WORTH * met:
            self.remove(id)
            self._file(id, better)


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
