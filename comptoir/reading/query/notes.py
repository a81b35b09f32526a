"""What the parser notes on its way: problems, warnings, and the edits of the text that would settle each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from comptoir.reading.query.problems import WARNINGS, Code, Fact, Problem

type Edit = tuple[int, int, str]
"""From, to, and what should stand there instead."""

PROBLEMS_MOST = 50


class Stop(Exception):
    """Reading on is of no use: the query is past a limit."""


class Noted(NamedTuple):
    """A problem, with its edits."""

    problem: Problem
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class Notes:
    """The notes on one text."""

    all: list[Noted] = field(default_factory=list)

    def wrong(self, code: Code, column: int, end: int, *edits: Edit, **facts: Fact) -> None:
        """Note a problem or a warning. Raises Stop when there are too many to be of help."""
        self.all.append(Noted(Problem(code, column, end, facts), edits))
        if len(self.problems) > PROBLEMS_MOST:
            raise Stop

    @property
    def problems(self) -> list[Noted]:
        """What keeps the text from being a query."""
        return [noted for noted in self.all if noted.problem.code not in WARNINGS]

    @property
    def warnings(self) -> list[Noted]:
        """What is only doubtful."""
        return [noted for noted in self.all if noted.problem.code in WARNINGS]


def edited(text: str, noted: list[Noted]) -> str:
    """The text with all these edits made; of those that overlap, the outer one."""
    edits = [edit for each in noted for edit in each.edits]
    # At one place what is inserted comes first, and a parenthesis is closed before another is opened.
    edits.sort(key=lambda edit: (edit[0], edit[1] > edit[0], -edit[1], edit[2] != ")"))
    parts: list[str] = []
    at = 0
    for start, end, instead in edits:
        if start >= at:
            parts += [text[at:start], instead]
            at = end
    return "".join([*parts, text[at:]])
