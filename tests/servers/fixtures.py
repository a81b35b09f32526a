"""Pytest fixtures for the real servers: one of each a test run, started when first asked for.

Where a server cannot be had the test is skipped with the reason; with `CI=true` that is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NoReturn

import pytest

from tests.servers.install import Unavailable, chromium, reason_for
from tests.servers.mail import MailServer, mail_server
from tests.servers.mastodon_mock import MastodonMock, mastodon_mock
from tests.servers.running import AtprotoNetwork, Postgres, atproto_network
from tests.servers.running import debian_postgres as running_postgres
from tests.servers.seaweed import Seaweed, seaweed
from tests.servers.site import WordPress, wordpress_site
from tests.servers.snac import SnacPair, snac_pair
from tests.servers.synapse import Synapse, synapse


def do_without(why: object) -> NoReturn:
    """Skip with the reason, or fail where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have this server: {why}", pytrace=False)
    pytest.skip(str(why))


@pytest.fixture(scope="session")
def debian_postgres() -> Iterator[Postgres]:
    """Debian's PostgreSQL 15 in a cluster of its own; `.create(name)` gives the address of a new database."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except Unavailable as why:
            do_without(why)
        yield server


@pytest.fixture(scope="session")
def atproto(debian_postgres: Postgres) -> Iterator[AtprotoNetwork]:
    """An AT Protocol network with its AppView."""
    with ExitStack() as stack:
        try:
            network = stack.enter_context(atproto_network(debian_postgres))
        except Unavailable as why:
            do_without(why)
        yield network


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """A site of its own on Debian's WordPress."""
    with ExitStack() as stack:
        try:
            site = stack.enter_context(wordpress_site())
        except Unavailable as why:
            do_without(why)
        yield site


@pytest.fixture(scope="session")
def mail_exchange() -> Iterator[MailServer]:
    """Postfix and dovecot."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(mail_server())
        except Unavailable as why:
            do_without(why)
        yield server


@pytest.fixture(scope="session")
def snac() -> Iterator[SnacPair]:
    """Two snac2 servers that federate."""
    with ExitStack() as stack:
        try:
            pair = stack.enter_context(snac_pair())
        except Unavailable as why:
            do_without(why)
        yield pair


@pytest.fixture(scope="session")
def mastodon_stand_in() -> Iterator[MastodonMock]:
    """mastodon_mock, an imitation of Mastodon's interface."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(mastodon_mock())
        except Unavailable as why:
            do_without(why)
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is."""
    path = chromium()
    if path is None:
        do_without(reason_for("debian") or "Chromium is not installed: python -m tests.servers.install")
    return path


@pytest.fixture(scope="session")
def matrix() -> Iterator[Synapse]:
    """A Matrix server with nobody in it."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(synapse())
        except Unavailable as why:
            do_without(why)
        yield server


@pytest.fixture(scope="session")
def object_store() -> Iterator[Seaweed]:
    """A store that speaks S3, with an empty bucket."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(seaweed())
        except Unavailable as why:
            do_without(why)
        yield server
