"""A server on loopback, and a client that may reach it alone."""

from collections.abc import Iterator

import pytest

from comptoir.kernel.http import Outside, Patience
from comptoir.kernel.tests.loopback import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def outside(server: Server) -> Iterator[Outside]:
    with Outside(frozenset({server.place}), timeout=Patience(2, 2, 5), max_bytes=100_000) as client:
        yield client
