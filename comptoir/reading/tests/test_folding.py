"""Folding: what it makes of letters, and that no text makes it slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.reading import folding
from comptoir.reading.folding import fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élodie ﬁlme", "elodie filme"),
        ("E\u0301lodie", "elodie"),
        ("STRASSE straße", "strasse strasse"),
        ("a\x00b é\x00", "a b e "),
        ("각 ᾳ İ", "\u1100\u1161\u11a8 αι i"),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73\u0301", "\u0345\u0301"])
def test_marks_piled_upon_a_letter_take_no_longer_than_letters(marks: str) -> None:
    began = time.perf_counter()
    assert fold("e" + marks * 50_000).replace("ι", "") == "e"
    assert words("e" + marks * 50_000)[0] == "e"
    assert time.perf_counter() - began < 2


LATIN = "".join(sign for sign in map(chr, range(0x2200)) if folding._LATIN.holds(sign))


def test_most_texts_of_latin_languages_are_cut_quickly() -> None:
    assert folding._LATIN.holds("L’été à Ouessant : « génial », 3 °C… ¿Año? Köln – ça, là-bas!\r\n")
    assert not any(map(folding._LATIN.holds, ("Straße", "½", "™", "\xad", "œuf", "é\u0301", "λ", "❤")))


@given(st.text(alphabet=LATIN))
@example("a\x00b a_b l’été 1.5 A²B #tag @name")
def test_the_quick_way_finds_the_same_words(text: str) -> None:
    assert words(text) == folding._cut(text)
