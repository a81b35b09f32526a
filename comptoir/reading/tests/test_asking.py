"""Whoever waits for an answer is seen; thanks and news are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.asking import wants_answer


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Bonjour, quand ouvrez-vous"),
        ("fr", "@maison Comment je fais pour changer mon adresse"),
        ("fr", "Je voudrais être remboursé"),
        ("fr", "Trois semaines et toujours rien"),
        ("fr", "Pouvez-vous me rappeler"),
        ("fr", "j'ai besoin d'un justificatif"),
        ("en", "My parcel is late, any news?"),
        ("en", "Hi, can you help"),
        ("en", "I need my money back"),
        ("en", "still no answer after a week"),
        ("es", "Todavía no ha llegado mi pedido"),
        ("de", "Wann kommt mein Paket"),
        ("it", "Vorrei parlare con qualcuno"),
        ("pt", "Ninguém responde"),
        ("ar", "متى تفتحون؟"),
        ("", "???"),
    ],
)
def test_who_waits(language: str, text: str) -> None:
    assert wants_answer(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Merci beaucoup, service impeccable !"),
        ("fr", "Je sais comment on fait les crêpes"),
        ("en", "Great show tonight https://a.example/?q=1"),
        ("en", "I know why we love this place"),
        ("de", "Danke, alles gut"),
        ("sv", "Tack så mycket"),
        ("fr", ""),
    ],
)
def test_who_does_not(language: str, text: str) -> None:
    assert not wants_answer(text, language)


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "xx", ""]))
def test_any_text(text: str, language: str) -> None:
    assert wants_answer(text, language) in (True, False)
