"""Language: which one a text is written in, guessed from a few words.

Scripts that one language has give it away. Latin letters are judged by a linear model: each word is cut into runs of
one to five bytes, each run and the word itself finds a row of weights, and the sums go through a softmax. Rows are
hashed as Ganchev and Dredze propose ("Small Statistical Models by Random Feature Mixing", 2008). How the weights were
made: `training/language.py`.
"""

import re
import sys
from array import array
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from math import exp, log, sqrt
from typing import NamedTuple
from zlib import crc32

from comptoir.reading.scripts import SCRIPTS, kin, script_of
from comptoir.reading.weights import Weights, weights

KEPT = 8192
"""Of so many words it is kept what they say: those of a stream in several languages come again and again."""
RUNS = 5
"""The longest run of bytes that has weights."""

_SURE = 0.35
_SURE_OF_NAMES = 0.9
_SURE_OF_FEW = 0.45
_FEW = 10
_LEAST = 3
_STEP = 10
_BEYOND_DOUBT = 0.995
_READ = 1000
_SAMPLE, _TURNS = 4000, 3
_LANES = 256
"""So many bytes can be added up in the room of two."""
_LITTLE = sys.byteorder == "little"
_NOISE = re.compile(r"https?:\S*|www\.\S+|\bhttp\b|[@#]\w+|\S+@\S+|\brt\b", re.IGNORECASE)
_WITHIN = re.compile(r"https?:|www\.|\.(?:com|net|org)\b|\bhttp\b|\brt\b", re.IGNORECASE)
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W\d_]+")
# People write these more often than the others that the model knows: half a logit more, where all come into question.
_FREQUENT = dict.fromkeys(("en", "fr", "es", "de", "it", "pt", "nl"), 0.5)


class Guess(NamedTuple):
    """A language (ISO 639-1, "" where nobody could tell) and how sure that is, from 0 to 1."""

    code: str
    confidence: float


UNSURE = Guess("", 0.0)


def language_of(
    text: str, among: Collection[str] | None = None, *, mix: Mapping[str, float] | None = None
) -> Guess:
    """The language of a text; `among` says which ones come into question (codes it does not know are passed over).

    "" where there is nothing to judge (addresses, names, emoji, a letter or two) and where the guess is too weak. With
    `mix`, how often each language is spoken where the text comes from, the likeliest is told however weak it is.
    """
    body = _body(text[:_READ])
    words = _WORD.findall(body)
    if mix is not None and sum(map(len, words)) < _LEAST:
        body = _WITHIN.sub(" ", text[:_READ])  # better than nothing: what tags and addresses are made of
        words = _WORD.findall(body)
    letters = sum(map(len, words))
    code, count = script_of(body)
    if letters < _LEAST and count < 2:
        return UNSURE
    if code and count * 2 >= letters:
        return _by_script(code, min(1.0, count / letters), among)
    if mix is not None:
        return _by_words([word.lower() for word in words], among, _before(mix))
    guess = _by_words([word.lower() for word in words], among, {} if among is not None else _FREQUENT)
    sure = _SURE_OF_NAMES if _look_like_names(words) else _SURE if letters >= _FEW else _SURE_OF_FEW
    return guess if guess.confidence >= sure else UNSURE


def languages() -> tuple[str, ...]:
    """Those that can be told, by their codes."""
    return (*weights("language").labels, *SCRIPTS)


def spoken_in(texts: Sequence[str]) -> dict[str, float]:
    """How often each language is spoken among texts: the share that explains all of them best.

    The shares and the guesses take turns in making each other better (expectation and maximisation: Saerens, Latinne
    and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities", 2002).
    """
    some = texts[:: max(1, len(texts) // _SAMPLE)]
    mix: dict[str, float] = {}
    for _turn in range(_TURNS):
        heard = {code: exp(_FREQUENT.get(code, 0.0)) for code in weights("language").labels}
        for text in some:
            guess = language_of(text, mix=mix) if mix else language_of(text)
            heard[guess.code] = heard.get(guess.code, 0.0) + guess.confidence
        heard.pop("", None)
        total = sum(heard.values())
        mix = {code: count / total for code, count in heard.items()}
    return mix


def _before(mix: Mapping[str, float]) -> dict[str, float]:
    """What is thought of each language before a word is read, in logits."""
    least = min(mix.values(), default=1.0)
    return {code: log(mix.get(code, least)) for code in weights("language").labels}


def words_of(text: str) -> list[str]:
    """The words of a text that its language is judged by, as the training reads them."""
    return [word.lower() for word in _WORD.findall(_body(text))]


def _body(text: str) -> str:
    """What somebody wrote, without addresses, names and tags; "pleeeeut" is "pleut"."""
    return _DRAWN.sub(r"\1", _NOISE.sub(" ", text))


def places(word: str, mask: int) -> list[int]:
    """The rows that a word finds: one for each run of its bytes, one for the word itself."""
    said = f"_{word[:20]}_".encode("utf-8", "replace")
    length = len(said)
    found = [crc32(said[at : at + 1]) & mask for at in range(1, length - 1)]
    for run in range(2, RUNS + 1):
        found += [crc32(said[at : at + run]) & mask for at in range(length - run + 1)]
    found.append(crc32(said, 7) & mask)
    return found


def _look_like_names(words: list[str]) -> bool:
    """Two to four words that all begin with a capital and go on small: somebody, or a brand."""
    return 2 <= len(words) <= 4 and all(word[0].isupper() and word[1:].islower() for word in words)


def _by_script(code: str, share: float, among: Collection[str] | None) -> Guess:
    alone = len(kin(code)) == 1
    if among is None or code in among:
        return Guess(code, share * (0.99 if alone else 0.9))
    near = [each for each in kin(code) if each in among]
    return Guess(near[0], share * (0.9 if len(near) == 1 else 0.5)) if near else UNSURE


def _by_words(words: list[str], among: Collection[str] | None, before: Mapping[str, float]) -> Guess:
    """The most likely language by the model. Ten words at a time: most texts leave no doubt after the first ten."""
    table = weights("language")
    columns = [at for at, code in enumerate(table.labels) if among is None or code in among]
    if not columns:
        return UNSURE
    sums = [0] * (len(table.labels) + 1)
    guess = UNSURE
    for start in range(0, len(words), _STEP):
        sums = [sum(each) for each in zip(sums, *map(_said_by, words[start : start + _STEP]), strict=True)]
        guess = _likeliest(table, columns, sums, before)
        if guess.confidence > _BEYOND_DOUBT:
            break
    return guess


def _likeliest(table: Weights, columns: list[int], sums: list[int], before: Mapping[str, float]) -> Guess:
    """The softmax over the languages in question, over what was thought `before`. The last sum counts the runs."""
    unit = table.scales[0] / sqrt(sums[-1])
    logits = {code: sums[at] * unit + before.get(code, 0.0) for at in columns if (code := table.labels[at])}
    best = max(logits, key=logits.__getitem__)
    return Guess(best, 1 / sum(exp(each - logits[best]) for each in logits.values()))


@lru_cache(maxsize=KEPT)
def _said_by(word: str) -> array[int]:
    """What a word says for each language, in steps of the model, and after them of how many runs."""
    table = weights("language")
    found = places(word, table.mask)
    sums = [0] * len(table.labels)
    for start in range(0, len(found), _LANES):
        some = found[start : start + _LANES]
        sums = [a + b for a, b in zip(sums, _added(table, some), strict=True)]
    return array("h", [*sums, len(found)])


def _added(table: Weights, found: list[int]) -> list[int]:
    """The sums of some rows, column by column: all of them are one long number, whose halves are added until one row
    is left.

    Each byte is made positive and given the room of two, every other one apart, so that none runs into the next. That
    wants an even number of columns.
    """
    width, rows = len(table.labels), table.rows
    whole = int.from_bytes(b"".join([rows[at * width : at * width + width] for at in found]), "little")
    count = len(found)
    positive, lanes = _masks(width, count)
    whole ^= positive
    evens, odds = whole & lanes, whole >> 8 & lanes
    left = 1 << (count - 1).bit_length()
    while left > 1:
        left //= 2
        bits = 8 * width * left
        low = (1 << bits) - 1
        evens, odds = (evens & low) + (evens >> bits), (odds & low) + (odds >> bits)
    sums = [0] * width
    sums[::2], sums[1::2] = (
        memoryview(each.to_bytes(width, sys.byteorder)).cast("H").tolist()[:: 1 if _LITTLE else -1]
        for each in (evens, odds)
    )
    return [each - 128 * count for each in sums]


@cache
def _masks(width: int, count: int) -> tuple[int, int]:
    size = width * count
    return int.from_bytes(b"\x80" * size, "little"), int.from_bytes(b"\xff\0" * (size // 2), "little")
