"""Single tokens made into what they mean: a word, a phrase, the value of a field."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NoReturn

from comptoir.reading.query.fields import PLACES, VALUES, Field
from comptoir.reading.query.lexing import ADDRESS, Lexer, Token
from comptoir.reading.query.notes import Notes, Stop
from comptoir.reading.query.problems import Code, Fact
from comptoir.reading.query.syntax import Among, Compare, Compound, Exact, Mark, Node, Phrase, Word
from comptoir.reading.query.words import named, patterns, spans

OPERANDS_MOST = 500
WILDCARDS_MOST = 100
PHRASE_MOST = 50
LEAST_BEFORE_STAR = 3
DISTANCE_MOST = 20
DISTANCE_ADVISED = 10

_TILDE = re.compile(r"(.+?)((?:~[0-9]*)+)", re.DOTALL)
_NUMBER = re.compile(r"([<>]=?)?\s*(\d{1,12}(?:\.\d{1,3})?)([km]?)", re.IGNORECASE | re.ASCII)
_RANGE = re.compile(r"\[\s*(\S+)\s+(TO)\s+(\S+)\s*\]", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d)?)?)?", re.ASCII)
_COMPARING = frozenset("<>")
_SIGNED = {"author": "@", "mention": "@", "hashtag": "#"}
_ADDRESSED = frozenset({"site", "url", "link"})


class Leaves:
    """Makes leaves of tokens, and counts them against the limits."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._operands = 0
        self._wildcards = 0

    def leaf(self, token: Token, field: Field | None) -> Node:
        """What a token means, by itself or as the value of a field. Raises Stop past the limits."""
        self._operands += 1
        if self._operands > OPERANDS_MOST:
            self._stop(token, Code.TOO_MANY_OPERANDS, OPERANDS_MOST)
        if field is None or field.name in PLACES:
            return self._text(token)
        if field.kind == "number":
            return self._number(token, field)
        compared = token.kind == "word" and token.text[:1] in _COMPARING
        if token.kind not in {"word", "phrase"} or token.number is not None or compared:
            return self._bad_value(token, field)
        if field.kind == "date":
            return self._date(token, field)
        return self._value(token, field)

    def distance(self, token: Token, number: int) -> int:
        """A distance, judged; one that is not possible becomes one that is, with a problem noted."""
        where = (token.column, token.end)
        if number < 0:
            self._notes.wrong(Code.BAD_DISTANCE, *where, given=token.text)
        elif number > DISTANCE_MOST:
            self._notes.wrong(Code.LARGE_DISTANCE, *where, most=DISTANCE_MOST, given=number)
        elif number > DISTANCE_ADVISED:
            self._notes.wrong(Code.WIDE_DISTANCE, *where, given=number, advised=DISTANCE_ADVISED)
        return number

    def _text(self, token: Token) -> Node:
        if token.kind == "phrase":
            self._words(token, token.text, 1, quoted=True)
            distance = None if token.number is None else self.distance(token, token.number)
            return Phrase(token.text.strip(), distance)
        if token.kind == "exact":
            if not spans(token.text):
                self._wrong(token, Code.NO_WORD, given=token.text)
            elif len(spans(token.text)) > PHRASE_MOST:
                self._wrong(token, Code.LONG_PHRASE, most=PHRASE_MOST)
            return Exact(token.text.strip())
        if token.kind == "range":
            self._wrong(token, Code.BAD_RANGE, given=token.text)
            return Word("")
        if ADDRESS.match(token.text):
            self._notes.wrong(
                Code.BARE_ADDRESS, token.column, token.end, (token.column, token.end, f'link:"{token.text}"'),
                given=token.text,
            )  # fmt: skip
            return Word("")
        if token.text[0] in "#＃@＠$" and len(token.text) > 1:
            return self._mark(token)
        return self._word(token)

    def _word(self, token: Token) -> Node:
        tilde = _TILDE.fullmatch(token.text)
        text = tilde[1] if tilde else token.text
        self._words(token, text, 0)
        if not _is_word(token.text) or not _is_word(text):
            node: Node = Phrase(text)
        elif tilde and tilde[2] == "~":
            if set("*?") & set(text):
                self._wrong(token, Code.WILDCARD_IN_COMPOUND)
            return Compound(text)
        else:
            node = Word(text)
        if tilde:
            edit = (token.column, token.end, str(node))
            facts = {"given": token.text, "read": str(node)}
            self._notes.wrong(Code.DISTANCE_ON_WORD, token.column, token.end, edit, **facts)
        return node

    def _mark(self, token: Token) -> Node:
        sign = token.text[0].translate({0xFF03: "#", 0xFF20: "@"})
        name = named(token.text)
        if not name or spans(token.text[1 + len(name) :]):
            self._wrong(token, Code.NO_WORD, given=token.text)
        self._stars(token, name, token.column + 1)
        return Mark(sign, name)

    def _words(self, token: Token, text: str, offset: int, quoted: bool = False) -> None:
        """Judge the words of a text that is sought, which begins `offset` behind the token."""
        found, stray = patterns(text)
        start = token.column + offset
        for at in stray:
            # French sets a blank before its question mark.
            if not quoted or text[at] == "*":
                self._notes.wrong(Code.WILDCARD_FIRST, start + at, start + at + 1)
        if not found and not stray:
            self._wrong(token, Code.NO_WORD, given=text)
        if len(found) > PHRASE_MOST:
            self._wrong(token, Code.LONG_PHRASE, most=PHRASE_MOST)
        if not found and quoted and stray and "*" not in text:
            self._wrong(token, Code.NO_WORD, given=text)
        for at, word in found:
            self._stars(token, word, start + at)

    def _stars(self, token: Token, word: str, start: int) -> None:
        """Judge the wildcards of one word."""
        self._count(token, word.count("*") + word.count("?"))
        head = re.split(r"[*?]", word, maxsplit=1)[0]
        star = word.find("*")
        if word and not head:
            self._notes.wrong(Code.WILDCARD_FIRST, start, start + 1)
        elif star >= 0 and len(head) < LEAST_BEFORE_STAR:
            self._notes.wrong(Code.WILDCARD_SHORT, start, start + star + 1, least=LEAST_BEFORE_STAR)

    def _count(self, token: Token, wildcards: int) -> None:
        self._wildcards += wildcards
        if self._wildcards > WILDCARDS_MOST:
            self._stop(token, Code.TOO_MANY_WILDCARDS, WILDCARDS_MOST)

    def _value(self, token: Token, field: Field) -> Node:
        text = token.text.strip()
        if field.choices:
            choice = VALUES.get(field.name, {}).get(text.lower(), text.lower())
            if choice not in field.choices:
                facts: dict[str, Fact] = {"field": field.name, "value": text, "choices": field.choices}
                self._wrong(token, Code.BAD_CHOICE, **facts)
            return Word(choice)
        if sign := _SIGNED.get(field.name):
            text = text.lstrip(sign)
        wordless = not any(c.isalnum() for c in text) and not spans(text)
        if wordless and (field.name in _ADDRESSED or not set("*?") & set(text)):
            self._wrong(token, Code.NO_WORD, given=token.text)
        elif field.name in _ADDRESSED:
            self._count(token, text.count("*"))
        else:
            quoted = token.kind == "phrase"
            self._stars(token, text, token.column + quoted + max(token.text.find(text), 0))
        simple = token.kind == "word" and text[:1] not in _COMPARING and _is_word(text)
        return Word(text) if simple else Phrase(text)

    def _number(self, token: Token, field: Field) -> Node:
        if token.kind == "range":
            return self._among(token, field)
        found = _NUMBER.fullmatch(token.text) if token.kind in {"word", "phrase"} else None
        if found is None or token.number is not None:
            return self._bad_value(token, field)
        number = self._bounded(token, field, _numeral(found))
        return Compare(found[1] or "=", number)

    def _among(self, token: Token, field: Field) -> Node:
        found = _RANGE.fullmatch(token.text)
        ends = (
            [None if end == "*" else _NUMBER.fullmatch(end) for end in (found[1], found[3])] if found else []
        )
        wrong = not found or ends == [None, None] or any(end is not None and end[1] for end in ends)
        if found and not wrong:
            wrong = any(
                end is None and given != "*" for end, given in zip(ends, (found[1], found[3]), strict=True)
            )
        if not found or wrong:
            self._wrong(token, Code.BAD_RANGE, given=token.text)
            return Word("")
        if found[2] != "TO":
            upper = (token.column + found.start(2), token.column + found.end(2), "TO")
            self._notes.wrong(Code.BAD_RANGE, token.column, token.end, upper, given=token.text)
        low, high = (end and self._bounded(token, field, _numeral(end)) for end in ends)
        if low is not None and high is not None and low > high:
            self._wrong(token, Code.DESCENDING_RANGE, field=field.name, given=token.text)
        return Among(low, high)

    def _bounded(self, token: Token, field: Field, number: float) -> float:
        if field.most is not None and number > field.most:
            facts: dict[str, Fact] = {"least": field.least or 0, "most": field.most}
            self._wrong(token, Code.OUT_OF_BOUNDS, field=field.name, value=token.text, **facts)
        return number

    def _date(self, token: Token, field: Field) -> Node:
        text = token.text.strip().upper()
        try:
            datetime.fromisoformat(text + "0001-01-01"[len(text) :])
        except ValueError:
            return self._bad_value(token, field)
        return Word(text) if _DATE.fullmatch(text) else self._bad_value(token, field)

    def _bad_value(self, token: Token, field: Field) -> Node:
        self._wrong(token, Code.BAD_VALUE, field=field.name, value=token.text, kind=field.kind)
        return Word("")

    def _wrong(self, token: Token, code: Code, **facts: Fact) -> None:
        self._notes.wrong(code, token.column, token.end, **facts)

    def _stop(self, token: Token, code: Code, most: int) -> NoReturn:
        self._wrong(token, code, most=most)
        raise Stop


def _numeral(found: re.Match[str]) -> float:
    number = float(found[2]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[3].lower()]
    return round(number, 3)


def _is_word(text: str) -> bool:
    """Whether a text by itself is read as that very word; what is not is written in quotes."""
    return [token.text for token in Lexer(text, Notes()).tokens if token.kind == "word"] == [text]
