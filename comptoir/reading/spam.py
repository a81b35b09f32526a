"""Spam: advertising where a conversation is, and words heaped up to be found.

A linear model reads words, runs of letters and marks: addresses, amounts, numbers to call, capitals, what is heaped up.
It learnt from English comments and messages (`training/noise.py`); its marks hold in any language.
"""

import re
from collections import Counter
from html import unescape

from comptoir.reading.features import chance, logit
from comptoir.reading.folding import words
from comptoir.reading.utterance import utterance

_READ = 2000
_TAG = re.compile(r"#\w+")
_NAME = re.compile(r"@\w+")
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_SIGNS = {
    "#time": re.compile(r"\b\d{1,2}:\d\d\b"),
    "#watch": re.compile(r"youtu\.?be", re.I),
    "#site": re.compile(
        r"\b[\w-]{2,}(?:\.(?:com|net|org|info|biz|ru|tk|co|me|tv|ly|be|fr|de|uk|pl|in|io)"
        r"| ?\. ?(?:com|net|org))\b|\bdot com\b",
        re.I,
    ),
    "#money": re.compile(r"[$£€]\s?\d|\d\s?(?:[$£€]|usd|eur|pounds?|dollars?)", re.I),
    "#count": re.compile(r"\b\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*\b"),
    "#call": re.compile(r"\b(?!\d{1,3}(?:[. ]\d{3})+\b)\d[\d .-]{6,}\d\b"),
    "#year": re.compile(r"\b20[012]\d\b"),
    "#short": re.compile(r"\b(?!(?:19|20)\d\d\b)\d{4,6}\b"),
    "#percent": re.compile(r"\d\s?%"),
    "#codes": re.compile(r"\b(?=\w*\d)(?=\w*[a-z])\w{7,}\b", re.I),
}
HEAPED = 0.95
"""How likely words heaped up are spam."""

_HEAP = 6
"""So many tags, or so many times one word, may be a heap."""


def spam_of(text: str) -> float:
    """How likely it is that a text is spam, from 0 to 1; words heaped up are, whatever they say."""
    return max(chance(logit_of(text)), HEAPED if heaped(text) else 0.0)


def logit_of(text: str) -> float:
    """What speaks for spam in a text, by its words and marks."""
    return logit("spam", "any", signs(text))


def heaped(text: str) -> bool:
    """Whether a text is stuffed with keywords: mostly tags, mostly names, or one word again and again."""
    said = words(text[:_READ])
    if len(said) < _HEAP:
        return False
    for pattern in (_TAG, _NAME):
        if len(set(found := pattern.findall(text[:_READ]))) >= 2 * _HEAP and len(found) * 2 > len(said):
            return True
    (word, times), *_others = Counter(said).most_common(1)
    return times >= _HEAP and times * 2 > len(said) and len(word) > 2 and word not in _LAUGHTER


_LAUGHTER = frozenset(
    ["haha", "hahaha", "mdr", "lol", "ptdr", "jaja", "jajaja", "kkk", "hihi", "non", "yes", "oui"]
)


def signs(text: str) -> list[str]:
    """The words and the marks of a text that spam is told by."""
    read = unescape(text[:_READ])
    said = utterance(_MARKUP.sub(" ", read), "")
    said += [mark for mark, pattern in _SIGNS.items() if pattern.search(read)]
    count = len(said)
    return [*said, "#few" if count < 6 else "#some" if count < 15 else "#many" if count < 40 else "#heaps"]
