"""Web push: encrypted for the browser alone, signed by the house, to no inside address; gone devices are forgotten.

The push service is a stand-in on loopback that decrypts as the browser would: real ones are outside.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from comptoir.kernel.tests.loopback import Server, connections, serving
from comptoir.organisation import pushing, reaching
from comptoir.organisation.chatting import UnknownChat, checked
from comptoir.organisation.models import Brand, Device, Membership, Notice, User
from comptoir.organisation.pushing import PushFailed, Unfit, enrol, tell_by_push

pytestmark = pytest.mark.django_db


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """What a browser keeps of its subscription."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = {"endpoint": endpoint, "keys": {"p256dh": b64(point), "auth": b64(self.secret)}}

    def read(self, body: bytes) -> Any:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


@pytest.fixture
def user() -> User:
    user = User.objects.create_user("anna@verdier.example", name="Anna")
    brand = Brand.objects.create(name="Maison Verdier", slug="verdier")
    Membership.objects.create(user=user, brand=brand, role="manager")
    return user


@pytest.fixture
def service(settings: Any) -> Any:
    with serving() as server:
        settings.INSIDE_ALLOWED = frozenset({server.place})
        server.routes["/push/anna"] = lambda visit: visit.give(201)
        yield server


def notices() -> list[Notice]:
    brand = Brand.objects.everywhere().get()
    Notice.post(brand.pk, "channel_reconnect", "channel:7", channel="@verdier")
    return list(Notice.objects.of(brand).select_related("brand"))


def test_the_browser_alone_reads_it_and_knows_the_house(user: User, service: Server) -> None:
    browser = Browser(service.url("/push/anna"))
    enrol(user, browser.subscription, "Firefox, Linux")
    assert tell_by_push(user, notices())
    [asked] = service.seen
    assert b"@verdier" not in asked.body
    told = browser.read(asked.body)
    assert told["title"] == "Maison Verdier"
    assert "@verdier has to be connected again" in told["body"]
    assert told["url"] == "http://localhost:8000/b/verdier/channels/7/"
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert headers["content-encoding"] == "aes128gcm"
    assert int(headers["ttl"]) > 0
    assert Vapid02.verify(headers["authorization"])
    assert f"k={pushing.public_key()}" in headers["authorization"]
    assert b64(browser.secret).encode() not in bytes(Device.objects.get().keys)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(user: User, service: Server, status: int) -> None:
    enrol(user, Browser(service.url("/push/anna")).subscription, "")
    service.routes["/push/anna"] = lambda visit: visit.give(status)
    assert not tell_by_push(user, notices())
    assert not Device.objects.exists()


def test_a_service_in_trouble_is_asked_again_later(user: User, service: Server) -> None:
    enrol(user, Browser(service.url("/push/anna")).subscription, "")
    service.routes["/push/anna"] = lambda visit: visit.give(503)
    with pytest.raises(PushFailed):
        tell_by_push(user, notices())
    assert Device.objects.exists()


def test_one_working_device_is_enough(user: User, service: Server) -> None:
    enrol(user, Browser(service.url("/push/broken")).subscription, "")
    enrol(user, Browser(service.url("/push/anna")).subscription, "")
    assert reaching.try_out(user, "push")


def test_no_inside_address_is_ever_asked(user: User) -> None:
    enrol(user, Browser("http://127.0.0.1:9/push").subscription, "")
    with connections() as made, pytest.raises(PushFailed):
        tell_by_push(user, notices())
    assert made == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"endpoint": "https://push.test/1"},
        {"endpoint": "https://push.test/1", "keys": {"p256dh": "AA", "auth": "AA"}},
        {"endpoint": "javascript:alert(1)", "keys": Browser("x").subscription["keys"]},
        {"endpoint": "https://push.test/1", "keys": "none"},
        [],
    ],
)
def test_nonsense_is_no_subscription(user: User, wrong: Any) -> None:
    with pytest.raises(Unfit):
        enrol(user, wrong, "")


def test_a_browser_that_changes_hands_tells_its_new_person_alone(user: User) -> None:
    other = User.objects.create_user("bela@verdier.example")
    browser = Browser("https://push.test/1")
    enrol(user, browser.subscription, "")
    enrol(other, browser.subscription, "")
    assert Device.objects.get().user == other


GOOD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


def test_chat_goes_to_public_services_alone() -> None:
    assert checked(f" {GOOD}?image=yes&template=/etc/passwd ") == GOOD
    for address in (
        "json://127.0.0.1:8000/",
        "http://10.0.0.1/hook",
        "file:///etc/passwd",
        "mailto://a:b@c.test",
        "",
    ):
        with pytest.raises(UnknownChat):
            checked(address)
    with pytest.raises(UnknownChat):
        checked("discord://")
