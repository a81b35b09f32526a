"""Toxicity: whether a text is hateful or racist.

A linear model for each language (`training/noise.py`). It is a hint for a person who moderates, and decides nothing:
it takes those who quote a slur, and those who speak back, for those who mean it more often than a person would.
"""

from comptoir.reading.features import chance, logit
from comptoir.reading.utterance import utterance
from comptoir.reading.weights import weights

_READ = 2000


def languages() -> tuple[str, ...]:
    """The languages that toxicity is read in."""
    return weights("toxicity").labels


def toxicity_of(text: str, language: str) -> float:
    """How likely it is that a text in a language (ISO 639-1) is hateful, from 0 to 1; 0 in a language not covered."""
    return chance(logit_of(text, language)) if language in languages() else 0.0


def logit_of(text: str, language: str) -> float:
    """What speaks for a text being hateful, by its words, in a language that is covered."""
    return logit("toxicity", language, utterance(text[:_READ], language))
