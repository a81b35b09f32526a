"""Under which words a query is filed: any match of it must hold one of them."""

from __future__ import annotations

from itertools import islice

from comptoir.reading.matching.beside import beside, needed
from comptoir.reading.matching.frequencies import Frequencies
from comptoir.reading.query import Query
from comptoir.reading.query.needing import needs

ALSO_MOST = 3

type Clause = frozenset[str]


class Filed:
    """A query and where it is filed.

    under      the words: the clause that the fewest messages meet; none where nothing can be said
    also       others; of each of these, too, a match holds one
    learnt     from how many messages it was known how common they are
    holds      what decides: `Query.matches`, one call nearer
    beside     how those of these begin that are no words of a text
    """

    __slots__ = ("also", "beside", "holds", "learnt", "query", "under")

    def __init__(self, query: Query, frequencies: Frequencies) -> None:
        self.query = query
        self.holds = query.holds  # made by now: no message waits for it
        self.learnt = frequencies.learnt
        self.under, self.also = anchors(query, frequencies)
        self.beside = beside(self.under.union(*self.also))


def anchors(query: Query, frequencies: Frequencies) -> tuple[Clause, tuple[Clause, ...]]:
    """The clause that says most, and the next that are made of whole words."""

    def rarely(clause: Clause) -> tuple[float, int]:
        return -frequencies.of(clause), min(map(len, clause))

    clauses = sorted(needs(query.root, needed, rarely, either=2), key=rarely, reverse=True)
    whole = (clause for clause in clauses[1:] if not any(word[-1] == "*" for word in clause))
    return (clauses[0], tuple(islice(whole, ALSO_MOST))) if clauses else (frozenset(), ())
