"""A server between us and another that hangs up at a given moment, as a cable does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


@contextmanager
def cutting(port: int, at: bytes, passes_on: bool) -> Iterator[int]:
    """The port of a line to `port` that breaks when the client has said `at`, and whether that is passed on."""
    door = socket.create_server(("127.0.0.1", 0))
    Thread(target=_serve, args=(door, port, at, passes_on), daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        door.close()


def _serve(door: socket.socket, port: int, at: bytes, passes_on: bool) -> None:
    while True:
        try:
            here, _address = door.accept()
        except OSError:
            return
        there = socket.create_connection(("127.0.0.1", port))
        Thread(target=_back, args=(there, here), daemon=True).start()
        Thread(target=_forth, args=(here, there, at, passes_on), daemon=True).start()


def _back(there: socket.socket, here: socket.socket) -> None:
    with suppress(OSError):
        while piece := there.recv(65_536):
            here.sendall(piece)
        here.close()


def _forth(here: socket.socket, there: socket.socket, at: bytes, passes_on: bool) -> None:
    said = b""
    with suppress(OSError):
        while piece := here.recv(65_536):
            said += piece
            if at.lower() in said.lower():
                here.shutdown(socket.SHUT_RDWR)
                if passes_on:
                    there.sendall(piece)
                    there.settimeout(2)
                    there.recv(65_536)
                there.close()
                return
            there.sendall(piece)
