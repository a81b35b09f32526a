"""The quick way to part texts into words is the way that is meant, for every sign that takes it."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.reading.query import words

EASY = "".join(
    sign for sign in map(chr, range(sys.maxunicode)) if not 0xD800 <= ord(sign) < 0xE000 and words._EASY(sign)
)
PIECES = [
    "a",
    "é",
    "_",
    "#",
    "@",
    "$",
    ".",
    "-",
    ":",
    "/",
    "'",
    "’",
    "1",
    "²",
    "\u200d",
    "️",
    "❤",
    "👍",
    "🏽",
    "🇫🇷",
    "🇦",
    "♂",
    "«",
    "<",
    "ß",
    "œ",
    "http://",
    "HTTPS://",
    "://",
    "אב",
    "한",
]


def as_meant(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int, str]]]:
    """Words and marks by the patterns that define them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_EASY", lambda _text: None)
        patch.setattr(words._LATIN, "holds", lambda _text: None)
        return words.spans(text), words.marks(text)


def agree(text: str) -> None:
    """Fail if the quick way finds something else."""
    spans, marks = as_meant(text)
    assert words.spans(text) == spans
    assert words.cut(text) == [text[start:end] for start, end in spans]
    assert words.marks(text) == marks
    assert words.keyed(text) == words.keys(words.cut(text))
    assert words.marked(text) == [mark for _, _, mark in marks if words.cut(mark)]
    assert unicodedata.is_normalized("NFC", text)


def test_each_sign_among_others() -> None:
    assert len(EASY) > 13_000
    for first in range(0, len(EASY), 500):
        for around in ("a{}b ", "#a{}b ", "{}#a ", "@a{}b ", "❤{} ", "{}http://x "):
            agree("".join(around.format(sign) for sign in EASY[first : first + 500]))


@given(st.one_of(st.text(alphabet=EASY), st.lists(st.sampled_from([*PIECES, " "])).map("".join)))
@settings(max_examples=500)
def test_texts_of_such_signs(text: str) -> None:
    agree(text)
