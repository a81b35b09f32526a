"""How the brand's words are taken: kind or curt, made for this person or for everybody, asking, promising, in whose language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from comptoir.connectors.rehearsal.dice import seal

_WARM = re.compile(
    r"\b(bonjour|bonsoir|merci|désolée?s?|navrée?s?|pardon|excus\w+|avec plaisir|s'il vous plaît|je comprends|nous comprenons"
    r"|bon courage|vous avez raison|hello|hi|good (?:morning|evening|afternoon)|thanks?|thank you|sorry|apolog\w+|please"
    r"|happy to|glad|i understand|we understand|you're right|you are right|of course)\b"
)
_FORM = re.compile(
    r"prises? en compte|votre (?:demande|message) (?:a bien été|est important)|remarques? au sérieux|nos services"
    r"|dans les meilleurs délais|pour la gêne occasionnée|feedback is important|your (?:request|message|feedback) (?:has been|is)"
    r"|valued customer|value your|any inconvenience|in due course|reach out to our"
)
_PROMISE = re.compile(
    r"\b(je regarde|nous regardons|je me renseigne|nous nous renseignons|je reviens|nous revenons|je vérifie|nous vérifions"
    r"|on vérifie|je transmets|nous transmettons|on revient|je vous redis|looking into|look into|get back to you|come back to you"
    r"|checking|i'll check|we'll check|will check|passing this on|passed this on|let you know)\b"
)
_RUDE = re.compile(
    r"\b(idiote?s?|imbécile|ridicule|taisez|n'importe quoi|débrouillez|pas notre problème|pas mon problème|tant pis pour vous"
    r"|stupid|shut up|nonsense|not our problem|not my problem|deal with it|your own fault|calm down|calmez-vous)\b"
)
_FRENCH = frozenset(
    "le la les un une des du et est vous nous je de pour votre notre avec sur dans au aux que qui pas bonjour merci".split()
)
_ENGLISH = frozenset(
    "the a an and is are you we i of for your our with on in at to that this not hello hi thanks thank sorry it".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
CURT = 28
"""Characters below which an answer without a warm word is curt."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What a reader makes of an answer. `language` is "fr", "en" or "" when it does not show."""

    warm: bool
    curt: bool
    form: bool
    asks: bool
    promises: bool
    rude: bool
    language: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def manner(text: str, repeated: bool) -> Manner:
    """Read an answer. `repeated`: the same words have just been sent to somebody else."""
    low = text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ").lower()
    warm = bool(_WARM.search(low))
    return Manner(
        warm=warm,
        curt=len(low.strip()) < CURT and not warm,
        form=repeated or bool(_FORM.search(low)),
        asks="?" in low,
        promises=bool(_PROMISE.search(low)),
        rude=bool(_RUDE.search(low)),
        language=language(low),
    )


def language(text: str) -> str:
    """The language of a short answer by its small words; "" when they do not decide."""
    words = _WORD.findall(text.lower())
    french, english = _count(words, _FRENCH), _count(words, _ENGLISH)
    if abs(french - english) < 2:
        return ""
    return "fr" if french > english else "en"


def _count(words: Iterable[str], known: frozenset[str]) -> int:
    return sum(word in known for word in words)


def likeness(text: str) -> str:
    """A mark that is the same for texts that differ only in the name greeted, numbers, case, spaces and punctuation.

    "" for a text so short that anybody may say it twice.
    """
    bare = re.sub(r"^\W*(?:(?:bonjour|bonsoir|hello|hi|dear)\s+)(?:\w\S*)?", "", text, flags=re.IGNORECASE)
    words = _WORD.findall(bare.lower())
    if len(words) < 7:
        return ""
    return f"{seal(' '.join(words)):016x}"
