"""Queries as people type them: what is wrong with one, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.reading.query import Code, Problem, Query, Wrong, parse

SENTENCES: Mapping[Code, str] = {
    Code.EMPTY: gettext_noop("There is nothing to look for."),
    Code.TOO_LONG: gettext_noop("The query takes %(most)s characters, this has %(length)s."),
    Code.TOO_MANY_OPERANDS: gettext_noop("A query takes %(most)s words and conditions at the most."),
    Code.TOO_MANY_WILDCARDS: gettext_noop("A query takes %(most)s wildcards (* and ?) at the most."),
    Code.TOO_DEEP: gettext_noop("Groups stand %(most)s deep in each other at the most."),
    Code.LONG_PHRASE: gettext_noop("A phrase takes %(most)s words at the most."),
    Code.UNCLOSED_QUOTE: gettext_noop('This quote is not closed: put a " behind the phrase.'),
    Code.UNCLOSED_BRACE: gettext_noop("This brace is not closed: put a } behind the word."),
    Code.UNCLOSED_BRACKET: gettext_noop("This bracket is not closed: ranges are written [1 TO 5]."),
    Code.UNCLOSED_COMMENT: gettext_noop("This comment is not closed: it ends with >>>."),
    Code.UNCLOSED_PARENTHESIS: gettext_noop("This parenthesis is not closed."),
    Code.UNOPENED: gettext_noop("Nothing was opened that this %(sign)s could close."),
    Code.EMPTY_GROUP: gettext_noop("There is nothing in these parentheses."),
    Code.MISSING_OPERAND: gettext_noop("%(operator)s needs something on both sides."),
    Code.DOUBLE_NOT: gettext_noop("Once NOT is enough."),
    Code.MIXED: gettext_noop(
        "%(outer)s and %(inner)s stand side by side: parentheses have to say which goes first."
    ),
    Code.PURE_NEGATIVE: gettext_noop("This only says what must not be: say as well what you look for."),
    Code.NO_WORD: gettext_noop("There is no letter or figure in %(given)s to look for."),
    Code.BARE_ADDRESS: gettext_noop('An address is looked for as link:"%(given)s".'),
    Code.WILDCARD_FIRST: gettext_noop("A wildcard cannot be the first letter of a word."),
    Code.WILDCARD_SHORT: gettext_noop("At least %(least)s letters stand before a *."),
    Code.WILDCARD_IN_COMPOUND: gettext_noop("A word with ~ behind it has no wildcards."),
    Code.BAD_DISTANCE: gettext_noop("%(given)s is no distance: write NEAR/5."),
    Code.LARGE_DISTANCE: gettext_noop("%(given)s words apart is too far: %(most)s at the most."),
    Code.NEAR_NEEDS_WORDS: gettext_noop("NEAR stands between words, phrases or groups of them."),
    Code.UNKNOWN_FIELD: gettext_noop(
        "There is no field %(field)s. To look for the word itself, put it in quotes."
    ),
    Code.FIELD_IN_FIELD: gettext_noop("The field %(field)s cannot stand inside another one."),
    Code.SPACE_BEFORE_COLON: gettext_noop("No blank stands before the colon of %(field)s."),
    Code.MISSING_VALUE: gettext_noop("Say what %(field)s is to be."),
    Code.BAD_VALUE: gettext_noop("%(value)s cannot be a value of %(field)s."),
    Code.BAD_CHOICE: gettext_noop("%(field)s is one of these: %(choices)s."),
    Code.OUT_OF_BOUNDS: gettext_noop("%(field)s cannot be %(value)s."),
    Code.BAD_RANGE: gettext_noop("%(given)s is no range: write [1 TO 5]."),
    Code.DESCENDING_RANGE: gettext_noop("The lesser end of a range comes first."),
    Code.LOWERCASE_OPERATOR: gettext_noop("“%(word)s” is looked for as a word. Did you mean %(operator)s?"),
    Code.WIDE_DISTANCE: gettext_noop("%(given)s words apart says little: up to %(advised)s does better."),
    Code.DISTANCE_ON_WORD: gettext_noop("A distance needs a phrase: %(given)s is read as %(read)s."),
    Code.SMART_QUOTES: gettext_noop("%(given)s is read as %(read)s."),
    Code.IMPORTED: gettext_noop("%(given)s is read as %(read)s."),
}

_SIGNS = re.compile(
    r"""["“”«»(){}\[\]<>*?:~#@$]|(?:^|\s)-\S"""
    r"""|(?:^|\s)(?:AND|OR|NOT|O?NEAR\S*|ET|OU|SAUF|PROCHE\S*)(?:\s|$)"""
)
_AROUND = 24


class Flaw(NamedTuple):
    """What is wrong with a query, or to be looked at: in words, where it stands (columns from 1), what it is mended
    to, and where that is asked (`url`, "" in an editor)."""

    words: str
    column: int
    before: str
    at: str
    after: str
    fix: str
    url: str = ""


def sentence_of(problem: Problem) -> str:
    """What a problem is, in the reader's language."""
    return _(SENTENCES[problem.code]) % {name: _plain(fact) for name, fact in problem.facts.items()}


def _plain(fact: Any) -> Any:
    return ", ".join(fact) if isinstance(fact, tuple) else fact


@lru_cache(maxsize=512)
def parsed(text: str) -> Query | Wrong:
    """A text read as a query, or what is wrong with it."""
    try:
        return parse(text)
    except Wrong as wrong:
        return wrong


def tidy(text: str) -> str:
    """A query as it is asked and kept: on one line, its words one blank apart."""
    return " ".join(text.replace("\x00", " ").split())


def problems_of(text: str) -> tuple[Problem, ...]:
    """What keeps a text from being a query; nothing for none at all. Plain words are a query as well."""
    found = parsed(text) if text else None
    return found.problems if isinstance(found, Wrong) else ()


def warnings_of(text: str) -> tuple[Problem, ...]:
    """What the author of a query that can be asked should look at."""
    found = parsed(text) if text else None
    return found.warnings if isinstance(found, Query) else ()


def said_of(text: str, address: Callable[[str], str] | None = None) -> list[Flaw]:
    """What is wrong with a query, else what to look at; with an `address`, the one at which another text is asked."""
    return [
        Flaw(
            sentence_of(each), each.column + 1, text[max(0, each.column - _AROUND) : each.column],
            text[each.column : each.end][:60], text[each.end : each.end + _AROUND], each.fix,
            address(each.fix) if address and each.fix else "",
        )
        for each in problems_of(text) or warnings_of(text)
    ]  # fmt: skip


def read(text: str) -> Query | Wrong | None:
    """What a search asks in the language of queries; None for plain words, which are looked for in messages and names
    alike, the last of them as a beginning."""
    return parsed(text) if _SIGNS.search(text) else None


def is_keeping(request: HttpRequest) -> bool:
    """Whether an editor is to be kept, and not its query mended."""
    return request.method == "POST" and "mend" not in request.POST


def sent(request: HttpRequest, field: str) -> Any:
    """What an editor was sent with, the query in its `field` mended where that was asked for; None when nothing was."""
    if request.method != "POST":
        return None
    if "mend" not in request.POST:
        return request.POST
    data = request.POST.copy()
    data[field] = str(data["mend"])
    return data
