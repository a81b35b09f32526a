"""A text read as a query, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from comptoir.reading.query.compiling import Holds, Shows, holding, showing
from comptoir.reading.query.document import Document
from comptoir.reading.query.needing import Needs, among, indexed, needs, rows, shortly
from comptoir.reading.query.notes import Noted, Notes, Stop, edited
from comptoir.reading.query.parsing import Parser
from comptoir.reading.query.problems import Code, Problem, Wrong
from comptoir.reading.query.syntax import Node, Word

LENGTH_MOST = 4_096


@dataclass(frozen=True)
class Query:
    """A query that can be asked. Two are equal when they mean the same by their build, however they were written.

    `text` is what was given, `str(query)` its normal form, `warnings` what its author should look at.
    """

    root: Node
    text: str = field(default="", compare=False)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return str(self.root)

    @cached_property
    def holds(self) -> Holds:
        """`matches` as a function by itself, made when it is first asked for: for whoever asks it of thousands."""
        return holding(self.root)

    @cached_property
    def _shows(self) -> Shows:
        return showing(self.root)

    def matches(self, document: Document) -> bool:
        """Whether the query is true of a document. Never raises."""
        return self.holds(document)

    @cached_property
    def _needs(self) -> Needs:
        return needs(self.root, indexed, shortly)

    def needs(self) -> Needs:
        """What any match must hold: one word of each of these sets, "fibr*" being any that begins so.

        The words are those of `Document.words`. Empty when nothing can be said: then anything may match.
        """
        return self._needs

    def rows(self) -> tuple[Needs, ...]:
        """What any match must hold in a row: of each phrase, one word of each of its sets right behind the other."""
        return rows(self.root)

    def among(self, name: str) -> frozenset[str] | None:
        """Values of a field, as they were typed, of which any match must have one; None where nothing can be said."""
        return among(self.root, name)

    def spans(self, document: Document, title: bool = False) -> tuple[tuple[int, int], ...]:
        """Where the text (or the title) shows what matched: starts and ends in it as given, in order, apart.

        Empty where the query does not match, and where it matches by what stands beside the text.
        """
        if not self.matches(document):
            return ()
        reading = document.reading
        found = sorted(
            (reading.starts[first], reading.ends[last])
            for first, last in set(self._shows(document))
            if (first < reading.body) == title
        )
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        source = reading.title if title else reading.text
        return tuple((source.place(start), source.place(end)) for start, end in merged)


def parse(text: str) -> Query:
    """Read a query. Raises Wrong with all that keeps it from being one."""
    root, notes = _read(text)
    if notes.problems:
        raise Wrong(_settled(text, notes.problems))
    return Query(root, text, _settled(text, notes.warnings))


def _read(text: str) -> tuple[Node, Notes]:
    notes = Notes()
    root: Node = Word("")
    try:
        if len(text) > LENGTH_MOST:
            notes.wrong(Code.TOO_LONG, LENGTH_MOST, len(text), most=LENGTH_MOST, length=len(text))
        else:
            root = Parser(text, notes).root()
    except Stop:
        pass
    if not notes.problems and (length := len(str(root))) > LENGTH_MOST:
        # The normal form is what is kept, and it has to be readable again.
        notes.wrong(Code.TOO_LONG, 0, len(text), most=LENGTH_MOST, length=length)
    return root, notes


def _settled(text: str, noted: list[Noted]) -> tuple[Problem, ...]:
    """The problems by column, those that have edits with the text in which all edits are made, if that parses."""
    fix = ""
    if any(each.edits for each in noted):
        fix = edited(text, noted)
        for _ in range(3):
            _, notes = _read(fix)
            if not notes.problems:
                break
            fix = edited(fix, notes.problems) if all(each.edits for each in notes.problems) else ""
        else:
            fix = ""
    problems = [replace(each.problem, fix=fix if each.edits else "") for each in noted]
    return tuple(sorted(problems, key=lambda problem: (problem.column, problem.end)))
