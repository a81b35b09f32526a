"""A query cut into strokes by what each piece of it is, for whoever shows it in colours."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import Literal, NamedTuple

from comptoir.reading.query.lexing import Lexer, Token
from comptoir.reading.query.notes import Notes, Stop
from comptoir.reading.query.problems import WARNINGS, Problem, Wrong
from comptoir.reading.query.query import LENGTH_MOST, parse

type Kind = Literal["", "operator", "field", "value", "phrase", "mark", "bracket", "comment"]
type Flaw = Literal["", "wrong", "doubtful"]

_KINDS: dict[str, Kind] = {
    "and": "operator", "or": "operator", "not": "operator", "near": "operator", "field": "field",
    "phrase": "phrase", "exact": "phrase", "range": "value", "open": "bracket", "close": "bracket",
}  # fmt: skip


class Stroke(NamedTuple):
    """A piece of a query as it was typed. Two brackets that belong together have the same `pair`, any other piece 0."""

    text: str
    kind: Kind = ""
    pair: int = 0
    flaw: Flaw = ""


class _Canvas:
    """One text, each sign of it by itself."""

    def __init__(self, text: str) -> None:
        self.kinds: list[Kind] = [""] * len(text)
        self.pairs = [0] * len(text)
        self.flaws: list[Flaw] = [""] * len(text)

    def colour(self, text: str, tokens: Iterable[Token]) -> None:
        """What each token is. Between two of them are blanks, comments and what is nothing at all."""
        opened: list[int] = []
        end, before, pairs = 0, "", 0
        for token in tokens:
            if "<<<" in text[end : token.column]:
                self.kinds[end : token.column] = ["comment"] * (token.column - end)
            self.kinds[token.column : token.end] = [_kind(token, before)] * (token.end - token.column)
            end, before = token.end, token.kind
            if token.kind == "open":
                opened.append(token.column)
            elif token.kind == "close" and opened:
                pairs += 1
                self.pairs[opened.pop()] = self.pairs[token.column] = pairs

    def underline(self, problems: Iterable[Problem]) -> None:
        """Where something is wrong; what is missing behind the last sign is shown at that sign."""
        for each in problems:
            first = min(each.column, len(self.flaws) - 1)
            flaw: Flaw = "doubtful" if each.code in WARNINGS else "wrong"
            last = max(each.end, first + 1)
            self.flaws[first:last] = [flaw] * len(self.flaws[first:last])


def strokes(text: str) -> list[Stroke]:
    """A text as strokes; together they are the text. What is longer than a query may be is one."""
    if len(text) > LENGTH_MOST or not text.strip():
        return [Stroke(text)] if text else []
    canvas, lexer = _Canvas(text), None
    with suppress(Stop):
        lexer = Lexer(text, Notes())
    if lexer is not None:
        canvas.colour(text, lexer.tokens)
    try:
        canvas.underline(parse(text).warnings)
    except Wrong as wrong:
        canvas.underline(wrong.problems)
    # A blank takes no colour, so that a comment between two words does not run on.
    looks = [
        ("" if sign.isspace() and kind != "phrase" else kind, pair, flaw)
        for sign, kind, pair, flaw in zip(text, canvas.kinds, canvas.pairs, canvas.flaws, strict=True)
    ]
    found: list[Stroke] = []
    at = 0
    for look, signs in groupby(looks):
        length = sum(1 for _sign in signs)
        found.append(Stroke(text[at : at + length], *look))
        at += length
    return found


def part(drawn: Iterable[Stroke], start: int, end: int) -> list[Stroke]:
    """Those of a text's strokes that stand between two places of it, cut where they begin or end beyond."""
    found, at = [], 0
    for stroke in drawn:
        text = stroke.text[max(0, start - at) : max(0, end - at)]
        at += len(stroke.text)
        if text:
            found.append(stroke._replace(text=text))
    return found


def _kind(token: Token, before: str) -> Kind:
    if token.kind != "word":
        return _KINDS.get(token.kind, "")
    if before == "field":
        return "value"
    return "mark" if token.text[:1] in {"#", "@", "$"} else ""
