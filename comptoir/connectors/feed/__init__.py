"""RSS, Atom and JSON Feed: a blog's comments become threads, its posts are heard beside them. It only listens.

Formats: RSS 0.9x to 2.0 with the wfw, slash and thr extensions, Atom (RFC 4287, RFC 4685), JSON Feed 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.feed.asking import Asked, ask
from comptoir.connectors.feed.discovery import best, links
from comptoir.connectors.feed.documents import Document, NotAFeed, parse
from comptoir.connectors.feed.entries import Reader
from comptoir.connectors.feed.hubs import hub_of, intent, is_genuine, subscribe
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connected,
    Connector,
    Connects,
    Fetches,
    Field,
    Hub,
    Intent,
    Json,
    Overheard,
    Overhears,
    Page,
    Place,
    Reconnect,
    Refused,
    Said,
    TryLater,
    Unusable,
    Woken,
)

SOONEST = timedelta(minutes=5)
USUAL = timedelta(minutes=15)
LATEST = timedelta(hours=6)
REMEMBERED = 2_000
"""Entries that are known again after they left the feed and came back."""


class Feed(Connects, Fetches, Overhears, Woken, Connector):
    network = "feed"
    label = "Feed"
    every = USUAL
    form = (
        Field("address", "Address", "Of a feed, or of a page that has one.", "url"),
        Field(
            "what",
            "What to hear",
            "Comments become conversations. Posts are only shown beside them.",
            "choice",
            "comments",
            choices=(("comments", "Comments"), ("posts", "Posts")),
        ),
    )
    public_form = (form[0],)
    # Many a blog is silent for months.
    hush = timedelta(days=365)
    reach = "site"

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Find the feed, from its own address or a page's, and read it once."""
        address, what = answers["address"], answers.get("what", "comments")
        asked = self._first(address)
        document = _read(asked)
        if document is None:
            found = best(links(asked.content, asked.url), what)
            if not found:
                raise Refused("no_feed", field="address")
            asked = self._first(found)
            document = _read(asked)
        if document is None:
            raise Refused("no_feed", field="address")
        name = document.title or asked.host
        me = Actor(asked.url, asked.host, name[:200], url=document.link)
        return Connected(me, {}, {"address": asked.url, "what": what, "since": self.now.isoformat()})

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """Ask whether it changed; what is new or edited since, oldest first. At first: from now on."""
        known: dict[str, Any] = dict(cursor or {})
        seen: dict[str, str] = dict(known.get("seen", {}))
        asked = self._ask(known)
        moved = {"address": asked.moved} if asked.moved else {}
        if asked.content_is_old:
            return Page(
                [],
                {**known, "idle": known.get("idle", 0) + 1},
                settings=moved,
                after=self._after(known, asked),
            )
        items: list[Activity | Unusable] = []
        document = self._document(asked)
        for item, digest in self._items(document, self.now):
            if cursor is not None and seen.get(item.remote_id) != digest:
                items.append(_edited(item, self.now) if item.remote_id in seen else item)
            seen.pop(item.remote_id, None)
            seen[item.remote_id] = digest
        settled = asked.settled(self.now)
        hub = hub_of(asked.headers.get("link", ""), document.named, asked.url)
        following = {
            **({"hub": [hub.address, hub.topic]} if hub else {}),
            "tag": asked.tag if settled else "",
            "modified": asked.modified if settled else "",
            "seen": dict(list(seen.items())[-REMEMBERED:]),
            "idle": 0 if items else known.get("idle", 0) + 1,
        }
        return Page(items, following, settings=moved, after=self._after(following, asked))

    def history(self, since: datetime, cursor: Json) -> Page:
        """What the feed held when it was connected, in one page; an entry without a time counts as written then."""
        connected = datetime.fromisoformat(str(self.settings["since"]))
        items = [item for item, _digest in self._items(self._document(self._ask({})), connected)]
        old = [i for i in items if isinstance(i, Activity) and since <= i.published <= connected]
        return Page(old, None)

    def public(self, answers: Mapping[str, str]) -> Place:
        """A feed of posts, from its own address or a page's."""
        found = self.connect({"address": answers.get("address", ""), "what": "posts"})
        me = {"remote_id": found.me.remote_id, "handle": found.me.handle, "name": found.me.name}
        return Place(found.me.remote_id, found.me.name, {**found.settings, "me": {**me, "url": found.me.url}})

    def overhear(self, cursor: Json) -> Iterator[Overheard]:
        """Its posts, asked for as often as the site likes. A feed that moved is remembered with the cursor."""
        state: dict[str, Json] = dict(cursor or {})
        if self.me is None:
            self.me = Actor(**self.settings["me"])
        if moved := state.get("moved"):
            self.settings = {**self.settings, **moved}
        while True:
            page = self.fetch(state.get("at"), ())
            self.settings = {**self.settings, **page.settings}
            state = {"at": page.cursor, "moved": {**state.get("moved", {}), **page.settings}}
            items = [item for item in page.items if isinstance(item, Activity | Unusable)]
            yield Overheard(items, state, after=page.after or self.every)

    def hub(self, cursor: Json) -> Hub | None:
        """The hub that the feed named, for its posts."""
        said = ((cursor or {}).get("at") or {}).get("hub")
        return Hub(*said) if said else None

    def subscribe(self, hub: Hub, callback: str, secret: str, lease: timedelta, on: bool = True) -> None:
        """Have the hub call, or no longer."""
        subscribe(self.http, hub, callback, secret, lease, on)

    @staticmethod
    def intent(parameters: Mapping[str, str]) -> Intent | None:
        """What a hub asks back."""
        return intent(parameters)

    @staticmethod
    def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Whether a hub signed it."""
        return is_genuine(headers.get("x-hub-signature", ""), body, secret)

    def _document(self, asked: Asked) -> Document:
        document = _read(asked)
        if document is None:
            raise TryLater("not_a_feed")
        return document

    def _items(self, document: Document, now: datetime) -> list[tuple[Activity | Unusable, str]]:
        assert self.me is not None
        return Reader(self.me, str(self.settings.get("what", "comments")), document, now).items()

    def _first(self, address: str) -> Asked:
        asked = ask(self.http, address, {})
        if asked.status >= 400:
            raise Refused("no_page", field="address", status=asked.status)
        return asked

    def _ask(self, known: Mapping[str, Any]) -> Asked:
        asked = ask(self.http, str(self.settings["address"]), known)
        if asked.status == 410:
            raise Reconnect("feed_gone")
        if asked.status == 429 or asked.status >= 500:
            raise TryLater("server_error", after=asked.patience(self.now), status=asked.status)
        if asked.status >= 400:
            raise TryLater("feed_missing", after=LATEST, status=asked.status)
        return asked

    def _after(self, known: Mapping[str, Any], asked: Asked) -> timedelta:
        """When to come again: as the site asks, else the less often the longer nothing came."""
        grown = USUAL * min(1 + int(known.get("idle", 0)) // 8, 8)
        return min(LATEST, max(SOONEST, asked.patience(self.now) or grown))


def _read(asked: Asked) -> Document | None:
    try:
        return parse(asked.content, asked.kind, asked.url)
    except NotAFeed:
        return None


def _edited(item: Activity | Unusable, now: datetime) -> Activity | Unusable:
    """The same as an edit: feeds rarely say when."""
    if isinstance(item, Unusable):
        return item
    from dataclasses import replace

    return replace(item, edited=max(item.edited or now, now))
