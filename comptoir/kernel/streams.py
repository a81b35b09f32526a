"""An answer of the outside that goes on, read as it comes."""

import socket
from collections.abc import Iterator, Mapping

import h11
import httpx2

from comptoir.kernel.faults import BadAnswer, Unreachable

_PIECE = 64 * 1024


class Stream:
    """The answer to a GET on a line of its own. Iterating gives its bytes; b"" after each quiet time-out.

    The pool cannot serve here: it hangs up at a silence.
    """

    def __init__(
        self, line: socket.socket, target: bytes, headers: list[tuple[bytes, bytes]], host: str
    ) -> None:
        self._line = line
        self._host = host
        self._talk = h11.Connection(h11.CLIENT)
        try:
            asked = self._talk.send(h11.Request(method=b"GET", target=target, headers=headers))
            line.sendall((asked or b"") + (self._talk.send(h11.EndOfMessage()) or b""))
        except OSError:
            raise Unreachable("reset", host) from None
        head = self._answer()
        self.status: int = head.status_code
        self.headers: Mapping[str, str] = httpx2.Headers(list(head.headers.raw_items()))

    def __iter__(self) -> Iterator[bytes]:
        """Until the other side ends it. Unreachable when the line breaks, BadAnswer when it stops being HTTP."""
        while True:
            event = self._event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif event is h11.NEED_DATA:
                yield b""
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return

    def _answer(self) -> h11.Response:
        while True:
            event = self._event()
            if isinstance(event, h11.Response):
                return event
            if event is h11.NEED_DATA:
                raise Unreachable("timeout", self._host)
            if not isinstance(event, h11.InformationalResponse):
                raise BadAnswer("protocol", self._host)

    def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """The next thing that the other side said; NEED_DATA when it said nothing in time."""
        try:
            while (event := self._talk.next_event()) is h11.NEED_DATA:
                try:
                    self._talk.receive_data(self._line.recv(_PIECE))
                except TimeoutError:
                    break
        except h11.RemoteProtocolError:
            raise BadAnswer("protocol", self._host) from None
        except OSError:
            raise Unreachable("reset", self._host) from None
        return event
