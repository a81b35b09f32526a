"""Whatever is typed and whatever is read: no surprise, and soon."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comptoir.reading.query import FACTS, Code, Document, Problem, Query, Wrong, parse

TYPEABLE = """
    ( ) ( ) " " { } [ ] AND OR NOT ET OU SAUF NEAR NEAR/3 ONEAR/2 PROCHE/3 NEAR/99 NEAR/2f /2 - – or and near/2:a,b
    a b réseau orang* b?c d~ d~3 "é" "e"~2 {C} #t @n $c 😡 👍🏽 東京 l'eau title: text: lang:fr lang: likes:>5 œ * ?
    is:own raw:x from:a foo:b : <<< >>> <<<c>>> ~2 https://a.fr since:2026-01 x:y
    author: hashtag:( url: tag:( title:( >5 [1 - "-a" ~ a~2~3 AND~2 near/3:AND,-a~ #-x a:b c"d" e{F} (a b)~3
"""
PIECES = st.sampled_from([*TYPEABLE.split(), "likes:[1 TO 5]", '"a b"', '"a b"~2', " "])
TYPED = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES).map("".join)
)

WORDS = st.sampled_from(
    ["a", "b", "réseau", "reseau", "Orange", "orange", "cœur", "coeur", "l'eau", "東京", "😡", "d-e"]
)
LEAVES = st.one_of(
    WORDS,
    WORDS.map(lambda word: f'"{word} a"'),
    WORDS.map(lambda word: f'"{word} b"~2'),
    WORDS.map(lambda word: f"{{{word}}}"),
    st.sampled_from(["#orange", "@orange", "#res*", "res*", "r?seau", "coeu*", "eau~", "reseau~"]),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Queries made of smaller ones."""
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda both: f"({both[0]}) AND ({both[1]})"),
        pair.map(lambda both: f"({both[0]}) OR ({both[1]})"),
        pair.map(lambda both: f"({both[0]}) AND NOT ({both[1]})"),
        st.tuples(LEAVES, LEAVES, st.integers(0, 5)).map(lambda near: f"{near[0]} NEAR/{near[2]} {near[1]}"),
        st.tuples(LEAVES, LEAVES).map(lambda near: f"{near[0]} ONEAR/2 {near[1]}"),
        inner.map(lambda one: one if ":" in one else f"title:({one})"),
    )


QUERIES = st.recursive(LEAVES, grown, max_leaves=6).map(parse)
SAID = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(["Réseau", "c", "#orange", "#resto", "@orange@x.fr", "re seau", "https://a.fr"]),
    ),
    max_size=12,
).map(" ".join)
DOCUMENTS = st.builds(Document, SAID, title=SAID, hashtags=st.lists(WORDS, max_size=1).map(tuple))


def told_of(text: str) -> tuple[Problem, ...]:
    """The problems of a text, at least one, or the warnings of the query that it is, which is put to some use."""
    try:
        query = parse(text)
    except Wrong as wrong:
        return wrong.problems or pytest.fail("nothing is said to be wrong")
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)
    query.matches(Document(text, title=text, name=text, handle=text, url=text, lang=text, links=(text,)))
    return query.warnings


@given(TYPED)
@settings(max_examples=1_500)
@example("(" * 4096)
@example("-" * 4096)
@example("a or " * 800)
@example('"a"~1' * 800)
@example("near/4:" + "a," * 2000 + "a")
@example("a OR b AND " * 370 + "c")
@example("a\u0301\u0323" * 1300)
@example("\ud800 \x00")
def test_any_text_is_read_or_told_what_is_wrong(text: str) -> None:
    began = time.process_time()
    told = told_of(text)
    assert time.process_time() - began < 2
    for problem in told:
        assert 0 <= problem.column <= problem.end <= len(text)
        assert problem.code == Code.EMPTY or problem.column < problem.end
        assert set(problem.facts) == set(FACTS[problem.code])
        assert not problem.fix or parse(problem.fix)


@given(QUERIES)
def test_the_normal_form_reads_as_the_same(query: Query) -> None:
    assert parse(str(query)) == query


@given(QUERIES, DOCUMENTS)
@settings(max_examples=400)
def test_what_matches_holds_what_is_needed(query: Query, document: Document) -> None:
    words = document.words
    for clause in query.needs():
        assert clause
        begun = tuple(need[:-1] for need in clause if need.endswith("*"))
        if query.matches(document):
            assert clause & words or any(word.startswith(begun) for word in words), clause


@given(QUERIES, DOCUMENTS, st.sampled_from(("lang", "sentiment", "network")))
@example(parse("a lang:(fr OR pt-br)"), Document("a", lang="pt-BR"), "lang")
@example(parse("lang:fr OR (a lang:en)"), Document("a", lang="EN"), "lang")
def test_what_matches_has_a_value_that_is_asked_for(query: Query, document: Document, name: str) -> None:
    values = query.among(name)
    if values is not None and query.matches(document):
        assert any(parse(f'{name}:"{each}"').matches(document) for each in values)


@given(QUERIES, QUERIES, DOCUMENTS)
def test_logic_is_logic(one: Query, other: Query, document: Document) -> None:
    first, second = one.matches(document), other.matches(document)
    assert parse(f"({one}) AND ({other})").matches(document) == (first and second)
    assert parse(f"({one}) OR ({other})").matches(document) == (first or second)
    assert parse(f"({one}) AND NOT ({other})").matches(document) == (first and not second)


@given(QUERIES, DOCUMENTS)
def test_spans_lie_in_the_text_in_order_and_only_where_it_matches(query: Query, document: Document) -> None:
    for title, text in ((False, document.text), (True, document.title)):
        spans = query.spans(document, title=title)
        ends = [0, *(at for span in spans for at in span)]
        assert ends == sorted(ends)
        assert all(start < end <= len(text) for start, end in spans)
        assert not spans or query.matches(document)


@given(st.text(), st.text(), QUERIES)
def test_any_text_is_read(text: str, title: str, query: Query) -> None:
    document = Document(text, title=title, name=text, handle=title, url=text, links=(title,), city=text)
    whole = parse(f"({query}) OR author:a OR url:a OR link:b OR city:c OR site:d OR has:link OR #abc*")
    whole.matches(document)
    for start, end in whole.spans(document):
        assert 0 <= start < end <= len(text)


SLOW = [
    "a b " * 25_000,
    "a" * 100_000,
    "a\u0301\u0323" * 33_000,
    "#a" * 50_000,
    "@a." * 33_000,
    "http://" * 14_000,
    "👨\u200d" * 50_000,
    "東" * 100_000,
    "a " * 49_990 + "b",
    "#a_b " * 20_000,
    "ﷺ" * 100_000,
]
ASKED = [
    "(a NEAR/20 b) NEAR/20 (a NEAR/20 b)",
    "(a NEAR/20 b) NEAR/20 (c OR (b NEAR/20 a))",
    '"' + "a " * 49 + 'b"~20',
    '"' + "a " * 50 + '"',
    " NEAR/20 ".join("a" * 17),
    "{a a a b}",
    "aaa" + "*a" * 40 + "*b",
    "#aaa* OR @aaa* OR aab~",
]


@pytest.mark.parametrize("text", SLOW, ids=lambda text: f"{text[:5]!r}")
def test_texts_made_to_be_slow_are_not(text: str) -> None:
    document = Document(text)
    began = time.process_time()
    for query in map(parse, ASKED):
        query.matches(document)
        query.spans(document)
    assert time.process_time() - began < 10


def test_a_stream_of_messages_is_kept_up_with() -> None:
    query = parse(
        '({Orange} OR @Orange_France OR #Orange OR sosh) (box OR fibre OR réseau OR panne*) -"code orange" -jus'
    )
    document = Document(
        "Bonjour @Orange_France, ma fibre est en panne depuis trois jours et personne ne répond " * 2
    )
    assert query.matches(document)
    began = time.process_time()
    for _ in range(20_000):
        query.matches(document)
    assert time.process_time() - began < 1
