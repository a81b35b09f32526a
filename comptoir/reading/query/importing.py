"""Queries of other tools in our own writing, with what had to be changed. What we lack is left in as a comment.

Much of what they write is ours too, or is understood by the parser itself (`from:`, `NEAR/2f`, `near/4:a,b`). Here is
the rest: what means something else there, and what has another name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from comptoir.reading.query.fields import ALIASES, FIELDS
from comptoir.reading.query.leaves import DISTANCE_MOST
from comptoir.reading.query.problems import Code, Problem, Wrong
from comptoir.reading.query.query import parse


class Tool(StrEnum):
    """Where a query comes from."""

    AWARIO = "awario"
    BRANDWATCH = "brandwatch"
    MELTWATER = "meltwater"
    RADIAN6 = "radian6"
    TALKWALKER = "talkwalker"
    X = "x"
    YOUSCAN = "youscan"


class Why(StrEnum):
    """Why something reads otherwise than it did."""

    OPERATOR = "operator"  # it is written otherwise
    DISTANCE = "distance"  # words are counted otherwise, or it is more than we look across
    CONDITION = "condition"  # a field or a value has another name
    EXACT = "exact"  # braces ask for this case and these signs
    QUOTES = "quotes"
    PARENTHESES = "parentheses"  # they say what the tool's own order of operators meant
    LEFT_OUT = "left_out"  # there is nothing like it here


class Change(NamedTuple):
    """A piece of the query as it was, and as it is now."""

    why: Why
    given: str
    read: str


class Imported(NamedTuple):
    """The query as we write it; `problems` are left for its author where it does not parse yet."""

    text: str
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()


type Rule = tuple[Why, re.Pattern[str], str | Callable[[re.Match[str]], str]]

_PIECE = re.compile(
    r'<<<.*?>>>|"[^"]*"(?:~\d+)?|\{[^{}]*\}|\[[^\]]*\]|[()]|\s+|(?:(?!<<<)[^\s()"\[\]{}])+|.', re.DOTALL
)
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_FIELD = re.compile(r"(-?)([A-Za-z][A-Za-z_]*):(?!//)(.*)", re.DOTALL)
_JOINS = frozenset({"AND", "OR"})
_COUNTRIES = {
    "aut": "at", "bel": "be", "bra": "br", "can": "ca", "che": "ch", "deu": "de", "esp": "es", "fra": "fr", "gbr": "gb",
    "ind": "in", "irl": "ie", "ita": "it", "jpn": "jp", "lux": "lu", "mar": "ma", "mex": "mx", "nld": "nl", "pol": "pl",
    "prt": "pt", "tun": "tn", "usa": "us",
}  # fmt: skip


def _rule(why: Why, pattern: str, read: str | Callable[[re.Match[str]], str]) -> Rule:
    return why, re.compile(pattern, re.IGNORECASE), read


def _least(name: str, *theirs: str) -> Rule:
    return _rule(Why.CONDITION, rf"(-?)(?:{'|'.join(theirs)}):(\d+)", rf"\1{name}:>=\2")


def _nearer(found: re.Match[str]) -> str:
    return f"{found[1]}{DISTANCE_MOST}{found[3]}" if int(found[2]) > DISTANCE_MOST else found[0]


ALWAYS: tuple[Rule, ...] = (
    _rule(Why.OPERATOR, r"&&", "AND"),
    _rule(Why.OPERATOR, r"\|\|?", "OR"),
    _rule(Why.DISTANCE, r"((?:O?NEAR)/|\"[^\"]*\"~)(\d{1,9})(f?)", _nearer),
)
SMALL: tuple[Rule, ...] = (
    _rule(Why.OPERATOR, r"and|or|not|o?near(?:/\d+)?", lambda found: found[0].upper()),
)
"""Of tools to which operators in small letters are operators."""
RULES: Mapping[Tool, tuple[Rule, ...]] = {
    Tool.AWARIO: SMALL,
    Tool.RADIAN6: SMALL,
    Tool.YOUSCAN: SMALL,
    Tool.MELTWATER: (
        *SMALL,
        _rule(Why.DISTANCE, r"(O?NEAR)", r"\1/4"),  # five with us
        _rule(Why.CONDITION, r"(-?)ingress:(.*)", r"\1text:\2"),
    ),
    Tool.TALKWALKER: (
        _rule(Why.EXACT, r"\+([^+\s]+)", r"{\1}"),
        _rule(Why.OPERATOR, r"SENTENCE", f"NEAR/{DISTANCE_MOST}"),
    ),
    Tool.BRANDWATCH: (
        _rule(Why.CONDITION, r"(-?)authorVerified:true", r"\1is:verified"),
        _rule(Why.CONDITION, r"authorVerified:false", "-is:verified"),
        _rule(Why.CONDITION, r"(-?)engagementType:RETWEET", r"\1is:share"),
        _rule(Why.CONDITION, r"(-?)engagementType:(REPLY|QUOTE)", lambda m: f"{m[1]}is:{m[2].lower()}"),
        _rule(Why.CONDITION, r"(-?)engagementType:COMMENT", r"\1type:comment"),
        _rule(
            Why.CONDITION,
            rf"(-?)country:({'|'.join(_COUNTRIES)})",
            lambda m: f"{m[1]}country:{_COUNTRIES[m[2].lower()]}",
        ),
    ),
    Tool.X: (
        _rule(Why.CONDITION, r"(-?)url:(.*)", r"\1link:\2"),
        _rule(Why.CONDITION, r"(-?)to:(.+)", r"\1mention:\2"),
        _rule(Why.CONDITION, r"(-?)(?:has:media|filter:media)", r"\1has:(image OR video)"),
        _rule(Why.CONDITION, r"(-?)filter:links", r"\1has:link"),
        _rule(Why.CONDITION, r"(-?)filter:(?:retweets|nativeretweets)", r"\1is:share"),
        _rule(Why.CONDITION, r"(-?)filter:replies", r"\1is:reply"),
        _rule(Why.CONDITION, r"(-?)followers_count:(\d+)\.\.(\d+)", r"\1followers:[\2 TO \3]"),
        _rule(Why.CONDITION, r"(-?)followers_count:(\d+)", r"\1followers:>=\2"),
        _least("followers", "min_followers"),
        _least("likes", "min_likes", "min_faves"),
        _least("shares", "min_reposts", "min_retweets"),
        _least("comments", "min_replies"),
    ),
}
_REASONS: Mapping[Code, Why] = {
    Code.MIXED: Why.PARENTHESES,
    Code.IMPORTED: Why.CONDITION,
    Code.DISTANCE_ON_WORD: Why.DISTANCE,
    Code.UNCLOSED_QUOTE: Why.QUOTES,
    Code.SMART_QUOTES: Why.QUOTES,
}


SIGNS: Mapping[Tool, re.Pattern[str]] = {
    Tool.AWARIO: re.compile(r"\bo?near/\d+:\S+,"),
    Tool.BRANDWATCH: re.compile(
        rf"\b(?:author(?:Verified|Gender)|engagementType|impact|raw|blogName):|\bO?NEAR/\d+f\b|\)~\d"
        rf"|\bcountry:(?:{'|'.join(_COUNTRIES)})\b"
    ),
    Tool.MELTWATER: re.compile(r"\bingress:|\b(?i:near)(?=\s)"),
    Tool.TALKWALKER: re.compile(r"(?:^|[\s(])\+[^\s+]|\bSENTENCE\b|\b(?:sourcetype|published|extra_\w+):"),
    Tool.X: re.compile(
        r"\b(?:from|to|conversation_id|filter|retweets_of|place_country|followers_count|min_\w+):\w|\bhas:media\b"
        r"|\bis:(?:retweet|nullcast)\b"
    ),
    Tool.YOUSCAN: re.compile(r"\s/\d+\s"),
}
"""What only one of them writes; Radian6 has nothing of its own."""


def guessed(text: str) -> Tool | None:
    """Where a query most likely comes from; None where nothing in it tells."""
    plain = re.sub(r'"[^"]*"', '""', text.translate(_QUOTES))
    counted = {tool: len(sign.findall(plain)) for tool, sign in SIGNS.items()}
    most = max(counted, key=lambda tool: counted[tool])
    return most if counted[most] else None


def imported(text: str, tool: Tool | None) -> Imported:
    """A query of another tool, as we write it; without one, only what means the same everywhere is changed."""
    changes: list[Change] = []
    if (plain := text.translate(_QUOTES)) != text:
        changes.append(Change(Why.QUOTES, text, plain))
    pieces = [_read(piece, tool, changes) for piece in _PIECE.findall(plain)]
    return _settled("".join(_known(pieces, changes)), changes)


def _read(piece: str, tool: Tool | None, changes: list[Change]) -> str:
    """One piece, by the first rule that changes it."""
    if piece.startswith(("<<<", "{")):
        return piece
    for why, pattern, read in (*(RULES[tool] if tool else ()), *ALWAYS):
        found = pattern.fullmatch(piece)
        if found and (now := read(found) if callable(read) else found.expand(read)) != piece:
            changes.append(Change(why, piece, now))
            return now
    return piece


def _known(pieces: list[str], changes: list[Change]) -> list[str]:
    """The pieces, those that ask for fields we lack as comments, with the operator that joined them."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        asked = _FIELD.fullmatch(pieces[at])
        name = asked[2].lower() if asked else ""
        if not asked or name == "raw" or ALIASES.get(name, name) in FIELDS:
            found.append(pieces[at])
            at += 1
            continue
        end = at + 1 if asked[3] else _behind(pieces, at + 1)
        lost = "".join(pieces[at:end])
        before = _joining(found)
        while end < len(pieces) and not before and (not pieces[end].strip() or pieces[end] in _JOINS):
            lost += pieces[end]
            end += 1
        lost = (before + lost).strip()
        found += [f"<<<{lost}>>>", " "]
        changes.append(Change(Why.LEFT_OUT, lost, ""))
        at = end
    return found


def _behind(pieces: list[str], at: int) -> int:
    """Where the value that begins there is over: one piece, or a whole group."""
    while at < len(pieces) and not pieces[at].strip():
        at += 1
    depth = 0
    while at < len(pieces):
        depth += {"(": 1, ")": -1}.get(pieces[at], 0)
        at += 1
        if depth <= 0:
            break
    return at


def _joining(found: list[str]) -> str:
    """The operators that stand last, taken away."""
    kept = len(found)
    while kept and (not found[kept - 1].strip() or found[kept - 1] in {*_JOINS, "NOT"}):
        kept -= 1
    taken = "".join(found[kept:])
    if not taken.strip():
        return ""
    del found[kept:]
    found.append(" ")
    return taken


def _settled(text: str, changes: list[Change]) -> Imported:
    """The text with whatever the parser can mend by itself."""
    problems: tuple[Problem, ...] = ()
    for _ in range(4):
        try:
            problems = parse(text).warnings
        except Wrong as wrong:
            problems = wrong.problems
        mended = [each for each in problems if each.fix and each.code in _REASONS]
        # An "or" that was a word stays one: a fix mends all at once.
        if not mended or any(each.code == Code.LOWERCASE_OPERATOR for each in problems):
            break
        for each in mended:
            given, read = (str(each.facts.get(name, "")) for name in ("given", "read"))
            changes.append(Change(_REASONS[each.code], given or text, read or each.fix))
        text = mended[0].fix
    try:
        parse(text)
    except Wrong as wrong:
        return Imported(text, tuple(changes), wrong.problems)
    return Imported(text, tuple(changes))
