"""Spam and toxicity by words: what is plain is told, and what somebody says in a heap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.heard import signs_of
from comptoir.reading.spam import heaped, spam_of
from comptoir.reading.tests.shared import rows_of
from comptoir.reading.toxicity import languages, toxicity_of


@pytest.mark.parametrize(
    "text",
    [
        "Check out my channel and subscribe please!!! http://videos.example",
        "WIN a FREE iPhone, text 88600 now or call 0800 123 4567",
        "Hey guys, I make covers, please visit my channel and give me a thumbs up",
    ],
)
def test_advertising_is_spam(text: str) -> None:
    assert spam_of(text) > 0.5


@pytest.mark.parametrize(
    "text", ["I love this song", "Where is my parcel? I ordered it on Monday", "", "😀", "@acme thanks"]
)
def test_talk_is_not(text: str) -> None:
    assert spam_of(text) < 0.5


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("#a1 #b2 #c3 #d4 #e5 #f6 #g7 #h8 #i9 #j10 #k11 #l12 now", True),
        ("cheap shoes cheap bags cheap watches cheap cheap cheap cheap shoes cheap", True),
        ("ha ha ha ha ha ha ha ha", False),
        ("lol lol lol lol lol lol lol", False),
        ("At the show with friends, what a night #paris #music #live #friends", False),
        ("never never", False),
    ],
)
def test_words_heaped_up(text: str, is_it: bool) -> None:
    assert heaped(text) is is_it
    assert (spam_of(text) >= 0.9) or not is_it


def test_few_tweets_are_heaps() -> None:
    texts = [row["text"] for row in rows_of("sentiment/umsab-en-val")]
    assert sum(map(heaped, texts)) <= 3


def test_a_tweet_is_no_spam_for_its_address() -> None:
    texts = [row["text"] for row in rows_of("sentiment/umsab-fr-val")]
    assert sum(spam_of(text) > 0.5 for text in texts) < 0.03 * len(texts)


def test_hate_and_anger_are_told_apart() -> None:
    assert {"fr", "en", "ar"} == set(languages())
    assert toxicity_of("Sales arabes, rentrez chez vous", "fr") > 0.5
    assert toxicity_of("Votre service est nul, je veux être remboursé", "fr") < 0.5
    assert toxicity_of("Votre service est nul", "sv") == 0.0


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "ar", "xx"]))
def test_any_text(text: str, language: str) -> None:
    assert 0 <= spam_of(text) <= 1
    assert 0 <= toxicity_of(text, language) <= 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_next_to_none_of_what_is_said_about_anything_is_marked_as_hateful(language: str) -> None:
    tweets = rows_of(f"sentiment/umsab-{language}-train")[:1_000]
    assert sum(signs_of(row["text"], language).toxic for row in tweets) <= 15
