"""One harness a connector. A test runs for every network that has the abilities that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from comptoir.kernel.http import Outside
from comptoir.kernel.tests.loopback import serving
from tests.contract.bluesky import BlueskyHarness
from tests.contract.feed import Blog, FeedHarness
from tests.contract.harness import Harness
from tests.contract.mail import MailHarness, trusting
from tests.contract.mastodon import MockHarness, SnacHarness
from tests.contract.rehearsal import RehearsalHarness
from tests.contract.wordpress import WordPressHarness
from tests.servers.mail import MailServer
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour, SnacNeighbour
from tests.servers.running import AtprotoNetwork
from tests.servers.site import WordPress
from tests.servers.snac import SnacPair
from tests.servers.stranger import Stranger

HARNESSES: dict[str, type[Harness]] = {
    "bluesky": BlueskyHarness,
    "feed": FeedHarness,
    "mail": MailHarness,
    "mastodon-snac2": SnacHarness,
    "mastodon-stand-in": MockHarness,
    "rehearsal": RehearsalHarness,
    "wordpress": WordPressHarness,
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*abilities): run for the networks that have all of these")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the suite once for each network that can do what it is about."""
    if "town" not in metafunc.fixturenames:
        return
    needs = [ability for mark in metafunc.definition.iter_markers("needs") for ability in mark.args]
    names = [name for name, harness in HARNESSES.items() if all(_has(harness, need) for need in needs)]
    metafunc.parametrize("network", names)


def _has(harness: type[Harness], need: type[Any]) -> bool:
    return need not in harness.lacks and issubclass(
        harness if issubclass(need, Harness) else harness.type, need
    )


@pytest.fixture
def network() -> str:
    """The network's name: each in turn."""
    raise AssertionError("only for tests that use `town`")


@pytest.fixture(scope="session")
def stranger(atproto: AtprotoNetwork) -> Stranger:
    """Somebody who speaks to all brands."""
    return Stranger.arrives(atproto)


@pytest.fixture(scope="session")
def neighbour(snac: SnacPair) -> SnacNeighbour:
    """Somebody on the other snac2 who speaks to all brands."""
    return SnacNeighbour.arrives(snac.away)


@pytest.fixture
def make(network: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], Any]]:
    """Make a harness for the network, not yet connected."""
    if network == "bluesky":
        server: AtprotoNetwork = request.getfixturevalue("atproto")
        with Outside(frozenset(server.addresses)) as http:
            yield lambda: BlueskyHarness(http, server, request.getfixturevalue("stranger"))
    elif network == "mastodon-snac2":
        pair: SnacPair = request.getfixturevalue("snac")
        with Outside(frozenset(pair.addresses)) as http:
            yield lambda: SnacHarness(http, pair, request.getfixturevalue("neighbour"))
    elif network == "mastodon-stand-in":
        mock: MastodonMock = request.getfixturevalue("mastodon_stand_in")
        with Outside(frozenset([mock.address])) as http:
            yield lambda: MockHarness(http, mock, MockNeighbour.arrives(mock))
    elif network == "feed":
        with serving() as server, Outside(frozenset([server.place])) as http:
            yield lambda: FeedHarness(http, Blog(server))
    elif network == "mail":
        exchange = request.getfixturevalue("mail_exchange")
        with trusting(exchange) as http:
            yield lambda: MailHarness(http, exchange)
    elif network == "wordpress":
        site: WordPress = request.getfixturevalue("wordpress")
        with Outside(frozenset([site.address])) as http:
            yield lambda: WordPressHarness(http, site)
    else:
        with Outside() as nowhere:
            yield lambda: RehearsalHarness(nowhere)


@pytest.fixture
def box(mail_exchange: MailServer) -> Iterator[MailHarness]:
    """A mailbox, connected, its first fetch done."""
    with trusting(mail_exchange) as http:
        harness = MailHarness(http, mail_exchange)
        harness.connect()
        harness.fetch()
        yield harness


@pytest.fixture
def town(make: Callable[[], Any]) -> Any:
    """A harness for the network, not yet connected."""
    return make()


@pytest.fixture
def channel(town: Any) -> Any:
    """A harness for the network, connected, its first fetch done."""
    town.connect()
    town.fetch()
    return town
