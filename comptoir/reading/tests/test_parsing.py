"""Queries are read as the language says, and what is wrong is told with its place."""

import pytest

from comptoir.reading.query import FACTS, WARNINGS, Code, Problem, Wrong, parse
from comptoir.reading.tests.corpus import CORPUS, Case


def problems(text: str) -> tuple[Problem, ...]:
    """What keeps a text from being a query."""
    with pytest.raises(Wrong) as caught:
        parse(text)
    return caught.value.problems


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.text[:40])
def test_queries_of_the_field(case: Case) -> None:
    if not case.read:
        assert tuple(each.code for each in problems(case.text)) == case.codes
        return
    query = parse(case.text)
    assert str(query) == case.read
    assert tuple(each.code for each in query.warnings) == case.codes
    assert query.text == case.text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a b -c", "a AND b AND NOT c"),
        ("a ET b SAUF c", "a AND b AND NOT c"),
        ("a OU b", "a OR b"),
        ("a PROCHE/3 b", "a NEAR/3 b"),
        ("a NEAR b", "a NEAR/5 b"),
        ("a ONEAR b", "a ONEAR/5 b"),
        ("a /1 b", "a NEAR/0 b"),
        ("a NEAR/2 b ONEAR/3 c", "(a NEAR/2 b) ONEAR/3 c"),
        ("NOT a b", "(NOT a) AND b"),
        ("a (b (c d))", "a AND b AND c AND d"),
        ("(a OR (b OR c))", "a OR b OR c"),
        ("-(a OR b) c", "NOT (a OR b) AND c"),
        ("a –b", "a AND NOT b"),
        ("« jus d’orange » a", '" jus d’orange " AND a'),
        ("“a b” c", '"a b" AND c'),
        ("Title: a", "title:a"),
        ("title:a b", "(title:a) AND b"),
        ("title:(a b)", "title:(a AND b)"),
        ("likes:>= 10k x", "likes:>=10000 AND x"),
        ("rating:[3 TO *] x", "rating:[3 TO *] AND x"),
        ("is:RETWEET x", "is:share AND x"),
        ("onear/4:Will,Smith", "Will ONEAR/4 Smith"),
        ("near/2:a,b,c x", "(a NEAR/2 b NEAR/2 c) AND x"),
        ("＃orange", "#orange"),
        ('a <<<not (this "at all>>> b', "a AND b"),
    ],
)
def test_two_ways_to_write_the_same(text: str, same: str) -> None:
    assert parse(text) == parse(same)
    assert str(parse(text)) == str(parse(same))


@pytest.mark.parametrize("text", ['"a OR b"', "a OR b", "(a NEAR/5 b)", "-a b", "title:a", "a"])
def test_what_differs_is_not_equal(text: str) -> None:
    assert parse(text) != parse("a AND b")


WRONG: list[tuple[Code, str, int, int]] = [
    (Code.EMPTY, "", 0, 0),
    (Code.EMPTY, "  <<<nothing>>> ", 0, 16),
    (Code.TOO_LONG, "a" * 4097, 4096, 4097),
    (Code.TOO_LONG, " ".join(["abcdef"] * 400 + ["a" * 1290]), 0, 4090),
    (Code.TOO_MANY_OPERANDS, " ".join("a" * 501), 1000, 1001),
    (Code.TOO_MANY_WILDCARDS, " ".join(["abc*"] * 101), 500, 504),
    (Code.TOO_MANY_WILDCARDS, "url:a" + "*b" * 101, 4, 207),
    (Code.TOO_DEEP, "(" * 17 + "a" + ")" * 17, 16, 17),
    (Code.TOO_DEEP, " NEAR ".join("a" * 18), 16 * 7 + 2, 16 * 7 + 6),
    (Code.LONG_PHRASE, '"' + "a " * 51 + '"', 0, 104),
    (Code.UNCLOSED_QUOTE, 'a "b c', 2, 3),
    (Code.UNCLOSED_BRACE, "a {b", 2, 3),
    (Code.UNCLOSED_BRACKET, "likes:[3 TO", 6, 7),
    (Code.UNCLOSED_COMMENT, "a <<<b", 2, 5),
    (Code.UNCLOSED_PARENTHESIS, "a (b OR c", 2, 3),
    (Code.UNOPENED, "a) b", 1, 2),
    (Code.UNOPENED, "a }", 2, 3),
    (Code.EMPTY_GROUP, "a ()", 2, 4),
    (Code.MISSING_OPERAND, "a AND", 2, 5),
    (Code.MISSING_OPERAND, "OR a", 0, 2),
    (Code.MISSING_OPERAND, "a OR OR b", 5, 7),
    (Code.MISSING_OPERAND, "(a NEAR/3)", 3, 9),
    (Code.DOUBLE_NOT, "a NOT NOT b", 6, 9),
    (Code.DOUBLE_NOT, "a NOT -b", 6, 7),
    (Code.MIXED, "a AND b OR c", 0, 7),
    (Code.MIXED, "c OR a b", 5, 8),
    (Code.MIXED, "a NEAR/3 b AND c", 0, 10),
    (Code.MIXED, "c OR a NEAR/3 b", 5, 15),
    (Code.PURE_NEGATIVE, "NOT a", 0, 5),
    (Code.PURE_NEGATIVE, "-a -b", 0, 2),
    (Code.PURE_NEGATIVE, "a OR -b", 5, 7),
    (Code.PURE_NEGATIVE, "lang:(NOT fr)", 6, 12),
    (Code.NO_WORD, "a & b", 2, 3),
    (Code.NO_WORD, 'a "!"', 2, 5),
    (Code.NO_WORD, "a {+}", 2, 5),
    (Code.NO_WORD, "a #", 2, 3),
    (Code.NO_WORD, "a #-b", 2, 5),
    (Code.NO_WORD, "a author:@", 9, 10),
    (Code.NO_WORD, "url:**", 4, 6),
    (Code.BARE_ADDRESS, "a https://b.fr/?c", 2, 17),
    (Code.WILDCARD_FIRST, "a *bc", 2, 3),
    (Code.WILDCARD_FIRST, "a ?bc", 2, 3),
    (Code.WILDCARD_FIRST, 'a "b *cd"', 5, 6),
    (Code.WILDCARD_FIRST, "a tag:*", 6, 7),
    (Code.WILDCARD_SHORT, "a bc*", 2, 5),
    (Code.WILDCARD_SHORT, "a #bc*", 3, 6),
    (Code.WILDCARD_SHORT, 'a "d bc*"', 5, 8),
    (Code.WILDCARD_IN_COMPOUND, "a abcd*~", 2, 8),
    (Code.BAD_DISTANCE, "a NEAR/x b", 2, 8),
    (Code.BAD_DISTANCE, "a /0 b", 2, 4),
    (Code.BAD_DISTANCE, '"a b"~', 5, 6),
    (Code.BAD_DISTANCE, "(a OR b)~5", 8, 10),
    (Code.LARGE_DISTANCE, "a NEAR/21 b", 2, 9),
    (Code.LARGE_DISTANCE, '"a b"~21', 0, 8),
    (Code.NEAR_NEEDS_WORDS, "a NEAR/3 (b AND c)", 9, 18),
    (Code.NEAR_NEEDS_WORDS, "lang:fr NEAR/3 b", 0, 7),
    (Code.NEAR_NEEDS_WORDS, "a NEAR/3 NOT b", 9, 12),
    (Code.NEAR_NEEDS_WORDS, "author:(a NEAR/3 b)", 10, 16),
    (Code.NEAR_NEEDS_WORDS, "author:(a b)~3", 7, 14),
    (Code.UNKNOWN_FIELD, "a hashtags:b", 2, 11),
    (Code.FIELD_IN_FIELD, "title:(a lang:fr)", 9, 14),
    (Code.SPACE_BEFORE_COLON, "lang : fr", 4, 6),
    (Code.SPACE_BEFORE_COLON, "lang :fr", 4, 6),
    (Code.MISSING_VALUE, "lang: AND a", 0, 5),
    (Code.MISSING_VALUE, "a lang:", 2, 7),
    (Code.BAD_VALUE, "likes:many", 6, 10),
    (Code.BAD_VALUE, "lang:>5", 5, 7),
    (Code.BAD_VALUE, "since:2026-02-30", 6, 16),
    (Code.BAD_VALUE, "since:yesterday", 6, 15),
    (Code.BAD_VALUE, "lang:[a TO b]", 5, 13),
    (Code.BAD_VALUE, "a author:{b}", 9, 12),
    (Code.BAD_CHOICE, "sentiment:sad", 10, 13),
    (Code.OUT_OF_BOUNDS, "hour:24", 5, 7),
    (Code.OUT_OF_BOUNDS, "rating:[3 TO 6]", 7, 15),
    (Code.BAD_RANGE, "likes:[1 to 5]", 6, 14),
    (Code.BAD_RANGE, "likes:[many TO 5]", 6, 17),
    (Code.BAD_RANGE, "likes:[* TO *]", 6, 14),
    (Code.BAD_RANGE, "a [1 TO 5]", 2, 10),
    (Code.DESCENDING_RANGE, "likes:[5 TO 1]", 6, 14),
]


@pytest.mark.parametrize(("code", "text", "column", "end"), WRONG, ids=lambda each: str(each)[:24])
def test_what_is_wrong_is_told_with_its_place(code: Code, text: str, column: int, end: int) -> None:
    found = {each.code: each for each in reversed(problems(text))}
    assert set(found) == {code}
    assert (found[code].column, found[code].end) == (column, end)
    assert set(found[code].facts) == set(FACTS[code])


DOUBTFUL = [
    (Code.LOWERCASE_OPERATOR, "apple or pear", 6, 8, "apple OR pear"),
    (Code.LOWERCASE_OPERATOR, "orange Et sosh", 7, 9, "orange ET sosh"),
    (Code.LOWERCASE_OPERATOR, "a near/3 b", 2, 8, "a NEAR/3 b"),
    (Code.LOWERCASE_OPERATOR, "a or b c", 2, 4, "a OR (b c)"),
    (Code.LOWERCASE_OPERATOR, "not b", 0, 3, ""),
    (Code.WIDE_DISTANCE, "a NEAR/11 b", 2, 9, ""),
    (Code.DISTANCE_ON_WORD, "apple~5 pear", 0, 7, "apple pear"),
    (Code.SMART_QUOTES, "a “b c”", 2, 7, 'a "b c"'),
    (Code.SMART_QUOTES, "« b c » a", 0, 7, '"b c" a'),
    (Code.SMART_QUOTES, "‘l’eau d’ici’ a", 0, 13, '"l’eau d’ici" a'),
    (Code.IMPORTED, "from:nasa moon", 0, 5, "author:nasa moon"),
    (Code.IMPORTED, "a (b c)~4", 2, 9, "a (b NEAR/4 c)"),
    (Code.IMPORTED, "a raw:C++", 2, 9, "a {C++}"),
]


@pytest.mark.parametrize(("code", "text", "column", "end", "fix"), DOUBTFUL, ids=lambda each: str(each)[:24])
def test_what_is_doubtful_is_told_and_read(code: Code, text: str, column: int, end: int, fix: str) -> None:
    (warning,) = parse(text).warnings
    assert (warning.code, warning.column, warning.end, warning.fix) == (code, column, end, fix)
    assert set(warning.facts) == set(FACTS[code])
    assert code in WARNINGS


def test_every_code_is_met_here() -> None:
    assert {each[0] for each in WRONG} == set(Code) - WARNINGS
    assert {each[0] for each in DOUBTFUL} == WARNINGS


@pytest.mark.parametrize("word", ["or", "et"])
def test_small_letters_are_words_where_nothing_is_joined(word: str) -> None:
    assert not parse(f'{word} "a {word} b" #{word}').warnings
    assert not parse(f"tag:{word}").warnings


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a AND b OR c", "(a AND b) OR c"),
        ("a OR b c OR d", "a OR (b c) OR d"),
        ("a OR b NOT c", "a OR (b NOT c)"),
        ("a NEAR/3 b AND c", "(a NEAR/3 b) AND c"),
        ("a b NEAR c OR d NOT e NEAR f", "(a (b NEAR c)) OR (d NOT (e NEAR f))"),
        ('"a"NEAR"b""c"NEAR"d"', '("a"NEAR"b")("c"NEAR"d")'),
        ("title:(a OR b c) OR d", "title:(a OR (b c)) OR d"),
        (
            "(burger OR hamburger) AND NOT mushroom /2 sauce",
            "(burger OR hamburger) AND NOT (mushroom /2 sauce)",
        ),
        ("lang :fr x", "lang:fr x"),
        ("likes:[1 to 5] x", "likes:[1 TO 5] x"),
        ("x https://orange.fr/a", 'x link:"https://orange.fr/a"'),
        ("a AND b OR lang : fr", "(a AND b) OR lang: fr"),
        ('a "b c', 'a "b c"'),
        ('(a OR "b c) AND d', '(a OR "b c") AND d'),
        ('"b c AND d OR e', '("b c" AND d) OR e'),
        ('a "b c" d"', 'a "b c" d'),
        ("{b AND c", "{b} AND c"),
    ],
)
def test_a_fix_is_the_whole_text_mended(text: str, fix: str) -> None:
    assert {each.fix for each in problems(text)} == {fix}
    parse(fix)


@pytest.mark.parametrize(
    "text", ["a OR b NOT", "NOT a OR b c", "(a OR b c", "(" * 16 + "a OR b c" + ")" * 16]
)
def test_no_fix_is_offered_that_would_not_parse(text: str) -> None:
    assert {each.fix for each in problems(text)} == {""}


def test_the_like_of_an_unknown_field_is_told() -> None:
    (problem,) = problems("a hashtgs:b")
    assert problem.facts == {"field": "hashtgs", "similar": "hashtag"}
    assert problems("zzz:b")[0].facts["similar"] == ""


def test_several_problems_are_told_at_once_in_order() -> None:
    found = problems('foo:a (b OR *c "d')
    assert [(each.code, each.column) for each in found] == [
        (Code.UNKNOWN_FIELD, 0),
        (Code.UNCLOSED_PARENTHESIS, 6),
        (Code.WILDCARD_FIRST, 12),
        (Code.MIXED, 12),
        (Code.UNCLOSED_QUOTE, 15),
    ]


def test_an_old_exact_word_has_no_place_in_a_field_beside_the_text() -> None:
    assert Code.BAD_VALUE in {each.code for each in problems("author:(raw:b)")}
    assert parse("title:(raw:b c)") == parse("title:({b} c)")


def test_limits_are_reached_before_they_are_passed() -> None:
    parse("(" * 16 + "a" + ")" * 16)
    parse(" ".join("a" * 500))
    parse(" ".join(["abc*"] * 100))
    parse("a" * 4096)
    parse("a NEAR/20 b")
    parse(" NEAR ".join("a" * 17))


def test_a_question_mark_after_a_blank_is_punctuation_in_a_phrase() -> None:
    assert parse('"ça va ?"').warnings == ()
