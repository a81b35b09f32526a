"""What the network tells everybody: both dialects say the same, nothing is lost, and nonsense breaks nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libipld import encode_cid, encode_dag_cbor

from comptoir.connectors.bluesky import events
from comptoir.connectors.bluesky.dialects import SLACK, Firehose, Jetstream, Told
from comptoir.connectors.bluesky.overhearing import Gathering
from comptoir.connectors.bluesky.tests.test_reading import shared
from comptoir.connectors.bluesky.tests.test_spans import ANYTHING
from comptoir.networks.connector import (
    Account,
    Activity,
    Gone,
    Kind,
    Standing,
    TryLater,
    Unusable,
)

DID = "did:plc:ann"
POST = "app.bsky.feed.post"
AT = "2026-11-20T10:00:00.000Z"
MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)
BOB = {"uri": "at://did:plc:bob/app.bsky.feed.post/1", "cid": "b"}
CID = "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy"
PICTURE = {"$type": "blob", "ref": {"$link": CID}, "mimeType": "image/jpeg", "size": 9}


def event(record: Any = None, operation: str = "create", collection: str = POST, cid: str = "c") -> str:
    """A change as Jetstream tells it."""
    change = {"rev": "r", "operation": operation, "collection": collection, "rkey": "3k"}
    if record is not None:
        change |= {"record": record, "cid": cid}
    told = {"did": DID, "time_us": int(MOMENT.timestamp() * 1e6), "kind": "commit", "commit": change}
    return json.dumps(told)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def block(record: Any) -> tuple[bytes, bytes]:
    """A record as a block: its hash, and its bytes."""
    content = encode_dag_cbor(record)
    return b"\x01\x71\x12\x20" + sha256(content).digest(), content


def car(*blocks: tuple[bytes, bytes]) -> bytes:
    head = encode_dag_cbor({"roots": [blocks[0][0]], "version": 1})
    parts = [varint(len(cid) + len(content)) + cid + content for cid, content in blocks]
    return b"".join([varint(len(head)), head, *parts])


def frame(kind: str, **body: Any) -> bytes:
    return encode_dag_cbor({"op": 1, "t": kind}) + encode_dag_cbor({"seq": 5, "time": AT, **body})


def commit(record: Any = None, operation: str = "create", collection: str = POST) -> bytes:
    """The same change as the firehose tells it, among the tree's own blocks."""
    node = block({"e": [], "l": None})
    kept = [node] if record is None else [node, block(record)]
    change = {"action": operation, "path": f"{collection}/3k", "cid": None if record is None else kept[1][0]}
    return frame("#commit", repo=DID, ops=[change], blocks=car(*kept))


def only(told: Told) -> Any:
    (item,) = told.items
    return item


def said(record: dict[str, Any], **more: Any) -> Activity:
    item = only(Jetstream().read(event({"text": "hello", "createdAt": AT, **record}, **more)))
    assert isinstance(item, Activity), item
    return item


def test_a_post_says_all_that_its_record_says() -> None:
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://harbour.example"}
    post = said({
        "text": "héllo harbour", "langs": ["fr", "en"], "tags": ["ferry"],
        "facets": [{"index": {"byteStart": 7, "byteEnd": 14}, "features": [link]}],
        "reply": {"root": BOB, "parent": BOB},
        "labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]},
        "embed": {
            "$type": "app.bsky.embed.recordWithMedia",
            "record": {"$type": "app.bsky.embed.record", "record": BOB},
            "media": {"$type": "app.bsky.embed.images", "images": [
                {"alt": "a quay", "image": PICTURE, "aspectRatio": {"width": 4, "height": 3}}]},
        },
    })  # fmt: skip
    assert (post.remote_id, post.kind, post.text, post.language) == (
        f"at://{DID}/{POST}/3k", Kind.REPLY, "héllo harbour", "fr",
    )  # fmt: skip
    assert post.text[post.spans[0].start : post.spans[0].end] == "harbour"
    assert (post.in_reply_to, post.conversation, post.about) == (BOB["uri"],) * 3
    (picture,) = post.media
    assert (picture.alt, picture.width, picture.height) == ("a quay", 4, 3)
    assert picture.url == f"https://cdn.bsky.app/img/feed_fullsize/plain/{DID}/{CID}@jpeg"
    assert post.facts["langs"] == ["fr", "en"]
    assert (post.facts["tags"], post.facts["labels"]) == (["ferry"], ["nudity"])
    assert not post.addressed
    assert (post.actor.remote_id, post.actor.handle) == (DID, DID)


def test_a_film_and_a_card_have_addresses() -> None:
    film = said(
        {"embed": {"$type": "app.bsky.embed.video", "video": {"ref": {"$link": CID}}, "alt": "a wave"}}
    )
    assert [each.kind for each in film.media] == ["video"]
    assert CID in film.media[0].url
    assert CID in film.media[0].thumbnail
    card = {"uri": "https://harbour.example/", "title": "The harbour", "description": "d", "thumb": PICTURE}
    shown = said({"embed": {"$type": "app.bsky.embed.external", "external": card}}).media[0]
    assert (shown.kind, shown.url, shown.alt) == ("link", "https://harbour.example/", "The harbour")
    assert CID in shown.thumbnail


def test_what_is_changed_taken_back_reposted_or_none_of_our_business() -> None:
    stream = Jetstream()
    assert said({}, operation="update").edited == MOMENT
    assert only(stream.read(event(operation="delete"))) == Gone(f"at://{DID}/{POST}/3k")
    repost = only(stream.read(event({"subject": BOB, "createdAt": AT}, collection=events.REPOST)))
    assert (repost.kind, repost.about) == (Kind.REPOST, BOB["uri"])
    assert stream.read(event({"subject": BOB}, collection="app.bsky.graph.block")).items == ()
    bad = only(stream.read(event({"createdAt": AT})))
    assert isinstance(bad, Unusable)
    assert bad.reason == "no_text"


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ({"active": True}, Standing.OPEN),
        ({"active": False, "status": "deleted"}, Standing.CLOSED),
        ({"active": False, "status": "takendown"}, Standing.HIDDEN),
        ({"active": False}, Standing.HIDDEN),
        ({"active": False, "status": "throttled"}, None),
    ],
)
def test_what_becomes_of_accounts(told: dict[str, Any], standing: Standing | None) -> None:
    ours = {"did": DID, "time_us": 1, "kind": "account", "account": told}
    expected = (Account(DID, standing),) if standing else ()
    assert Jetstream().read(json.dumps(ours)).items == expected
    assert Firehose().read(frame("#account", did=DID, **told)).items == expected


def test_somebody_is_called_otherwise() -> None:
    ours = {"did": DID, "time_us": 1, "kind": "identity", "identity": {"handle": "anna.test"}}
    assert only(Jetstream().read(json.dumps(ours))) == Account(DID, None, "anna.test")
    assert only(Firehose().read(frame("#identity", did=DID))) == Account(DID, None, "")


RECORDS = st.fixed_dictionaries(
    {"$type": st.just(POST), "text": st.text(), "createdAt": st.just(AT)},
    optional={
        "langs": st.lists(st.sampled_from(["fr", "en", "pt-BR", "?"]), max_size=3),
        "reply": st.just({"root": BOB, "parent": BOB}),
        "tags": st.lists(st.text(max_size=5), max_size=3),
        "facets": ANYTHING,
        "embed": ANYTHING,
    },
)


@given(RECORDS, st.sampled_from(["create", "update"]))
def test_both_dialects_say_the_same(record: dict[str, Any], operation: str) -> None:
    try:
        cid, _content = block(record)
    except (OverflowError, ValueError, TypeError, UnicodeEncodeError):
        return  # what DAG-CBOR has no form for
    fire = only(Firehose().read(commit(record, operation)))
    jet = only(Jetstream().read(event(record, operation, cid=encode_cid(cid))))
    if isinstance(fire, Unusable):
        assert (fire.remote_id, fire.reason) == (jet.remote_id, jet.reason)
    else:
        assert fire == jet


def test_the_firehose_tells_deletions_and_names_hashes_as_the_record_does() -> None:
    assert only(Firehose().read(commit(operation="delete"))) == Gone(f"at://{DID}/{POST}/3k")
    record = {"$type": POST, "text": "look", "createdAt": AT}
    # A hash is a link in DAG-CBOR: bytes, once it is read.
    raw = b"\x01\x55\x12\x20" + sha256(b"picture").digest()
    record["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": {"ref": raw}}]}  # type: ignore[assignment]
    assert encode_cid(raw) in only(Firehose().read(commit(record))).media[0].url


def test_what_is_not_wanted_is_not_opened() -> None:
    told = Firehose().read(
        frame(
            "#commit", repo=DID, blocks=b"no car", ops=[{"action": "create", "path": "app.bsky.feed.like/1"}]
        )
    )
    assert (told.place, told.items) == (5, ())


@given(st.binary(max_size=300))
def test_nonsense_is_set_aside(message: bytes) -> None:
    for dialect in (Firehose(), Jetstream()):
        try:
            told = dialect.read(message)
        except TryLater:
            continue
        assert all(isinstance(item, Unusable) for item in told.items)


@given(ANYTHING)
def test_any_object_is_read_or_set_aside(record: Any) -> None:
    for item in Jetstream().read(event(record)).items:
        assert isinstance(item, Activity | Unusable | Gone)


def test_a_stream_that_cannot_go_back_says_so() -> None:
    gathering = Gathering("firehose x", 3, False, counts=True)
    assert gathering.take(Firehose().read(encode_dag_cbor({"op": 1, "t": "#info"})
                                          + encode_dag_cbor({"name": "OutdatedCursor"})))  # fmt: skip
    assert gathering.batch().missed
    ended = encode_dag_cbor({"op": -1}) + encode_dag_cbor({"error": "FutureCursor"})
    assert not gathering.take(Firehose().read(ended))
    last = gathering.batch()
    assert (last.missed, last.cursor["place"]) == (True, None)
    with pytest.raises(TryLater):
        Firehose().read(encode_dag_cbor({"op": -1}) + encode_dag_cbor({"error": "ConsumerTooSlow"}))


def test_a_jetstream_forgets_after_a_day_and_another_has_another_clock() -> None:
    now = MOMENT + timedelta(hours=1)
    place = int(MOMENT.timestamp() * 1e6)
    again, missed = Jetstream().resume(place, True, now)
    assert again is not None
    assert 0 < place - again < SLACK
    assert not missed
    assert Jetstream().resume(place, False, now) == (place - SLACK, False)
    assert Jetstream().resume(place, True, now + timedelta(days=2))[1]
    assert Firehose().resume(7, True, now) == (7, False)
    assert Firehose().resume(7, False, now) == (None, True)


def test_events_that_come_out_of_order_are_all_heard() -> None:
    gathering = Gathering("jetstream x", 10, False, counts=False)
    for place in (12, 11, 13):
        gathering.take(Told(place, MOMENT, (Gone(str(place)),)))
    batch = gathering.batch()
    assert [item.remote_id for item in batch.items] == ["12", "11", "13"]
    assert batch.cursor["place"] == 13


def test_every_real_event_is_told_without_loss() -> None:
    stream, passed = Jetstream(), 0
    lines = shared("jetstream-events.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        event = json.loads(line)
        told = stream.read(line)
        assert told.place == event["time_us"]
        change = event.get("commit", {})
        if event["kind"] == "commit" and change["collection"] not in events.READ:
            passed += 1
            assert not told.items
            continue
        item = only(told)
        assert not isinstance(item, Unusable)
        if change.get("operation") == "create" and change["collection"] == POST:
            record = change["record"]
            assert item.text == record["text"]
            assert len(item.spans) == len(record.get("facets", []))
            assert len(item.media) == len(
                (record.get("embed") or {}).get("images") or [None] * ("embed" in record)
            )
        fire = change.get("record") and only(Firehose(tuple(events.READ)).read(
            frame("#commit", repo=event["did"], blocks=car(block(change["record"])), ops=[
                {"action": change["operation"], "path": f"{change['collection']}/{change['rkey']}",
                 "cid": block(change["record"])[0]}])))  # fmt: skip
        assert not fire or fire.remote_id == item.remote_id
    assert passed < 5 < 100 < len(lines)
