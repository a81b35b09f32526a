"""What a query is made of, and how it is written in its one normal form."""

from __future__ import annotations

from dataclasses import dataclass

type Node = Word | Compound | Phrase | Exact | Mark | Compare | Among | Field | Near | Not | And | Or
type Text = Word | Compound | Phrase | Exact | Mark
"""What is found in a text by itself."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed, with its wildcards; several where signs part it (`l'orange`); a value of a field."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Compound:
    """`carsharing~`: in one word or in two."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}~"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`"ice cream"`: these words in this order; with a distance, in any order and that many others among them."""

    text: str
    distance: int | None = None

    def __str__(self) -> str:
        return f'"{self.text}"' + ("" if self.distance is None else f"~{self.distance}")


@dataclass(frozen=True, slots=True)
class Exact:
    """`{Orange}`: with its case, accents and signs."""

    text: str

    def __str__(self) -> str:
        return f"{{{self.text}}}"


@dataclass(frozen=True, slots=True)
class Mark:
    """`#tag`, `@name`, `$tag`: the sign, and what follows it."""

    sign: str
    text: str

    def __str__(self) -> str:
        return self.sign + self.text


@dataclass(frozen=True, slots=True)
class Compare:
    """`>50`, and `50` itself with the sign "="."""

    sign: str
    number: float

    def __str__(self) -> str:
        return f"{'' if self.sign == '=' else self.sign}{_number(self.number)}"


@dataclass(frozen=True, slots=True)
class Among:
    """`[3 TO 5]`, both ends within; None is open."""

    low: float | None
    high: float | None

    def __str__(self) -> str:
        low, high = ("*" if end is None else _number(end) for end in (self.low, self.high))
        return f"[{low} TO {high}]"


@dataclass(frozen=True, slots=True)
class Field:
    """`name:value`, or `name:(a OR b)` where the value is a whole expression."""

    name: str
    value: Node

    def __str__(self) -> str:
        inner = f"({self.value})" if isinstance(self.value, And | Or | Not | Near) else str(self.value)
        return f"{self.name}:{inner}"


@dataclass(frozen=True, slots=True)
class Near:
    """Two things with at most `distance` words between them, the left one first if `ordered`."""

    left: Node
    right: Node
    distance: int
    ordered: bool = False

    def __str__(self) -> str:
        operator = f"{'O' if self.ordered else ''}NEAR/{self.distance}"
        left = str(self.left) if isinstance(self.left, Near) else _inner(self.left)
        return f"{left} {operator} {_inner(self.right)}"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be."""

    node: Node

    def __str__(self) -> str:
        return f"NOT {_inner(self.node)}"


@dataclass(frozen=True, slots=True)
class And:
    """All of these, at least two, none of them an `And` itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(str(part) if isinstance(part, Not) else _inner(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """One of these, at least two, none of them an `Or` itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) if isinstance(part, Not) else _inner(part) for part in self.parts)


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or | Not | Near) else str(node)


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def joined(kind: type[And | Or], nodes: list[Node]) -> Node:
    """One `And` or `Or` of what stands there, flat; the node itself where there is only one."""
    if len(nodes) == 1:
        return nodes[0]
    parts: list[Node] = []
    for node in nodes:
        parts.extend(node.parts if isinstance(node, And | Or) and type(node) is kind else [node])
    return kind(tuple(parts))


def asks_for(node: Node, names: frozenset[str]) -> bool:
    """Whether a node asks for one of these fields somewhere."""
    if isinstance(node, Field):
        return node.name in names
    if isinstance(node, And | Or):
        return any(asks_for(part, names) for part in node.parts)
    return isinstance(node, Not) and asks_for(node.node, names)
