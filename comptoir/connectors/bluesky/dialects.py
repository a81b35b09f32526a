"""The two ways in which the network tells everybody everything: Jetstream, JSON for the collections that one wants, and
the firehose, which has every byte of every account's repository (com.atproto.sync.subscribeRepos).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from comptoir.connectors.bluesky import events
from comptoir.connectors.bluesky.events import Heard
from comptoir.connectors.bluesky.reading import POST, moment
from comptoir.networks.connector import Json, TryLater, Unusable

WANTED = (POST, events.REPOST)
"""What is listened to. Likes and follows are most of the traffic and say nothing."""
KEPT = timedelta(hours=24)
"""For so long a Jetstream remembers what it told."""
OVERLAP = 1_000_000
"""Microseconds that are heard again: events come a little out of order, by up to some thousandths of a second."""
SLACK = 10_000_000
"""Microseconds by which the clocks of two Jetstreams may differ."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one message said: where the stream is after it, when it happened, and what it brings.

    `lost` when the stream says that it cannot go back to where we were.
    """

    place: int | None = None
    at: datetime | None = None
    items: tuple[Heard, ...] = ()
    lost: bool = False


class Dialect(Protocol):
    """How a stream is asked for, and what its messages mean. `place` is where it is, None for the present; `counts`
    where a place that was passed never comes back."""

    counts: bool

    def address(self, server: str, place: int | None) -> str: ...
    def read(self, message: str | bytes) -> Told: ...
    def begin(self, now: datetime) -> int | None: ...
    def resume(self, place: int, same: bool, now: datetime) -> tuple[int | None, bool]: ...


class Jetstream:
    """Events as JSON. Its place is a time, in microseconds, by the clock of that Jetstream."""

    counts = False

    def __init__(self, wanted: tuple[str, ...] = WANTED) -> None:
        self._wanted = wanted

    def address(self, server: str, place: int | None) -> str:
        """Where it is listened to."""
        asked = [("wantedCollections", name) for name in self._wanted]
        return f"{server}/subscribe?{urlencode([*asked, *([('cursor', place)] if place else [])])}"

    def begin(self, now: datetime) -> int | None:
        """The place of this moment."""
        return int(now.timestamp() * 1_000_000)

    def resume(self, place: int, same: bool, now: datetime) -> tuple[int | None, bool]:
        """Where to go on, and whether something is lost: another has another clock, none remembers for ever."""
        oldest = int((now - KEPT).timestamp() * 1_000_000)
        return place - (OVERLAP if same else SLACK), place < oldest

    def read(self, message: str | bytes) -> Told:
        """One event."""
        try:
            event = json.loads(message)
            did, place = str(event["did"]), int(event["time_us"])
            at = datetime.fromtimestamp(place / 1_000_000, UTC)
            return Told(place, at, self._items(did, event, at))
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
            return Told(items=(_unreadable("bad_event", message),))

    def _items(self, did: str, event: Mapping[str, Any], at: datetime) -> tuple[Heard, ...]:
        kind = event.get("kind")
        if kind == "commit":
            it = event["commit"]
            item = events.commit(
                did, str(it["operation"]), str(it["collection"]), str(it["rkey"]), it.get("record"),
                str(it.get("cid", "")), at,
            )  # fmt: skip
            return (item,) if item else ()
        if kind == "account":
            found = events.account(did, event["account"])
            return (found,) if found else ()
        return (events.identity(did, event["identity"]),) if kind == "identity" else ()


class Firehose:
    """Frames of DAG-CBOR, the records of a commit in blocks of a CAR. Its place is a number that its server counts."""

    counts = True

    def __init__(self, wanted: tuple[str, ...] = WANTED) -> None:
        self._wanted = frozenset(wanted)

    def address(self, server: str, place: int | None) -> str:
        """Where it is listened to."""
        return f"{server}/xrpc/com.atproto.sync.subscribeRepos" + (f"?cursor={place}" if place else "")

    def begin(self, now: datetime) -> int | None:
        """Nobody knows the number of this moment before something happens; it does so many times a second."""
        return None

    def resume(self, place: int, same: bool, now: datetime) -> tuple[int | None, bool]:
        """Where to go on, and whether something is lost: each server counts for itself."""
        return (place, False) if same else (None, True)

    def read(self, message: str | bytes) -> Told:
        """One frame. TryLater when it is the server's good-bye."""
        from libipld import decode_dag_cbor_multi

        try:
            head, body = decode_dag_cbor_multi(message if isinstance(message, bytes) else message.encode())
            if head["op"] != 1:
                return self._ended(str(body.get("error", "")))
            kind = head["t"]
            if kind == "#info":
                return Told(lost=body.get("name") == "OutdatedCursor")
            place, at = int(body["seq"]), moment(body.get("time")) or datetime.now(UTC)
            return Told(place, at, self._items(kind, body, at))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return Told(items=(_unreadable("bad_frame", message),))

    def _ended(self, error: str) -> Told:
        if error == "FutureCursor":
            return Told(place=0, lost=True)
        raise TryLater("server_error", said=error[:100])

    def _items(self, kind: str, body: Mapping[str, Any], at: datetime) -> tuple[Heard, ...]:
        if kind == "#commit":
            return self._commit(body, at)
        if kind == "#account":
            found = events.account(str(body["did"]), body)
            return (found,) if found else ()
        return (events.identity(str(body["did"]), body),) if kind == "#identity" else ()

    def _commit(self, body: Mapping[str, Any], at: datetime) -> tuple[Heard, ...]:
        """What a commit changed, of what is wanted. Its blocks are opened only if there is any."""
        did, found = str(body["repo"]), []
        blocks: Mapping[bytes, Json] | None = None
        for change in body["ops"]:
            collection, _, rkey = str(change["path"]).partition("/")
            if collection not in self._wanted:
                continue
            cid, record = change.get("cid"), None
            if isinstance(cid, bytes):
                blocks = _records(body["blocks"]) if blocks is None else blocks
                record = blocks.get(cid)
            item = events.commit(did, str(change["action"]), collection, rkey, record, _name(cid), at)
            found += [item] if item else []
        return tuple(found)


def _records(car: bytes) -> Mapping[bytes, Json]:
    """The records of a CAR, by their hash, with hashes written out as JSON has them."""
    from libipld import decode_car

    try:
        return {cid: _written(record) for cid, record in decode_car(car)[1].items() if _is_record(record)}
    except (ValueError, RecursionError):
        return {}


def _is_record(block: Json) -> bool:
    """The other blocks are the nodes of the tree in which records are kept."""
    return isinstance(block, dict) and "$type" in block


def _written(value: Json) -> Json:
    """A value of DAG-CBOR as JSON has it: the links and bytes in it as words."""
    if isinstance(value, bytes):
        return _name(value)
    if isinstance(value, dict):
        return {name: _written(each) for name, each in value.items()}
    return [_written(each) for each in value] if isinstance(value, list) else value


def _name(cid: Json) -> str:
    """A hash as it is written, "" for what is none."""
    from libipld import encode_cid

    try:
        return str(encode_cid(cid)) if isinstance(cid, bytes) and cid else ""
    except ValueError:
        return ""


def _unreadable(why: str, message: str | bytes) -> Unusable:
    raw = message if isinstance(message, str) else message.hex()
    from hashlib import sha256

    return Unusable(f"unreadable:{sha256(raw.encode(errors='replace')).hexdigest()[:32]}", why, raw[:10_000])


DIALECTS: Mapping[str, Callable[[], Dialect]] = {"jetstream": Jetstream, "firehose": Firehose}
