"""Thousands of queries put to every message that passes: which of them does it match?

A `Matcher` holds queries by whatever names them, and says of a batch of messages which matched what:

    matcher = Matcher[int]()
    matcher.add(7, parse('orange AND (box OR fibre) NOT "code orange"'))
    for document, numbers in matcher.match(documents):  # only those that something matched
        ...

Its index only proposes; `Query.matches` decides, as it does everywhere, so the outcome is that of asking every query of
every message. `add` also changes a query, `remove` forgets one, both between two batches and in about a millisecond.
It learns which words are rare from what passes. One thread has it. A process that holds thousands of queries for long
calls `settle` once they are filed, once ten thousand messages have passed, and after every few hundred changes.

`reference.matches` is the same meaning written plainly and slowly, for tests and the bench to compare with.
"""

from comptoir.reading.matching.matcher import Matcher

__all__ = ["Matcher"]
