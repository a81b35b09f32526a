"""What a message says before anybody asks: its language, its tone, and what marks it."""

from typing import NamedTuple

from comptoir.reading.asking import wants_answer
from comptoir.reading.language import language_of
from comptoir.reading.pressing import presses
from comptoir.reading.spam import heaped, spam_of
from comptoir.reading.tone import tone_of
from comptoir.reading.toxicity import toxicity_of

READ_MOST = 2_000
"""Characters of a message that are read: what somebody wants stands at the beginning."""
SPAM = 0.99
"""From this likelihood on something is passed over as spam. Its words were learnt from comments: of French tweets to
brands two in three are more likely spam than not, none is at 0.99; of the spam below films two in three still are."""
TOXIC, TOXIC_IN = 0.8, {"fr": 0.7}
"""From these likelihoods on something is marked as hateful, elsewhere and in a language: less than one in a hundred
tweets about anything (English 1.0 %, French 0.9, Arabic 0.7). Of hateful ones more than half in French and Arabic are,
in English one in nine: whoever looks at a mark that is mostly wrong looks no more."""


class Signs(NamedTuple):
    """What marks a message: `asks` where its author waits for an answer, `presses` where it speaks of somebody's
    health, of children or of danger."""

    spam: bool = False
    toxic: bool = False
    asks: bool = False
    presses: bool = False


def language_heard(text: str, said: str) -> str:
    """The language of a message; `said` is what its network calls it, and counts."""
    return (said.lower().partition("-")[0] or language_of(text[:READ_MOST]).code)[:16]


def tone_heard(text: str, language: str) -> str:
    """The tone of a message in a language, "" where nobody can tell."""
    return tone_of(text[:READ_MOST], language).label


def heard_as(text: str, said: str) -> tuple[str, str]:
    """The language and the tone of a message."""
    language = language_heard(text, said)
    return language, tone_heard(text, language)


def signs_of(text: str, language: str) -> Signs:
    """What marks a message in a language."""
    read = text[:READ_MOST]
    toxic = is_toxic(language, toxicity_of(read, language))
    return Signs(is_spam(read, spam_of(read)), toxic, wants_answer(read, language), presses(read))


def is_toxic(language: str, chance: float) -> bool:
    """Whether a text that is hateful with so much of a chance is marked as such: seldom by mistake."""
    return chance >= TOXIC_IN.get(language, TOXIC)


def is_spam(text: str, chance: float) -> bool:
    """Whether a text that is spam with so much of a chance is passed over as such: seldom by mistake."""
    return heaped(text) or chance >= SPAM
