"""Corrections are kept to, carry over to texts like them, and turn nothing else over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.correcting import LONGEST, Corrected, Correction
from comptoir.reading.tests.shared import rows_of
from comptoir.reading.tone import tone_of

LABELS = st.sampled_from(["positive", "neutral", "negative"])


def test_what_was_corrected_is_read_rightly_then_and_what_is_like_it() -> None:
    text = "Your coffee is wicked"
    assert tone_of(text, "en").label != "positive"
    corrected = Corrected.by([Correction(text, "en", "positive")])
    assert corrected.tone_of(text, "en") == ("positive", 1.0)
    assert corrected.tone_of("RT @acme: your coffee is WICKED!", "en").label == "positive"
    assert (
        corrected.tone_of("The new blend is wicked", "en").score
        > tone_of("The new blend is wicked", "en").score
    )
    assert not Corrected().learn(Correction("Thank you so much, great service!", "en", "positive"))


def test_the_rest_is_read_as_before() -> None:
    corrected = Corrected.by([Correction("Your coffee is wicked", "en", "positive")])
    for text in ("Flight cancelled, no information, unacceptable", "Thank you so much, great service!"):
        assert corrected.tone_of(text, "en").label == tone_of(text, "en").label
    assert Corrected().tone_of("Great", "en") == tone_of("Great", "en")


def test_the_newest_of_two_that_disagree_counts() -> None:
    said = [
        Correction("It is sick", "en", label) for label in ("negative", "positive", "positive", "negative")
    ]
    assert Corrected.by(said).tone_of("It is sick", "en").label == "negative"


def test_learning_from_people_helps_on_what_nobody_corrected() -> None:
    rows = rows_of("care/us-airline-17-22feb")
    learnt, unseen = rows[:1500], rows[3000:5000]
    corrected = Corrected.by(Correction(row["text"], "en", row["label"]) for row in learnt)
    before = sum(tone_of(row["text"], "en").label == row["label"] for row in unseen)
    after = sum(corrected.tone_of(row["text"], "en").label == row["label"] for row in unseen)
    assert after > before


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from(["fr", "en", "xx"]), LABELS), max_size=8))
def test_any_corrections(said: list[tuple[str, str, str]]) -> None:
    corrections = [Correction(text, language, label) for text, language, label in said]  # type: ignore[arg-type]
    corrected = Corrected.by(corrections)
    assert corrected == Corrected.by(corrections)
    for each in corrections:
        assert all(abs(added) <= LONGEST for added in corrected.added(each.text, each.language))
        assert -1 <= corrected.tone_of(each.text, each.language).score <= 1
