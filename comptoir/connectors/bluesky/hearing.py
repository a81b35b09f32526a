"""Asking the network what was said: to the brand, by the brand, and above what was said to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from comptoir.connectors.bluesky import reading
from comptoir.connectors.bluesky.reading import REASONS, Unreadable
from comptoir.connectors.bluesky.session import Session
from comptoir.connectors.bluesky.walking import Listing
from comptoir.networks.connector import OPENING, Activity, Gone, Json, Kind, Refused, TryLater, Unusable

PAGE = 100
BATCH = 25
"""Posts that the network gives for one question."""
CONTEXT = 10
"""Messages above one addressed to the brand that are fetched, besides the beginning of the conversation."""
SPOKEN = tuple(reason for reason, kind in REASONS.items() if kind in OPENING)
SILENT = tuple(reason for reason, kind in REASONS.items() if kind not in OPENING)

type Heard = Activity | Unusable


class Hearing:
    """An account's questions to the network."""

    def __init__(self, session: Session, me: str, page: int = PAGE) -> None:
        self._session = session
        self._me = me
        self._page = page

    # Lists, as `walking` reads them

    def notifications(self, reasons: Sequence[str]) -> Callable[[str], Listing]:
        """The list of what others did to the brand, for these reasons."""

        def ask(page: str) -> Listing:
            # Left to the account's own settings, `priority` could hide people whom it does not follow.
            params: dict[str, Json] = {"limit": self._page, "reasons": list(reasons), "priority": "false"}
            answer = self._session.ask(
                "app.bsky.notification.listNotifications", {**params, **({"cursor": page} if page else {})}
            )
            views = _views(answer, "notifications")
            # A server that does not know the filter sends everything.
            wanted = [view for view in views if not isinstance(view, dict) or _reason(view) in reasons]
            return Listing(wanted, _after(answer))

        return ask

    def own(self, page: str) -> Listing:
        """The list of what the brand posted, wherever it wrote it; what it reposted is left out."""
        params = {
            "actor": self._me,
            "limit": self._page,
            "filter": "posts_with_replies",
            "includePins": "false",
        }
        try:
            answer = self._session.ask(
                "app.bsky.feed.getAuthorFeed", {**params, **({"cursor": page} if page else {})}
            )
        except Refused as error:
            if page or error.facts.get("status") != 400:
                raise
            return Listing([])  # an account made a moment ago, which the network does not know yet
        items = [item for item in _views(answer, "feed") if isinstance(item, dict) and not item.get("reason")]
        return Listing([item.get("post") for item in items], _after(answer))

    # What the objects of those lists say

    def spoken(self, notifications: Iterable[Json]) -> list[Heard]:
        """Messages to the brand with their pictures, after those above them."""
        by_uri: dict[str, Json] = {}
        for view in notifications:
            uri = reading.identity(view)
            if uri not in by_uri or _reason(view) == "reply":
                by_uri[uri] = view
        shown = self.posts([uri for uri in by_uri if reading.is_post(uri)])
        heard = [
            self._read(shown.get(uri, view), REASONS.get(_reason(view), Kind.MENTION), addressed=True)
            for uri, view in by_uri.items()
        ]
        return [*self.context([item for item in heard if isinstance(item, Activity)]), *heard]

    def silent(self, notifications: Iterable[Json]) -> list[Heard]:
        """Likes, reposts and follows."""
        heard: list[Heard] = []
        for view in notifications:
            try:
                heard.append(reading.gesture(view, REASONS.get(_reason(view), Kind.LIKE)))
            except Unreadable as why:
                heard.append(reading.unusable(view, why))
        return heard

    def said(self, views: Iterable[Json]) -> list[Heard]:
        """The brand's own messages, after those that they answer."""
        heard = [self._read(view) for view in views]
        answers = [item for item in heard if isinstance(item, Activity) and item.in_reply_to]
        above = self.context(answers)
        known = {item.remote_id: item for item in (*above, *answers)}
        return [
            *above,
            *(self._placed(item, known) if isinstance(item, Activity) else item for item in heard),
        ]

    def _placed(self, item: Activity, known: Mapping[str, Activity]) -> Activity:
        """An own answer to an own message, put into the conversation of whom it really answers.

        When a brand goes on below its own post it answers nobody: that is a post, and no conversation begins.
        """
        root = str(item.facts["root"]["uri"])
        if (
            not self._is_mine(item.remote_id)
            or not self._is_mine(item.in_reply_to)
            or not self._is_mine(root)
        ):
            return item
        above, seen = item.in_reply_to, set[str]()
        while self._is_mine(above) and above in known and above not in seen:
            seen.add(above)
            above = known[above].in_reply_to
        if above and not self._is_mine(above):
            return replace(item, conversation=reading.below(root, reading.parts(above)[0]))
        return replace(item, kind=Kind.POST, in_reply_to="", conversation="")

    def _is_mine(self, uri: str) -> bool:
        return uri.startswith(f"at://{self._me}/")

    def _read(self, view: Json, kind: Kind = Kind.POST, addressed: bool = False) -> Heard:
        try:
            return reading.activity(view, self._me, kind, addressed)
        except Unreadable as why:
            return reading.unusable(view, why)

    def below(self, uri: str) -> list[Heard]:
        """What others answered directly to a message of the brand's, except whom the brand silenced."""
        params = {"uri": uri, "depth": 1, "parentHeight": 0}
        thread = self._session.ask("app.bsky.feed.getPostThread", params).get("thread")
        answers = thread.get("replies") if isinstance(thread, dict) else None
        answers = answers if isinstance(answers, list) else []
        views = [answer.get("post") for answer in answers if isinstance(answer, dict)]
        heard = [
            self._read(view, Kind.REPLY, addressed=True)
            for view in views
            if isinstance(view, dict) and not _silenced(view)
        ]
        return [item for item in heard if not self._is_mine(item.remote_id)]

    def context(self, messages: Sequence[Activity]) -> list[Activity]:
        """The messages above these that are not among them, the nearest few and the first of all.

        Above what the brand itself said to somebody nothing is looked for: it was told when it was said.
        """
        known = {message.remote_id: message for message in messages}
        wanted = {m.in_reply_to for m in messages} | {str(m.facts["root"]["uri"]) for m in messages}
        found: dict[str, Activity] = {}
        for _ in range(CONTEXT):
            wanted = {uri for uri in wanted if uri not in known and reading.is_post(uri)}
            if not wanted:
                break
            level: list[Activity] = []
            for view in self.posts(sorted(wanted)).values():
                item = self._read(view)
                if isinstance(item, Activity):
                    level.append(item)
            found |= {item.remote_id: item for item in level}
            known |= {item.remote_id: item for item in level}
            wanted = {
                item.in_reply_to
                for item in level
                if not self._is_mine(item.remote_id) or self._is_mine(item.in_reply_to)
            }
        placed = (self._placed(item, known) for item in found.values())
        return sorted(placed, key=lambda item: item.published)

    def posts(self, uris: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Posts as the network shows them now, by address; those that it does not show are missing."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(uris), BATCH):
            answer = self._session.ask("app.bsky.feed.getPosts", {"uris": list(uris[start : start + BATCH])})
            for view in _views(answer, "posts"):
                if isinstance(view, dict) and isinstance(view.get("uri"), str):
                    found[view["uri"]] = view
        return found

    def gone(self, uris: Sequence[str]) -> list[Gone]:
        """Those of some posts that exist no more. One that is only hidden from the brand is not gone."""
        posts = [uri for uri in uris if reading.is_post(uri)]
        shown = self.posts(posts)
        return [Gone(uri) for uri in posts if uri not in shown and self.record(uri) is None]

    def record(self, uri: str) -> dict[str, Any] | None:
        """The record behind an address, with its hash, None when there is none."""
        did, collection, rkey = reading.parts(uri)
        try:
            return self._session.ask(
                "com.atproto.repo.getRecord", {"repo": did, "collection": collection, "rkey": rkey}
            )
        except Refused as error:
            if error.facts.get("status") not in (400, 404):
                raise
            return None

    def top(self, ask: Callable[[str], Listing]) -> int:
        """Where a list begins at this moment (milliseconds), 0 when it is empty."""
        places = [reading.place(view) for view in ask("").views if isinstance(view, dict)]
        return max((place for place in places if place is not None), default=0)


def _silenced(view: Mapping[str, Any]) -> bool:
    author = view.get("author")
    viewer = author.get("viewer") if isinstance(author, dict) else None
    return isinstance(viewer, dict) and bool(viewer.get("muted") or viewer.get("blocking"))


def _views(answer: dict[str, Any], name: str) -> list[Json]:
    views = answer.get(name)
    if not isinstance(views, list):
        raise TryLater("bad_answer")
    return views


def _after(answer: dict[str, Any]) -> str:
    cursor = answer.get("cursor")
    return cursor if isinstance(cursor, str) else ""


def _reason(view: Json) -> str:
    reason = view.get("reason") if isinstance(view, dict) else None
    return reason if isinstance(reason, str) else ""
