"""Queries in their colours: whatever is typed, the strokes are its letters, and say what each of them is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.query import Code, Wrong, parse, part, strokes
from comptoir.reading.query.query import LENGTH_MOST

PIECES = [
    *'(){}[]"-:> \n“”É😡', "AND", "ET", "NEAR/3", "#tag", "@a", "fibr*", "lang:", "fr", "<<<", ">>>", "~3", "50",
    "near/4:a,b",
]  # fmt: skip


def looks(text: str) -> list[tuple[str, str]]:
    return [(each.text, each.kind) for each in strokes(text) if each.kind]


def test_each_piece_says_what_it_is() -> None:
    assert looks('(#tea OR "iced tea" OU @maker) SAUF lang:fr <<<not yet>>> followers:[1 TO *]') == [
        ("(", "bracket"), ("#tea", "mark"), ("OR", "operator"), ('"iced tea"', "phrase"), ("OU", "operator"),
        ("@maker", "mark"), (")", "bracket"), ("SAUF", "operator"), ("lang:", "field"), ("fr", "value"),
        ("<<<not", "comment"), ("yet>>>", "comment"), ("followers:", "field"), ("[1", "value"), ("TO", "value"),
        ("*]", "value"),
    ]  # fmt: skip
    assert looks("tea -{Iced} NEAR/3 pot") == [
        ("-", "operator"), ("{Iced}", "phrase"), ("NEAR/3", "operator"),
    ]  # fmt: skip


def test_brackets_that_belong_together_say_so() -> None:
    found = [(each.text, each.pair) for each in strokes("((a OR b) c) d)") if each.kind == "bracket"]
    assert found == [("(", 2), ("(", 1), (")", 1), (")", 2), (")", 0)]


@pytest.mark.parametrize(
    ("text", "flaw", "where"),
    [
        ("tea AND pot OR cup", "wrong", "tea AND pot"),
        ("tea AND", "wrong", "AND"),
        ('tea "pot', "wrong", '"'),
        ("tea or cup", "doubtful", "or"),
        ("colour:red", "wrong", "colour:"),
        ("tea )", "wrong", ")"),
    ],
)
def test_what_is_wrong_is_underlined_where_it_is(text: str, flaw: str, where: str) -> None:
    assert "".join(each.text for each in strokes(text) if each.flaw == flaw) == where


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_whatever_is_typed_keeps_its_letters(text: str) -> None:
    drawn = strokes(text)
    assert "".join(each.text for each in drawn) == text
    assert all(each.text for each in drawn)
    try:
        parse(text)
    except Wrong as wrong:
        blank = [each.code for each in wrong.problems] == [Code.EMPTY]
        assert blank or any(each.flaw == "wrong" for each in drawn)
    else:
        assert not any(each.flaw == "wrong" for each in drawn)
    half = len(text) // 2
    assert "".join(each.text for each in part(drawn, 0, half)) == text[:half]
    assert "".join(each.text for each in part(drawn, half, len(text))) == text[half:]


def test_what_is_too_long_is_not_read() -> None:
    assert len(strokes("a " * LENGTH_MOST)) == 1
    assert strokes("") == []
