"""Tone: plain messages are read as a person would, and real ones about as well as measured."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.tests.shared import rows_of
from comptoir.reading.tone import languages, tone_of, unnamed
from comptoir.reading.utterance import utterance

SAID = {
    ("fr", "positive"): [
        "Merci beaucoup, service impeccable !",
        "J'adore votre nouvelle collection 😍",
        "Bravo à toute l'équipe 👏",
        "Séjour formidable, personnel charmant",
    ],
    ("fr", "negative"): [
        "Mon colis n'est jamais arrivé et personne ne répond, c'est honteux.",
        "Je n'aime pas du tout la nouvelle application",
        "Votre site plante à chaque commande 😡",
        "Je suis très déçue",
        "nuuuuul",
    ],
    ("fr", "neutral"): [
        "Livraison prévue mardi entre 8h et 12h",
        "Bonjour, je souhaite modifier mon adresse",
    ],
    ("en", "positive"): [
        "Thank you so much, great service!",
        "I love your new collection 😍",
        "Wonderful stay, charming staff",
    ],
    ("en", "negative"): [
        "My parcel never arrived and nobody answers, shameful.",
        "I don't like the new app at all",
        "Flight cancelled, no information, unacceptable",
        "I am so disappointed",
    ],
    ("en", "neutral"): [
        "Delivery is planned on Tuesday between 8 and 12",
        "Hello, I would like to change my address",
    ],
}


@pytest.mark.parametrize(
    ("language", "label", "text"), [(*kind, text) for kind, texts in SAID.items() for text in texts]
)
def test_plain_messages(language: str, label: str, text: str) -> None:
    tone = tone_of(text, language)
    assert tone.label == label
    assert {"positive": tone.score > 0.2, "neutral": abs(tone.score) < 0.4, "negative": tone.score < -0.2}[
        label
    ]


@pytest.mark.parametrize(
    ("language", "better", "worse"),
    [
        ("fr", "J'aime cette marque", "Je n'aime pas cette marque"),
        ("fr", "Bon produit", "Pas bon produit"),
        ("fr", "Je suis contente 😊", "Je suis contente 😡"),
        ("en", "I recommend it", "I do not recommend it"),
        ("en", "That is good", "That isn't good"),
        ("en", "The parcel came 👍", "The parcel came 👎"),
    ],
)
def test_negation_and_signs_turn_it(language: str, better: str, worse: str) -> None:
    assert tone_of(better, language).score > tone_of(worse, language).score


@pytest.mark.parametrize(
    ("text", "language"), [("Var är mitt paket?", "sv"), ("Merci", ""), ("", "fr"), ("@a @b", "fr")]
)
def test_what_is_not_read(text: str, language: str) -> None:
    assert tone_of(text, language) == ("", 0.0)


def test_the_name_of_a_brand_is_no_praise() -> None:
    said = "Best Buy lost my parcel"
    assert unnamed(said, "best buy", "en") == "@brand lost my parcel"
    assert tone_of(unnamed(said, "Best Buy", "en"), "en").score < tone_of(said, "en").score
    assert unnamed("Acme lost my parcel", "Acme", "en") == "Acme lost my parcel"
    assert unnamed("Best (", "Best (", "xx") == "Best ("


def test_how_a_text_is_taken() -> None:
    assert utterance("Je n'aime pas l'avion. Super", "fr") == ["je", "ne", "!aime", "pas", "!avion", "super"]
    assert utterance("I don't want it, thanks", "en") == ["i", "dont", "!want", "!it", "thanks"]
    assert utterance("suuuuper :) @you http://x.example", "fr") == ["#long", "suuper", "#:)", "#name", "#url"]
    assert utterance("WHAT THE HECK?!", "en") == ["#caps", "what", "the", "heck", "#!?"]


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "es", "ar", "xx"]))
def test_any_text(text: str, language: str) -> None:
    tone = tone_of(text, language)
    assert tone == tone_of(text, language)
    assert -1 <= tone.score <= 1
    assert tone.label or tone.score == 0


def test_every_process_says_the_same() -> None:
    text = "Super accueil, merci"
    line = f"from comptoir.reading.tone import tone_of; print(tone_of({text!r}, 'fr'))"
    said = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True).stdout
    assert said.strip() == str(tone_of(text, "fr"))


def macro_f1(rows: list[dict[str, Any]], language: str) -> float:
    """The mean of the three labels' F1."""
    right, said, is_ = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        label = tone_of(row["text"], language).label
        said[label] += 1
        is_[row["label"]] += 1
        right[label] += label == row["label"]
    return sum(2 * right[each] / (said[each] + is_[each]) for each in ("positive", "neutral", "negative")) / 3


FLOORS = {"fr": 0.616, "en": 0.65, "es": 0.5, "de": 0.62, "it": 0.55, "pt": 0.55, "ar": 0.56}


@pytest.mark.parametrize("language", FLOORS)
def test_real_tweets(language: str) -> None:
    assert language in languages()
    assert macro_f1(rows_of(f"sentiment/umsab-{language}-val"), language) > FLOORS[language]


def test_real_customers() -> None:
    assert macro_f1(rows_of("care/us-airline-17-22feb", 3), "en") > 0.6
