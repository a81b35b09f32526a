"""Tone: whether a text is positive, neutral or negative, from its words.

A linear model for each language: words, pairs of words, runs of three and four letters and marks each find a row of
weights for positive and for negative, against neutral; words whose tone is known from lexicons add theirs; the sums
go through a softmax. Rows are hashed, so that no word of a text that the model learnt from is kept. How the weights
were made: `training/tone.py`.
"""

import re
from functools import cache, lru_cache
from math import exp, sqrt
from typing import Literal, NamedTuple

from comptoir.reading.features import MARK, PAIR, RUN, START, WORD, hashed, pair, run_rows
from comptoir.reading.utterance import utterance
from comptoir.reading.weights import Weights, known, weights

Label = Literal["positive", "neutral", "negative", ""]

_READ = 2000


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
    found = logits_of(text, language)
    return UNREAD if found is None else told(*found)


def unnamed(text: str, brand: str, language: str) -> str:
    """A text without the tone of the brand's own name: who writes to Bonne Maman or Best Buy has praised nobody yet."""
    if not brand or tone_of(brand, language).label in ("", "neutral"):
        return text
    return _name(brand).sub("@brand", text)


@lru_cache(maxsize=256)
def _name(brand: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[@#]?{re.escape(brand)}(?!\w)", re.IGNORECASE)


def logits_of(text: str, language: str) -> tuple[float, float] | None:
    """What speaks for positive and for negative, against neutral; None where nothing can be said."""
    table = weights("tone")
    if language not in table.labels:
        return None
    said = utterance(text[:_READ], language)
    if all(each in ("#url", "#name") for each in said):
        return None
    at = table.labels.index(language)
    good, bad = _summed(table, said, language)
    root = sqrt(len(said))
    return good / root + table.bias[at][0], bad / root + table.bias[at][1]


def told(good: float, bad: float) -> Tone:
    """The tone that logits for positive and for negative, against neutral, come to."""
    positive, negative = exp(good), exp(bad)
    label: Label = "neutral"
    if max(positive, negative) > 1:
        label = "positive" if positive >= negative else "negative"
    return Tone(label, (positive - negative) / (positive + negative + 1))


def _summed(table: Weights, said: list[str], language: str) -> tuple[float, float]:
    """What the words and the pairs of an utterance say for positive and for negative, in logits."""
    good_rows, bad_rows, scale = _columns(language)
    mask, before = table.mask, START
    good = bad = 0.0
    pairs = []
    for token in said:
        word_good, word_bad, found = _said_by(token, language)
        good += word_good
        bad += word_bad
        pairs.append(pair(before, found) & mask)
        before = found
    unit = scale * PAIR / WORD
    return (
        good + sum(map(good_rows.__getitem__, pairs)) * unit,
        bad + sum(map(bad_rows.__getitem__, pairs)) * unit,
    )


@lru_cache(maxsize=8192)
def _said_by(token: str, language: str) -> tuple[float, float, int]:
    """What one word or mark says for positive and for negative, in logits; and its hash, for the pairs."""
    table = weights("tone")
    good_rows, bad_rows, scale = _columns(language)
    whole = hashed(token)
    row, runs = whole & table.mask, run_rows(token, table.mask)
    counts = MARK if token[0] == "#" else WORD
    steps_good = good_rows[row] * counts + RUN * sum(map(good_rows.__getitem__, runs))
    steps_bad = bad_rows[row] * counts + RUN * sum(map(bad_rows.__getitem__, runs))
    good, bad = known("tone")[language].of(whole)
    unit = scale / WORD
    return good + unit * steps_good, bad + unit * steps_bad, whole


@cache
def _columns(language: str) -> tuple[memoryview, memoryview, float]:
    """The weights of one language for positive, those for negative, and what a step is worth."""
    table = weights("tone")
    at = table.labels.index(language)
    mine = table.rows[at << table.bits + 1 : at + 1 << table.bits + 1]
    return mine[::2], mine[1::2], table.scales[at]
