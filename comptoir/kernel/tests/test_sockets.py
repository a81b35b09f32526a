"""WebSockets: messages as they come, silence, a line that is cut, and what a server may do wrong."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)

from comptoir.kernel import sockets
from comptoir.kernel.faults import BadAnswer, Forbidden, OutsideError, TooLarge, Unreachable
from comptoir.kernel.http import Outside


class Server:
    """The other side of one WebSocket."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._talk = WSConnection(ConnectionType.SERVER)
        self._come: list[Event] = []
        wish = self.take()
        assert isinstance(wish, Request)
        self.request = wish

    def say(self, *events: Event) -> None:
        for event in events:
            self._line.sendall(self._talk.send(event))

    def raw(self, data: bytes) -> None:
        self._line.sendall(data)

    def take(self) -> Event:
        while not self._come:
            self._talk.receive_data(self._line.recv(65536) or None)
            self._come += self._talk.events()
        return self._come.pop(0)


@contextmanager
def talking(script: Callable[[Server], None], quiet: float = 5) -> Iterator[tuple[str, Outside]]:
    """A server for one caller that does what the script says, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"

        def run() -> None:
            line, _ = listener.accept()
            with line, suppress(ConnectionError):  # whoever listens may hang up
                line.settimeout(10)
                script(Server(line))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        with Outside(frozenset({place})) as outside:
            yield f"http://{place}/all?cursor=7", outside
        thread.join(10)


def test_messages_come_whole_pings_are_answered_and_silence_is_told() -> None:
    asked: list[Request] = []
    ponged, more = threading.Event(), threading.Event()

    def script(server: Server) -> None:
        asked.append(server.request)
        server.say(AcceptConnection(), TextMessage("one"), Ping(b"there?"))
        assert server.take() == Pong(b"there?")
        ponged.set()
        more.wait(10)
        server.say(BytesMessage(b"tw", message_finished=False), BytesMessage(b"o"), CloseConnection(1000))

    with talking(script) as (url, outside), outside.messages(url, headers={"X-Key": "k"}, quiet=0.1) as line:
        assert line.status == 101
        messages = iter(line)
        assert next(messages) == "one"
        assert next(messages) is None
        assert ponged.wait(5)
        more.set()
        assert [each for each in messages if each is not None] == [b"two"]
    assert asked[0].target == "/all?cursor=7"
    assert (b"x-key", b"k") in [(name.lower(), value) for name, value in asked[0].extra_headers]


def test_a_refusal_is_an_answer_without_messages() -> None:
    with (
        talking(lambda server: server.say(RejectConnection(status_code=429))) as (url, outside),
        outside.messages(url) as line,
    ):
        assert line.status == 429
        assert list(line) == []


def test_a_silent_line_is_asked_and_then_taken_for_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_ALIVE", 0.3)
    pinged, done = threading.Event(), threading.Event()

    def script(server: Server) -> None:
        server.say(AcceptConnection())
        assert isinstance(server.take(), Ping)
        pinged.set()
        done.wait(10)

    with talking(script) as (url, outside), outside.messages(url, quiet=0.1) as line:
        with pytest.raises(Unreachable, match="timeout"):
            list(line)
        assert pinged.is_set()
        done.set()


BROKEN: dict[str, tuple[Callable[[Server], None], type[OutsideError]]] = {
    "cut": (
        lambda server: server.say(AcceptConnection(), TextMessage("a", message_finished=False)),
        Unreachable,
    ),
    "another protocol": (lambda server: server.raw(b"220 mail.example ESMTP\r\n\r\n"), BadAnswer),
    "endless": (
        lambda server: server.say(AcceptConnection(), BytesMessage(bytes(9_000_000))),
        TooLarge,
    ),
}


@pytest.mark.parametrize(("script", "fault"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_a_fault(script: Callable[[Server], None], fault: type[OutsideError]) -> None:
    with talking(script) as (url, outside), pytest.raises(fault), outside.messages(url, quiet=1) as line:
        list(line)


def test_a_line_that_makes_no_sense_ends() -> None:
    def script(server: Server) -> None:
        server.say(AcceptConnection(), TextMessage("one"))
        server.raw(b"\xff" * 40)

    with talking(script) as (url, outside), outside.messages(url, quiet=1) as line:
        assert list(line) == ["one"]


def test_the_inside_is_guarded_here_too() -> None:
    with Outside() as outside, pytest.raises(Forbidden), outside.messages("http://127.0.0.1:9/"):
        pass
