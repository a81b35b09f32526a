"""What a text holds, and the key under which it is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comptoir.connectors.bluesky.counting import length
from comptoir.connectors.bluesky.writing import facets, find, images, record_key, timestamp
from comptoir.networks.connector import Upload

AT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("“https://example.org/a”, then", ["https://example.org/a"]),
        ("www.example.org, example.org/x and example.org", ["www.example.org", "example.org/x"]),
        ("HTTPS://EXAMPLE.ORG/É", ["HTTPS://EXAMPLE.ORG/É"]),
        ("https:// http://nodot", []),
        ("@ann.test! (@bob.example.com) x@mail.example @short .@dot.test", ["@ann.test", "@bob.example.com"]),
        ("me@example.org/x", []),
        ("#été2026 ## #1 #1er #a-b #c# x#d #🎉", ["#été2026", "#1er", "#a", "#c", "#🎉"]),
        ("#" + "x" * 64, ["#" + "x" * 64]),
        ("#" + "x" * 65, []),
        ("https://example.org/#not-a-tag", ["https://example.org/#not-a-tag"]),
        ("rien ici, 3.50€/kg", []),
    ],
)
def test_links_mentions_and_tags_are_found(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in find(text)] == found


def test_a_short_link_points_to_https() -> None:
    (facet,) = facets("www.example.org", lambda handle: "")
    assert facet["features"][0]["uri"] == "https://www.example.org"


def test_a_handle_that_nobody_has_stays_plain_text_and_is_asked_for_once() -> None:
    asked: list[str] = []

    def resolve(handle: str) -> str:
        asked.append(handle)
        return ""

    assert facets("@ann.test @Ann.Test @ann.test", resolve) == []
    assert asked == ["ann.test"]


def test_a_hostile_text_is_read_in_time() -> None:
    for text in ("a." * 1500, "@" * 3000, "#" * 3000, "https://" * 300, "a-" * 1500, "(" * 1500 + ")" * 1500):
        began = datetime.now(UTC)
        find(text)
        assert datetime.now(UTC) - began < timedelta(seconds=1)


TID = re.compile("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
KEYS = st.text(max_size=40)


@given(KEYS, st.datetimes(datetime(2023, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_record_key_is_a_tid_and_the_same_for_every_try(key: str, at: datetime) -> None:
    rkey = record_key(key, at)
    assert TID.fullmatch(rkey)
    assert record_key(key, at) == rkey
    assert len({record_key(key, at, attempt) for attempt in range(4)}) == 4


@given(KEYS, KEYS, st.integers(1, 10**6))
def test_record_keys_sort_by_time(one: str, other: str, later: int) -> None:
    assert record_key(one, AT) < record_key(other, AT + timedelta(milliseconds=later))


def test_deliveries_of_the_same_moment_have_keys_of_their_own() -> None:
    assert len({record_key(f"delivery-{n}", AT) for n in range(500)}) == 500


def test_a_moment_is_written_as_the_network_writes_it() -> None:
    assert timestamp(AT) == "2026-11-20T09:30:00.123Z"


def test_pictures_carry_their_words_and_their_shape() -> None:
    out = BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    brought: list[tuple[int, str]] = []

    def upload(content: bytes, mime: str) -> dict[str, str]:
        brought.append((len(content), mime))
        return {"$type": "blob"}

    media = [Upload(out.getvalue(), "image/png", "a plain one"), Upload(b"not a picture", "image/png")]
    embed = images(media, upload)
    assert embed["images"][0]["aspectRatio"] == {"width": 30, "height": 20}
    assert embed["images"][0]["alt"] == "a plain one"
    assert "aspectRatio" not in embed["images"][1]
    assert len(brought) == 2


@pytest.mark.parametrize(
    ("text", "count", "limit", "over"),
    [
        ("", 0, 300, -300),
        ("déjà", 4, 300, -296),
        ("👩‍👩‍👧🇫🇷e\u0301", 3, 300, -297),
        ("x" * 300, 300, 300, 0),
        ("x" * 301, 301, 300, 1),
        ("👩‍👩‍👧" * 150, 150, 300, -150),
        ("👩‍👩‍👧‍👧" * 140, 3500, 3000, 500),
        ("👩‍👩‍👧‍👧" * 301, 7525, 3000, 4525),
    ],
)
def test_a_text_is_as_long_as_the_network_says(text: str, count: int, limit: int, over: int) -> None:
    found = length(text)
    assert (found.count, found.limit, found.over) == (count, limit, over)


@given(st.text())
def test_what_fits_is_within_both_limits(text: str) -> None:
    assert length(text).fits == (length(text).over <= 0)
    if length(text * 50).fits:
        assert len((text * 50).encode()) <= 3_000
