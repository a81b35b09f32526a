"""What the network shows, turned into activities. Nothing here asks the network anything."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from comptoir.connectors.bluesky.spans import clean, profile_address, spans
from comptoir.networks.connector import Activity, Actor, Json, Kind, Media, Span, Unusable

POST = "app.bsky.feed.post"
REASONS = {
    "mention": Kind.MENTION,
    "reply": Kind.REPLY,
    "quote": Kind.QUOTE,
    "like": Kind.LIKE,
    "like-via-repost": Kind.LIKE,
    "repost": Kind.REPOST,
    "repost-via-repost": Kind.REPOST,
    "follow": Kind.FOLLOW,
}
_URI = re.compile(
    r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,2000})/([A-Za-z0-9.-]{1,320})/([A-Za-z0-9._:~-]{1,512})"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Unreadable(Exception):
    """An object that is not what the network promises; its text is the reason code."""


def moment(value: Json) -> datetime | None:
    """A time as the protocol writes it, aware; None when it is none, or one that no clock ever showed."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if not found or found[3] == "-00:00":
        return None
    fraction = (found[2] or ".0")[1:7].ljust(6, "0")
    try:
        read = datetime.fromisoformat(f"{found[1]}.{fraction}{found[3].replace('Z', '+00:00')}").astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None
    return read if 1990 < read.year < 2200 else None


def place(view: Mapping[str, Json]) -> int | None:
    """Where the network sorts an object: the milliseconds when its author says or, if sooner, it came."""
    record = view.get("record")
    said = moment(record.get("createdAt")) if isinstance(record, dict) else None
    seen = moment(view.get("indexedAt"))
    times = [time for time in (said, seen) if time]
    return int(min(times).timestamp() * 1000) if times else None


def parts(uri: Json) -> tuple[str, str, str]:
    """The author's DID, the collection and the record key of an address. Unreadable when it is none."""
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    if not found:
        raise Unreadable("bad_address")
    return found[1], found[2], found[3]


def is_post(uri: Json) -> bool:
    """Whether an address is a post's."""
    try:
        return parts(uri)[1] == POST
    except Unreadable:
        return False


def address(uri: str) -> str:
    """The page of a post."""
    did, _, rkey = parts(uri)
    return f"{profile_address(did)}/post/{rkey}"


def actor(profile: Json) -> Actor:
    """Somebody, from any of the network's views of a person."""
    if not isinstance(profile, dict) or not _text(profile.get("did")).startswith("did:"):
        raise Unreadable("no_author")
    did, handle = profile["did"], _text(profile.get("handle"))
    named = handle if handle and handle != "handle.invalid" else did
    followers = profile.get("followersCount")
    return Actor(
        remote_id=did,
        handle=named,
        name=_text(profile.get("displayName")),
        avatar=_text(profile.get("avatar")),
        url=profile_address(named),
        about=_text(profile.get("description")),
        followers=followers if isinstance(followers, int) else None,
    )


def reply_of(record: Mapping[str, Json]) -> tuple[dict[str, str], dict[str, str]] | None:
    """The beginning of the conversation and the message answered, None for what answers nothing."""
    reply = record.get("reply")
    if reply is None:
        return None
    try:
        return _strong(reply["root"]), _strong(reply["parent"])
    except (KeyError, TypeError):
        raise Unreadable("bad_reply") from None


def _strong(ref: Mapping[str, Json]) -> dict[str, str]:
    parts(ref["uri"])
    return {"uri": ref["uri"], "cid": _text(ref["cid"])}


def quoted(record: Mapping[str, Json]) -> str:
    """The address of what a post quotes, "" for none."""
    embed = record.get("embed")
    for _ in range(2):
        if not isinstance(embed, dict):
            return ""
        inner = embed.get("record")
        if isinstance(inner, dict) and isinstance(inner.get("uri"), str):
            return inner["uri"] if is_post(inner["uri"]) else ""
        embed = inner
    return ""


def activity(view: Json, me: str, kind: Kind = Kind.POST, addressed: bool = False) -> Activity:
    """A post, from a post view or from a notification, which lacks only the addresses of pictures.

    `me` is the brand's DID; `kind` what it is if the post does not say. Unreadable when it is none.
    """
    if not isinstance(view, dict) or not isinstance(view.get("record"), dict):
        raise Unreadable("no_record")
    uri, record = str(view.get("uri")), view["record"]
    if parts(uri)[1] != POST:
        raise Unreadable("not_a_post")
    if not isinstance(record.get("text"), str):
        raise Unreadable("no_text")
    who = actor(view.get("author"))
    published = moment(record.get("createdAt")) or moment(view.get("indexedAt"))
    if published is None:
        raise Unreadable("no_time")
    own, reply = who.remote_id == me, reply_of(record)
    here = {"uri": uri, "cid": _text(view.get("cid"))}
    root, parent = reply or (here, {"uri": "", "cid": ""})
    return Activity(
        remote_id=uri,
        kind=_kind(record, me, own) or kind,
        actor=who,
        published=published,
        text=clean(record["text"]),
        language=_language(record.get("langs")),
        url=address(uri),
        in_reply_to=parent["uri"],
        conversation=_conversation(
            root["uri"], uri, parts(parent["uri"])[0] if own and reply else who.remote_id, me
        ),
        about=quoted(record),
        media=tuple(media(view.get("embed"))),
        spans=_spans(record),
        addressed=addressed and not own,
        facts={"cid": here["cid"], "root": root},
    )


def _kind(record: Mapping[str, Json], me: str, own: bool) -> Kind | None:
    """What a post is to the brand, the same from whichever list it comes; None when it does not say."""
    reply, mine = reply_of(record), f"at://{me}/"
    if own:
        return Kind.REPLY if reply else Kind.POST
    if reply and reply[1]["uri"].startswith(mine):
        return Kind.REPLY
    if quoted(record).startswith(mine):
        return Kind.QUOTE
    if any(span.kind == "mention" and span.target == profile_address(me) for span in _spans(record)):
        return Kind.MENTION
    return Kind.REPLY if reply else None


def _spans(record: Mapping[str, Json]) -> tuple[Span, ...]:
    return spans(record["text"], record.get("facets"))


def _conversation(root: str, uri: str, commenter: str, me: str) -> str:
    """Below a brand's own post each commenter has a conversation; elsewhere what has one beginning is one."""
    if root == uri:
        return ""
    return below(root, commenter) if root.startswith(f"at://{me}/") else root


def below(root: str, commenter: str) -> str:
    """The conversation of one commenter below a post of the brand's."""
    return f"{root}#{commenter}"


def gesture(view: Json, kind: Kind) -> Activity:
    """A like, a repost or a follow, from its notification."""
    if not isinstance(view, dict) or not isinstance(view.get("record"), dict):
        raise Unreadable("no_record")
    uri, record = view.get("uri"), view["record"]
    parts(uri)
    published = moment(record.get("createdAt")) or moment(view.get("indexedAt"))
    if published is None:
        raise Unreadable("no_time")
    subject = record.get("subject")
    about = subject.get("uri") if isinstance(subject, dict) else subject
    return Activity(
        remote_id=str(uri),
        kind=kind,
        actor=actor(view.get("author")),
        published=published,
        about=_text(about) if _text(about).startswith("at://") else "",
    )


def identity(view: Json) -> str:
    """The address of an object or, without a good one, the hash of what it is."""
    uri = view.get("uri") if isinstance(view, dict) else None
    if isinstance(uri, str) and uri.startswith("at://") and len(uri) <= 2_000:
        return clean(uri)
    raw = json.dumps(view, sort_keys=True, default=str)
    return f"unreadable:{hashlib.sha256(raw.encode()).hexdigest()[:32]}"


def unusable(view: Json, why: Unreadable) -> Unusable:
    """What could not be read, to be set aside."""
    return Unusable(identity(view), str(why), json.dumps(view, ensure_ascii=False, default=str)[:10_000])


def media(embed: Json) -> Iterator[Media]:
    """The pictures, the film or the link card that a post view carries, also beside a quote."""
    if not isinstance(embed, dict):
        return
    kind = str(embed.get("$type", "")).removeprefix("app.bsky.embed.")
    if kind == "recordWithMedia#view":
        yield from media(embed.get("media"))
    elif kind in ("images#view", "gallery#view"):
        for image in _list(embed.get("images") or embed.get("items")):
            if url := _text(image.get("fullsize")):
                yield _medium("image", url, image, _text(image.get("thumb") or image.get("thumbnail")))
    elif kind == "video#view" and (url := _text(embed.get("playlist"))):
        yield _medium("video", url, embed, _text(embed.get("thumbnail")))
    elif kind == "external#view" and isinstance(card := embed.get("external"), dict):
        url = _text(card.get("uri"))
        if url.startswith(("https://", "http://")):
            yield Media(url, "link", _text(card.get("title")) or url, thumbnail=_text(card.get("thumb")))


def _medium(kind: str, url: str, view: Mapping[str, Any], thumbnail: str) -> Media:
    ratio = view.get("aspectRatio")
    width, height = (ratio.get("width"), ratio.get("height")) if isinstance(ratio, dict) else (None, None)
    sized = isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0
    return Media(
        url, kind, _text(view.get("alt")), width if sized else None, height if sized else None, thumbnail
    )


def is_count(value: Json) -> TypeGuard[int]:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _language(langs: Json) -> str:
    first = langs[0] if isinstance(langs, list) and langs else ""
    return first if isinstance(first, str) and len(first) <= 16 and _LANGUAGE.fullmatch(first) else ""


def _list(value: Json) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return clean(value) if isinstance(value, str) else ""
