"""What a search can be asked for of a query: whatever the query is true of holds the words of one of the searches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.folding import words
from comptoir.reading.query import Document, parse
from comptoir.reading.query.searched import beyond, proposals, uncovered

BOTH = frozenset({"words", "tags"})
NAMES = ("tea", "pot", "lid", "cup")


@pytest.mark.parametrize(
    ("text", "searches"),
    [
        ("teapot", ["teapot"]),
        ("teapot OR kettle", ["kettle", "teapot"]),
        ("brown AND (teapot OR kettle) NOT lamp", ["kettle brown", "teapot brown"]),
        ('"tea pot" AND broken', ["broken pot tea"]),
        ("teapot NEAR/5 lid", ["teapot lid"]),
        ("teap* AND lid", ["lid"]),
        ("teap*", []),
        ("teapot OR lang:fr", []),
        ("#Teatime OR hashtag:kettle", ["#kettle", "#teatime"]),
        ("title:teapot", ["teapot"]),
        ("author:ann AND teapot", ["teapot"]),
        ("Café OR l'orange", ["café", "orange"]),
    ],
)
def test_what_to_search_for(text: str, searches: list[str]) -> None:
    found = proposals(parse(text), BOTH, 200)
    assert [set(each.split()) for each in found] == [set(each.split()) for each in searches]


def test_a_search_has_as_many_letters_as_it_takes_and_tags_only_where_they_are_taken() -> None:
    long = parse(" AND ".join(f"teapot{n:03}" for n in range(40)))
    assert all(0 < len(each) <= 50 for each in proposals(long, BOTH, 50))
    assert proposals(parse("a" * 60), BOTH, 50) == []
    assert proposals(parse("#tea"), frozenset({"words"}), 200) == []
    assert proposals(parse(" OR ".join(f"tea{n}" for n in range(60))), BOTH, 200) == []


def test_what_is_searched_for_already_is_not_proposed() -> None:
    query = parse("brown AND (teapot OR kettle)")
    assert len(uncovered(query, BOTH, 200, [])) == 2
    assert uncovered(query, BOTH, 200, ["Teapot"]) == proposals(query, BOTH, 200)[:1]
    assert uncovered(query, BOTH, 200, ["brown"]) == []
    assert len(uncovered(query, BOTH, 200, ["brown lid"])) == 2
    assert uncovered(parse("#tea"), BOTH, 200, ["tea"]) == ["#tea"]


def test_what_no_search_understands_is_named_as_it_stands() -> None:
    query = parse('teap* AND "tea pot" AND (lid NEAR/5 cup) AND {Tea} AND #tea AND @ann AND lang:fr NOT lamp')
    assert [(each.why.value, each.text) for each in beyond(query, BOTH)] == [
        ("wildcard", "teap*"), ("phrase", '"tea pot"'), ("near", "lid NEAR/5 cup"), ("spelling", "{Tea}"),
        ("sign", "@ann"), ("field", "lang:fr"), ("without", "NOT lamp"),
    ]  # fmt: skip
    assert beyond(parse("teapot OR #tea"), BOTH) == []


@given(st.recursive(
    st.sampled_from([*NAMES, "#tea", '"tea pot"', "lid NEAR/3 cup"]),
    lambda inner: st.tuples(st.sampled_from(("AND", "OR")), inner, inner).map(
        lambda given: f"({given[1]}) {given[0]} ({given[2]})"
    ),
    max_leaves=6,
), st.lists(st.sampled_from([*NAMES, "#tea"]), min_size=1, max_size=6))  # fmt: skip
def test_whatever_a_query_is_true_of_is_found_by_one_of_its_searches(text: str, said: list[str]) -> None:
    query, message = parse(text), " ".join(said)
    if not query.matches(Document(message)) or not (searches := proposals(query, BOTH, 200)):
        return
    held, tags = set(words(message)), {each for each in said if each.startswith("#")}
    assert any(
        all(piece in tags if piece.startswith("#") else piece in held for piece in search.split())
        for search in searches
    )
