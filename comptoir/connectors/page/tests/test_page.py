"""What is said on the own page: the same sending is the same entry, and nothing is asked of anybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.page import LONGEST, Page
from comptoir.networks.connector import Activity, Kind, Refused, Upload

AT = datetime(2026, 11, 23, tzinfo=UTC)


def page(identity: str = "page:one") -> Page:
    nobody: Any = None
    opened = Page.opened(identity, "https://brand.example/p/brand/", "Brand")
    return Page(nobody, nobody, opened.settings, opened.me)


@given(key=st.text(min_size=1, max_size=40))
def test_the_same_key_is_the_same_entry_and_stands_in_an_address(key: str) -> None:
    sent = page().publish("words", [], key, AT)
    assert page().publish("words", [], key, AT) == sent
    word = Page.word_of(sent.remote_id)
    assert re.fullmatch("[a-z2-7]{13}", word)
    assert sent.url == f"https://brand.example/p/brand/{word}/"
    assert page("page:two").publish("words", [], key, AT).remote_id != sent.remote_id


@given(keys=st.lists(st.uuids(), unique=True, max_size=50))
def test_other_keys_are_other_entries(keys: list[Any]) -> None:
    assert len({page().publish("words", [], each.hex, AT).remote_id for each in keys}) == len(keys)


def test_what_follows_stands_at_the_entry_that_it_follows() -> None:
    first = page().publish("one", [], "a", AT)
    message = Activity(first.remote_id, Kind.POST, Page.opened("page:one", "", "").me, AT, url=first.url)
    after = page().reply(message, "two", [], "b", AT)
    assert after.url == first.url
    assert after.remote_id != first.remote_id


def test_what_is_empty_or_too_long_is_refused() -> None:
    for text, code in (("  ", "empty"), ("x" * (LONGEST + 1), "too_long")):
        with pytest.raises(Refused, match=code):
            page().publish(text, [], "a", AT)
    assert page().publish("", [Upload(b"x", "image/png")], "a", AT)
    assert page().publish("x" * LONGEST, [], "a", AT)
