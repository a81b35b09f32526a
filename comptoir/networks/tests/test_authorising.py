"""The grant that is asked for in the browser: away, and back once, to the brand that it was meant for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from comptoir.networks.connector import Actor, Authorisation, Authorises, Connected, Connector, Field, Refused
from comptoir.networks.models import Channel, Grant
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.networks.tests.test_views import body, browser
from comptoir.networks.views import channels as pages
from comptoir.organisation.models import Brand, Membership

pytestmark = pytest.mark.django_db


class Asking(Authorises, Connector):
    """A stand-in for a network that asks in the browser."""

    network = "asking"
    label = "Asking"
    form = (Field("server", "Server"), Field("token", "Token", required=False))

    def authorise(self, answers: Mapping[str, str], back: str, state: str) -> Authorisation | None:
        if answers["server"] == "nowhere":
            raise Refused("not_a_server", field="server")
        self.grant.keep(lost="with this step")
        url = f"https://{answers['server']}/ask?state={state}&back={back}"
        return Authorisation(url, {"server": answers["server"], "app": "s3cret"})

    def authorised(self, kept: Mapping[str, str], parameters: Mapping[str, str]) -> Connected:
        assert kept["app"] == "s3cret"
        if "code" not in parameters:
            raise Refused("access_denied")
        me = Actor(f"{parameters['code']}@{kept['server']}", parameters["code"])
        return Connected(me, {"access": parameters["code"]}, {"server": kept["server"]})


@pytest.fixture
def brand(monkeypatch: pytest.MonkeyPatch) -> Brand:
    every_network_is(monkeypatch, Asking)
    monkeypatch.setattr(pages, "networks", lambda: ("asking",))
    return Brand.objects.create(name="Maison Verdier", slug="verdier")


def leave(client: Client, url: str = "/b/verdier/channels/new/asking/") -> str:
    """Start the journey; the state that it carries."""
    page = client.post(url, {"server": "net.test"})
    assert page.status_code == 200
    there = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', body(page))
    assert there
    asked = parse_qs(urlsplit(there[1].replace("&amp;", "&")).query)
    assert asked["back"] == ["http://localhost:8000/channels/back/"]
    return asked["state"][0]


def come_back(client: Client, state: str, **more: str) -> Any:
    return client.get("/channels/back/", {"state": state, **more}, follow=True)


def test_the_browser_goes_and_comes_back_with_a_grant(brand: Brand) -> None:
    client = browser(brand, "manager")
    state = leave(client)
    assert "s3cret" not in str(dict(client.session))
    page = come_back(client, state, code="anna")
    assert "anna is connected." in body(page)
    channel = Channel.objects.of(brand).get()
    assert (channel.remote_id, channel.settings) == ("anna@net.test", {"server": "net.test"})
    assert Grant.objects.get().secrets() == {"access": "anna"}


def test_a_way_back_is_good_once_and_for_a_quarter_of_an_hour(brand: Brand) -> None:
    client = browser(brand, "manager")
    with time_machine.travel("2026-11-20 09:00", tick=False):
        state, late = leave(client), leave(client)
        assert come_back(client, state, code="anna").status_code == 200
        assert come_back(client, state, code="bela").status_code == 404
    with time_machine.travel("2026-11-20 09:16", tick=False):
        assert come_back(client, late, code="bela").status_code == 404
    assert come_back(client, "invented", code="bela").status_code == 404
    assert Channel.objects.of(brand).count() == 1


def test_another_person_s_state_is_worth_nothing(brand: Brand) -> None:
    state = leave(browser(brand, "manager"))
    assert come_back(browser(brand, "owner"), state, code="anna").status_code == 404
    assert not Channel.objects.of(brand).exists()


def test_a_role_lost_on_the_way_counts(brand: Brand) -> None:
    client = browser(brand, "manager")
    state = leave(client)
    Membership.objects.filter(brand=brand).update(role="agent")
    assert come_back(client, state, code="anna").status_code == 403
    assert not Channel.objects.of(brand).exists()


def test_no_is_an_answer_and_said(brand: Brand) -> None:
    client = browser(brand, "manager")
    page = come_back(client, leave(client), error="access_denied")
    assert "said no" in body(page)
    refused = client.post("/b/verdier/channels/new/asking/", {"server": "nowhere"})
    assert refused.status_code == 422
    assert "There is no server" in body(refused)


def test_a_lost_channel_is_connected_again_and_no_other(brand: Brand) -> None:
    client = browser(brand, "manager")
    come_back(client, leave(client), code="anna")
    channel = Channel.objects.of(brand).get()
    Channel.objects.of(brand).update(state="reconnect")
    again = f"/b/verdier/channels/{channel.pk}/"
    page = come_back(client, leave(client, again), code="bela")
    assert "the channel to connect again is anna" in body(page)
    come_back(client, leave(client, again), code="anna")
    channel.refresh_from_db()
    assert channel.state == Channel.State.ACTIVE
