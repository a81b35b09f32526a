"""Reading closely: what texts mean, in any language, beside what their words say."""

from __future__ import annotations

import pytest

from comptoir.reading import closely
from comptoir.reading.tests.shared import rows_of

pytestmark = pytest.mark.skipif(
    bool(closely.lacking()), reason="the model of meaning has no wheel for this machine"
)


def test_tone_in_many_languages() -> None:
    said = {
        "fr": "Je suis très déçue, personne ne répond",
        "en": "Nobody answers, I am so disappointed",
        "de": "Ich bin so enttäuscht, niemand antwortet",
        "nl": "Ik ben zo teleurgesteld, niemand antwoordt",
    }
    tones = closely.tones_of(list(said.values()), list(said))
    assert [tone.label for tone in tones] == ["negative"] * 4
    (glad,) = closely.tones_of(["Merci beaucoup, service impeccable !"], ["fr"])
    assert glad.label == "positive"
    assert -1 <= tones[0].score < 0 < glad.score <= 1


def test_nothing_said_has_no_tone() -> None:
    assert closely.tones_of(["@acme http://a.example", ""], ["fr", "en"]) == [("", 0.0), ("", 0.0)]
    assert closely.points([]) == []


def test_odd_texts_are_read() -> None:
    odd = ["\ud800", "a\0b", "😀" * 500, " "]
    assert all(0 <= chance <= 1 for chance in closely.spam_of(odd))
    assert all(0 <= chance <= 1 for chance in closely.toxicity_of(odd, ["fr", "en", "sv", ""]))


def test_one_by_one_is_as_all_together() -> None:
    texts = ["Bonjour", "Where is my parcel?", "Bonjour"]
    together = closely.points(texts)
    assert together[0] == together[2]
    (alone,) = closely.points(texts[1:2])
    assert max(abs(a - b) for a, b in zip(alone, together[1], strict=True)) < 1e-5


@pytest.mark.parametrize(("language", "floor"), [("fr", 0.6), ("en", 0.6)])
def test_real_tweets(language: str, floor: float) -> None:
    rows = rows_of(f"sentiment/umsab-{language}-val", 9)
    tones = closely.tones_of([row["text"] for row in rows], [language] * len(rows))
    right = sum(tone.label == row["label"] for tone, row in zip(tones, rows, strict=True))
    assert right / len(rows) > floor
