"""What an index of messages can say of a query: it proposes, and the evaluator of `reading` decides."""

from __future__ import annotations

from typing import Any

from comptoir.kernel.asking import ask
from comptoir.reading.folding import words
from comptoir.reading.query import Query

ROWS_MOST = 500
"""Bytes of a message of which the index knows every place of every word: it keeps 256 places of each, and for the
language of queries what stands in a web address is no word. What is longer, or has one, it cannot judge."""
SAYS = "a.search @@ to_tsquery('simple', %(words)s)"
"""Of an activity `a`: that it has the words that are looked for."""
_IN_ROWS = f"""{SAYS} AND (a.search @@ to_tsquery('simple', %(rows)s)
    OR octet_length(a.title) + octet_length(a.text) > {ROWS_MOST} OR strpos(a.title || a.text, '://') > 0)"""
_PLAN = "EXPLAIN (FORMAT JSON) SELECT FROM networks_activity WHERE search @@ to_tsquery('simple', %(words)s)"
_SIZE = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'networks_activity'::regclass"
_A_LOOK = 255
"""How often a thread is looked at on the way down for a page of 51, times what a look costs against gathering one."""
ONE_IN = 20
"""Messages that hold the words of a phrase, to one that holds the phrase: about the words of a message."""


def is_common(proposed: str, in_a_row: int = 0) -> bool:
    """Whether reading down from the newest is sooner done than gathering all that an index proposes (a to_tsquery).

    With n of N messages, by the planner's figures, a page of 51 takes 51 N / n looks on the way down, and n to gather;
    the more looks, the more phrases it is to hold.
    """
    expected, of = estimated(proposed)
    return bool(expected * expected > _A_LOOK * ONE_IN**in_a_row * of)


def estimated(proposed: str) -> tuple[int, int]:
    """How many messages an index would propose, and of how many, by the planner's figures."""
    plan: Any = ask(_PLAN, {"words": proposed}, again=False)[0][0]
    return int(plan[0]["Plan"]["Plan Rows"]), max(ask(_SIZE, {})[0][0], 1)


def proposing(query: Query) -> tuple[str, dict[str, str]]:
    """A condition on `networks_activity a` that holds of any message that matches, and its values; "" for no condition.

    The index proposes: of what it lets through, the query decides.
    """
    rows = [[_any_of(needed) for needed in row] for row in query.rows()]
    phrases = " & ".join(f"({' <-> '.join(row)})" for row in rows if all(row))
    words = tsquery(query)
    return (_IN_ROWS if phrases else SAYS) if words else "", {"words": words, "rows": phrases}


def tsquery(query: Query) -> str:
    """What any message that matches must hold, for to_tsquery; "" when an index can say nothing."""
    return " & ".join(filter(None, map(_any_of, query.needs())))


def _any_of(needed: frozenset[str]) -> str:
    alternatives = [_lexeme(word) for word in sorted(needed)]
    return f"({' | '.join(alternatives)})" if all(alternatives) else ""


def _lexeme(word: str) -> str:
    """A needed word as the index has it; "" for one that the index may have cut otherwise."""
    bare = word.removesuffix("*")
    if words(bare) != [bare] or not all(letter.isascii() or letter.isalpha() for letter in bare):
        return ""
    if any(ord(letter) >= 0x0E00 for letter in bare) or bare.isnumeric():
        return ""
    return f"'{bare}'" + (":*" if word.endswith("*") else "")
