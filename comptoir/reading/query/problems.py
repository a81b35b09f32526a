"""What can be wrong or doubtful in a query, as codes with facts: the sentences live where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Fact = str | int | tuple[str, ...]


class Code(StrEnum):
    """Every code there is; `FACTS` names what goes with each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_OPERANDS = "too_many_operands"
    TOO_MANY_WILDCARDS = "too_many_wildcards"
    TOO_DEEP = "too_deep"
    LONG_PHRASE = "long_phrase"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNCLOSED_BRACE = "unclosed_brace"
    UNCLOSED_BRACKET = "unclosed_bracket"
    UNCLOSED_COMMENT = "unclosed_comment"
    UNCLOSED_PARENTHESIS = "unclosed_parenthesis"
    UNOPENED = "unopened"
    EMPTY_GROUP = "empty_group"
    MISSING_OPERAND = "missing_operand"
    DOUBLE_NOT = "double_not"
    MIXED = "mixed"
    PURE_NEGATIVE = "pure_negative"
    NO_WORD = "no_word"
    BARE_ADDRESS = "bare_address"
    WILDCARD_FIRST = "wildcard_first"
    WILDCARD_SHORT = "wildcard_short"
    WILDCARD_IN_COMPOUND = "wildcard_in_compound"
    BAD_DISTANCE = "bad_distance"
    LARGE_DISTANCE = "large_distance"
    NEAR_NEEDS_WORDS = "near_needs_words"
    UNKNOWN_FIELD = "unknown_field"
    FIELD_IN_FIELD = "field_in_field"
    SPACE_BEFORE_COLON = "space_before_colon"
    MISSING_VALUE = "missing_value"
    BAD_VALUE = "bad_value"
    BAD_CHOICE = "bad_choice"
    OUT_OF_BOUNDS = "out_of_bounds"
    BAD_RANGE = "bad_range"
    DESCENDING_RANGE = "descending_range"
    # Warnings: the query is read all the same.
    LOWERCASE_OPERATOR = "lowercase_operator"
    WIDE_DISTANCE = "wide_distance"
    DISTANCE_ON_WORD = "distance_on_word"
    SMART_QUOTES = "smart_quotes"
    IMPORTED = "imported"


WARNINGS = frozenset(
    {Code.LOWERCASE_OPERATOR, Code.WIDE_DISTANCE, Code.DISTANCE_ON_WORD, Code.SMART_QUOTES, Code.IMPORTED}
)

FACTS: Mapping[Code, tuple[str, ...]] = {
    **dict.fromkeys(Code, ()),
    Code.TOO_LONG: ("most", "length"),
    Code.TOO_MANY_OPERANDS: ("most",),
    Code.TOO_MANY_WILDCARDS: ("most",),
    Code.TOO_DEEP: ("most",),
    Code.LONG_PHRASE: ("most",),
    Code.UNOPENED: ("sign",),
    Code.MISSING_OPERAND: ("operator",),
    Code.MIXED: ("outer", "inner"),
    Code.NO_WORD: ("given",),
    Code.BARE_ADDRESS: ("given",),
    Code.WILDCARD_SHORT: ("least",),
    Code.BAD_DISTANCE: ("given",),
    Code.LARGE_DISTANCE: ("most", "given"),
    Code.UNKNOWN_FIELD: ("field", "similar"),
    Code.FIELD_IN_FIELD: ("field",),
    Code.SPACE_BEFORE_COLON: ("field",),
    Code.MISSING_VALUE: ("field",),
    Code.BAD_VALUE: ("field", "value", "kind"),
    Code.BAD_CHOICE: ("field", "value", "choices"),
    Code.OUT_OF_BOUNDS: ("field", "value", "least", "most"),
    Code.BAD_RANGE: ("given",),
    Code.DESCENDING_RANGE: ("field", "given"),
    Code.LOWERCASE_OPERATOR: ("word", "operator"),
    Code.WIDE_DISTANCE: ("given", "advised"),
    Code.DISTANCE_ON_WORD: ("given", "read"),
    Code.SMART_QUOTES: ("given", "read"),
    Code.IMPORTED: ("given", "read"),
}
"""The names of the facts that a problem of each code carries, always all of them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in a query and what is to be said of it.

    `column` and `end` count characters of the text as given, from 0, end excluded. `fix`: the whole text as it could
    be written instead, which parses; "" where only its author can know.
    """

    code: Code
    column: int
    end: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fix: str = ""


class Wrong(ValueError):
    """The text is no query. `problems`: what keeps it from being one, at least one, by column."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(f"{each.code} at {each.column}" for each in problems))
        self.problems = problems
