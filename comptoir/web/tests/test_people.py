"""Who belongs to a brand: everybody sees, owners decide, a brand keeps an owner."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import House, browser, house
from comptoir.organisation.models import Membership, User

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
    assert "Add somebody" not in body(page)
    assert client.post(PEOPLE, {"email": "x@verdier.example", "role": "owner"}).status_code == 403
    url = f"{PEOPLE}{member(verdier, role).pk}/"
    assert client.post(url, {"role": "owner"}).status_code == 403


def test_somebody_is_added_and_signs_in_by_code(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    added = client.post(PEOPLE, {"email": "New.One@Verdier.example", "role": "agent"}, follow=True)
    assert "belongs here now" in body(added)
    new = User.objects.get(email="new.one@verdier.example")
    assert not new.has_usable_password()
    assert Membership.objects.get(user=new, brand=verdier.brand).role == "agent"
    again = client.post(PEOPLE, {"email": "new.one@verdier.example", "role": "owner"})
    assert again.status_code == 422
    assert "belongs here already" in body(again)
    for wrong in ({"email": "nobody", "role": "agent"}, {"email": "a@b.example", "role": "king"}, {}):
        assert client.post(PEOPLE, wrong).status_code == 422


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
    assert client.post(f"{PEOPLE}{reader.pk}/", {"role": "none"}).status_code == 404
    assert client.post(f"{PEOPLE}{member(verdier, 'agent').pk}/", {"role": "king"}).status_code == 400


def test_a_brand_keeps_an_owner(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    url = f"{PEOPLE}{member(verdier, 'owner').pk}/"
    for role in ("none", "agent"):
        assert "keeps an owner" in body(client.post(url, {"role": role}, follow=True))
    client.post(f"{PEOPLE}{member(verdier, 'agent').pk}/", {"role": "owner"})
    client.post(url, {"role": "none"})
    assert client.get(PEOPLE)["Location"].startswith("/account/login/")


def test_people_of_another_brand_are_out_of_reach(verdier: House) -> None:
    other = Membership.objects.get(user=verdier.stranger)
    answer = browser(verdier.people["owner"]).post(f"{PEOPLE}{other.pk}/", {"role": "none"})
    assert answer.status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()
