"""A WebSocket to the outside, read as its messages come."""

import socket
import time
from collections.abc import Iterator, Mapping

import httpx2
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Message,
    Ping,
    RejectConnection,
    Request,
)
from wsproto.utilities import ProtocolError

from comptoir.kernel.faults import BadAnswer, TooLarge, Unreachable

_PIECE = 256 * 1024
_ALIVE = 45.0
"""Seconds of silence after which the other side is asked whether it is there; after twice as many it is not."""


class Messages:
    """The messages of a WebSocket on a line of its own; None after each time that it says nothing for `quiet` seconds.

    Pings are answered. A message of more than `most` bytes is a fault: TooLarge.
    """

    def __init__(
        self,
        line: socket.socket,
        host: str,
        target: str,
        headers: list[tuple[bytes, bytes]],
        quiet: float,
        most: int = 8_000_000,
    ) -> None:
        self._line, self._host, self._most = line, host.partition(":")[0], most
        self._talk = WSConnection(ConnectionType.CLIENT)
        self._heard = time.monotonic()
        self._asked = False
        self._send(Request(host=host, target=target, extra_headers=headers))
        answer = self._answer()
        self.status: int = 101 if isinstance(answer, AcceptConnection) else answer.status_code
        given = answer.extra_headers if isinstance(answer, AcceptConnection) else answer.headers
        self.headers: Mapping[str, str] = httpx2.Headers(list(given))
        line.settimeout(quiet)

    def __iter__(self) -> Iterator[str | bytes | None]:
        """Until the other side ends it, or makes no sense. Unreachable when the line breaks or is dead."""
        if self.status != 101:
            return
        parts: list[str | bytes] = []
        size = 0
        while True:
            for event in self._events():
                if isinstance(event, Message):
                    parts.append(event.data if isinstance(event.data, str) else bytes(event.data))
                    size += len(event.data)
                    if size > self._most:
                        raise TooLarge("too_large", self._host)
                    if event.message_finished:
                        empty: str | bytes = b"" if isinstance(event, BytesMessage) else ""
                        yield parts[0] if len(parts) == 1 else empty.join(parts)  # type: ignore[arg-type]
                        parts, size = [], 0
                elif isinstance(event, Ping):
                    self._send(event.response())
                elif isinstance(event, CloseConnection):
                    self._send(event.response())
                    return
            if not self._receive():
                yield None

    def _answer(self) -> AcceptConnection | RejectConnection:
        """What the other side says to our wish."""
        while True:
            for event in self._events():
                if isinstance(event, AcceptConnection | RejectConnection):
                    return event
            if not self._receive():
                raise Unreachable("timeout", self._host)

    def _events(self) -> Iterator[Event]:
        try:
            yield from self._talk.events()
        except ProtocolError:
            raise BadAnswer("protocol", self._host) from None

    def _receive(self) -> bool:
        """Take in what has come; False when nothing did in time."""
        try:
            data = self._line.recv(_PIECE)
        except TimeoutError:
            self._mind()
            return False
        except OSError:
            raise Unreachable("reset", self._host) from None
        if not data:
            raise Unreachable("cut", self._host)
        self._heard, self._asked = time.monotonic(), False
        try:
            self._talk.receive_data(data)
        except ProtocolError:
            raise BadAnswer("protocol", self._host) from None
        return True

    def _mind(self) -> None:
        """The other side is silent: ask whether it is there, and give it up when it does not say so."""
        silence = time.monotonic() - self._heard
        if silence > 2 * _ALIVE:
            raise Unreachable("timeout", self._host)
        if silence > _ALIVE and not self._asked:
            self._asked = True
            self._send(Ping())

    def _send(self, event: Event) -> None:
        try:
            self._line.sendall(self._talk.send(event))
        except ProtocolError:
            raise BadAnswer("protocol", self._host) from None
        except OSError:
            raise Unreachable("reset", self._host) from None
