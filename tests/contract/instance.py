"""An instance that says what it is told to, for what no healthy server can be made to say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from comptoir.connectors.mastodon import Mastodon
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Actor, Kind
from tests.contract.canned import Canned, canned
from tests.contract.harness import Grant

NOTICES = "/api/v1/notifications"
OWN = "/api/v1/accounts/7/statuses"
STATUSES = "/api/v1/statuses"
ME = "/api/v1/accounts/verify_credentials"
V2 = "/api/v2/instance"
V1 = "/api/v1/instance"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ANN = {
    "id": "9",
    "acct": "ann@there.example",
    "uri": "https://there.example/users/ann",
    "url": "https://there.example/@ann",
}
BRAND = {"id": "7", "username": "brand", "acct": "brand", "url": "https://here.example/@brand"}


def status(n: int, by: dict[str, Any] = ANN, **other: Any) -> dict[str, Any]:
    return {
        "id": str(n),
        "uri": f"{by['url']}/{n}",
        "created_at": "2026-11-20T10:00:00.000Z",
        "account": by,
        "content": f"<p>number {n}</p>",
        **other,
    }


def notice(n: int, **other: Any) -> dict[str, Any]:
    return {
        "id": str(n),
        "type": "mention",
        "created_at": "2026-11-20T10:00:00Z",
        "account": ANN,
        "status": status(n),
        **other,
    }


TO = Activity(
    f"{ANN['url']}/5",
    Kind.MENTION,
    Actor(str(ANN["uri"]), "ann@there.example"),
    NOW,
    facts={"id": "5", "at": "", "acct": "ann@there.example", "visibility": "public"},
)


def settings(sick: Canned, **other: Any) -> dict[str, Any]:
    return {
        "server": sick.url,
        "domain": "here.example",
        "id": "7",
        "url": BRAND["url"],
        "software": "mastodon",
        **other,
    }


@contextmanager
def sick_instance() -> Iterator[Canned]:
    """An instance that has nothing to say yet but empty lists."""
    with canned() as server:
        server.say(NOTICES, [])
        server.say(OWN, [])
        server.say(ME, BRAND)
        server.say(V2, {"version": "4.5.0", "domain": "here.example"})
        yield server


@contextmanager
def connector_at(sick: Canned) -> Iterator[Mastodon]:
    """A connector of an account there."""
    with Outside(frozenset([sick.address])) as http:
        client: Any = http
        me = Actor(str(BRAND["url"]), "brand@here.example")
        yield Mastodon(client, Grant({"token": "t"}), settings(sick), me)
