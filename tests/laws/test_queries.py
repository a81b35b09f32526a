"""Law 9, of the query language: its page names every field, choice, operator and limit, and shows what can be typed."""

import re
from pathlib import Path

import pytest

from comptoir.reading.query import FIELDS, Wrong, parse
from comptoir.reading.query.importing import Tool
from comptoir.reading.query.leaves import DISTANCE_MOST, OPERANDS_MOST, PHRASE_MOST, WILDCARDS_MOST
from comptoir.reading.query.lexing import OPERATORS
from comptoir.reading.query.parsing import DEPTH_MOST
from comptoir.reading.query.query import LENGTH_MOST

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+):` \|(.*)\|$", PAGE.partition("## Fields")[2], flags=re.MULTILINE))
BLOCKS = re.findall(r"^    (.+)$", PAGE, flags=re.MULTILINE)
SHOWN = [each for row in ROWS.values() for each in re.findall(r"`([^`]+)`", row.rpartition("|")[2])]


def test_every_field_has_its_row_with_its_choices() -> None:
    assert list(ROWS) == list(FIELDS)
    for name, field in FIELDS.items():
        assert not [choice for choice in field.choices if f"`{choice}`" not in ROWS[name]], name


def test_every_operator_and_limit_is_named() -> None:
    operators = PAGE.partition("## Operators")[2].partition("## Fields")[0]
    assert not [each for each in (*OPERATORS, "NEAR/", "ONEAR/", "PROCHE/", "<<<") if each not in operators]
    limits = PAGE.partition("**Too much**")[2].partition("\n## ")[0]
    most = (LENGTH_MOST, OPERANDS_MOST, WILDCARDS_MOST, DEPTH_MOST, PHRASE_MOST, DISTANCE_MOST)
    assert [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\d", limits)] == list(most)


@pytest.mark.parametrize("query", [*BLOCKS, *SHOWN])
def test_queries_shown_can_be_typed(query: str) -> None:
    assert parse(f"x ({query})").warnings == ()


def test_what_is_said_to_be_blocked_is() -> None:
    section = PAGE.partition("## What is blocked")[2].partition("## Queries of other")[0]
    shown = [each for each in re.findall(r"`([^`]+)`", section) if each != "{C++}"]
    assert len(shown) > 6
    for query in shown:
        with pytest.raises(Wrong):
            parse(query)


def test_what_is_said_to_be_understood_is() -> None:
    shown = re.findall(r"`([^`]+)`", PAGE.partition("## Queries of other tools")[2].partition("\n## ")[0])
    assert len(shown) > 6
    for query in shown:
        parse(f"{query} x" if query.endswith(":") else query)


def test_what_is_brought_over_is_named() -> None:
    section = PAGE.partition("## Bringing a query over")[2].partition("\n## ")[0]
    assert not [tool for tool in Tool if tool.lower() not in section.lower()]
