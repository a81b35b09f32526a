"""Queries read, by recursive descent: `() > field > NEAR > NOT > AND or a blank > OR`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from comptoir.reading.query.fields import ALIASES, FIELDS, PLACES, Field, similar
from comptoir.reading.query.leaves import Leaves
from comptoir.reading.query.lexing import NEAR, OPERATORS, Lexer, Token, Token_
from comptoir.reading.query.notes import Edit, Notes, Stop
from comptoir.reading.query.problems import Code
from comptoir.reading.query.syntax import And, Near, Node, Not, Or, Word, joined
from comptoir.reading.query.syntax import Field as InField

DEPTH_MOST = 16
_BEGINS: frozenset[Token_] = frozenset({"word", "phrase", "exact", "range", "field", "open", "not"})
_ENDS: frozenset[Token_] = frozenset({"word", "phrase", "exact", "range", "close"})


class Part(NamedTuple):
    """A stretch of the query and what it means.

    level      what joins it, when no parentheses do
    negative   the stretch that makes it match almost everything, if one does
    bare       where a NEAR stands in it that has no parentheses around it
    """

    node: Node
    column: int
    end: int
    level: Literal["one", "near", "not", "and"] = "one"
    negative: tuple[int, int] | None = None
    bare: tuple[int, int] | None = None


class Parser:
    """Reads one text. What is wrong goes into the notes; the root means something only where nothing is."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._notes = notes
        self._leaves = Leaves(notes)
        self._tokens = Lexer(text, notes).tokens
        self._at = 0
        self._depth = 0
        self._field: Field | None = None

    def root(self) -> Node:
        """The whole query. Raises Stop past the limits."""
        self._warn_of_lower_case()
        if len(self._tokens) == 1:
            if not self._notes.problems:
                self._notes.wrong(Code.EMPTY, 0, self._now.end)
            return Word("")
        whole = self._or()
        while closing := self._take("close"):
            self._notes.wrong(Code.UNOPENED, closing.column, closing.column + 1, sign=")")
            if not self._take("end"):
                self._or()
        if whole.negative and not self._notes.problems:
            self._notes.wrong(Code.PURE_NEGATIVE, *whole.negative)
        return whole.node

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self, kind: Token_) -> Token | None:
        token = self._now
        if token.kind != kind:
            return None
        self._at += kind != "end"
        return token

    def _or(self) -> Part:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        if len(parts) == 1:
            return parts[0]
        if wrapped := [part for part in parts if part.level == "and" or part.bare]:
            inner = "AND" if any(part.level == "and" for part in wrapped) else "NEAR"
            self._mixed("OR", inner, [(p.column, p.end) if p.level == "and" else p.bare for p in wrapped])
        negative = next((part.negative for part in parts if part.negative), None)
        node = joined(Or, [part.node for part in parts])
        return Part(node, parts[0].column, parts[-1].end, "one", negative)

    def _and(self) -> Part:
        parts = [self._not()]
        while self._take("and") or self._now.kind in _BEGINS:
            parts.append(self._not())
        if len(parts) == 1:
            return parts[0]
        if wrapped := [part.bare for part in parts if part.bare]:
            self._mixed("AND", "NEAR", wrapped)
        negative = parts[0].negative if all(part.negative for part in parts) else None
        node = joined(And, [part.node for part in parts])
        return Part(node, parts[0].column, parts[-1].end, "and", negative)

    def _not(self) -> Part:
        if (operator := self._take("not")) is None:
            return self._near()
        while again := self._take("not"):
            self._notes.wrong(Code.DOUBLE_NOT, again.column, again.end)
        part = self._near()
        where = (operator.column, part.end)
        return Part(Not(part.node), *where, "not", where, part.bare)

    def _near(self) -> Part:
        left = self._one()
        while operator := self._take("near"):
            if denied := self._take("not"):
                self._notes.wrong(Code.NEAR_NEEDS_WORDS, denied.column, denied.end)
            right = self._one()
            for part in (left, right):
                if not _is_near(part.node):
                    self._notes.wrong(Code.NEAR_NEEDS_WORDS, part.column, part.end)
            self._has_places(operator)
            distance = self._leaves.distance(operator, operator.number or 0)
            where = (left.column, right.end)
            node = self._joined(left.node, right.node, distance, operator)
            left = Part(node, *where, "near", None, where)
        return left

    def _one(self) -> Part:
        token = self._now
        if token.kind == "open":
            return self._group()
        if token.kind == "field":
            return self._in_field()
        if token.kind in {"word", "phrase", "exact", "range"}:
            self._at += 1
            node = self._listed(token) if token.parts else self._leaves.leaf(token, self._field)
            return Part(node, token.column, token.end)
        # An operator stands where an operand should; or nothing does, and what came before waits for one.
        lonely = self._tokens[max(self._at - 1, 0)] if token.kind in {"end", "close"} else token
        if lonely.kind != "field" and not (lonely.kind == "open" or token.kind == lonely.kind == "close"):
            name = _written(lonely)
            self._notes.wrong(Code.MISSING_OPERAND, lonely.column, lonely.end, operator=name)
        return Part(Word(""), lonely.column, lonely.end)

    def _group(self) -> Part:
        opening = self._now
        self._at += 1
        self._deeper(opening)
        if self._now.kind == "close":
            self._notes.wrong(Code.EMPTY_GROUP, opening.column, self._now.end)
            inner = Part(Word(""), opening.column, opening.end)
        else:
            inner = self._or()
        self._depth -= 1
        if (closing := self._take("close")) is None:
            self._notes.wrong(Code.UNCLOSED_PARENTHESIS, opening.column, opening.end)
            return inner._replace(level="one", bare=None)
        node = inner.node
        if closing.number is not None:
            node = self._within(node, opening, closing)
        return Part(node, opening.column, closing.end, "one", inner.negative)

    def _deeper(self, opening: Token) -> None:
        self._depth += 1
        if self._depth > DEPTH_MOST:
            self._notes.wrong(Code.TOO_DEEP, opening.column, opening.end, most=DEPTH_MOST)
            raise Stop

    def _joined(self, left: Node, right: Node, distance: int, operator: Token) -> Near:
        near = Near(left, right, distance, operator.ordered)
        if _nears(near) > DEPTH_MOST:
            self._notes.wrong(Code.TOO_DEEP, operator.column, operator.end, most=DEPTH_MOST)
            raise Stop
        return near

    def _has_places(self, operator: Token) -> None:
        if self._field is not None and self._field.name not in PLACES:
            self._notes.wrong(Code.NEAR_NEEDS_WORDS, operator.column, operator.end)

    def _within(self, node: Node, opening: Token, closing: Token) -> Node:
        """Brandwatch's `(a AND b)~5`, which is `a NEAR/5 b`."""
        number = self._leaves.distance(closing, closing.number or 0)
        parts = node.parts if isinstance(node, And) else ()
        if not parts or not all(map(_is_near, parts)):
            where = (closing.column + 1, closing.end)
            self._notes.wrong(Code.BAD_DISTANCE, *where, given=f"~{closing.number}")
            return node
        return self._imported(parts, number, False, opening.column, closing.end, f"(…)~{number}")

    def _listed(self, token: Token) -> Node:
        """Awario's `near/4:James,Shaffer`."""
        number = self._leaves.distance(token, token.number or 0)
        parts: list[Node] = []
        at = token.column + token.text.index(":") + 1
        for word in token.parts:
            parts.append(self._leaves.leaf(Token("word", at, at + len(word), word), self._field))
            at += len(word) + 1
        return self._imported(parts, number, token.ordered, token.column, token.end, token.text)

    def _imported(
        self,
        parts: list[Node] | tuple[Node, ...],
        number: int,
        ordered: bool,
        column: int,
        end: int,
        given: str,
    ) -> Node:
        self._has_places(Token("near", column, end))
        self._deeper(Token("open", column, column + 1))
        self._depth -= 1
        node = parts[0]
        for part in parts[1:]:
            node = self._joined(node, part, number, Token("near", column, end, ordered=ordered))
        self._notes.wrong(Code.IMPORTED, column, end, (column, end, f"({node})"), given=given, read=str(node))
        return node

    def _in_field(self) -> Part:
        name = self._now
        self._at += 1
        if name.text.lower() == "raw" and self._now.kind in {"word", "phrase"}:
            return self._raw(name)
        field = self._known(name)
        outer, self._field = self._field, field
        if outer is not None:
            self._notes.wrong(Code.FIELD_IN_FIELD, name.column, name.end, field=name.text)
        if self._now.kind in {"word", "phrase", "exact", "range", "open"}:
            value = self._one()
        else:
            self._notes.wrong(Code.MISSING_VALUE, name.column, name.end, field=name.text)
            value = Part(Word(""), name.column, name.end)
        self._field = outer
        return Part(InField(field.name, value.node), name.column, value.end, "one", value.negative)

    def _known(self, name: Token) -> Field:
        """The field of that name, or a stand-in that takes anything, with a problem noted."""
        given = name.text.lower()
        meant = ALIASES.get(given, given)
        if meant not in FIELDS:
            facts = {"field": name.text, "similar": similar(name.text)}
            self._notes.wrong(Code.UNKNOWN_FIELD, name.column, name.end, **facts)
            return FIELDS["text"]
        if meant != given:
            edit: Edit = (name.column, name.column + len(name.text), meant)
            where = (name.column, name.end)
            self._notes.wrong(Code.IMPORTED, *where, edit, given=f"{name.text}:", read=f"{meant}:")
        return FIELDS[meant]

    def _raw(self, name: Token) -> Part:
        """Brandwatch's old `raw:Google+`, which is `{Google+}`."""
        value = self._now
        self._at += 1
        node = self._leaves.leaf(value._replace(kind="exact", number=None), self._field)
        edit: Edit = (name.column, value.end, str(node))
        given = f"{name.text}:{value.text}"
        self._notes.wrong(Code.IMPORTED, name.column, value.end, edit, given=given, read=str(node))
        return Part(node, name.column, value.end)

    def _mixed(self, outer: str, inner: str, stretches: Sequence[tuple[int, int] | None]) -> None:
        """Operators of two strengths on one level: each stretch of the stronger wants parentheses."""
        known = [stretch for stretch in stretches if stretch]
        edits: list[Edit] = []
        for column, end in known:
            edits += [(column, column, "("), (end, end, ")")]
        self._notes.wrong(Code.MIXED, *known[0], *edits, outer=outer, inner=inner)

    def _warn_of_lower_case(self) -> None:
        """Small letters make words of operators: `a or b` asks for all three."""
        for before, token, after in zip(
            [Token("end", 0, 0), *self._tokens], self._tokens, self._tokens[1:], strict=False
        ):
            word = token.text.upper()
            if token.kind != "word" or token.parts or before.kind == "field":
                continue
            if not (meant := OPERATORS.get(word)) and not NEAR.fullmatch(word):
                continue
            if after.kind in _BEGINS and (before.kind in _ENDS or meant == "not"):
                edit: Edit = (token.column, token.end, word)
                facts = {"word": token.text, "operator": word}
                self._notes.wrong(Code.LOWERCASE_OPERATOR, token.column, token.end, edit, **facts)


def _written(token: Token) -> str:
    usual = {"and": "AND", "or": "OR", "not": "NOT", "near": "ONEAR" if token.ordered else "NEAR"}
    return usual.get(token.kind, token.text)


def _is_near(node: Node) -> bool:
    """Whether a thing has places in a text, so that something can be near it."""
    if isinstance(node, Or):
        return all(map(_is_near, node.parts))
    return not isinstance(node, And | Not | InField)


def _nears(node: Node) -> int:
    """How many NEARs make one thing: each looks through what the one inside it found."""
    if isinstance(node, Near):
        return 1 + _nears(node.left) + _nears(node.right)
    return sum(map(_nears, node.parts)) if isinstance(node, Or) else 0
