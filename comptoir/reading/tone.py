"""Tone: whether a text is positive, neutral or negative, from its words.

A linear model for each language: words, pairs of words, runs of three and four letters and marks each find a row of
weights for positive and for negative, against neutral; words whose tone is known from lexicons add theirs; the sums
go through a softmax. Rows are hashed, so that no word of a text that the model learnt from is kept. How the weights
were made: `training/tone.py`.
"""

from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from typing import Literal, NamedTuple
from zlib import crc32

from comptoir.reading.utterance import utterance
from comptoir.reading.weights import Weights, known, weights

Label = Literal["positive", "neutral", "negative", ""]

WORD, PAIR, RUN, MARK = 10, 7, 3, 30
"""How much each kind of feature counts, in tenths."""

_RUNS = (3, 4)
_READ = 2000
_START = 0


class Tone(NamedTuple):
    """A label ("" where the language is not covered or nothing was said), and a score from -1 to 1.

    The score is how likely positive is, less how likely negative is.
    """

    label: Label
    score: float


UNREAD = Tone("", 0.0)


def languages() -> tuple[str, ...]:
    """The languages that tone is read in."""
    return weights("tone").labels


def tone_of(text: str, language: str) -> Tone:
    """The tone of a text in a language (ISO 639-1)."""
    table = weights("tone")
    if language not in table.labels:
        return UNREAD
    said = utterance(text[:_READ], language)
    if all(each in ("#url", "#name") for each in said):
        return UNREAD
    at = table.labels.index(language)
    good, bad = _summed(table, said, language)
    root = sqrt(len(said))
    positive, negative = exp(good / root + table.bias[at][0]), exp(bad / root + table.bias[at][1])
    total = positive + negative + 1
    label: Label = "neutral"
    if max(positive, negative) > 1:
        label = "positive" if positive >= negative else "negative"
    return Tone(label, (positive - negative) / total)


def features(said: list[str], bits: int) -> list[tuple[int, int]]:
    """The rows that an utterance finds in a language's table of 2 ** `bits` rows, and how much each counts."""
    mask = (1 << bits) - 1
    found = [each for token in said for each in _rows(token, mask)]
    hashes = [_START, *map(_hashed, said)]
    return found + [(_pair(a, b) & mask, PAIR) for a, b in pairwise(hashes)]


def _summed(table: Weights, said: list[str], language: str) -> tuple[float, float]:
    """What the words and the pairs of an utterance say for positive and for negative, in logits."""
    at = table.labels.index(language)
    rows, mask, base = table.rows, table.mask, at << table.bits
    good = bad = 0.0
    pairs_good = pairs_bad = 0
    before = _START
    for token in said:
        word_good, word_bad, hashed = _said_by(token, language)
        good += word_good
        bad += word_bad
        pair = (base + (_pair(before, hashed) & mask)) * 2
        pairs_good += rows[pair]
        pairs_bad += rows[pair + 1]
        before = hashed
    unit = table.scales[at] * PAIR / WORD
    return good + pairs_good * unit, bad + pairs_bad * unit


@lru_cache(maxsize=2048)
def _said_by(token: str, language: str) -> tuple[float, float, int]:
    """What one word or mark says for positive and for negative, in logits; and its hash, for the pairs."""
    table = weights("tone")
    at = table.labels.index(language)
    rows, base, unit = table.rows, at << table.bits, table.scales[at] / WORD
    found = [((base + row) * 2, counts) for row, counts in _rows(token, table.mask)]
    hashed = _hashed(token)
    good, bad = known("tone")[language].of(hashed)
    return (
        good + unit * sum(rows[place] * counts for place, counts in found),
        bad + unit * sum(rows[place + 1] * counts for place, counts in found),
        hashed,
    )


def _rows(token: str, mask: int) -> list[tuple[int, int]]:
    if token[0] == "#":
        return [(_hashed(token) & mask, MARK)]
    found = [(_hashed(token) & mask, WORD)]
    if token[0] != "!":
        word = f"_{token[:20]}_"
        for run in _RUNS:
            for at in range(len(word) - run + 1):
                found.append((crc32(word[at : at + run].encode("utf-8", "replace"), 1) & mask, RUN))
    return found


def _hashed(token: str) -> int:
    return crc32(token.encode("utf-8", "replace"))


def _pair(before: int, token: int) -> int:
    return before * 0x9E3779B1 + token
