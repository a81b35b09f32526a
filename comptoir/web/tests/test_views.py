"""The front door, a person's settings, and what is said when something is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.organisation.models import Brand, Membership, User
from comptoir.web import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def test_one_brand_opens_at_once_and_several_are_a_choice(verdier: House) -> None:
    agent = verdier.people["agent"]
    assert browser(agent).get("/")["Location"] == verdier.url()
    other = Brand.objects.create(name="Second", slug="second")
    Membership.objects.create(user=agent, brand=other, role="reader")
    page = body(browser(agent).get("/"))
    assert "/b/second/threads/" in page
    assert verdier.url() in page
    nobody = User.objects.create_user("alone@verdier.example")
    assert "alone@verdier.example" in body(browser(nobody).get("/"))


def test_settings_are_kept_and_obeyed(verdier: House) -> None:
    agent = verdier.people["agent"]
    client = browser(agent)
    kept = {
        "name": "Idris",
        "language": "fr",
        "theme": "dark",
        "density": "compact",
        "shortcuts": "on",
        "keys": ["j", "?"],
    }
    page = client.post(reverse("settings"), kept, follow=True)
    assert 'lang="fr" data-theme="dark" data-density="compact"' in body(page)
    assert "Enregistré." in body(page)
    assert 'data-keys="j?"' in body(client.get(verdier.url()))
    client.post(reverse("settings"), {**kept, "shortcuts": ""})
    assert 'data-keys=""' in body(client.get(verdier.url()))
    agent.refresh_from_db()
    assert (agent.name, agent.shortcuts, agent.shortcuts_off) == (
        "Idris",
        False,
        ["k", "r", "n", "a", "e", "b"],
    )


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"theme": "pink"}, {"keys": ["z"]}, {"name": "x" * 121}]
)
def test_settings_that_make_no_sense_are_refused(verdier: House, wrong: dict[str, Any]) -> None:
    answer = browser(verdier.people["agent"]).post(reverse("settings"), wrong)
    assert answer.status_code == 422


def test_the_language_can_be_chosen_at_the_door() -> None:
    client = Client()
    assert 'lang="en"' in body(client.get("/account/login/"))
    assert 'lang="fr"' in body(client.get("/account/login/", headers={"Accept-Language": "fr-CA,en;q=0.5"}))
    client.post(reverse("language"), {"language": "fr"})
    assert 'lang="fr"' in body(client.get("/account/login/"))
    assert "language" not in client.post(reverse("language"), {"language": "xx"}).cookies


@pytest.mark.parametrize("status", [400, 403, 404])
def test_errors_are_sentences(verdier: House, status: int) -> None:
    client = browser(verdier.people["reader"])
    address = {400: verdier.url("?show=odd"), 403: "/b/verdier/channels/new/", 404: "/nowhere/"}[status]
    page = client.get(address)
    assert page.status_code == status
    assert re.search(r'<p class="lead">[A-Z][^<]+\.</p>', body(page))
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == status
    assert part["Content-Type"].startswith("text/plain")
    assert "<" not in body(part)


def test_the_last_error_page_needs_nothing() -> None:
    request = RequestFactory().get("/")
    assert views.broken(request).status_code == 500


def test_no_page_holds_a_script_or_a_style_of_its_own(verdier: House) -> None:
    hear(verdier.channel, [said("m0")])
    client = browser(verdier.people["owner"])
    addresses = [
        "/settings/",
        verdier.url(),
        verdier.url(f"{verdier.thread().pk}/"),
        "/b/verdier/channels/",
        "/nowhere/",
    ]
    for address in [*addresses, "/b/verdier/channels/new/bluesky/"]:
        answer = client.get(address)
        page = body(answer)
        assert not re.search(r"<script(?![^>]* src=)", page)
        assert " style=" not in page
        assert "<style" not in page
        assert not re.search(r"\son[a-z]+=", page)
        assert "hx-on" not in page
        assert not re.search(r'(src|href)="(https?:)?//(?!example\.org)', page)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
