"""Public counts: of messages, and of whoever follows an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.connectors.bluesky import reading
from comptoir.connectors.bluesky.hearing import Hearing
from comptoir.connectors.bluesky.session import Session
from comptoir.networks.connector import Counts


def counts(ears: Hearing, uris: Sequence[str]) -> list[Counts]:
    """Those of posts, as the network shows them now."""
    shown = ears.posts([uri for uri in uris if reading.is_post(uri)])
    return [
        Counts(
            uri,
            likes=_count(view, "likeCount"),
            reposts=_count(view, "repostCount"),
            replies=_count(view, "replyCount"),
            quotes=_count(view, "quoteCount"),
        )
        for uri, view in shown.items()
    ]


def followers(session: Session, did: str) -> int | None:
    """How many follow an account."""
    return _count(session.ask("app.bsky.actor.getProfile", {"actor": did}), "followersCount")


def _count(view: Mapping[str, Any], name: str) -> int | None:
    value = view.get(name)
    return value if reading.is_count(value) else None
