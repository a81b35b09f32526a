"""What the network shows, read without loss: made objects, and real ones where the shared folder is at hand."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.bluesky import reading
from comptoir.connectors.bluesky.reading import Unreadable
from comptoir.connectors.bluesky.tests.test_spans import ANYTHING
from comptoir.networks.connector import Activity, Kind

ME = "did:plc:brand"
ANN = {"did": "did:plc:ann", "handle": "ann.test", "displayName": "Ann"}
NOW = "2026-11-20T10:00:00.000Z"
MINE = {"uri": f"at://{ME}/app.bsky.feed.post/mine", "cid": "m"}
THEIRS = {"uri": "at://did:plc:bob/app.bsky.feed.post/theirs", "cid": "t"}


def view(record: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    return {
        "uri": "at://did:plc:ann/app.bsky.feed.post/3k",
        "cid": "c",
        "author": ANN,
        "indexedAt": NOW,
        "record": {"text": "hello", "createdAt": NOW, **(record or {})},
        **other,
    }


def mention(did: str) -> list[dict[str, Any]]:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
    return [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [feature]}]


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({}, Kind.POST),
        ({"facets": mention(ME)}, Kind.MENTION),
        ({"facets": mention("did:plc:bob")}, Kind.POST),
        ({"reply": {"root": MINE, "parent": MINE}}, Kind.REPLY),
        ({"reply": {"root": THEIRS, "parent": THEIRS}}, Kind.REPLY),
        ({"reply": {"root": THEIRS, "parent": THEIRS}, "facets": mention(ME)}, Kind.MENTION),
        ({"embed": {"$type": "app.bsky.embed.record", "record": MINE}}, Kind.QUOTE),
        (
            {"embed": {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": MINE}, "media": {}}},
            Kind.QUOTE,
        ),
    ],
)
def test_a_post_says_what_it_is_to_the_brand(record: dict[str, Any], kind: Kind) -> None:
    assert reading.activity(view(record), ME).kind == kind


def test_a_clock_that_never_was_is_replaced_by_when_it_came() -> None:
    for created in ("", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 7, None):
        found = reading.activity(view({"createdAt": created}), ME)
        assert found.published == datetime(2026, 11, 20, 10, tzinfo=UTC)
    with pytest.raises(Unreadable, match="no_time"):
        reading.activity(view({"createdAt": ""}, indexedAt=""), ME)


def test_a_name_that_no_longer_holds_is_not_shown_as_one() -> None:
    found = reading.actor({**ANN, "handle": "handle.invalid"})
    assert (found.handle, found.url) == ("did:plc:ann", "https://bsky.app/profile/did:plc:ann")


def test_media_of_every_kind() -> None:
    picture = {
        "thumb": "https://i/t",
        "fullsize": "https://i/f",
        "alt": "x",
        "aspectRatio": {"width": 3, "height": 2},
    }
    images = {"$type": "app.bsky.embed.images#view", "images": [picture, {"alt": "no address"}, 4]}
    gallery = {
        "$type": "app.bsky.embed.gallery#view",
        "items": [{"fullsize": "https://i/g", "thumbnail": "https://i/gt", "alt": ""}],
    }
    film = {"$type": "app.bsky.embed.video#view", "playlist": "https://v/p", "thumbnail": "https://v/t"}
    card = {"$type": "app.bsky.embed.external#view", "external": {"uri": "https://c/", "title": "T"}}
    beside = {"$type": "app.bsky.embed.recordWithMedia#view", "media": images, "record": {}}
    shown = {
        name: [(m.kind, m.url, m.width) for m in reading.activity(view(embed=embed), ME).media]
        for name, embed in {"i": images, "g": gallery, "v": film, "c": card, "b": beside}.items()
    }
    assert shown == {
        "i": [("image", "https://i/f", 3)],
        "g": [("image", "https://i/g", None)],
        "v": [("video", "https://v/p", None)],
        "c": [("link", "https://c/", None)],
        "b": [("image", "https://i/f", 3)],
    }
    bad = {"$type": "app.bsky.embed.external#view", "external": {"uri": "javascript:1", "title": "T"}}
    assert reading.activity(view(embed=bad), ME).media == ()


@given(ANYTHING)
def test_no_object_whatever_breaks_reading(thing: Any) -> None:
    with pytest.raises(Unreadable):
        reading.activity(thing, ME)
    with pytest.raises(Unreadable):
        reading.gesture(thing, Kind.LIKE)
    assert reading.unusable(thing, Unreadable("why")).remote_id


FIELDS = ("uri", "cid", "author", "indexedAt", "record", "embed")
INNER = ("text", "createdAt", "reply", "embed", "facets", "langs")


@given(st.sampled_from(FIELDS + INNER), ANYTHING, st.booleans())
def test_a_post_with_one_field_gone_mad_is_read_or_set_aside(field: str, value: Any, inner: bool) -> None:
    shown = view({field: value}) if inner else {**view(), field: value}
    try:
        found = reading.activity(shown, ME)
    except Unreadable:
        return
    assert found.published.tzinfo
    json.dumps(dict(found.facts))


# Real objects


def shared(*parts: str) -> Path:
    """A file of the shared data. Skips the test where there is none."""
    root = Path(__file__).resolve().parents[4]
    folder = Path(os.environ.get("COMPTOIR_SHARED") or root.parent / "shared")
    path = folder.joinpath("data", "objects", *parts)
    if not path.exists():
        pytest.skip(f"no shared data at {path.name}")
    return path


def cases(name: str) -> Iterator[str]:
    """The cases of a file of the protocol's own examples."""
    for line in shared("atproto-interop", "syntax", name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def test_the_protocol_s_own_times() -> None:
    for case in cases("datetime_syntax_valid.txt"):
        year = int(case[:4])
        assert (reading.moment(case) is not None) == (1990 < year < 2200), case
    for name in ("datetime_syntax_invalid.txt", "datetime_parse_invalid.txt"):
        for case in cases(name):
            assert reading.moment(case) is None, case


def test_the_protocol_s_own_addresses() -> None:
    for case in cases("aturi_syntax_valid.txt"):
        if case.startswith("at://did:") and case.count("/") == 4 and "#" not in case:
            did, collection, rkey = reading.parts(case)
            assert case == f"at://{did}/{collection}/{rkey}"
    for name, shape in (
        ("did", "at://{}/app.bsky.feed.post/3k"),
        ("recordkey", "at://did:plc:a/app.bsky.feed.post/{}"),
    ):
        for case in cases(f"{name}_syntax_valid.txt"):
            reading.parts(shape.format(case))
    for case in cases("aturi_syntax_invalid.txt"):
        assert not reading.is_post(case), case


def test_every_real_event_is_read_without_loss() -> None:
    kinds = {"like": Kind.LIKE, "repost": Kind.REPOST, "follow": Kind.FOLLOW}
    read = 0
    for line in shared("jetstream-events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        commit = event.get("commit") or {}
        if commit.get("operation") != "create":
            continue
        name = commit["collection"].rsplit(".", 1)[1]
        seen = {
            "uri": f"at://{event['did']}/{commit['collection']}/{commit['rkey']}",
            "cid": commit["cid"],
            "author": {"did": event["did"], "handle": "handle.invalid"},
            "record": commit["record"],
        }
        if name == "post":
            post = reading.activity(seen, ME)
            record = commit["record"]
            assert post.text == record["text"]
            assert len(post.spans) == len(record.get("facets", []))
            assert bool(post.in_reply_to) == ("reply" in record)
            assert post.language == (record.get("langs") or [""])[0]
            read += 1
        elif name in kinds:
            gesture = reading.gesture(seen, kinds[name])
            assert bool(gesture.about) == (name != "follow")
            read += 1
    assert read > 100


def test_every_real_text_is_read_as_it_is() -> None:
    texts: list[str] = []
    for name, column in (("active_bluesky_sample.csv", "text"), ("vast_sample_test.csv", "post")):
        with shared("bluesky-posts", name).open(encoding="utf-8", newline="") as rows:
            texts += [row[column] or "" for row in csv.DictReader(rows)]
    assert len(texts) > 200
    for text in texts:
        found = reading.activity(view({"text": text}), ME)
        assert isinstance(found, Activity)
        assert found.text == text
