"""Links marked by rules: what is added, what stays, and what hostile texts make of it."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.publishing.tagging import Facts, Rule, filled, host_in, strange, tag, tagged

FACTS = Facts("mastodon", "@maison@town.example", "Été 2026", "fr", date(2026, 7, 1))
RULES = [
    Rule(("example.org",), {"source": "{network}", "medium": "social", "campaign": "{campaign}"}),
    Rule(
        ("shop.example.org", "caf\xe9.example".encode("idna").decode()), {"source": "shop", "term": "a b&c"}
    ),
]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://example.org", "https://example.org/?utm_source=mastodon&utm_medium=social&utm_campaign=ete-2026"),
        ("https://EXAMPLE.org./a?b=1#c", "https://EXAMPLE.org./a?b=1&utm_source=mastodon&utm_medium=social&"
         "utm_campaign=ete-2026#c"),
        ("https://www.example.org/a?UTM_source=mine&utm_medium=",
         "https://www.example.org/a?UTM_source=mine&utm_medium=&utm_campaign=ete-2026"),
        ("https://x.shop.example.org:8443/#/a?b", "https://x.shop.example.org:8443/?utm_source=shop&utm_term=a%20b%26c#/a?b"),
        ("http://café.example/é", "http://café.example/é?utm_source=shop&utm_term=a%20b%26c"),
        ("https://notexample.org/", "https://notexample.org/"),
        ("https://example.org.evil.test/", "https://example.org.evil.test/"),
        ("https://example.org@evil.test/", "https://example.org@evil.test/"),
        ("https://evil.test\\@example.org/", "https://evil.test\\@example.org/"),
        ("https://user:word@example.org/", "https://user:word@example.org/"),
        ("https://example.org:port/", "https://example.org:port/"),
        ("https://[example.org/", "https://[example.org/"),
        ("javascript://example.org/", "javascript://example.org/"),
    ],
)  # fmt: skip
def test_of_one_address(before: str, after: str) -> None:
    assert tag(before, RULES, FACTS) == after
    assert tag(after, RULES, FACTS) == after


def test_a_sentence_keeps_its_signs() -> None:
    marked = "?utm_source=shop&utm_term=a%20b%26c"
    before = (
        "Look (https://shop.example.org/a), at https://shop.example.org/b_(c)! a@https://shop.example.org/"
    )
    assert tagged(before, RULES, FACTS) == (
        f"Look (https://shop.example.org/a{marked}), at https://shop.example.org/b_(c){marked}! "
        "a@https://shop.example.org/"
    )


def test_what_placeholders_stand_for() -> None:
    assert filled("{channel}/{language}-{date}", FACTS) == "maison-town.example/fr-2026-07-01"
    assert filled("{campaign}", Facts()) == ""
    assert filled("{campaign}-{network}", Facts(network="bluesky")) == "bluesky"
    assert strange("{network} {Channel} {}") == ["Channel", ""]


def test_parameters_without_a_value_are_left_out() -> None:
    assert tag("https://example.org/", RULES, Facts()) == "https://example.org/?utm_medium=social"


hosts = st.sampled_from(["example.org", "www.example.org", "shop.example.org", "café.example", "other.test"])
tails = st.text(st.characters(exclude_categories=("Zs", "Cs", "Zl", "Zp", "Cc")), max_size=40)
addresses = st.builds(lambda host, tail: f"https://{host}/{tail}", hosts, tails)


@given(addresses)
def test_an_address_stays_what_it_was(address: str) -> None:
    after = tag(address, RULES, FACTS)
    assert tag(after, RULES, FACTS) == after
    was, now = urlsplit(address), urlsplit(after)
    assert (was.scheme, was.netloc, was.path, was.fragment) == (
        now.scheme,
        now.netloc,
        now.path,
        now.fragment,
    )
    kept = parse_qsl(was.query, keep_blank_values=True)
    assert parse_qsl(now.query, keep_blank_values=True)[: len(kept)] == kept
    if after != address:
        assert parse_qs(now.query)["utm_source"]


@given(st.text(max_size=200) | st.lists(addresses | tails, max_size=5).map(" ".join))
def test_a_text_keeps_all_but_its_links(text: str) -> None:
    after = tagged(text, RULES, FACTS)
    assert tagged(after, RULES, FACTS) == after
    assert tagged(text, [], FACTS) == text
    if "https" not in text.lower():
        assert after == text


@given(st.text(max_size=100))
def test_names_of_hosts(text: str) -> None:
    found = host_in(text)
    assert found == "" or host_in(found) == found


def test_closing_signs_without_end_take_no_time() -> None:
    text = "https://example.org/" + ")" * 90_000
    assert tagged(text, RULES, FACTS).endswith(")" * 90_000)
