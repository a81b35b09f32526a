"""The tables keep to their vocabularies, and no vocabulary has what could point at somebody."""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

import pytest

from comptoir.reading.features import START, features, hashed, pair
from comptoir.reading.utterance import utterance
from comptoir.reading.weights import Weights, weights

FOLDER = Path(__file__).parents[3] / "training" / "vocabularies"
TABLES = {
    "spam": [("any", "spam")],
    **{name: [(label, f"{name}-{label}") for label in weights(name).labels] for name in ("tone", "toxicity")},
}
EACH = [(name, label, file) for name, files in TABLES.items() for label, file in files]


def vocabulary(file: str) -> list[str]:
    path = FOLDER / f"{file}.txt"
    if not path.exists():
        pytest.skip("the vocabularies are in the project, not in the package")
    return path.read_text().splitlines()


def row_of(name: str) -> int:
    """The hash of a word or mark, of a "~run", of "one pair"."""
    if name.startswith("~"):
        return crc32(name[1:].encode("utf-8", "replace"), 1)
    before, blank, token = name.partition(" ")
    return pair(START if before == "^" else hashed(before), hashed(token)) if blank else hashed(name)


def used(table: Weights, label: str) -> set[int]:
    """The rows of one label that say anything."""
    width = 2 if len(table.bias[0]) == 2 else 1
    size = width << table.bits
    at = table.labels.index(label) * size
    return {place // width for place, worth in enumerate(table.rows[at : at + size].tolist()) if worth}


@pytest.mark.parametrize(("name", "label", "file"), EACH)
def test_a_row_that_says_something_is_accounted_for(name: str, label: str, file: str) -> None:
    table = weights(name)
    rows = {row_of(each) & table.mask for each in vocabulary(file)}
    assert len(used(table, label)) > 500
    assert not used(table, label) - rows


@pytest.mark.parametrize("file", [file for _, _, file in EACH])
def test_nothing_in_it_points_at_somebody(file: str) -> None:
    names = vocabulary(file)
    assert len(names) > 1000
    assert not [each for each in names if re.search(r"@|https?:|www\.|://", each)]
    parts = {part for each in names for part in each.split(" ")}
    assert not {part for part in parts if re.search(r"\d", part)} - {"0", "!0", "~_0_"}


def test_rows_are_found_as_the_vocabulary_says() -> None:
    said = utterance("Je n'aime pas ça 😡", "fr")
    rows = {row for row, _counts in features(said, 16)}
    for name in ("je", "ne", "~_je", "^ je", "je ne", "#😡"):
        assert row_of(name) & 0xFFFF in rows
