"""A brand with a mailbox on the real exchange, and somebody who writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import LazySettings

from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.organisation.models import Brand, Membership, User
from tests.servers.correspondent import Correspondent
from tests.servers.mail import MailServer


@dataclass
class Office:
    """The brand's mailbox as a channel (`channel`) and as its people know it (`brand`), an agent, and a stranger."""

    server: MailServer
    brand: Correspondent
    channel: Channel
    agent: User
    stranger: Correspondent

    @property
    def address(self) -> str:
        return self.brand.box.address


def answers(server: MailServer, brand: Correspondent) -> dict[str, str]:
    """The form, for lines without TLS: processes beside the tests know the system's authorities alone."""
    return {
        "address": brand.box.address,
        "password": brand.box.password,
        "name": "The Brand",
        "imap_host": "127.0.0.1",
        "imap_port": str(server.imap),
        "imap_security": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(server.smtp),
        "smtp_security": "none",
    }


@pytest.fixture
def allowed(mail_exchange: MailServer, settings: LazySettings) -> Iterator[list[str]]:
    """The exchange's doors, which stand on this machine, as exceptions of the inside guard."""
    settings.INSIDE_ALLOWED = frozenset(mail_exchange.addresses)
    http.cache_clear()
    yield mail_exchange.addresses
    http.cache_clear()


@pytest.fixture
def office(mail_exchange: MailServer, allowed: list[str], transactional_db: None) -> Office:
    brand = Correspondent(mail_exchange, mail_exchange.new_mailbox("brand"), "The Brand")
    house = Brand.objects.create(name="Brand", slug="brand")
    agent = User.objects.create_user("agent@example.org", name="Agent")
    Membership.objects.create(user=agent, brand=house, role="agent")
    channel = connect(house, "mail", answers(mail_exchange, brand))
    return Office(mail_exchange, brand, channel, agent, Correspondent.arrives(mail_exchange))
