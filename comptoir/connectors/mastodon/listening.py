"""What an instance streams to an account, read as server-sent events: only whether it is news to us."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from comptoir.connectors.mastodon.reading import Me, original

LONGEST = 1_000_000
"""Bytes of one event; a longer one is news, whatever it says."""
SILENCES = 3
"""Quiet time-outs after which the line is taken for dead: instances give a sign of life each quarter of a minute."""


def news(pieces: Iterable[bytes], me: Me) -> Iterator[bool]:
    """True for each event that a fetch should follow, False for each other sign of life; ends with a dead line."""
    rest, name, silences = b"", "", 0
    for piece in pieces:
        silences = 0 if piece else silences + 1
        if silences >= SILENCES:
            return
        heard = False
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            field, _, value = line.rstrip(b"\r").partition(b":")
            if field == b"event":
                name = value.strip().decode("ascii", "replace")
            elif field == b"data":
                heard = heard or is_news(name, value, me)
            elif not field and not value:
                name = ""
        if len(rest) > LONGEST:
            rest, heard = b"", True
        yield heard


def is_news(name: str, data: bytes, me: Me) -> bool:
    """Whether an event is about the brand: a notification, or of what it follows only what it said itself or what
    answers it."""
    if name != "update":
        return name == "notification"
    try:
        status = original(json.loads(data))
    except Exception:
        return False
    return me.is_author(status) or status.get("in_reply_to_account_id") == me.id
