"""What a query means, written plainly, to compare with: no index, nothing compiled, nothing clever.

It shares the tree that the parser makes and nothing else. A place is the first and the last word of something, by
number, in the title or in the text.
"""

from __future__ import annotations

import operator
import unicodedata
from datetime import datetime
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

import regex

from comptoir.reading.query.document import Document
from comptoir.reading.query.syntax import (
    Among,
    And,
    Compare,
    Compound,
    Exact,
    Field,
    Mark,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Word,
)

_ADDRESS = regex.compile(r"(?i)https?://[^\s<>\"«»]+")
_WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]\p{M}*"
    r"|(?![ʻʼʽʾʿˈ])[\p{L}\p{N}](?:(?![\p{Han}\p{Hiragana}\p{Katakana}ʻʼʽʾʿˈ])[\p{L}\p{N}\p{M}\u00ad\u200c\u200d\u2060\ufeff])*"
    r"|\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\ufe0f|\p{EMod}|\u200d\p{Extended_Pictographic})*"
)
_WILD = regex.compile(r"(?:(?![\p{Han}\p{Hiragana}\p{Katakana}])[\p{L}\p{N}\p{M}*?])+|" + _WORD.pattern)
_MARK = regex.compile(
    r"(?<![\p{L}\p{N}\p{M}_])(?:[#$][\p{L}\p{N}\p{M}_]+"
    r"|@[\p{L}\p{N}\p{M}_]+(?:[.-][\p{L}\p{N}\p{M}_]+)*(?:@[\p{L}\p{N}\p{M}_]+(?:[.-][\p{L}\p{N}\p{M}_]+)*)?)"
)

type Place = tuple[int, int]


class Said(NamedTuple):
    """A word: where it stands, and how it is written."""

    start: int
    end: int
    word: str


class Part(NamedTuple):
    """A title or a text, and its words."""

    text: str
    words: list[Said]


def matches(node: Node, document: Document) -> bool:
    """Whether a query is true of a message."""
    return _holds(node, document, [_part(document.title), _part(document.text)])


def _holds(node: Node, document: Document, parts: list[Part], field: str = "") -> bool:
    if isinstance(node, And):
        return all(_holds(each, document, parts, field) for each in node.parts)
    if isinstance(node, Or):
        return any(_holds(each, document, parts, field) for each in node.parts)
    if isinstance(node, Not):
        return not _holds(node.node, document, parts, field)
    if isinstance(node, Field):
        inside = {"title": parts[:1], "text": parts[1:]}.get(node.name, parts)
        return _holds(node.value, document, inside, node.name)
    if field not in {"", "title", "text"}:
        return _condition(field, node, document)
    if isinstance(node, Mark) and not field:
        return any(_fits(node.sign + node.text, mark) for mark in _marks_of(document))
    return any(_places(node, part) for part in parts)


@lru_cache(maxsize=100)
def _part(text: str) -> Part:
    text = unicodedata.normalize("NFC", text[:100_000])
    words: list[Said] = []
    at = 0
    while at < len(text):
        if address := _ADDRESS.match(text, at):
            at = address.end()
        elif word := _WORD.match(text, at):
            words.append(Said(word.start(), word.end(), word[0]))
            at = word.end()
        else:
            at += 1
    return Part(text, words)


@lru_cache(maxsize=10_000)
def _plain(word: str) -> str:
    """A word without case, "œ" as "oe"."""
    word = regex.sub("[\u00ad\u200c\u200d\u2060\ufeff\ufe0f]", "", word)
    word = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return word.replace("œ", "oe").replace("æ", "ae")


@lru_cache(maxsize=10_000)
def _bare(word: str) -> str:
    """The same without accents, and without the tint of an emoji."""
    letters = (c for c in unicodedata.normalize("NFKD", _plain(word)) if not unicodedata.combining(c))
    bare = "".join(letters).replace("œ", "oe").replace("æ", "ae")
    return regex.sub(r"\p{EMod}", "", bare) or bare


def _fits(pattern: str, word: str) -> bool:
    """Whether a word is the one that is looked for. Accents count where it has some."""
    if _plain(pattern) == _bare(pattern):
        return _like(_bare(pattern), _bare(word))
    return _like(_plain(pattern), _plain(word))


def _like(pattern: str, text: str) -> bool:
    """`*` is any letters, `?` is one."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_like(pattern[1:], text[skipped:]) for skipped in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _like(pattern[1:], text[1:])


def _places(node: Node, part: Part) -> list[Place]:
    """Where something stands."""
    if isinstance(node, Or):
        return [place for each in node.parts for place in _places(each, part)]
    if isinstance(node, Near):
        return _near(node, _places(node.left, part), _places(node.right, part))
    if isinstance(node, Phrase) and node.distance is not None:
        return _window(_patterns(node.text), node.distance, part)
    if isinstance(node, Word | Phrase):
        return _row(_patterns(node.text), part)
    if isinstance(node, Compound):
        return _compound(node, part)
    if isinstance(node, Exact):
        return _exact(node, part)
    if isinstance(node, Mark):
        return _tagged(node, part)
    raise TypeError(f"{type(node).__name__} has no place")


def _patterns(text: str) -> list[str]:
    return [found[0] for found in _WILD.finditer(unicodedata.normalize("NFC", text)) if found[0].strip("*?")]


def _row(patterns: list[str], part: Part) -> list[Place]:
    """These words, one behind the other."""
    length = len(patterns)
    return [
        (first, first + length - 1)
        for first in range(len(part.words) - length + 1)
        if all(_fits(pattern, part.words[first + n].word) for n, pattern in enumerate(patterns))
    ]


def _window(patterns: list[str], distance: int, part: Part) -> list[Place]:
    """These words in any order, each at a place of its own, with at most so many others among them."""
    found = []
    for first in range(len(part.words)):
        for last in range(first, min(first + len(patterns) + distance, len(part.words))):
            for places in permutations(range(first, last + 1), len(patterns)):
                rightly = min(places) == first and max(places) == last
                if rightly and all(
                    _fits(pattern, part.words[n].word) for pattern, n in zip(patterns, places, strict=True)
                ):
                    found.append((first, last))
                    break
    return found


def _near(node: Near, lefts: list[Place], rights: list[Place]) -> list[Place]:
    found = []
    for left in lefts:
        for right in rights:
            if 0 <= right[0] - left[1] - 1 <= node.distance:
                found.append((left[0], right[1]))
            elif not node.ordered and 0 <= left[0] - right[1] - 1 <= node.distance:
                found.append((right[0], left[1]))
    return found


def _compound(node: Compound, part: Part) -> list[Place]:
    """In one word; as it was typed; or in any two."""
    whole = "".join(_patterns(node.text))
    found = [*_row([whole], part), *_row(_patterns(node.text), part)]
    for n in range(len(part.words) - 1):
        if _fits(whole, part.words[n].word + part.words[n + 1].word):
            found.append((n, n + 1))
    return found


def _exact(node: Exact, part: Part) -> list[Place]:
    """These very signs, with whole words at both ends; blanks may be any."""
    wanted = _part(node.text.strip())
    found = []
    for n, said in enumerate(part.words):
        start = said.start - wanted.words[0].start
        pattern = r"\s+".join(map(regex.escape, wanted.text.split()))
        there = regex.compile(pattern).match(part.text, start) if start >= 0 else None
        last = n + len(wanted.words) - 1
        if there and last < len(part.words):
            ends_in_word = wanted.words[-1].end == len(wanted.text)
            same = [_bare(a.word) for a in part.words[n : last + 1]] == [_bare(a.word) for a in wanted.words]
            if same and (not ends_in_word or part.words[last].end == there.end()):
                found.append((n, last))
    return found


def _marks_in(text: str) -> list[tuple[int, int, str]]:
    found = []
    at = 0
    while at < len(text):
        if address := _ADDRESS.match(text, at):
            at = address.end()
        elif (mark := _MARK.match(text, at)) and _part(mark[0]).words:
            found.append((mark.start(), mark.end(), mark[0]))
            at = mark.end()
        else:
            at += 1
    return found


def _locally(mark: str) -> list[str]:
    """`@name@server` is also `@name`."""
    return [mark, mark.rpartition("@")[0]] if mark.count("@") == 2 else [mark]


def _tagged(node: Mark, part: Part) -> list[Place]:
    found = []
    for start, end, mark in _marks_in(part.text):
        if any(_fits(node.sign + node.text, each) for each in _locally(mark)):
            inside = [n for n, said in enumerate(part.words) if start <= said.start < end]
            found.append((inside[0], inside[-1]))
    return found


def _marks_of(document: Document) -> list[str]:
    texts = (unicodedata.normalize("NFC", text) for text in (document.title, document.text))
    found = [mark for text in texts for _, _, mark in _marks_in(text)]
    found += ["#" + tag.lstrip("#") for tag in document.hashtags]
    found += ["@" + name.lstrip("@") for name in document.mentions]
    return [each for mark in found for each in _locally(mark)]


def _condition(field: str, node: Node, document: Document) -> bool:
    """What a field asks of a message, beside its title and text."""
    if isinstance(node, Compare | Among):
        return _number(field, node, document)
    value = getattr(node, "text", "")
    if field in {"hashtag", "mention"}:
        return any(_fits(("#" if field == "hashtag" else "@") + value, mark) for mark in _marks_of(document))
    if field == "author":
        handle = (document.handle or "").lstrip("@")
        named = _row(_patterns(value), _part(document.name or "")) if _patterns(value) else []
        handles = (handle, handle.partition("@")[0]) if handle else ()
        return bool(named) or any(_value(value, each) for each in handles)
    if field in {"site", "url", "link"}:
        return _address(field, value, document)
    if field in {"since", "until"}:
        return _date(field, value, document)
    if field in {"has", "is", "list", "tag", "field"}:
        return _among(field, value, document)
    if field == "weekday":
        day = document.at and document.at.astimezone(document.zone).strftime("%a").lower()
        return day == value
    known = getattr(document, field)
    if known is not None and field == "lang" and _value(f"{value}-*", known.replace("_", "-")):
        return True
    return known is not None and _value(value, known)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c)).strip()


def _value(value: str, known: str) -> bool:
    return _like(_folded(value), _folded(known))


def _number(field: str, node: Compare | Among, document: Document) -> bool:
    known: float | None
    if field == "hour":
        known = document.at.astimezone(document.zone).hour if document.at else None
    else:
        known = getattr(document, field)
    if known is None:
        return False
    if isinstance(node, Among):
        return (node.low is None or known >= node.low) and (node.high is None or known <= node.high)
    signs = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
    return bool(signs[node.sign](known, node.number))


def _among(field: str, value: str, document: Document) -> bool:
    if field == "is" and value in {"toxic", "spam", "question"}:
        return value in document.marks
    given = {"is": "is_", "list": "lists", "tag": "tags", "field": "fields"}.get(field, field)
    known = getattr(document, given)
    if any(_value(value, each) for each in known or ()):
        return True
    if field == "is" and value in {"reply", "share", "quote"}:
        return document.type == value
    if field != "has":
        return False
    if value == "link":
        return bool(document.links or _ADDRESS.search(document.text))
    sign = {"hashtag": "#", "mention": "@"}.get(value)
    return any(mark[0] == sign for mark in _marks_of(document))


def _address(field: str, value: str, document: Document) -> bool:
    def bare(address: str) -> str:
        return _folded(address).rpartition("://")[2].removeprefix("www.")

    if field == "link":
        standing = [found[0].rstrip(".,;:!?)]}'’") for found in _ADDRESS.finditer(document.text)]
        return any(_like(f"*{bare(value)}*", bare(address)) for address in (*document.links, *standing))
    if document.url is None:
        return False
    if field == "url":
        return _like(f"*{bare(value)}*", bare(document.url))
    host = bare(document.url).partition("/")[0].partition(":")[0]
    return host == bare(value).partition("/")[0] or host.endswith("." + bare(value).partition("/")[0])


def _date(field: str, value: str, document: Document) -> bool:
    if document.at is None:
        return False
    at = document.at.astimezone(document.zone).replace(tzinfo=None)
    if field == "since":
        return at >= datetime.fromisoformat(value + "0001-01-01"[len(value) :])
    return at.isoformat()[: len(value)] <= value
