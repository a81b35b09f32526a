"""What the network tells everybody, turned into activities: records as their authors wrote them, deletions, accounts.

The same thing comes in two dialects, see `dialects`. A record has no author's name and no address of its pictures: the
one is asked for later, the other follows from the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from comptoir.connectors.bluesky import reading
from comptoir.connectors.bluesky.reading import POST, Unreadable
from comptoir.connectors.bluesky.spans import clean
from comptoir.networks.connector import Account, Activity, Gone, Json, Kind, Standing, Unusable

PICTURES = "https://cdn.bsky.app/img"
FILMS = "https://video.bsky.app/watch"
REPOST = "app.bsky.feed.repost"
GESTURES = {
    "app.bsky.feed.like": Kind.LIKE,
    REPOST: Kind.REPOST,
    "app.bsky.graph.follow": Kind.FOLLOW,
}
READ = frozenset({POST, *GESTURES})
"""The collections whose records are something that somebody did; there are others, of any program."""
_STANDINGS = {"deleted": Standing.CLOSED, "throttled": None, "desynchronized": None}

type Heard = Activity | Gone | Account | Unusable


def commit(
    did: str, operation: str, collection: str, rkey: str, record: Json, cid: str, at: datetime
) -> Heard | None:
    """One change of somebody's records; None for what is nothing that somebody says or does."""
    if collection not in READ:
        return None
    uri = f"at://{did}/{collection}/{rkey}"
    if operation == "delete":
        return Gone(uri)
    view: dict[str, Any] = {
        "uri": uri, "cid": cid, "author": {"did": did}, "record": record, "indexedAt": at.isoformat(),
    }  # fmt: skip
    try:
        if collection != POST:
            return reading.gesture(view, GESTURES[collection])
        if isinstance(record, dict) and record.get("embed") is not None:
            view["embed"] = shown(did, record["embed"])
        said = reading.activity(view, "")
        more = _more(record)
        edited = at if operation == "update" else None
        return replace(said, facts={**said.facts, **more}, edited=edited) if more or edited else said
    except Unreadable as why:
        return reading.unusable(view, why)


def account(did: str, said: Mapping[str, Any]) -> Account | None:
    """What became of an account. None when only its server has trouble."""
    if said.get("active") is True:
        return Account(did, Standing.OPEN)
    standing = _STANDINGS.get(str(said.get("status")), Standing.HIDDEN)
    return Account(did, standing) if standing else None


def identity(did: str, said: Mapping[str, Any]) -> Account:
    """Somebody is called otherwise, or may be."""
    handle = said.get("handle")
    known = isinstance(handle, str) and handle != "handle.invalid"
    return Account(did, None, clean(str(handle))[:300] if known else "")


def _more(record: Mapping[str, Any]) -> dict[str, Json]:
    """What a record says that an activity has no room for: further languages, tags and labels beside the text."""
    labels = record.get("labels")
    values = labels.get("values") if isinstance(labels, dict) else None
    found = {
        "langs": _words(record.get("langs")),
        "tags": _words(record.get("tags")),
        "labels": _words([each.get("val") for each in _objects(values)]),
    }
    return {name: words for name, words in found.items() if len(words) > (name == "langs")}


def shown(did: str, embed: Json) -> Json:
    """What stands beside a text, as an AppView would show it: with addresses for what the record names by its hash."""
    if not isinstance(embed, dict):
        return None
    kind = str(embed.get("$type", ""))
    name = kind.removeprefix("app.bsky.embed.")
    if name == "recordWithMedia":
        return {"$type": f"{kind}#view", "media": shown(did, embed.get("media"))}
    if name in ("images", "gallery"):
        return {"$type": f"{kind}#view", "images": list(_images(did, embed))}
    if name == "video" and (cid := _link(embed.get("video"))):
        film = f"{FILMS}/{did}/{cid}"
        return {**embed, "$type": f"{kind}#view", "playlist": f"{film}/playlist.m3u8",
                "thumbnail": f"{film}/thumbnail.jpg"}  # fmt: skip
    if name == "external" and isinstance(card := embed.get("external"), dict):
        thumb = _link(card.get("thumb"))
        return {"$type": f"{kind}#view", "external": {**card, "thumb": _picture(did, thumb, "thumbnail")}}
    return None


def _images(did: str, embed: Mapping[str, Any]) -> Iterator[dict[str, Json]]:
    for each in _objects(embed.get("images") or embed.get("items")):
        if cid := _link(each.get("image")):
            yield {
                **each,
                "fullsize": _picture(did, cid, "fullsize"),
                "thumb": _picture(did, cid, "thumbnail"),
            }


def _picture(did: str, cid: str, size: str) -> str:
    return f"{PICTURES}/feed_{size}/plain/{did}/{cid}@jpeg" if cid else ""


def _link(blob: Json) -> str:
    """The hash by which a record names a file, in either of the ways that were ever written; "" for none."""
    if not isinstance(blob, dict):
        return ""
    ref = blob.get("ref")
    cid = ref.get("$link") if isinstance(ref, dict) else ref or blob.get("cid")
    return cid if isinstance(cid, str) and cid.isalnum() and len(cid) < 200 else ""


def _objects(value: Json) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _words(value: Json) -> list[str]:
    given = value if isinstance(value, list) else []
    return [clean(each)[:200] for each in given[:20] if isinstance(each, str) and each]
