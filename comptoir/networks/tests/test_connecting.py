"""Connecting: one channel an account, its grant sealed, lost ones back as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from comptoir.kernel.http import Forbidden, Unreachable
from comptoir.networks import connecting, found
from comptoir.networks.connecting import connect
from comptoir.networks.connector import (
    Actor,
    Connected,
    Connector,
    Connects,
    Field,
    Reconnect,
    Refused,
    TryLater,
)
from comptoir.networks.found import UnknownNetwork
from comptoir.networks.models import Channel, Grant
from comptoir.organisation.models import Brand, Notice

pytestmark = pytest.mark.django_db
GOOD = {"server": "https://net.test", "name": " anna ", "password": " s3cret ", "age": "", "look": "light"}


class Invented(Connects, Connector):
    """A network that knows everybody by the password."""

    network = "invented"
    label = "Invented"
    form = (
        Field("server", "Server", kind="url"),
        Field("name", "Name"),
        Field("password", "Password", kind="password", secret=True),
        Field("age", "Age", kind="number", required=False),
        Field("look", "Look", kind="choice", default="light", choices=(("light", "Light"), ("dark", "Dark"))),
    )
    seen: ClassVar[list[Any]] = []
    fails: ClassVar[list[Exception]] = []

    def connect(self, answers: Any) -> Connected:
        if self.fails:
            raise self.fails.pop()
        self.seen.append(dict(answers))
        self.grant.keep(found="on the way")
        me = Actor(f"id-{answers['name']}", answers["name"], answers["name"].title())
        return Connected(me, {"password": answers["password"]}, {"server": answers["server"]})


@pytest.fixture
def brand(monkeypatch: pytest.MonkeyPatch) -> Brand:
    real = found.connector_class
    monkeypatch.setattr(
        connecting, "connector_class", lambda name: Invented if name == "invented" else real(name)
    )
    Invented.seen.clear()
    Invented.fails.clear()
    return Brand.objects.create(name="Brand", slug="brand")


def test_an_account_becomes_a_channel_with_a_sealed_grant(brand: Brand) -> None:
    channel = connect(brand, "invented", {**GOOD, "brand": "9"})
    assert (channel.remote_id, channel.handle, channel.name) == ("id-anna", "anna", "Anna")
    assert channel.settings == {"server": "https://net.test"}
    assert channel.state == Channel.State.ACTIVE
    grant = Grant.objects.get()
    assert grant.secrets() == {"found": "on the way", "password": " s3cret "}
    assert b"s3cret" not in bytes(grant.sealed)
    assert Invented.seen == [{**GOOD, "name": "anna"}]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": ""}, "answer_missing", "name"),
        ({"name": "  "}, "answer_missing", "name"),
        ({"server": "net.test"}, "answer_invalid", "server"),
        ({"server": "javascript:alert(1)"}, "answer_invalid", "server"),
        ({"server": "http://[::"}, "answer_invalid", "server"),
        ({"name": "a\x00b"}, "answer_invalid", "name"),
        ({"name": "a" * 2001}, "answer_invalid", "name"),
        ({"age": "1²"}, "answer_invalid", "age"),
        ({"age": "9" * 19}, "answer_invalid", "age"),
        ({"look": "pink"}, "answer_invalid", "look"),
    ],
)
def test_answers_that_will_not_do_are_named(
    brand: Brand, changes: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        connect(brand, "invented", {**GOOD, **changes})
    assert (refused.value.code, refused.value.facts) == (code, {"field": field})
    assert not Channel.objects.of(brand).exists()


def test_an_account_is_connected_once_a_brand(brand: Brand) -> None:
    connect(brand, "invented", GOOD)
    with pytest.raises(Refused, match="already_connected"):
        connect(brand, "invented", GOOD)
    other = Brand.objects.create(name="Other", slug="other")
    connect(other, "invented", GOOD)
    assert Channel.objects.everywhere().count() == 2


@pytest.mark.parametrize("state", [Channel.State.RECONNECT, Channel.State.OFF])
def test_a_lost_channel_comes_back_as_it_was(brand: Brand, state: str) -> None:
    channel = connect(brand, "invented", GOOD)
    channel.lose(Reconnect("token_revoked"))
    Channel.objects.of(brand).update(state=state, cursor={"at": 7}, history_done=True, settings={"kept": 1})
    assert Notice.objects.of(brand).filter(settled_at=None).count() == 1
    back = connect(brand, "invented", {**GOOD, "password": "new"}, again=channel)
    assert back.pk == channel.pk
    back.refresh_from_db()
    assert (back.state, back.code, back.cursor, back.history_done) == ("active", "", {"at": 7}, True)
    assert back.settings == {"kept": 1, "server": "https://net.test"}
    assert back.next_fetch <= datetime.now(UTC)
    assert Grant.objects.get().secrets()["password"] == "new"
    assert not Notice.objects.of(brand).filter(settled_at=None).exists()


def test_another_account_is_not_the_one_meant(brand: Brand) -> None:
    channel = connect(brand, "invented", GOOD)
    channel.lose(Reconnect("token_revoked"))
    with pytest.raises(Refused, match="another_account") as refused:
        connect(brand, "invented", {**GOOD, "name": "bert"}, again=channel)
    assert refused.value.facts == {"handle": "bert", "meant": "anna"}
    assert Channel.objects.of(brand).count() == 1


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Unreachable("dns", "net.test"), TryLater, "unreachable"),
        (Forbidden("inside", "net.test"), Refused, "inside"),
        (Refused("bad_credentials"), Refused, "bad_credentials"),
        (TryLater("rate_limited"), TryLater, "rate_limited"),
    ],
)
def test_what_the_network_says_is_passed_on(brand: Brand, fault: Exception, kind: type, code: str) -> None:
    Invented.fails.append(fault)
    with pytest.raises(kind, match=code):
        connect(brand, "invented", GOOD)
    assert not Channel.objects.of(brand).exists()


def test_no_such_network(brand: Brand) -> None:
    with pytest.raises(UnknownNetwork):
        connect(brand, "carrier-pigeon", GOOD)
