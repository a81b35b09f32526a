"""What an instance says of itself: its limits, its names, where it streams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from comptoir.connectors.mastodon.session import Missing, Session
from comptoir.networks.connector import Json, Reconnect, Refused

CHARACTERS = 500
URL_CHARACTERS = 23
IMAGES = 4
IMAGE_BYTES = 16_777_216
ALT_CHARACTERS = 1_500
VIDEO_BYTES = 103_809_024
VIDEO_PIXELS = 8_294_400
VIDEO_FRAMES = 120
VIDEO_TYPES = ("video/mp4", "video/webm", "video/quicktime", "video/ogg")
RULES = 30
"""Rules of an instance that are remembered."""
_SOFTWARE = re.compile(r"really (\w+)/|\(compatible; (\w+) ")


def instance_of(session: Session) -> dict[str, Json]:
    """The settings that an instance gives a channel. Refused("not_a_server") when there is none at the address."""
    for path in ("/api/v2/instance", "/api/v1/instance"):
        try:
            said = session.ask(path)
        except Missing:
            continue
        except Refused as error:
            raise Refused("not_a_server", field="server", address=session.base) from error
        if isinstance(said, dict) and isinstance(said.get("version"), str):
            return _settings(session.base, said)
        raise Refused("not_a_server", field="server", address=session.base)
    raise Refused("not_a_server", field="server", address=session.base)


def _settings(base: str, said: Mapping[str, Any]) -> dict[str, Json]:
    configuration = _part(said, "configuration")
    statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    software = _software(str(said["version"]))
    domain = said.get("domain") or said.get("uri") or ""
    domain = urlsplit(domain).netloc if "://" in str(domain) else str(domain)
    return {
        "server": base,
        "domain": (domain or urlsplit(base).netloc)[:255],
        "software": software,
        # snac2 names a stream that it does not have.
        "stream": "" if software == "snac" else _stream(base, said),
        "characters": _count(statuses, "max_characters", _count(said, "max_toot_chars", CHARACTERS)),
        "url_characters": _count(statuses, "characters_reserved_per_url", URL_CHARACTERS),
        "images": _count(statuses, "max_media_attachments", IMAGES),
        "image_bytes": _count(media, "image_size_limit", IMAGE_BYTES),
        "alt_characters": _count(media, "description_limit", ALT_CHARACTERS),
        "video_bytes": _count(media, "video_size_limit", VIDEO_BYTES),
        "video_pixels": _count(media, "video_matrix_limit", VIDEO_PIXELS),
        "video_frames": _count(media, "video_frame_rate_limit", VIDEO_FRAMES),
        "video_types": _videos(media.get("supported_mime_types")),
        "rules": _rules(said.get("rules")),
    }


def _videos(given: Json) -> list[str]:
    """The types of videos among those of files that an instance takes."""
    named = [each for each in (given if isinstance(given, list) else []) if isinstance(each, str)]
    return [each[:80] for each in named if each.startswith("video/")][:20]


def _rules(given: Json) -> list[dict[str, str]]:
    """The instance's own rules, which a report can name."""
    shown = [each for each in (given if isinstance(given, list) else []) if isinstance(each, dict)]
    return [
        {"id": str(each["id"])[:50], "text": str(each["text"])[:300]}
        for each in shown[:RULES]
        if each.get("id") and isinstance(each.get("text"), str) and each["text"].strip()
    ]


def _software(version: str) -> str:
    """Which program it is: others say so beside the version of Mastodon that they are compatible with."""
    found = _SOFTWARE.search(version)
    return (found[1] or found[2]).lower() if found else "mastodon"


def _stream(base: str, said: Mapping[str, Any]) -> str:
    """Where the instance streams, over HTTP; "" when it does not say, or would have the token go unprotected."""
    named = _part(_part(said, "configuration"), "urls").get("streaming") or _part(said, "urls").get(
        "streaming_api"
    )
    try:
        place = urlsplit(named if isinstance(named, str) else "")
        scheme = {"wss": "https", "https": "https", "ws": "http", "http": "http"}.get(place.scheme, "")
        if not scheme or not place.hostname or place.username:
            return ""
    except ValueError:
        return ""
    return f"{scheme}://{place.netloc}" if scheme == "https" or base.startswith("http://") else ""


def account_of(session: Session) -> dict[str, Any]:
    """The account that a token speaks for. Refused("wrong_token") when the instance does not take it."""
    try:
        account = session.ask("/api/v1/accounts/verify_credentials")
    except (Reconnect, Refused) as error:
        if error.code == "account_suspended":
            raise Refused(error.code) from error
        raise Refused("wrong_token", field="token") from error
    if not isinstance(account, dict) or not account.get("id") or not account.get("username"):
        raise Refused("not_a_server", field="server", address=session.base)
    return account


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _count(part: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = part.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else otherwise
