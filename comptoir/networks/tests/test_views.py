"""Channels over HTTP: the list, connecting by a network's own form, what waits for a person."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from comptoir.networks.connecting import connect, defaults
from comptoir.networks.connector import Publishes, Reconnect
from comptoir.networks.models import Channel, Delivery, SetAside
from comptoir.organisation.models import Brand, Membership, Notice, User

pytestmark = pytest.mark.django_db
TOWN = "rehearsal"


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Maison Verdier", slug="verdier")


def browser(brand: Brand, role: str) -> Client:
    user, new = User.objects.get_or_create(email=f"{role}@verdier.example", defaults={"name": role})
    if new:
        Membership.objects.create(user=user, brand=brand, role=role)
    client = Client()
    client.force_login(user)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def test_no_channel_yet_says_what_to_do(brand: Brand) -> None:
    assert "Connect a channel" in body(browser(brand, "manager").get("/b/verdier/channels/"))
    page = body(browser(brand, "agent").get("/b/verdier/channels/"))
    assert "Connect a channel" not in page
    assert "A manager or an owner" in page


@time_machine.travel("2026-11-20 09:00", tick=False)
def test_a_channel_is_connected_by_the_form_that_its_connector_declares(brand: Brand) -> None:
    client = browser(brand, "manager")
    assert "Rehearsal town" in body(client.get("/b/verdier/channels/new/"))
    form = client.get(f"/b/verdier/channels/new/{TOWN}/")
    assert 'name="seed"' in body(form)
    done = client.post(f"/b/verdier/channels/new/{TOWN}/", {"seed": "tea", "languages": "en"}, follow=True)
    channel = Channel.objects.of(brand).get()
    assert f"{channel.handle} is connected." in body(done)
    again = client.post(f"/b/verdier/channels/new/{TOWN}/", {"seed": "tea", "languages": "en"})
    assert again.status_code == 422
    assert "is connected already" in body(again)
    wrong = client.post(f"/b/verdier/channels/new/{TOWN}/", {"languages": "klingon"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("role", ["reader", "agent"])
def test_connecting_takes_a_manager(brand: Brand, role: str) -> None:
    client = browser(brand, role)
    for url in ("/b/verdier/channels/new/", f"/b/verdier/channels/new/{TOWN}/"):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code in (403, 405)
    assert not Channel.objects.of(brand).exists()


def test_an_unknown_network_is_not_there(brand: Brand) -> None:
    assert browser(brand, "owner").get("/b/verdier/channels/new/carrier-pigeon/").status_code == 404


@time_machine.travel("2026-11-20 09:00", tick=False)
def test_a_lost_channel_is_announced_everywhere_and_connected_again(brand: Brand) -> None:
    channel = connect(brand, TOWN, {**defaults(TOWN), "seed": "tea"})
    channel.lose(Reconnect("token_expired"))
    page = body(browser(brand, "reader").get("/b/verdier/threads/"))
    assert "has to be connected again" in page
    client = browser(brand, "manager")
    url = reverse("channel", args=["verdier", channel.pk])
    page = body(client.get(url))
    assert "no longer lets us speak" in page
    other = client.post(url, {"seed": "coffee", "languages": "both"})
    assert other.status_code == 422
    assert "but the channel to connect again is" in body(other)
    done = client.post(url, {"seed": "tea", "languages": "both"}, follow=True)
    assert "is connected again." in body(done)
    assert not Notice.objects.of(brand).filter(settled_at=None).exists()
    assert browser(brand, "agent").post(url, {"seed": "tea"}).status_code == 403


def test_switching_off_and_on(brand: Brand) -> None:
    channel = connect(brand, TOWN, {**defaults(TOWN), "seed": "tea"})
    url = reverse("channel", args=["verdier", channel.pk])
    assert browser(brand, "agent").post(f"{url}switching/").status_code == 403
    assert "is switched off" in body(browser(brand, "manager").post(f"{url}switching/", follow=True))
    assert Channel.objects.of(brand).get().state == "off"
    assert "is switched on" in body(
        browser(brand, "owner").post(f"{url}switching/", {"state": "on"}, follow=True)
    )
    assert Channel.objects.of(brand).get().state == "active"


def test_uncertain_answers_are_settled_by_a_person(brand: Brand) -> None:
    channel = connect(brand, TOWN, defaults(TOWN))
    yes, no = (
        Delivery.objects.create(channel=channel, text=word, state="uncertain", code="uncertain")
        for word in "ab"
    )
    client = browser(brand, "agent")
    assert "2 answers may or may not" in body(client.get("/b/verdier/channels/"))
    assert "It is not there: send it" in body(client.get("/b/verdier/deliveries/"))
    client.post(f"/b/verdier/deliveries/{yes.pk}/settlement/", {"sent": "yes"})
    back = client.post(
        f"/b/verdier/deliveries/{no.pk}/settlement/", {"sent": "no", "next": "//elsewhere.example"}
    )
    assert back["Location"] == "/b/verdier/deliveries/"
    states = dict(Delivery.objects.of(brand).values_list("text", "state"))
    assert states == {"a": "sent", "b": "waiting"}
    late = client.post(f"/b/verdier/deliveries/{yes.pk}/settlement/", {"sent": "no"}, follow=True)
    assert "A colleague has settled this already." in body(late)
    assert client.post(f"/b/verdier/deliveries/{yes.pk}/settlement/", {"sent": "perhaps"}).status_code == 400
    assert client.post("/b/verdier/deliveries/999/settlement/", {"sent": "no"}).status_code == 404
    refused = browser(brand, "reader").post(f"/b/verdier/deliveries/{yes.pk}/settlement/", {"sent": "no"})
    assert refused.status_code == 403


def test_what_was_set_aside_is_shown_with_its_reason(brand: Brand) -> None:
    channel = connect(brand, TOWN, defaults(TOWN))
    row = SetAside.objects.create(
        channel=channel, remote_id="x", reason="no author in it", raw="<script>x</script>"
    )
    page = body(browser(brand, "reader").get("/b/verdier/set-aside/"))
    assert "no author in it" in page
    assert "<script>x" not in page
    assert "Take off the list" not in page
    client = browser(brand, "agent")
    assert client.post(f"/b/verdier/set-aside/{row.pk}/settlement/").status_code == 302
    assert client.post(f"/b/verdier/set-aside/{row.pk}/settlement/").status_code == 404
    assert "Nothing was set aside" in body(client.get("/b/verdier/set-aside/"))


@pytest.mark.parametrize("page", ["0", "x", "-1", "9" * 9])
def test_pages_that_make_no_sense(brand: Brand, page: str) -> None:
    answer = browser(brand, "reader").get(f"/b/verdier/set-aside/?page={page}")
    assert answer.status_code in (200, 400)


def test_secrets_never_come_back(brand: Brand) -> None:
    client = browser(brand, "manager")
    answer = client.post("/b/verdier/channels/new/bluesky/", {"handle": "", "password": "hunter2-hunter2"})
    assert answer.status_code == 422
    assert "hunter2" not in body(answer)


def test_a_network_that_is_no_longer_installed_breaks_no_page(brand: Brand) -> None:
    channel = Channel.objects.create(brand=brand, network="gone-away", remote_id="x", handle="@verdier")
    client = browser(brand, "owner")
    for url in ("/b/verdier/channels/", f"/b/verdier/channels/{channel.pk}/"):
        page = client.get(url)
        assert page.status_code == 200
        assert "@verdier" in body(page)
    assert not channel.can(Publishes)
