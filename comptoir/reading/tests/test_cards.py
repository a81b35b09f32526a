"""Each trained file has a card, and together they are small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

READING = Path(__file__).parents[1]
CARDS = READING.parents[1] / "docs" / "trained.md"
FILES = sorted([*READING.glob("*.weights"), *READING.glob("*.words")])


def test_each_has_a_card_with_its_data_its_licences_and_its_scores() -> None:
    if not CARDS.exists():
        pytest.skip("the docs are in the project, not in the package")
    _, *parts = re.split(r"^## ", CARDS.read_text(), flags=re.MULTILINE)
    cards = [part for part in parts if re.match(r"\w+\.(?:weights|words)\b", part)]
    named = {name: card for card in cards for name in card.partition("\n")[0].split(", ")}
    assert set(named) == {path.name for path in FILES}
    for card in named.values():
        assert "- Data: " in card
        assert "- Scores" in card


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FILES) < 20_000_000
