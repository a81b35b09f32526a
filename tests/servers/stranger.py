"""Somebody else on the AT Protocol network: a real client for tests, no line of it the product's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Self

import httpx2
from PIL import Image

from tests.servers.running import Account, AtprotoNetwork

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
FOLLOW = "app.bsky.graph.follow"


@dataclass(frozen=True)
class Ref:
    """A post: its address, the hash of its content, and the beginning of its conversation."""

    uri: str
    cid: str
    root: dict[str, str]

    @property
    def strong(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}

    @property
    def rkey(self) -> str:
        return self.uri.rsplit("/", 1)[1]


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def until[T](look: Callable[[], T], seconds: float = 240) -> T:
    """What `look` gives as soon as it is something: an AppView is behind its data server, and what snac2 could not
    deliver at once it tries again after one minute, then after two."""
    limit = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > limit:
            raise TimeoutError(f"nothing came in {seconds} seconds")
        time.sleep(0.1)
    return found


def jpeg(width: int = 320, height: int = 200, colour: tuple[int, int, int] = (30, 90, 200)) -> bytes:
    """A real picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


class Stranger:
    """An account that says and reads things, as people do in the network's own app."""

    def __init__(self, network: AtprotoNetwork, account: Account) -> None:
        self.account, self.handle, self.did = account, account.handle, account.did
        access = {"authorization": f"Bearer {account.access}"}
        self.http = httpx2.Client(base_url=f"{network.pds}/xrpc/", timeout=30, headers=access)

    @classmethod
    def arrives(cls, network: AtprotoNetwork, name: str = "stranger") -> Self:
        """A new one."""
        return cls(network, network.new_account(name))

    def call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(method, json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()) if answer.content else {}

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        answer = self.http.get(method, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def create(self, collection: str, record: dict[str, Any]) -> dict[str, str]:
        record = {"$type": collection, "createdAt": moment(), **record}
        made = self.call(
            "com.atproto.repo.createRecord", {"repo": self.did, "collection": collection, "record": record}
        )
        return {"uri": made["uri"], "cid": made["cid"]}

    def called(self, name: str) -> Self:
        """Give oneself a display name."""
        profile = {"$type": "app.bsky.actor.profile", "displayName": name}
        self.call(
            "com.atproto.repo.putRecord",
            {"repo": self.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": profile},
        )
        return self

    # Saying

    def post(
        self,
        text: str,
        *,
        mentions: dict[str, str] | None = None,
        reply_to: Ref | None = None,
        quote: Ref | None = None,
        images: tuple[tuple[bytes, str], ...] = (),
        **more: Any,
    ) -> Ref:
        """Post; `mentions` maps each "@handle" found in the text to its DID, `more` goes into the record."""
        record: dict[str, Any] = {"text": text, "langs": ["en"], **more}
        if mentions:
            record["facets"] = [self._mention(text, word, did) for word, did in mentions.items()]
        if reply_to:
            record["reply"] = {"root": reply_to.root, "parent": reply_to.strong}
        if quote:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quote.strong}
        if images:
            shown = [{"image": self.upload(content), "alt": alt} for content, alt in images]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": shown}
        made = self.create(POST, record)
        return Ref(made["uri"], made["cid"], reply_to.root if reply_to else made)

    def mention(self, whom: Account, words: str = "is anybody there?", **more: Any) -> Ref:
        """Post something that names somebody."""
        handle = f"@{whom.handle}"
        return self.post(f"{handle} {words}", mentions={handle: whom.did}, **more)

    @staticmethod
    def _mention(text: str, word: str, did: str) -> dict[str, Any]:
        start = len(text[: text.index(word)].encode())
        return {
            "index": {"byteStart": start, "byteEnd": start + len(word.encode())},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": did}],
        }

    def reply(self, to: Ref, text: str, **more: Any) -> Ref:
        return self.post(text, reply_to=to, **more)

    def quote(self, what: Ref, text: str) -> Ref:
        return self.post(text, quote=what)

    def upload(self, content: bytes, mime: str = "image/jpeg") -> dict[str, Any]:
        answer = self.http.post(
            "com.atproto.repo.uploadBlob", content=content, headers={"content-type": mime}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["blob"])

    def like(self, what: Ref) -> None:
        self.create(LIKE, {"subject": what.strong})

    def repost(self, what: Ref) -> None:
        self.create(REPOST, {"subject": what.strong})

    def follow(self, did: str) -> None:
        self.create(FOLLOW, {"subject": did})

    def delete(self, what: Ref) -> None:
        """Take a post back."""
        self.call("com.atproto.repo.deleteRecord", {"repo": self.did, "collection": POST, "rkey": what.rkey})

    # Reading

    def ref(self, uri: str) -> Ref:
        """A post by its address, once the AppView has it."""
        view = until(lambda: self.ask("app.bsky.feed.getPosts", uris=uri)["posts"])[0]
        own = {"uri": view["uri"], "cid": view["cid"]}
        return Ref(own["uri"], own["cid"], view["record"].get("reply", {}).get("root", own))

    def seen(self, uri: str) -> dict[str, Any] | None:
        """A post as the AppView shows it, None while or when it has none."""
        posts = self.ask("app.bsky.feed.getPosts", uris=uri)["posts"]
        return dict(posts[0]) if posts else None

    def thread(self, what: Ref) -> dict[str, Any]:
        """What is said below a post."""
        return dict(self.ask("app.bsky.feed.getPostThread", uri=what.uri)["thread"])

    def answers_below(self, what: Ref) -> list[dict[str, Any]]:
        """The direct answers to a post, as shown."""
        return [answer["post"] for answer in self.thread(what).get("replies", []) if "post" in answer]

    def feed(self, did: str) -> list[dict[str, Any]]:
        """What somebody posted, newest first, all of it."""
        posts: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.ask("app.bsky.feed.getAuthorFeed", actor=did, limit=100, **cursor)
            posts += [item["post"] for item in page["feed"]]
            if not page.get("cursor"):
                return posts
            cursor = {"cursor": page["cursor"]}

    def records(self, did: str) -> list[dict[str, Any]]:
        """The posts that somebody's data server holds, whatever the AppView knows."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.ask("com.atproto.repo.listRecords", repo=did, collection=POST, limit=100, **cursor)
            found += page["records"]
            if not page.get("cursor"):
                return found
            cursor = {"cursor": page["cursor"]}
