"""How a message of a thread is read, in words, and where it is said that it is otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse
from django.utils.translation import pgettext

from comptoir.inbox.models import Thread
from comptoir.inbox.models.opened import Said
from comptoir.organisation.naming import language_name
from comptoir.reading.folding import fold
from comptoir.reading.heard import READ_MOST, Signs, signs_of
from comptoir.reading.language import languages


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What stands beside a message of somebody: `toxic` and `spam` as it is read or as colleagues said, `said` what
    they said (tone, language, spam), and the address at which one says so."""

    toxic: bool
    spam: bool
    said: dict[str, str]
    url: str
    tones: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


def read_as(entry: Said, thread: Thread) -> ReadAs | None:
    """How a message is read; None where there is nothing to be read, or the brand said it."""
    if entry.own or entry.gone or not (entry.text or entry.title):
        return None
    said = entry.corrected or {}
    language = said.get("language") or entry.language.lower().partition("-")[0] or thread.language
    signs = _signs((entry.text or entry.title)[:READ_MOST], language)
    spam = said["spam"] == "spam" if "spam" in said else signs.spam
    url = reverse("message-corrections", args=[thread.brand.slug, thread.pk, entry.pk])
    return ReadAs(signs.toxic, spam, said, url, _tones(), _languages())


@lru_cache(maxsize=4_096)
def _signs(text: str, language: str) -> Signs:
    """Read once, however often its thread is looked at."""
    return signs_of(text, language)


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    """Those that may be meant, as they call themselves, by their names."""
    return tuple(
        sorted(((code, language_name(code)) for code in languages()), key=lambda each: fold(each[1]))
    )


def _tones() -> tuple[tuple[str, str], ...]:
    return (
        ("positive", pgettext("tone", "Positive")),
        ("neutral", pgettext("tone", "Neutral")),
        ("negative", pgettext("tone", "Negative")),
    )
