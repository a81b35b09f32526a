"""Texts counted as Mastodon counts them."""

from __future__ import annotations

import pytest

from comptoir.connectors.mastodon.counting import length


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("été", 3),
        ("e\u0301te\u0301", 3),
        ("👩‍👩‍👧‍👦🇫🇷", 2),
        ("https://example.com/" + "x" * 400, 23),
        ("see https://a.example.", 4 + 23 + 1),
        ("(https://a.example/b_(c))", 1 + 23 + 1),
        ("http://a.example http://b.example", 23 + 1 + 23),
        ("example.com/no/scheme", 21),
        ("@ann@there.example hi", 7),
        ("@ann hi", 7),
        ("@ann@127.0.0.1, @bob.b@x.y!", len("@ann, @bob.b!")),
        ("mail ann@there.example", 22),
    ],
)
def test_counted_as_the_network_counts(text: str, count: int) -> None:
    counted = length(text, 500, 23)
    assert (counted.count, counted.over, counted.fits) == (count, count - 500, True)


def test_the_warning_counts_and_the_limit_is_the_instances() -> None:
    counted = length("x" * 8, 10, 23, "abc")
    assert (counted.count, counted.limit, counted.over, counted.fits) == (11, 10, 1, False)
