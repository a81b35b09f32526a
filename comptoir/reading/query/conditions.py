"""What fields ask of a message beside its words: who, where, how many, when. What is not known holds of nothing."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from urllib.parse import urlsplit

from comptoir.reading.folding import fold
from comptoir.reading.query.document import Document
from comptoir.reading.query.fields import DAYS, MARKS, Field
from comptoir.reading.query.finding import Phrase, words_of
from comptoir.reading.query.syntax import Among, Compare, Node, Word
from comptoir.reading.query.syntax import Phrase as PhraseNode
from comptoir.reading.query.words import WORD_MOST, glob

type Holds = Callable[[Document], bool]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_SETS = {
    "has": attrgetter("has"),
    "is": attrgetter("is_"),
    "list": attrgetter("lists"),
    "tag": attrgetter("tags"),
    "field": attrgetter("fields"),
}
_SEEN_IN_TEXT = {
    "link": attrgetter("addresses"),
    "hashtag": attrgetter("hashtags"),
    "mention": attrgetter("mentions"),
}
_KINDS = frozenset({"reply", "share", "quote"})
_ADDRESS_MOST = 4_000


def condition(field: Field, node: Node) -> Holds:
    """The test of one value of a field other than title, text, mention and hashtag."""
    if isinstance(node, Compare | Among):
        return _number(field.name, node)
    if not isinstance(node, Word | PhraseNode):
        raise TypeError(f"{field.name} takes no {type(node).__name__}")
    value = node.text
    if field.kind == "date":
        return _date(field.name, value)
    if field.kind == "set":
        return _set(field.name, value)
    if field.name == "author":
        return _author(value)
    if field.name in {"site", "url", "link"}:
        return _address(field.name, value)
    if field.name == "weekday":
        day = DAYS.index(value)
        return lambda document: document.local is not None and document.local.weekday() == day
    return _choice(field.name, value)


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """The form in which values are compared."""
    return fold(text[:WORD_MOST]).strip()


def _fits(value: str) -> Callable[[str], bool]:
    """The test of a whole value, without case and accents; `*` and `?` go."""
    wanted = folded(value)
    if "*" in wanted or "?" in wanted:
        test = glob(wanted)
        return lambda text: test(folded(text)) is not None
    return lambda text: folded(text) == wanted


def _choice(name: str, value: str) -> Holds:
    given, fits = attrgetter(name), _fits(value)
    # "pt" is also said of "pt-BR".
    regional = _fits(f"{value}-*") if name == "lang" else fits

    def holds(document: Document) -> bool:
        known = given(document)
        return known is not None and (fits(known) or regional(known.replace("_", "-")))

    return holds


def _set(name: str, value: str) -> Holds:
    if name == "is" and value in MARKS:
        return lambda document: value in document.marks
    given, fits = _SETS[name], _fits(value)
    beside = _SEEN_IN_TEXT.get(value) if name == "has" else None
    sign = {"hashtag": "#", "mention": "@"}.get(value, "")

    def holds(document: Document) -> bool:
        if any(fits(each) for each in given(document) or ()):
            return True
        if name == "is" and value in _KINDS:
            return document.type == value
        if beside is None:
            return False
        return bool(beside(document)) or bool(sign and any(key[0] == sign for key in document.marked))

    return holds


def _number(name: str, node: Compare | Among) -> Holds:
    given: Callable[[Document], float | None] = _hour if name == "hour" else attrgetter(name)
    if isinstance(node, Compare):
        compare, number = _COMPARISONS[node.sign], node.number
        return lambda document: (known := given(document)) is not None and compare(known, number)
    low = float("-inf") if node.low is None else node.low
    high = float("inf") if node.high is None else node.high
    return lambda document: (known := given(document)) is not None and low <= known <= high


def _hour(document: Document) -> int | None:
    return None if document.local is None else document.local.hour


def _date(name: str, value: str) -> Holds:
    """`since` from its first moment on, `until` to its last, of the minute, day, month or year named."""
    first = datetime.fromisoformat(value + "0001-01-01"[len(value) :])
    if name == "since":
        return lambda document: document.local is not None and document.local >= first
    length = len(value)
    return lambda document: document.local is not None and document.local.isoformat()[:length] <= value


def _author(value: str) -> Holds:
    fits, words = _fits(value), words_of(value)
    name = Phrase(words) if words else None

    def holds(document: Document) -> bool:
        if document.handle:
            handle = document.handle.lstrip("@")
            if fits(handle) or fits(handle.partition("@")[0]):
                return True
        return bool(name and document.name and name.places(document.author))

    return holds


def _address(name: str, value: str) -> Holds:
    """`site` is the host or one above it; `url` and `link` are any stretch of the address."""
    if name == "site":
        wanted = bare(value).partition("/")[0]
        return lambda document: (
            document.url is not None and f".{host_of(document.url)}".endswith(f".{wanted}")
        )
    parts = [part for part in bare(value).split("*") if part]

    def within(address: str) -> bool:
        text, at = bare(address), 0
        for part in parts:
            at = text.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True

    if name == "url":
        return lambda document: document.url is not None and within(document.url)
    return lambda document: any(map(within, document.addresses))


@lru_cache(maxsize=1 << 12)
def bare(address: str) -> str:
    """An address without what varies: case, scheme, "www."."""
    text = fold(address[:_ADDRESS_MOST])
    return text.partition("://")[2].removeprefix("www.") if "://" in text else text.removeprefix("www.")


@lru_cache(maxsize=1 << 12)
def host_of(address: str) -> str:
    """The host of an address, or ""."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return ""
    return fold(host or "").removeprefix("www.")
