"""A stand-in for Jetstream, which is a program in Go that no registry has: it tells what it is told to, as one does.

It knows `wantedCollections` and `cursor`, remembers all that it told, and can hang up on everybody. Its events are what
tests make, or real ones from a folder that is at hand. It is no Jetstream.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, RejectConnection, Request, TextMessage
from wsproto.utilities import ProtocolError


class JetstreamStandIn:
    """A server for any number of listeners."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._told: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._lines: set[socket.socket] = set()
        self._last = 0
        self.asked: list[dict[str, list[str]]] = []

    @property
    def address(self) -> str:
        """host:port, as the inside guard's exception wants it."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def tell(self, *events: dict[str, Any]) -> None:
        """Tell these from now on, at this moment unless they say when."""
        with self._news:
            for each in events:
                self._last = max(self._last + 1, time.time_ns() // 1000)
                self._told.append({"time_us": self._last, **each})
            self._news.notify_all()

    def post(self, text: str, did: str = "did:plc:someone", rkey: str = "") -> str:
        """Somebody posts; the post's address."""
        rkey = rkey or f"3k{time.time_ns()}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-20T10:00:00.000Z"}
        change = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": rkey, "record": record}
        self.tell({"did": did, "kind": "commit", "commit": {**change, "rev": "r", "cid": "c"}})
        return f"at://{did}/app.bsky.feed.post/{rkey}"

    def take_back(self, uri: str) -> None:
        """Its author deletes a post."""
        did, collection, rkey = uri.removeprefix("at://").split("/")
        change = {"operation": "delete", "collection": collection, "rkey": rkey, "rev": "r"}
        self.tell({"did": did, "kind": "commit", "commit": change})

    def hang_up(self) -> None:
        """Cut every line."""
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def serve(self) -> None:
        """Until the listener is closed."""
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        talk = WSConnection(ConnectionType.SERVER)
        with line, suppress(OSError, ProtocolError):
            self._lines.add(line)
            request = None
            while request is None:
                talk.receive_data(line.recv(65536) or None)
                request = next((each for each in talk.events() if isinstance(each, Request)), None)
            asked = urlsplit(request.target)
            query = parse_qs(asked.query)
            self.asked.append(query)
            if asked.path != "/subscribe":
                line.sendall(talk.send(RejectConnection(status_code=404)))
                return
            line.sendall(talk.send(AcceptConnection()))
            for event in self._events(line, query):
                line.sendall(talk.send(TextMessage(json.dumps(event))))
        self._lines.discard(line)

    def _events(self, line: socket.socket, query: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
        wanted = set(query.get("wantedCollections", []))
        since = int(query["cursor"][0]) if "cursor" in query else None
        with self._news:
            place = 0 if since is not None else len(self._told)
        while line.fileno() >= 0 and line in self._lines:
            with self._news:
                self._news.wait_for(lambda: len(self._told) > place, timeout=1)  # noqa: B023
                fresh, place = self._told[place:], len(self._told)
            for event in fresh:
                collection = event.get("commit", {}).get("collection", "")
                if (since is None or event["time_us"] >= since) and (
                    not collection or not wanted or collection in wanted
                ):
                    yield event


@contextmanager
def jetstream_stand_in() -> Iterator[JetstreamStandIn]:
    """The stand-in on a port of its own, with nothing told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = JetstreamStandIn(listener)
        threading.Thread(target=server.serve, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            server.hang_up()
