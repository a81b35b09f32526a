"""Asking an AppView what is said with some words, and what people are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.bluesky import reading, walking
from comptoir.connectors.bluesky.reading import Unreadable
from comptoir.connectors.bluesky.session import Session, judged
from comptoir.connectors.bluesky.walking import Listing
from comptoir.networks.connector import Activity, Actor, Http, Json, Page, TryLater, Unusable

PAGE = 100
PEOPLE = 25
"""Profiles that the network gives for one question."""


class Nobody(Session):
    """A session without an account: what an AppView tells everybody."""

    def __init__(self, http: Http, appview: str, now: datetime) -> None:
        self._http = http
        self._appview = appview
        self._now = now

    @property
    def did(self) -> str:
        """Of none."""
        return ""

    def _call(self, verb: str, method: str, **rest: Any) -> dict[str, Any]:
        return judged(self._http.request(verb, f"{self._appview}/xrpc/{method}", **rest), self._now)


def search(session: Session, words: str, cursor: Json, now: datetime, page: int = PAGE) -> Page:
    """One page of what is found for some words, newest first, down to what was found before."""

    def ask(after: str) -> Listing:
        params: dict[str, Json] = {"q": words, "sort": "latest", "limit": page}
        answer = session.ask("app.bsky.feed.searchPosts", {**params, **({"cursor": after} if after else {})})
        views = answer.get("posts")
        if not isinstance(views, list):
            raise TryLater("bad_answer")
        following = answer.get("cursor")
        return Listing(views, following if isinstance(following, str) else "")

    if cursor is None:
        listing = ask("")
        places = [reading.place(view) for view in listing.views if isinstance(view, dict)]
        top = max((place for place in places if place is not None), default=0)
        met = [walking.short(view) for view in listing.views]
        state = {**walking.begin(0), "mark": top, "seen": met, "deep": int(now.timestamp() * 1000)}
        return Page(_read(listing.views), state)
    step = walking.step(dict(cursor), ask, now)
    return Page(_read(step.fresh), step.state, step.more)


def _read(views: Sequence[Json]) -> list[Activity | Unusable]:
    found: list[Activity | Unusable] = []
    for view in views:
        try:
            found.append(reading.activity(view, ""))
        except Unreadable as why:
            found.append(reading.unusable(view, why))
    return found


def introduce(session: Session, dids: Sequence[str]) -> list[Actor]:
    """Who these are, of those whom the network shows."""
    known = [did for did in dict.fromkeys(dids) if did.startswith("did:")][:PEOPLE]
    if not known:
        return []
    profiles = session.ask("app.bsky.actor.getProfiles", {"actors": known}).get("profiles")
    return (
        [reading.actor(each) for each in profiles if _is_somebody(each)] if isinstance(profiles, list) else []
    )


def _is_somebody(profile: Json) -> bool:
    return isinstance(profile, Mapping) and str(profile.get("did", "")).startswith("did:")
