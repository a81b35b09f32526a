"""Texts as words: where each stands and the forms in which it is compared. Linear, whatever the text.

Words are runs of letters and digits. Apostrophes and hyphens part them; each ideograph and kana, each emoji is one of
its own. What stands in a web address is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import regex

from comptoir.reading.folding import fold

TEXT_MOST = 100_000
"""Characters of a text that are read; what comes after is not."""
WORD_MOST = 100
"""Characters of a word that count."""

_LETTER = r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}ʻʼʽʾʿˈ]]"
_INSIDE = r"[[\p{L}\p{N}\p{M}\u00ad\u200c\u200d\u2060\ufeff]--[\p{Han}\p{Hiragana}\p{Katakana}ʻʼʽʾʿˈ]]"
_EMOJI = r"\p{RI}{2}|\p{Extended_Pictographic}(?:[\ufe0f\p{EMod}]|\u200d\p{Extended_Pictographic})*+"
_ADDRESS = r"(?i:https?)://[^\s<>\"«»]++"
_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}]\p{M}*+"
_NAME = r"[\p{L}\p{N}\p{M}_]"
_SEEN = regex.compile(rf"{_ADDRESS}|(?P<word>{_LETTER}{_INSIDE}*+|{_IDEOGRAPH}|{_EMOJI})", regex.V1)
_SOUGHT = regex.compile(
    rf"{_ADDRESS}|(?P<word>{_LETTER}[{_INSIDE}||[*?]]*+|{_IDEOGRAPH}|{_EMOJI})|(?P<stray>[*?]++)", regex.V1
)
_MARK = regex.compile(
    rf"{_ADDRESS}|(?<!{_NAME})(?:(?P<tag>[#＃]{_NAME}++)|(?P<cash>\${_NAME}++)"
    rf"|(?P<name>[@＠]{_NAME}++(?:[.-]{_NAME}++)*+(?:@{_NAME}++(?:[.-]{_NAME}++)*+)?+))",
    regex.V1,
)
_NAMED = regex.compile(
    rf"[#＃$](?P<tag>[{_NAME}||[*?]]++)|[@＠](?P<name>[{_NAME}||[*?]]++(?:[.@-][{_NAME}||[*?]]++)*+)",
    regex.V1,
)
_SIGNS = frozenset("#＃@＠$")
_WIDE = str.maketrans("＃＠", "#@")
_UNSEEN = regex.compile(r"[\u00ad\u200c\u200d\u2060\ufeff\ufe0f]")
_TINT = regex.compile(r"\p{EMod}")
# Putting the marks of one letter in order takes the square of their number.
_PILED = regex.compile(r"(\p{M}{30})(\p{M}++)")


class Forms(NamedTuple):
    """A word to compare: `key` without case and accents, `plain` without case."""

    key: str
    plain: str


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> Forms:
    """The forms of one word, at most `WORD_MOST` characters of it. The tint of an emoji counts as an accent."""
    word = _UNSEEN.sub("", word)[:WORD_MOST]
    if word.isascii():
        return Forms(word := word.lower(), word)
    plain = _latin(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()))
    key = _latin(fold(word))
    return Forms((_TINT.sub("", key) or key or plain)[:WORD_MOST], plain[:WORD_MOST])


def _latin(word: str) -> str:
    return word.replace("œ", "oe").replace("æ", "ae")


class Seen(NamedTuple):
    """A text made ready: in NFC, with the place of each of its characters in the text as given, if they moved."""

    text: str
    places: list[int] | None = None

    def place(self, at: int) -> int:
        """Where in the text as given that character stands."""
        return at if self.places is None else self.places[at]


def seen(text: str) -> Seen:
    """The text in NFC, cut at `TEXT_MOST`. Of marks piled upon one letter only the first count."""
    text = text[:TEXT_MOST]
    if text.isascii():
        return Seen(text)
    text = _PILED.sub(lambda found: found[1] + " " * len(found[2]), text)
    if unicodedata.is_normalized("NFC", text):
        return Seen(text)
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for cluster in regex.findall(r"(?s)\X", text):
        part = unicodedata.normalize("NFC", cluster)
        parts.append(part)
        places.extend(range(at, at + len(part)) if part == cluster else [at] * len(part))
        at += len(cluster)
    return Seen("".join(parts), [*places, at])


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text in NFC stand."""
    return [found.span() for found in _SEEN.finditer(text) if found["word"] is not None]


def patterns(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """The words of what is sought, with their wildcards, each with its place; and where wildcards stand alone."""
    found = list(_SOUGHT.finditer(text))
    words = [(each.start(), each["word"]) for each in found if each["word"] is not None]
    return words, [each.start() for each in found if each["stray"] is not None]


def marks(text: str) -> list[tuple[int, int, str]]:
    """The #tags, @names and $tags of a text: place and words, with the sign."""
    if _SIGNS.isdisjoint(text):
        return []
    return [
        (*each.span(), each[0].translate(_WIDE))
        for each in _MARK.finditer(text)
        if each["tag"] or each["name"] or each["cash"]
    ]


def named(text: str) -> str:
    """The tag or name, with wildcards, that follows the sign at the beginning of a text."""
    found = _NAMED.match(text)
    return found["tag"] or found["name"] if found else ""


def addresses(text: str) -> list[str]:
    """The web addresses that stand in a text, without the punctuation behind them."""
    if "://" not in text:
        return []
    return [address.rstrip(".,;:!?)]}'’") for address in regex.findall(_ADDRESS, text, regex.V1)]


def glob(pattern: str) -> Callable[[str], object]:
    """A test for `*` (any letters) and `?` (one letter), on forms of words, that never looks back."""
    first, *rest = [regex.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    last = f".*{rest[-1]}" if rest else ""
    return regex.compile(f"{first}{middle}{last}", regex.DOTALL | regex.V1).fullmatch
