"""A Matrix room as the team's inside channel: notices go there, and what colleagues answer below them comes back.

Spoken: the client-server API v3 (spec.matrix.org). Rooms with end-to-end encryption are refused: what is said there
could not be read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.discuss.speaking import Session, logged_in, server_of
from comptoir.connectors.discuss.timeline import remarks
from comptoir.networks.connector import (
    Actor,
    Connected,
    Connector,
    Connects,
    Discusses,
    Field,
    Gone,
    Json,
    Keyed,
    Page,
    Refused,
    Remark,
    Said,
    Sent,
    Streams,
)

PAGE = 100
LONG_POLL = 25
"""Seconds for which the server holds a question open."""


class Discuss(Connects, Streams, Discusses, Keyed, Connector):
    network = "discuss"
    label = "Matrix"
    sign = "#"
    every = timedelta(seconds=5)
    form = (
        Field(
            "server", "Server", "The address of the Matrix server, for example https://matrix.example.", "url"
        ),
        Field("user", "User", "The account that speaks in the room, for example @comptoir:example."),
        Field("password", "Password", kind="password", secret=True),
        Field(
            "room",
            "Room",
            "Its address, for example #team:example. If it is private, invite the account first.",
        ),
    )

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Sign in as a device of our own, join the room, and see that it can be read."""
        server = server_of(answers["server"])
        grant = logged_in(self.http, server, answers["user"], answers["password"])
        session = Session(self.http, server, grant["token"])
        room = session.join(answers["room"])
        if session.state(room, "m.room.encryption"):
            raise Refused("encrypted_room", field="room")
        name = str((session.state(room, "m.room.name") or {}).get("name") or answers["room"])
        me = Actor(room, answers["room"], name[:200])
        return Connected(me, grant, {"server": server, "user": grant["user"], "room": answers["room"]})

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """Read the room forward from the cursor: a place in its timeline, from now on at first."""
        if cursor is None:
            return Page([], self._session.get("sync", {"timeout": "0", "filter": _NOTHING})["next_batch"])
        place = {"from": str(cursor), "dir": "f", "limit": str(PAGE)}
        found = self._session.get(f"rooms/{self._room}/messages", place)
        items: list[Remark | Gone] = remarks(found.get("chunk", []), str(self.settings["user"]))
        following = str(found.get("end") or cursor)
        return Page(items, following, more=len(found.get("chunk", [])) == PAGE and following != cursor)

    def history(self, since: datetime, cursor: Json) -> Page:
        """What colleagues said before is theirs."""
        return Page([], None)

    def listen(self) -> Iterator[bool]:
        """Ask the server to hold the question until something comes."""
        place = self._session.get("sync", {"timeout": "0", "filter": _NOTHING})["next_batch"]
        yield True
        while True:
            asked = {"timeout": str(LONG_POLL * 1000), "since": place, "filter": _TIMELINE}
            found = self._session.get("sync", asked, wait=LONG_POLL + 15)
            place = found["next_batch"]
            yield str(self.me.remote_id if self.me else "") in found.get("rooms", {}).get("join", {})

    def tell(self, text: str, key: str) -> Sent:
        """Say it in the room. The server knows the key again, so that telling twice is telling once."""
        body: dict[str, Any] = {"msgtype": "m.text", "body": text}
        found = self._session.put(f"rooms/{self._room}/send/m.room.message/{self._session.quoted(key)}", body)
        return Sent(str(found["event_id"]))

    @property
    def _session(self) -> Session:
        return Session(self.http, str(self.settings["server"]), self.grant["token"])

    @property
    def _room(self) -> str:
        return Session.quoted(self.me.remote_id if self.me else "")


def _filter(most: int, *kinds: str) -> str:
    """What a sync is to tell: of rooms the timeline, and of that only some kinds of events."""
    none: dict[str, list[str]] = {"types": []}
    timeline: dict[str, Any] = {"limit": most, **({"types": kinds} if kinds else {})}
    room = {"timeline": timeline, "state": none, "ephemeral": none, "account_data": none}
    return json.dumps({"presence": none, "account_data": none, "room": room})


_NOTHING = _filter(1)
_TIMELINE = _filter(1, "m.room.message", "m.room.redaction")
