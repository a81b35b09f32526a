"""Likeness: near-copies are found, others are not, and what is stored stays the same."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.likeness import ALIKE, BANDS, alike, clusters, fingerprint
from comptoir.reading.tests.shared import texts_of

STORM = "My flight AF123 to Nice is cancelled, what now?"
ANY = st.text(max_size=200)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèàùçôï 0123456789'!?.,", max_size=120)


def near(a: str, b: str) -> bool:
    """As the product finds them: a band in common, then the comparison."""
    first, second = fingerprint(a), fingerprint(b)
    assert first
    assert second
    return bool(set(first.bands) & set(second.bands)) and alike(a, b) >= ALIKE


@pytest.mark.parametrize(
    "copy",
    [
        "my flight LH9876 to Nice is cancelled what now",
        "RT @someone: My flight AF123 to Nice is cancelled, what now?",
        "My flight AF123 to Nice is cancelled, what now? https://t.example/x1",
        "@airline My flight AF123 to Nice is cancelled, what now? #fail #travel",
        "Hello, my flight AF123 to Nice is cancelled, what now?",
        "MY FLIGHT AF123 TO NICE IS CANCELLED… WHAT NOW??? 😡",
    ],
)
def test_a_storm_is_one(copy: str) -> None:
    assert near(STORM, copy)


@pytest.mark.parametrize(
    "other",
    [
        "My flight AF123 to Nice: may I bring my dog on board?",
        "What is the weather like in Nice today?",
        "Mon vol AF123 pour Nice est annulé, que faire ?",
    ],
)
def test_another_question_is_not(other: str) -> None:
    assert not near(STORM, other)


def test_french() -> None:
    assert near(
        "Mon vol AF123 pour Nice est annulé, que faire ?", "mon vol LH98 pour nice est ANNULE : que faire ?"
    )
    assert not near("Mon colis est arrivé cassé", "Mon colis n'est toujours pas arrivé chez moi")


@pytest.mark.parametrize(
    "text", ["", "  \n", "😀 👍🏽", "https://a.example/b", "@one @two", "!!!", "RT @someone:"]
)
def test_nothing_to_compare(text: str) -> None:
    assert fingerprint(text) is None
    assert alike(text, STORM) == 0.0
    assert alike(text, text) == 0.0


def test_tags_alone_are_compared() -> None:
    assert fingerprint("#retards #sncf") == fingerprint("#Retards #SNCF 😡")


def test_the_numbers_fit_a_bigint_and_stay() -> None:
    found = fingerprint(STORM)
    assert found
    assert len(found.bands) == BANDS
    assert all(-(2**63) <= number < 2**63 for number in (found.exact, *found.bands))
    line = f"from comptoir.reading.likeness import fingerprint; print(fingerprint({STORM!r}))"
    said = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True).stdout
    assert said.strip() == str(found)
    # What is stored was made by this very computation: whoever changes it has to compute all of it again.
    assert (found.exact, found.bands[0], found.bands[-1]) == (
        5371537565325174324,
        4231313137259986096,
        8519333134416847640,
    )


@given(ANY, ANY)
def test_any_text(a: str, b: str) -> None:
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b) <= 1
    assert fingerprint(a) == fingerprint(a)
    assert (fingerprint(a) is None) == (alike(a, a) == 0.0)


@given(LATIN)
def test_case_accents_and_addresses_do_not_count(text: str) -> None:
    plain = text.translate(str.maketrans("éèàùçôï", "eeaucoi"))
    assert fingerprint(text) == fingerprint(plain) == fingerprint(text.upper())
    assert fingerprint(text) == fingerprint(f"{text} https://x.example/y") == fingerprint(f"@one {text}")


@given(
    st.lists(st.sampled_from([STORM, "", "Hello", "Hello!", "another thing", "my flight AF1 to Nice"]) | ANY)
)
def test_clusters_are_a_partition(texts: list[str]) -> None:
    found = clusters(texts)
    assert sorted(at for each in found for at in each) == list(range(len(texts)))
    assert found == sorted(found, key=lambda each: (-len(each), each[0]))
    assert found == clusters(texts)


def test_clusters_gather_a_storm() -> None:
    storm = [f"My flight AF{n} to Nice is cancelled, what now?" for n in range(100, 400)]
    others = ["Do you sell gift cards?", "Merci pour tout !", "", "Which platform for Lille?"]
    found = clusters([*others, *storm])
    assert found[0] == list(range(4, 304))
    assert [len(each) for each in found[1:]] == [1, 1, 1, 1]


def test_near_copies_of_real_texts() -> None:
    texts = texts_of("care/us-airline-17-22feb", "sentiment/umsab-fr-train")
    rng = random.Random(4)
    rng.shuffle(texts)
    texts = [text for text in dict.fromkeys(texts) if len(text.split()) >= 7][:1200]
    found = 0
    for text in texts:
        words = text.split()
        words[rng.randrange(len(words))] = "otherwise"
        found += near(text, " ".join(words))
    assert found / len(texts) > 0.95
    wrong = sum(near(a, b) for a, b in pairwise(texts))
    assert wrong <= 2
