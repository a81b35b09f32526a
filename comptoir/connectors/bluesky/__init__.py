"""Bluesky, and any other service of the AT Protocol whose accounts an AppView shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.bluesky import counting, hearing, reading, walking, writing
from comptoir.connectors.bluesky.hearing import Heard, Hearing
from comptoir.connectors.bluesky.session import Session, home, log_in, server
from comptoir.connectors.bluesky.spans import clean
from comptoir.connectors.bluesky.walking import Listing
from comptoir.networks.connector import (
    Activity,
    Connected,
    Connector,
    Connects,
    Counts,
    Deletes,
    Fetches,
    Field,
    Gone,
    Json,
    Keyed,
    Length,
    Measures,
    Page,
    Publishes,
    Rechecks,
    Refused,
    Replies,
    Said,
    Sent,
    Upload,
)

SERVICE = "https://bsky.social"
_PASTED = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class Bluesky(Connects, Fetches, Rechecks, Replies, Publishes, Keyed, Deletes, Measures, Connector):
    """One account. Its settings say where each list began when it was connected; its grant holds tokens."""

    network = "bluesky"
    label = "Bluesky"
    every = timedelta(seconds=5)
    every_own = timedelta(seconds=10)
    every_silent = timedelta(seconds=30)
    page_size = hearing.PAGE
    recheck_batch = hearing.BATCH
    images = 4
    image_bytes = 1_000_000

    form = (
        Field("handle", "Handle", "The name after the @, for example brand.bsky.social."),
        Field(
            "password",
            "App password",
            "Make one in Bluesky under Settings, Privacy and security, App passwords. It is not kept.",
            kind="password",
            secret=True,
        ),
        Field("service", "Server", "Leave it as it is unless the account lives elsewhere.", "url", SERVICE),
    )

    # Connecting

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Log in with an app password, keep the tokens and forget the password."""
        asked = server(answers.get("service", "").strip() or SERVICE)
        who = _identifier(answers.get("handle", ""), asked)
        session = log_in(self.http, asked, who, answers.get("password", "").strip(), self.now)
        grant = {
            "did": session["did"],
            "pds": home(session, asked),
            "access": session["accessJwt"],
            "refresh": session["refreshJwt"],
        }
        speaking = Session(self.http, _Fresh(grant), self.now)
        ears = Hearing(speaking, grant["did"], self.page_size)
        try:
            me = reading.actor(speaking.ask("app.bsky.actor.getProfile", {"actor": grant["did"]}))
            floors = {name: ears.top(ask) for name, ask in _lists(ears).items()}
        except Refused:
            # An account made a moment ago: the network does not know it yet, so nobody spoke to it.
            me = reading.actor(session)
            floors = dict.fromkeys(_lists(ears), 0)
        return Connected(me, grant, {"service": asked, "floors": floors})

    @property
    def _session(self) -> Session:
        return Session(self.http, self.grant, self.now)

    @property
    def _ears(self) -> Hearing:
        session = self._session
        return Hearing(session, self.me.remote_id if self.me else session.did, self.page_size)

    # Hearing

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """One page of each list whose turn it is: what is said to the brand always, the rest less often."""
        ears = self._ears
        lists = _lists(ears)
        state = (
            dict(cursor) if cursor else {name: walking.begin(at) for name, at in self._floors(ears).items()}
        )
        items: list[Heard] = []
        more = False
        for name, pause in (("spoken", None), ("own", self.every_own), ("silent", self.every_silent)):
            if not self._due(state[name], pause):
                continue
            step = walking.step(state[name], lists[name], self.now)
            items += self._told(ears, name, step.views)
            state[name] = {**step.state, "at": self.now.timestamp()}
            more = more or step.more
        return Page(_once(items), state, more)

    def _due(self, state: Mapping[str, Json], pause: timedelta | None) -> bool:
        waited = self.now.timestamp() - state.get("at", 0)
        return pause is None or "walk" in state or not 0 <= waited < pause.total_seconds()

    def _floors(self, ears: Hearing) -> Mapping[str, int]:
        floors = self.settings.get("floors")
        if isinstance(floors, dict):
            return floors
        return {name: ears.top(ask) for name, ask in _lists(ears).items()}

    def history(self, since: datetime, cursor: Json) -> Page:
        """What was said to the brand before it was connected, then what the brand said itself."""
        ears = self._ears
        state: dict[str, Json] = (
            dict(cursor) if cursor else {"list": "spoken", "page": "", "floors": self._floors(ears)}
        )
        name, oldest = str(state["list"]), int(since.timestamp() * 1000)
        listing = _lists(ears)[name](state["page"])
        places = [reading.place(view) if isinstance(view, dict) else None for view in listing.views]
        wanted = [
            view
            for view, at in zip(listing.views, places, strict=True)
            if at is not None and oldest <= at <= state["floors"][name]
        ]
        known = [at for at in places if at is not None]
        if listing.after and listing.after != state["page"] and (not known or min(known) >= oldest):
            state["page"] = listing.after
        else:
            state |= {"list": "own" if name == "spoken" else "", "page": ""}
        return Page(self._told(ears, name, wanted), state, more=bool(state["list"]))

    def _told(self, ears: Hearing, name: str, views: list[Json]) -> list[Heard]:
        tell: Callable[[list[Json]], list[Heard]] = {
            "spoken": ears.spoken,
            "own": ears.said,
            "silent": ears.silent,
        }[name]
        return tell(views) if views else []

    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone]:
        """Those that exist no more. The network knows no edits."""
        return self._ears.gone(remote_ids[: self.recheck_batch])

    # Saying

    def length(self, text: str) -> Length:
        """Graphemes, and bytes where these are scarcer."""
        return counting.length(text)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer a message, once for a key. Refused("target_gone", "replies_closed") when nobody could."""
        text = self._fit(text, media)
        shown = self._ears.posts([to.remote_id]).get(to.remote_id)
        if shown is None:
            if sent := self._already(text, to.remote_id, key, at):
                return sent
            raise Refused("target_gone")
        viewer = shown.get("viewer")
        if isinstance(viewer, dict) and viewer.get("replyDisabled"):
            raise Refused("replies_closed")
        parent = {"uri": to.remote_id, "cid": str(shown.get("cid", ""))}
        above = reading.reply_of(shown.get("record") or {})
        reply = {"root": above[0] if above else parent, "parent": parent}
        langs = [to.language] if to.language else []
        known = {to.actor.handle.lower(): to.actor.remote_id}
        return self._put(text, media, key, at, known, reply=reply, langs=langs)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Post, once for a key."""
        return self._put(self._fit(text, media), media, key, at, {})

    def _fit(self, text: str, media: Sequence[Upload]) -> str:
        """The text as it can be sent. Refused when it or a picture is more than the network takes."""
        text = clean(text)
        length = self.length(text)
        if not length.fits:
            raise Refused("too_long", limit=length.limit, over=length.over)
        if not text.strip() and not media:
            raise Refused("empty")
        if len(media) > self.images:
            raise Refused("too_many_images", limit=self.images)
        if any(len(one.content) > self.image_bytes for one in media):
            raise Refused("image_too_large", limit=self.image_bytes)
        return text

    def _put(
        self,
        text: str,
        media: Sequence[Upload],
        key: str,
        at: datetime,
        known: Mapping[str, str],
        **more: Json,
    ) -> Sent:
        """Write the record under the key's own record key; if it is there already, that is our answer."""
        session = self._session
        record = writing.post(
            text,
            at,
            facets=writing.facets(text, lambda handle: known.get(handle) or self._did_of(handle)),
            embed=writing.images(media, session.upload) if media else None,
            **more,
        )
        parent = more["reply"]["parent"]["uri"] if "reply" in more else ""
        for attempt in range(4):
            body = {**self._where(writing.record_key(key, at, attempt)), "record": record, "swapRecord": None}
            try:
                made = session.tell("com.atproto.repo.putRecord", body)
                return self._sent(made, record)
            except Refused as error:
                if error.facts.get("error") != "InvalidSwap":
                    raise
            if sent := self._ours(text, parent, key, at, attempt):
                return sent
        raise Refused("key_taken")

    def _where(self, rkey: str) -> dict[str, str]:
        return {"repo": self._session.did, "collection": reading.POST, "rkey": rkey}

    def _already(self, text: str, parent: str, key: str, at: datetime) -> Sent | None:
        """What an earlier try of this delivery left on the network."""
        tries = (self._ours(text, parent, key, at, attempt) for attempt in range(4))
        return next(filter(None, tries), None)

    def _ours(self, text: str, parent: str, key: str, at: datetime, attempt: int) -> Sent | None:
        """The record under this key if it says what we say; None if it is another, or none."""
        rkey = writing.record_key(key, at, attempt)
        found = self._ears.record(f"at://{self._session.did}/{reading.POST}/{rkey}")
        record = found.get("value") if found else None
        if not found or not isinstance(record, dict):
            return None
        above = reading.reply_of(record)
        same = record.get("text") == text and (above[1]["uri"] if above else "") == parent
        return (
            self._sent(found, record) if same and record.get("createdAt") == writing.timestamp(at) else None
        )

    def _sent(self, made: Mapping[str, Json], record: Mapping[str, Json]) -> Sent:
        uri, cid = str(made["uri"]), str(made["cid"])
        above = reading.reply_of(record)
        root = above[0] if above else {"uri": uri, "cid": cid}
        return Sent(uri, reading.address(uri), {"cid": cid, "root": root})

    def _did_of(self, handle: str) -> str:
        try:
            answer = self._session.ask("com.atproto.identity.resolveHandle", {"handle": handle})
        except Refused:
            return ""
        return str(answer.get("did", ""))

    def delete(self, remote_id: str) -> None:
        """Take an own message back. Refused("not_ours") when it is somebody else's."""
        did, collection, rkey = reading.parts(remote_id)
        if did != self._session.did or collection != reading.POST:
            raise Refused("not_ours")
        self._session.tell("com.atproto.repo.deleteRecord", self._where(rkey))

    # Counting

    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Public counts as the network shows them now."""
        shown = self._ears.posts([uri for uri in remote_ids if reading.is_post(uri)])
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


class _Fresh:
    """A grant that nobody keeps yet: the channel does, once connecting has succeeded."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._secrets = secrets

    def __getitem__(self, name: str) -> str:
        return self._secrets[name]

    def get(self, name: str, default: str = "") -> str:
        return self._secrets.get(name, default)

    def keep(self, **changes: str) -> None:
        self._secrets.update(changes)


def _lists(ears: Hearing) -> dict[str, Callable[[str], Listing]]:
    """The three lists that are read: what is said to the brand, what it says, what is done without words."""
    return {
        "spoken": ears.notifications(hearing.SPOKEN),
        "own": ears.own,
        "silent": ears.notifications(hearing.SILENT),
    }


def _once(items: Sequence[Heard]) -> list[Heard]:
    """Each object once: what is addressed to the brand may also be the context of something else."""
    kept: dict[str, Heard] = {}
    for item in items:
        earlier = kept.get(item.remote_id)
        if earlier is None or (isinstance(earlier, Activity) and not earlier.addressed):
            kept[item.remote_id] = item
    return list(kept.values())


def _identifier(text: str, asked: str) -> str:
    """What to log in with: a handle, made whole if it is short, a mail address or a DID; else Refused."""
    who = _PASTED.sub("", text).removeprefix("@")
    if who.startswith("did:") or "@" in who:
        return who
    who = who.lower().removeprefix("https://bsky.app/profile/").rstrip("/.")
    if who and "." not in who and asked == SERVICE:
        who = f"{who}.bsky.social"
    if not _HANDLE.fullmatch(who):
        raise Refused("bad_handle", handle=text[:100])
    return who


def _count(view: Mapping[str, Any], name: str) -> int | None:
    value = view.get(name)
    return value if isinstance(value, int) else None
