"""How a site's objects are read, and how ours are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.wordpress import reading, speaking
from comptoir.connectors.wordpress.reading import Names
from comptoir.connectors.wordpress.site import address, decoded
from comptoir.networks.connector import Activity, Actor, Marked, Refused, Unusable

NAMES = Names("blog.example/fr", Actor("blog.example/fr", "blog.example/fr"), frozenset({7}))


def words(raw: str) -> Marked:
    return reading.words({"raw": raw}, "https://blog.example/")


def test_names_are_of_one_site() -> None:
    assert NAMES.number("blog.example/fr#comment-12") == ("comment", 12)
    assert NAMES.number("blog.example/fr#post-3") == ("post", 3)
    for strange in ("blog.example#comment-12", "blog.example/fr#user-3", "blog.example/fr#comment-x", ""):
        assert NAMES.number(strange) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://example.org", "https://example.org/"),
        ("example.org/blog", "https://example.org/blog/"),
        (" https://example.org/blog/wp-admin/edit.php ", "https://example.org/blog/"),
        ("https://example.org:8443/wp-login.php", "https://example.org:8443/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
    ],
)
def test_an_address_as_people_paste_it(typed: str, meant: str) -> None:
    assert address(typed) == meant


@pytest.mark.parametrize("typed", ["http://example.org", "https://", "mailto:a@example.org", "https://[::1"])
def test_an_address_that_will_not_do(typed: str) -> None:
    with pytest.raises(Refused):
        address(typed)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"a": 1}', {"a": 1}),
        ('\ufeff\n[{"a": 1}]', [{"a": 1}]),
        ('<b>Notice</b>: [x] in y\n{"a": 1}<!-- cached -->', {"a": 1}),
        ("<b>Notice</b>[]", []),
        ("<b>Notice</b> [0]", None),
        ("", None),
        ("[" * 9_000, None),
    ],
)
def test_an_answer_with_noise_around_it(answer: str, said: Any) -> None:
    assert decoded(answer) == said


def test_lines_and_entities_of_plain_words_stay() -> None:
    assert words("a &lt;b&gt; &amp; c\r\n\r\n  d").text == "a <b> & c\n\n  d"


def test_addresses_become_links_without_the_sign_after_them() -> None:
    said = words('See https://example.org/a, (https://example.org/b) or <a href="/c">here</a>.')
    found = [(said.text[s.start : s.end], s.target) for s in said.spans]
    assert found == [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org/b", "https://example.org/b"),
        ("here", "https://blog.example/c"),
    ]


def test_pictures_linked_at_the_end_are_pictures() -> None:
    raw = 'Look\n\n<a href="https://b.example/1.jpg">A door</a>\n\n<a href="https://b.example/2.png">A &amp; b</a>'
    said = words(raw)
    assert said.text == "Look"
    assert [(one.url, one.alt) for one in said.media] == [
        ("https://b.example/1.jpg", "A door"),
        ("https://b.example/2.png", "A & b"),
    ]
    middle = words('<a href="https://b.example/1.jpg">A door</a> is open')
    assert (middle.text, middle.media) == ("A door is open", ())


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_what_we_say_is_what_is_heard(text: str) -> None:
    assert words(speaking.marked_up(text)).text == text


@given(st.text(max_size=300))
def test_whatever_was_typed_is_read_and_links_lie_in_it(raw: str) -> None:
    said = words(raw)
    for span in said.spans:
        assert 0 <= span.start < span.end <= len(said.text)


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
_OBJECTS = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from([*reading.COMMENT.split(","), "x"]), _OBJECTS))
def test_a_comment_of_any_shape_is_read_or_set_aside(view: dict[str, Any]) -> None:
    try:
        read: Activity | Unusable = reading.comment(view, NAMES)
    except reading.Unreadable as reason:
        read = reading.unusable(view, str(reason), NAMES)
    assert not read.remote_id or read.remote_id.startswith(f"{NAMES.site}#comment-")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Hours\n\nWe open.", "Hours", "We open."),
        ("No title here", "", "No title here"),
        ("Two\nlines\n\nthen more", "", "Two\nlines\n\nthen more"),
        (f"{'x' * 300}\n\nbody", "", f"{'x' * 300}\n\nbody"),
    ],
)
def test_a_first_line_alone_is_the_title(text: str, title: str, body: str) -> None:
    assert speaking.titled(text) == (title, body)


def test_a_comment_is_counted_as_the_database_keeps_it() -> None:
    assert speaking.length("é<").count == len("é&lt;".encode())
