"""How the brand's words are taken: kind or curt, for one person or for all, asking, promising, in whose language."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.dice import seal

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
    warm = _heard("warm", low)
    return Manner(
        warm=warm,
        curt=len(low.strip()) < CURT and not warm,
        form=repeated or _heard("form", low),
        asks="?" in low,
        promises=_heard("promises", low),
        rude=_heard("rude", low),
        language=language(low),
    )


def language(text: str) -> str:
    """The language of a short answer by its small words; "" when they do not decide."""
    words = _WORD.findall(text.lower())
    small = lines.read("manner")["small"]
    french, english = (sum(word in small[name] for word in words) for name in ("fr", "en"))
    if abs(french - english) < 2:
        return ""
    return "fr" if french > english else "en"


@cache
def _signs(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lines.read('manner')[kind])})\b")


def _heard(kind: str, text: str) -> bool:
    return _signs(kind).search(text) is not None


def likeness(text: str) -> str:
    """A mark that is the same for texts that differ only in the name greeted, numbers, case, spaces and punctuation.

    "" for a text so short that anybody may say it twice.
    """
    bare = re.sub(r"^\W*(?:(?:bonjour|bonsoir|hello|hi|dear)\s+)(?:\w\S*)?", "", text, flags=re.IGNORECASE)
    words = _WORD.findall(bare.lower())
    if len(words) < 7:
        return ""
    return f"{seal(' '.join(words)):016x}"
