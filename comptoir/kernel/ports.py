"""Ports that nobody listens on, for servers that a measurement or a test starts."""

import secrets
import socket
from contextlib import ExitStack
from pathlib import Path

LOWEST = 10_000
_GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port(row: int = 1) -> int:
    """The first of so many free ports in a row (pages, and the live stream beside them: two).

    None of those that the system gives to outgoing connections: whoever asks there before somebody listens may
    be connected to itself, and then holds the port that the server wants.
    """
    lowest_given = int(_GIVEN.read_text().split()[0]) if _GIVEN.exists() else 32_768
    while True:
        first = LOWEST + secrets.randbelow(lowest_given - row - LOWEST)
        with ExitStack() as held:
            try:
                for port in range(first, first + row):
                    held.enter_context(socket.socket()).bind(("", port))
            except OSError:
                continue
            return first
