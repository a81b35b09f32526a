"""Facets in and out: bytes there, characters here, and the text the same on both sides."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.bluesky.spans import clean, profile_address, spans
from comptoir.connectors.bluesky.writing import facets, find

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
TEXT = st.text(st.characters(), max_size=60)
TARGETS = ("https://example.org/a", "did:plc:someone", "été")


def facet(start: int, end: int, **feature: str) -> dict[str, Any]:
    kind, value = next(iter(feature.items()))
    name = {"uri": "link", "did": "mention", "tag": "tag"}[kind]
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": f"app.bsky.richtext.facet#{name}", kind: value}],
    }


def test_bytes_become_characters() -> None:
    text = "👩‍👩‍👧 déjà @ann"
    start = len("👩‍👩‍👧 déjà ".encode())
    (span,) = spans(text, [facet(start, start + 4, did="did:plc:ann")])
    assert text[span.start : span.end] == "@ann"
    assert (span.kind, span.target) == ("mention", "https://bsky.app/profile/did:plc:ann")


def test_a_facet_that_cuts_a_character_or_leaves_the_text_is_left_out() -> None:
    text = "é👍"
    for start, end in [(1, 2), (0, 3), (0, 7), (-1, 2), (4, 2), (2, 2), (5, 6), (10**12, 10**12 + 1)]:
        assert spans(text, [facet(start, end, tag="x")]) == ()
    assert len(spans(text, [facet(0, 2, tag="x"), facet(2, 6, tag="y")])) == 2


def test_overlapping_facets_keep_the_first() -> None:
    found = spans("abcdef", [facet(2, 6, tag="late"), facet(0, 4, tag="first"), facet(0, 2, tag="inner")])
    assert [(span.start, span.end) for span in found] == [(0, 4)]


def test_only_web_addresses_are_pointed_at() -> None:
    for bad in ("javascript:alert(1)", "data:text/html,x", "//example.org", "\x00https://x", "at://x"):
        found = spans("abc", [facet(0, 3, uri=bad)])
        assert all(span.target.startswith("https://") for span in found)
    assert spans("abc", [facet(0, 3, did="https://evil")]) == ()
    (span,) = spans("abc", [facet(0, 3, tag="a/../b?c#d")])
    assert span.target == "https://bsky.app/hashtag/a%2F..%2Fb%3Fc%23d"


def test_control_characters_go_and_spans_stay_in_place() -> None:
    text = "\x00a\x07b \ud800#tag"
    start = len(text.encode("utf-8", "surrogatepass")) - 4
    (span,) = spans(text, [facet(start, start + 4, tag="tag")])
    assert clean(text)[span.start : span.end] == "#tag"


@given(TEXT, ANYTHING)
def test_no_facets_whatever_break_a_text(text: str, facets: Any) -> None:
    shown = clean(text)
    last = 0
    for span in spans(text, facets):
        assert last <= span.start < span.end <= len(shown)
        last = span.end


@given(st.lists(st.tuples(TEXT, TEXT.filter(clean), st.sampled_from(TARGETS)), max_size=5))
def test_a_facet_over_any_word_points_at_that_word(pieces: list[tuple[str, str, str]]) -> None:
    text, wanted, made = "", [], []
    for before, word, target in pieces:
        text += before
        start = len(text.encode("utf-8", "surrogatepass"))
        text += word
        kind = {"h": "uri", "d": "did", "é": "tag"}[target[0]]
        made.append(facet(start, len(text.encode("utf-8", "surrogatepass")), **{kind: target}))
        wanted.append(clean(word))
    shown = clean(text)
    assert [shown[span.start : span.end] for span in spans(text, made)] == wanted


WORDS = st.sampled_from(
    [
        "@ann.test",
        "#été",
        "https://example.org/é?q=(1)",
        "www.example.org",
        "👩‍👩‍👧",
        "déjà",
        "a.b",
        "@",
        "#1",
        "#",
        "\n",
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.lists(WORDS, max_size=12))
def test_what_goes_out_comes_back_the_same(words: list[str]) -> None:
    text = " ".join(words)
    found = find(text)
    back = spans(text, facets(text, lambda handle: f"did:web:{handle}"))
    assert [(one.start, one.end, one.kind) for one in found] == [(s.start, s.end, s.kind) for s in back]
    for one, span in zip(found, back, strict=True):
        if one.kind == "mention":
            assert span.target == profile_address(f"did:web:{one.value}")
