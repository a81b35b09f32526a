"""Free ports: whoever asks too early is refused, and does not meet itself."""

import socket

import pytest

from comptoir.kernel.ports import free_port


def test_the_ones_given_are_free_in_a_row() -> None:
    first = free_port(3)
    for port in range(first, first + 3):
        with socket.socket() as server:
            server.bind(("127.0.0.1", port))


def test_asking_before_somebody_listens_never_connects_to_itself() -> None:
    port = free_port()
    for _ in range(30_000):
        with socket.socket() as asking, pytest.raises(ConnectionRefusedError):
            asking.connect(("127.0.0.1", port))
