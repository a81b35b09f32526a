"""A query cut into tokens, each with its column. What cannot be cut is a problem, and reading goes on behind it."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from comptoir.reading.query.notes import Notes
from comptoir.reading.query.problems import Code

type Token_ = Literal[
    "word", "phrase", "exact", "range", "field", "open", "close", "and", "or", "not", "near", "end"
]

NEAR_USUAL = 5
OPERATORS: dict[str, Token_] = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "ET": "and",
    "OU": "or",
    "SAUF": "not",
}
DASHES = "-–−"

# Quotes that word processors make of plain ones.
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_CHUNK = re.compile(r"(?:(?!<<<)[^\s()\"{}\[\]])+")
_COMPARED = re.compile(r"[<>]=?\s*(?:(?!<<<)[^\s()\"{}\[\]])*")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):")
NEAR = re.compile(r"(?:(O)?NEAR|PROCHE)(?:/(\d{1,9})(f?))?", re.IGNORECASE)
_AWARIO = re.compile(r"(o?)near/(\d{1,9}):([^\s()\"{}\[\],:]+(?:,[^\s()\"{}\[\],:]+)+)", re.IGNORECASE)
_SINGLE = re.compile(r"‘([^‘\"(){}\[\]]+?)’(?!\w)")
_GOES_ON = re.compile(
    r"\s+(?:AND|OR|NOT|ET|OU|SAUF|O?NEAR(?:/\d+f?)?|PROCHE(?:/\d+)?)(?=[\s(])|\s*(?:[()]|<<<)|\s*\Z"
)
_DISTANCE = re.compile(r"~(\d{1,9})?")
_RANGE = re.compile(r"\[[^\[\]]*\]")
ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class Token(NamedTuple):
    """A piece of a query. `number`: its distance, where it has one. `parts`: what `near/4:a,b` lists."""

    kind: Token_
    column: int
    end: int
    text: str = ""
    number: int | None = None
    ordered: bool = False
    parts: tuple[str, ...] = ()


class Lexer:
    """Cuts one text into `tokens`, the last of which is an "end"; what is wrong goes into the notes."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._wrong = notes.wrong
        self._given = text
        self._text = text.translate(_QUOTES)
        self._at = 0
        self.tokens: list[Token] = []
        while self._at < len(text):
            if text[self._at].isspace():
                self._at += 1
            else:
                self._next()
        self._add("end", 0)

    def _next(self) -> None:
        sign = self._text[self._at]
        if self._text.startswith("<<<", self._at):
            self._comment()
        elif sign == "(":
            self._add("open", 1)
        elif sign == ")":
            self._add("close", 1)
            self._distance()
        elif sign == '"':
            self._enclosed("phrase", '"', Code.UNCLOSED_QUOTE)
            self._distance()
        elif sign == "‘" and (found := _SINGLE.match(self._text, self._at)):
            self._smart(self._at, found.end() - 1)
            self._add("phrase", found.end() - self._at, found[1])
        elif sign == "{":
            self._enclosed("exact", "}", Code.UNCLOSED_BRACE)
        elif sign == "[":
            self._range()
        elif sign in "}]":
            self._wrong(Code.UNOPENED, self._at, self._at + 1, sign=sign)
            self._at += 1
        else:
            self._chunk()

    def _chunk(self) -> None:
        """What runs to the next blank or bracket: an operator, a field's name, its value, or a word."""
        after = self.tokens[-1].kind if self.tokens else "end"
        if after == "field" and self._value():
            return
        found = _CHUNK.match(self._text, self._at)
        assert found
        chunk = found[0]
        if chunk in OPERATORS:
            self._add(OPERATORS[chunk], len(chunk))
        elif self._negates():
            self._add("not", 1)
        elif self._near(chunk):
            pass
        elif listed := _AWARIO.fullmatch(chunk):
            parts = tuple(listed[3].split(","))
            self._add("word", len(chunk), chunk, int(listed[2]), bool(listed[1]), parts)
        elif chunk[0] == ":":
            self._colon()
        elif not ADDRESS.match(chunk) and (named := _FIELD.match(chunk)):
            self._add("field", len(named[0]), named[1])
        else:
            self._add("word", len(chunk), chunk)

    def _value(self) -> bool:
        """The value of a field just named, taken as it stands: no operator, no field in it."""
        found = _COMPARED.match(self._text, self._at) or _CHUNK.match(self._text, self._at)
        if found is None or found[0] in OPERATORS:
            return False
        self._add("word", len(found[0]), found[0])
        return True

    def _negates(self) -> bool:
        """Whether a dash stands here that belongs to what follows, also one that a word processor made longer."""
        following = self._text[self._at + 1 : self._at + 2]
        return self._text[self._at] in DASHES and bool(following.strip()) and following not in ")]}"

    def _near(self, chunk: str) -> bool:
        """`NEAR/5`, `ONEAR`, `PROCHE/3`, Brandwatch's `NEAR/5f`, YouScan's `/5`."""
        if chunk[0] == "/" and chunk[1:].isascii() and chunk[1:].isdigit() and len(chunk) < 11:
            self._add("near", len(chunk), chunk, int(chunk[1:]) - 1)
            return True
        name, _, _ = chunk.partition("/")
        if name not in {"NEAR", "ONEAR", "PROCHE"} or _AWARIO.fullmatch(chunk):
            return False
        found = NEAR.fullmatch(chunk)
        if found is None:
            self._wrong(Code.BAD_DISTANCE, self._at, self._at + len(chunk), given=chunk)
        number = int(found[2]) if found and found[2] else NEAR_USUAL
        self._add("near", len(chunk), chunk, number, bool(found and (found[1] or found[3])))
        return True

    def _colon(self) -> None:
        """A colon by itself: that of a field with a blank before it, or one that nothing explains."""
        before = self.tokens[-1] if self.tokens else None
        if before and before.kind == "word" and _FIELD.fullmatch(f"{before.text}:"):
            closer = (before.end, self._at, "")
            self._wrong(Code.SPACE_BEFORE_COLON, before.end, self._at + 1, closer, field=before.text)
            self.tokens[-1] = before._replace(kind="field", end=self._at + 1)
            self._at += 1
        else:
            self._wrong(Code.NO_WORD, self._at, self._at + 1, given=":")
            self._at += 1

    def _enclosed(self, kind: Token_, closing: str, code: Code) -> None:
        close = self._text.find(closing, self._at + 1)
        if close < 0:
            self._left_open(kind, closing, code)
            return
        if kind == "phrase":
            self._smart(self._at, close)
        # What is exact keeps its quotes as they were typed.
        text = (self._given if kind == "exact" else self._text)[self._at + 1 : close]
        self._add(kind, close + 1 - self._at, text)

    def _left_open(self, kind: Token_, closing: str, code: Code) -> None:
        """It was hardly meant to go beyond the next operator or parenthesis."""
        until = _GOES_ON.search(self._text, self._at + 1)
        close = until.start() if until else len(self._text)
        text = self._text[self._at + 1 : close]
        edit = (close, close, closing) if text.strip() else (self._at, self._at + 1, "")
        self._wrong(code, self._at, self._at + 1, edit)
        if text.strip():
            self._add(kind, close - self._at, text)
        else:
            self._at += 1

    def _smart(self, opening: int, close: int) -> None:
        """Quotes that a word processor made: understood, and better written plainly."""
        given = self._given
        if given[opening] == given[close] == '"':
            return
        inside = given[opening + 1 : close]
        begins = opening + 1 + len(inside) - len(inside.lstrip())
        ends = opening + 1 + len(inside.rstrip())
        if begins < ends:
            edits = ((opening, begins, '"'), (ends, close + 1, '"'))
            facts = {"given": given[opening : close + 1], "read": f'"{inside.strip()}"'}
            self._wrong(Code.SMART_QUOTES, opening, close + 1, *edits, **facts)

    def _comment(self) -> None:
        close = self._text.find(">>>", self._at)
        if close < 0:
            self._wrong(Code.UNCLOSED_COMMENT, self._at, self._at + 3)
        self._at = len(self._text) if close < 0 else close + 3

    def _range(self) -> None:
        if found := _RANGE.match(self._text, self._at):
            self._add("range", len(found[0]), found[0])
        else:
            self._wrong(Code.UNCLOSED_BRACKET, self._at, self._at + 1)
            self._at += 1

    def _distance(self) -> None:
        """`~5` right behind a phrase or a group."""
        if found := _DISTANCE.match(self._text, self._at):
            if found[1] is None:
                self._wrong(Code.BAD_DISTANCE, self._at, self._at + 1, given="~")
            else:
                last = self.tokens[-1]
                self.tokens[-1] = last._replace(number=int(found[1]), end=found.end())
            self._at = found.end()

    def _add(
        self,
        kind: Token_,
        length: int,
        text: str = "",
        number: int | None = None,
        ordered: bool = False,
        parts: tuple[str, ...] = (),
    ) -> None:
        self.tokens.append(Token(kind, self._at, self._at + length, text, number, ordered, parts))
        self._at += length
