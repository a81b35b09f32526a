"""What was said in a room, read from its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from comptoir.networks.connector import Gone, Remark

_TEXTS = {"m.text", "m.notice", "m.emote"}


def remarks(events: Sequence[Any], own: str) -> list[Remark | Gone]:
    """The remarks among events, and those that were taken back; what the account `own` says is not one.

    Events of other kinds, and events that are not as the specification says, are passed over: a room is full of them.
    """
    found: list[Remark | Gone] = []
    for event in events:
        if not isinstance(event, Mapping) or event.get("sender") == own:
            continue
        content = event.get("content")
        content = content if isinstance(content, Mapping) else {}
        if event.get("type") == "m.room.redaction":
            gone = event.get("redacts") or content.get("redacts")
            found += [Gone(gone)] if isinstance(gone, str) else []
        elif event.get("type") == "m.room.message" and (remark := _remark(event, content)):
            found.append(remark)
    return found


def thread_root(content: Mapping[str, Any]) -> str:
    """The message below which this one stands: its thread's first, else the one that it answers, "" for none."""
    related = content.get("m.relates_to")
    if not isinstance(related, Mapping):
        return ""
    answered = related.get("m.in_reply_to")
    root = related.get("event_id") if related.get("rel_type") == "m.thread" else None
    root = root or (answered.get("event_id") if isinstance(answered, Mapping) else None)
    return root if isinstance(root, str) else ""


def _remark(event: Mapping[str, Any], content: Mapping[str, Any]) -> Remark | None:
    below, text, sent = thread_root(content), content.get("body"), event.get("origin_server_ts")
    sender, name = event.get("sender"), event.get("event_id")
    if not (below and isinstance(text, str) and isinstance(sender, str) and isinstance(name, str)):
        return None
    if content.get("msgtype") not in _TEXTS or not isinstance(sent, int) or not 0 < sent < 10**14:
        return None
    return Remark(name, below, sender, _unquoted(text), datetime.fromtimestamp(sent / 1000, UTC))


def _unquoted(text: str) -> str:
    """Without the lines that older programmes repeat of the message answered: all that begin with ">", then a blank."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if not line.startswith(">")), len(lines))
    if start and start < len(lines) and not lines[start].strip():
        return "\n".join(lines[start + 1 :])
    return text
