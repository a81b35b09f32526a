"""Texts as words: where each stands and the forms in which it is compared. Linear, whatever the text.

Words are runs of letters and digits. Apostrophes and hyphens part them; each ideograph and kana, each emoji is one of
its own. What stands in a web address is none.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

import regex

from comptoir.reading.folding import Latin, fold

TEXT_MOST = 100_000
"""Characters of a text that are read; what comes after is not."""
WORD_MOST = 100
"""Characters of a word that count."""
KEYS_MOST = 100_000
"""Words whose keys are remembered."""

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

# Nearly all that is written needs no more than these signs. There Python's own `re` parts words as the patterns above
# do, in a fraction of the time: no marks, no ideographs, nothing that NFC would change.
_PICTURE = (
    "©®‼⁉™☀-☄☎☑☔☕☘☝☠☮☯☹☺♀♂♥♻♾⚒-⚗⚡⚠⚽⚾✂✅✈-✍✏✔✖✨❄❌❎❓-❕❗❣❤➕-➗➡⭐⭕"
    "\U0001f300-\U0001f321\U0001f324-\U0001f393\U0001f39e-\U0001f3f0\U0001f3f7-\U0001f3fa\U0001f400-\U0001f4fd"
    "\U0001f4ff-\U0001f53d\U0001f5fa-\U0001f64f\U0001f680-\U0001f6c5\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    "\U0001f947-\U0001f9ff\U0001fa6e-\U0001faff"
)
_TINTS = "\U0001f3fb-\U0001f3ff"
_FLAGS = "\U0001f1e6-\U0001f1ff"
_SCRIPTS = (  # Latin, Greek, Cyrillic, Hebrew, Arabic, Hangul; punctuation, currencies
    "\xa0-\xa8\xaa-\xac\xaf-\u02af\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea"
    "\u060c-\u060f\u061b-\u064a\u0660-\u066f\u0671-\u06d3\u1e00-\u1eff\uac00-\ud7a3"
    "\u2010-\u203b\u203d-\u2048\u20a0-\u20bf"
)
_EASY = re.compile(rf"[\x00-\x1b\x20-\x7f{_SCRIPTS}{_PICTURE}{_TINTS}{_FLAGS}\u200d\ufe0f]*+").fullmatch
_EASY_PICTURE = rf"[{_PICTURE}](?:[\ufe0f{_TINTS}]|\u200d[{_PICTURE}])*+|[{_FLAGS}]{{2}}"
_EASY_WORD = rf"[^\W_]++(?:[\u200d\ufe0f]++[^\W_]*+)*+|{_EASY_PICTURE}"
_EASY_ADDRESS = r"(?i:https?)://[^\s<>\"«»]++"
_EASY_WORDS = re.compile(_EASY_WORD).findall
_EASY_SEEN = re.compile(rf"{_EASY_ADDRESS}|({_EASY_WORD})")
_EASY_MARK = (  # the sign comes first, so that `re` runs to it
    r"[#$@](?<![\w\ufe0f][#$@])(?:(?<!@)[\w\ufe0f]++"
    r"|(?<=@)[\w\ufe0f]++(?:[.-][\w\ufe0f]++)*+(?:@[\w\ufe0f]++(?:[.-][\w\ufe0f]++)*+)?+)"
)
_EASY_MARKS = re.compile(_EASY_MARK).findall
_EASY_MARKED = re.compile(rf"{_EASY_ADDRESS}|({_EASY_MARK})")
_SIGNED = re.compile("[#@$＃＠]").search
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
    """The forms of one word, at most `WORD_MOST` characters of it. The tint of an emoji counts as an accent.

    Keys are interned: the key of a query and that of a text are soon seen to be one.
    """
    word = _UNSEEN.sub("", word)[:WORD_MOST]
    if word.isascii():
        return Forms(word := sys.intern(word.lower()), word)
    plain = _latin(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()))
    key = _latin(fold(word))
    return Forms(sys.intern((_TINT.sub("", key) or key or plain)[:WORD_MOST]), plain[:WORD_MOST])


class _Keys(dict[str, str]):
    """The keys of words met before: nearly all are."""

    def __missing__(self, word: str) -> str:
        if len(self) > KEYS_MOST:
            self.clear()
        # The forms of names met once are worth no place among those that are remembered.
        key = self[word] = sys.intern(word[:WORD_MOST].lower()) if word.isascii() else forms(word).key
        return key


_KEYS = _Keys()


def keys(words: Iterable[str]) -> list[str]:
    """The keys of some words."""
    return list(map(_KEYS.__getitem__, words))


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
    if text.isascii() or _EASY(text):
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
    if "://" not in text and _LATIN.holds(text):
        found, end = [], 0
        for word in _LATIN.part(text):  # between two words there is no letter
            start = text.index(word, end)
            end = start + len(word)
            found.append((start, end))
        return found
    pattern = _EASY_SEEN if _EASY(text) else _SEEN
    return [found.span() for found in pattern.finditer(text) if found[1] is not None]


def cut(text: str) -> list[str]:
    """The words of a text in NFC, as they stand there."""
    if _LATIN.holds(text):
        return _LATIN.part(_ADDRESS_APART.sub(" ", text) if "://" in text else text)
    return _cut(text)


def _cut(text: str) -> list[str]:
    """Those of any text."""
    if not _EASY(text):
        return [word for word in _SEEN.findall(text) if word]
    return [word for word in _EASY_SEEN.findall(text) if word] if "://" in text else _EASY_WORDS(text)


def patterns(text: str) -> tuple[list[tuple[int, str]], list[int]]:
    """The words of what is sought, with their wildcards, each with its place; and where wildcards stand alone."""
    found = list(_SOUGHT.finditer(text))
    words = [(each.start(), each["word"]) for each in found if each["word"] is not None]
    return words, [each.start() for each in found if each["stray"] is not None]


def marks(text: str) -> list[tuple[int, int, str]]:
    """The #tags, @names and $tags of a text: place and words, with the sign."""
    if not _SIGNED(text):
        return []
    if _EASY(text):
        return [(*each.span(), each[0]) for each in _EASY_MARKED.finditer(text) if each[1]]
    return [
        (*each.span(), each[0].translate(_WIDE))
        for each in _MARK.finditer(text)
        if each["tag"] or each["name"] or each["cash"]
    ]


def marked(text: str) -> list[str]:
    """Those of `marks` that hold a word, as they stand there; mostly in half the time."""
    if not ("#" in text or "@" in text or "$" in text or "＃" in text or "＠" in text):
        return []
    if not (text.isascii() or _EASY(text)):
        found = [mark for _, _, mark in marks(text)]
    elif "://" in text:
        found = [mark for mark in _EASY_MARKED.findall(text) if mark]
    else:
        found = _EASY_MARKS(text)
    return [mark for mark in found if (mark[1] < "ʰ" and mark[1].isalnum()) or cut(mark)]


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


_LATIN = Latin(lambda text: keys(_cut(text)))
_ADDRESS_APART = re.compile(rf"(?<![^\W_]){_EASY_ADDRESS}")


def keyed(text: str) -> list[str]:
    """`keys(cut(text))` of a text in NFC: where its letters are Latin ones, in a third of the time."""
    if not _LATIN.holds(text):
        return keys(_cut(text))
    found = _LATIN.cut(_ADDRESS_APART.sub(" ", text) if "://" in text else text)
    return found if len(text) <= WORD_MOST else [word[:WORD_MOST] for word in found]
