"""Features: what of an utterance finds a row of weights, and how much each counts.

Words, pairs of words, runs of three and four letters, and marks, each by a hash that is the same in every process.
"""

from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from zlib import crc32

from comptoir.reading.weights import weights

WORD, PAIR, RUN, MARK = 10, 7, 3, 30
"""How much each kind of feature counts, in tenths."""

START = 0
"""What stands before the first word, in its pair."""

_RUNS = (3, 4)


def features(said: list[str], bits: int) -> list[tuple[int, int]]:
    """The rows that an utterance finds in a table of 2 ** `bits` rows, and how much each counts."""
    mask = (1 << bits) - 1
    found = [each for token in said for each in rows(token, mask)]
    hashes = [START, *map(hashed, said)]
    return found + [(pair(a, b) & mask, PAIR) for a, b in pairwise(hashes)]


def rows(token: str, mask: int) -> list[tuple[int, int]]:
    """The rows of one word, with the runs of its letters, or of one mark."""
    found = [(hashed(token) & mask, MARK if token[0] == "#" else WORD)]
    return found + [(row, RUN) for row in run_rows(token, mask)]


def run_rows(token: str, mask: int) -> list[int]:
    """The rows of the runs of letters of one word; a mark and a word that is negated have none."""
    if token[0] in "#!":
        return []
    edged = f"_{token[:20]}_"
    if not edged.isascii():
        return [crc32(run.encode("utf-8", "replace"), 1) & mask for run in runs(token)]
    said, end = edged.encode(), len(edged) + 1  # as above, without a string for each run
    return [crc32(said[at : at + run], 1) & mask for run in _RUNS for at in range(end - run)]


def runs(word: str) -> list[str]:
    """The runs of letters of a word, "_" at its edges."""
    edged = f"_{word[:20]}_"
    return [edged[at : at + run] for run in _RUNS for at in range(len(edged) - run + 1)]


def hashed(token: str) -> int:
    """The hash of a word or a mark."""
    return crc32(token.encode("utf-8", "replace"))


def pair(before: int, token: int) -> int:
    """The hash of two that follow each other, by theirs."""
    return before * 0x9E3779B1 + token


def chance(logit: float) -> float:
    """How likely something is, from 0 to 1, by its logit."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def logit(model: str, label: str, said: list[str]) -> float:
    """What speaks for an utterance being what a model of one weight a row looks for."""
    table = weights(model)
    at = table.labels.index(label)
    base, before, words, pairs = at << table.bits, START, 0.0, 0
    for token in said:
        worth, found = _worth(model, at, token)
        words += worth
        pairs += table.rows[base + (pair(before, found) & table.mask)]
        before = found
    return (words + pairs * PAIR) * table.scales[at] / WORD / sqrt(max(1, len(said))) + table.bias[at][0]


@lru_cache(maxsize=2048)
def _worth(model: str, at: int, token: str) -> tuple[int, int]:
    """What one word or mark is worth in a model, in steps and tenths, without its pairs; and its hash."""
    table = weights(model)
    base = at << table.bits
    return sum(table.rows[base + row] * counts for row, counts in rows(token, table.mask)), hashed(token)
