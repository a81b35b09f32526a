"""Messages as the pages of listening show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from comptoir.listening.posts import Post
from comptoir.listening.trying import Piece, pieces
from comptoir.networks.found import label_of, sign_of
from comptoir.organisation.naming import language_name
from comptoir.reading.query import Query


@dataclass(slots=True)
class Shown:
    """A message: who, when, where, the words with what the query found in them, and what was read of it.

    `same`: so many others say the same and are not shown.
    """

    who: str
    handle: str
    at: datetime
    network: str
    sign: str
    url: str
    title: str
    pieces: list[Piece]
    language: str
    tone: str
    tone_words: str
    signs: list[tuple[str, str]]
    mention: Any = None
    same: int = 0


def shown_posts(
    query: Query | None, posts: Iterable[Post], mentions: Iterable[Any] = (), whole: bool = False
) -> list[Shown]:
    """Messages with what a query found in them; `mentions` are theirs, in the same order. Of long texts a part, or the
    whole."""
    of, words = iter(mentions), _words(get_language())
    return [_shown(query, post, next(of, None), whole, words) for post in posts]


class _Words:
    """What is said of messages, in one language."""

    def __init__(self) -> None:
        self.tones, self.signs, self.noise = tones(), sign_words(), noise_words()
        self.language = lru_cache(maxsize=256)(language_name)


@lru_cache(maxsize=8)
def _words(_language: str | None) -> _Words:
    """Looked up once: a list says the same words fifty times."""
    return _Words()


def _shown(query: Query | None, post: Post, mention: Any, whole: bool, words: _Words) -> Shown:
    author = post.said.actor
    language = mention.language if mention else post.lang or ""
    tone = mention.tone if mention else post.sentiment or ""
    return Shown(
        who=author.name or author.handle or _("Somebody"), handle=author.handle if author.name else "",
        at=post.said.published, network=label_of(post.network or ""), sign=sign_of(post.network or ""),
        url=post.said.url if post.said.url.startswith(("https://", "http://")) else "", title=post.title[:160],
        pieces=pieces(query, post, whole), language=words.language(language) if language else "", tone=tone,
        tone_words=words.tones.get(tone, ""), signs=_signs(mention, words), mention=mention,
    )  # fmt: skip


def _signs(mention: Any, words: _Words) -> list[tuple[str, str]]:
    """What marks a mention, and why it is passed over: each by its name and in words."""
    if mention is None:
        return []
    marks = [(name, said) for name, said in words.signs.items() if getattr(mention, name)]
    return [(mention.noise, words.noise[mention.noise]), *marks] if mention.noise else marks


def sign_words() -> dict[str, str]:
    """What may mark a message, in words."""
    return {
        "toxic": pgettext("message", "Hateful"),
        "asks": pgettext("message", "Wants an answer"),
        "presses": pgettext("message", "Pressing"),
    }


def noise_words() -> dict[str, str]:
    """Why a message is passed over at first, in words."""
    return {"spam": pgettext("message", "Spam"), "repeat": pgettext("message", "Said before")}


def tones() -> dict[str, str]:
    """Tones, in words."""
    return {
        "positive": pgettext("tone", "Positive"),
        "neutral": pgettext("tone", "Neutral"),
        "negative": pgettext("tone", "Negative"),
    }
