"""A brand with a channel on the real network, and somebody there who waits for an answer."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.organisation.models import Brand
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Stranger


@pytest.fixture
def allowed(atproto: AtprotoNetwork, settings: LazySettings) -> Iterator[list[str]]:
    """The network's servers, which stand on this machine, as exceptions of the inside guard."""
    settings.INSIDE_ALLOWED = frozenset(atproto.addresses)
    http.cache_clear()
    yield atproto.addresses
    http.cache_clear()


@pytest.fixture
def channel(atproto: AtprotoNetwork, allowed: list[str], transactional_db: None) -> Channel:
    """A brand's channel, connected with an app password."""
    account = atproto.new_account("brand")
    answers = {"handle": account.handle, "password": account.app_password, "service": atproto.pds}
    return connect(Brand.objects.create(name="Brand", slug="brand"), "bluesky", answers)


@pytest.fixture
def stranger(atproto: AtprotoNetwork) -> Stranger:
    return Stranger.arrives(atproto)
