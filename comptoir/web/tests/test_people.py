"""Who belongs to a brand: everybody sees, managers invite and answer, owners decide, a brand keeps an owner."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import House, browser, house
from comptoir.organisation.models import AuditEntry, Departure, Membership, User

pytestmark = pytest.mark.django_db
PEOPLE = "/b/verdier/people/"


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def member(verdier: House, role: str) -> Membership:
    return Membership.objects.get(brand=verdier.brand, user=verdier.people[role])


@pytest.mark.parametrize("role", ["reader", "agent", "manager"])
def test_all_see_and_only_owners_decide(verdier: House, role: str) -> None:
    client = browser(verdier.people[role])
    page = client.get(PEOPLE)
    assert "agent@verdier.example" in body(page)
    assert ("Invite somebody" in body(page)) is (role == "manager")
    assert "Let go" not in body(page)
    url = f"{PEOPLE}{member(verdier, role).pk}/"
    assert client.post(url, {"role": "owner"}).status_code == 403


def test_roles_change_and_people_go(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    reader = member(verdier, "reader")
    assert "has another role now" in body(
        client.post(f"{PEOPLE}{reader.pk}/", {"role": "manager"}, follow=True)
    )
    assert member(verdier, "reader").role == "manager"
    assert "no longer belongs" in body(client.post(f"{PEOPLE}{reader.pk}/", {"role": "none"}, follow=True))
    gone = User.objects.get(pk=verdier.people["reader"].pk)
    assert browser(gone).get(verdier.url()).status_code == 404
    left = Departure.objects.get(user=gone)
    assert (left.brand, left.role, left.by) == (verdier.brand, "manager", verdier.people["owner"])
    entries = AuditEntry.objects.of(verdier.brand).filter(what__startswith="member_")
    assert [each.what for each in entries.order_by("pk")] == ["member_role_changed", "member_dismissed"]
    assert {each.user for each in entries} == {verdier.people["owner"]}
    assert client.post(f"{PEOPLE}{reader.pk}/", {"role": "none"}).status_code == 404
    assert client.post(f"{PEOPLE}{member(verdier, 'agent').pk}/", {"role": "king"}).status_code == 400


def test_a_brand_keeps_an_owner(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    url = f"{PEOPLE}{member(verdier, 'owner').pk}/"
    for role in ("none", "agent"):
        assert "keeps an owner" in body(client.post(url, {"role": role}, follow=True))
    client.post(f"{PEOPLE}{member(verdier, 'agent').pk}/", {"role": "owner"})
    page = client.post(url, {"role": "none"}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/login/")
    assert "You no longer work for Maison Verdier, so you were signed out." in body(page)


def test_people_of_another_brand_are_out_of_reach(verdier: House) -> None:
    other = Membership.objects.get(user=verdier.stranger)
    answer = browser(verdier.people["owner"]).post(f"{PEOPLE}{other.pk}/", {"role": "none"})
    assert answer.status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()


def test_who_is_let_go_is_told_on_the_page_that_is_open(verdier: House) -> None:
    agent = verdier.people["agent"]
    second = house("second").brand
    second.admit(agent, "reader")
    client = browser(agent)
    assert client.get(verdier.url()).status_code == 200
    verdier.brand.dismiss(agent, by=verdier.people["owner"])
    page = client.get(verdier.url())
    assert page.status_code == 404
    assert "You no longer work for Maison Verdier." in body(page)
    part = client.get(verdier.url(), headers={"HX-Request": "true"})
    assert body(part) == "You no longer work for Maison Verdier."
    assert client.get("/b/second/threads/").status_code == 200, "the other brand is still theirs"
    second.dismiss(agent)
    part = client.get("/b/second/threads/", headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert part["HX-Redirect"].startswith("/account/login/")
    assert "so you were signed out" in body(client.get(part["HX-Redirect"]))
    assert "so you were signed out" not in body(client.get(part["HX-Redirect"])), "once"


def test_scripts_that_ask_first_do_not_use_the_sentence_up(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    client.get(verdier.url())
    verdier.brand.dismiss(verdier.people["agent"])
    script = {"Sec-Fetch-Dest": "empty"}
    for _twice in range(2):
        assert "no longer work" in client.get("/live-token/", headers=script).json()["error"]
    for _ask in range(2):
        assert "no longer work" not in body(client.get(verdier.url(), headers=script, follow=True))
    assert "no longer work" in body(client.get(verdier.url(), follow=True))
    assert "no longer work" not in body(client.get(verdier.url(), follow=True))
    client.cookies["farewell"] = "made up"
    assert client.get(verdier.url(), follow=True).status_code == 200


def test_strangers_are_told_nothing_about_who_left(verdier: House) -> None:
    verdier.brand.dismiss(verdier.people["agent"])
    page = browser(verdier.stranger).get(verdier.url())
    assert "no longer" not in body(page)
    assert "Verdier" not in body(page)
