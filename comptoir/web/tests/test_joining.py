"""Joining by the company's domain: first the address, then the question, then an answer; strangers learn nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from comptoir.inbox.tests.building import House, browser, house
from comptoir.kernel import clock
from comptoir.organisation.models import (
    AddressProof,
    AuditEntry,
    CompanyDomain,
    JoinRequest,
    Membership,
    Notice,
    User,
)
from comptoir.organisation.providers import domain_of, is_public
from comptoir.web.tests.letters import delivered, link_in

pytestmark = pytest.mark.django_db
SECRET = "a long enough secret 7"
ANA = "ana@verdier-group.example"


@pytest.fixture
def verdier() -> House:
    cache.clear()
    made = house()
    CompanyDomain.open(made.brand, "verdier-group.example", made.people["owner"])
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def link_for(email: str, client: Client | None = None) -> str:
    (client or Client()).post("/join/", {"email": email})
    return link_in(delivered()[-1])


def asked(verdier: House, email: str = ANA, name: str = "Ana") -> Client:
    """Somebody new who has asked to join."""
    client = Client()
    client.post(link_for(email), {"name": name, "password": SECRET})
    return client


def test_an_address_is_proved_then_asks_then_is_let_in(verdier: House) -> None:
    link = link_for("Ana@Verdier-Group.example")
    assert mail.outbox[-1].to == [ANA]
    ana = Client()
    page = ana.get(link)
    assert "Maison Verdier" in body(page)
    assert not User.objects.filter(email=ANA).exists(), "nothing happens by looking"
    page = ana.post(link, {"name": "Ana", "password": ""}, follow=True)
    assert "You have asked to join" in body(page)
    assert Client().get(link).status_code == 410, "once"
    user = User.objects.get(email=ANA)
    assert EmailAddress.objects.get(user=user).verified
    assert ana.get(verdier.url()).status_code == 404, "asking is not belonging"
    request = JoinRequest.objects.of(verdier.brand).get()
    assert Notice.objects.of(verdier.brand).get(settled_at=None).about == f"request:{request.pk}"

    manager = browser(verdier.people["manager"])
    assert "They ask to join" in body(manager.get("/b/verdier/people/"))
    assert "Ana asks to work for the brand." in body(manager.get("/b/verdier/people/"))
    agent = browser(verdier.people["agent"])
    assert "Ana" not in body(agent.get("/b/verdier/people/"))
    page = manager.post(f"/b/verdier/requests/{request.pk}/", {"role": "agent"}, follow=True)
    assert "Ana works here now." in body(page)
    assert Membership.objects.get(user=user).role == "agent"
    assert ana.get(verdier.url()).status_code == 200, "in the session that asked"
    assert not Notice.objects.of(verdier.brand).filter(settled_at=None).exists()
    assert delivered()[-1].subject == "You work for Maison Verdier now"
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["domain_opened", "joining_asked", "member_admitted"]


def test_strangers_learn_nothing_about_domains(verdier: House) -> None:
    pages = [Client().post("/join/", {"email": email}) for email in (ANA, "x@nowhere.example")]
    assert {page.status_code for page in pages} == {200}
    told = [re.sub(r'value="[^"]*"', "", body(page)) for page in pages]
    assert told[0] == told[1]
    assert len(delivered()) == 1
    assert [letter.to for letter in mail.outbox] == [[ANA]]
    assert AddressProof.objects.count() == 1
    for page in (
        Client().get("/join/"),
        Client().get("/join/no-such-token/"),
        browser(verdier.stranger).get("/brands/"),
    ):
        assert "verdier-group" not in body(page)
        assert "Maison" not in body(page)


def test_a_known_address_signs_in_before_it_asks(verdier: House) -> None:
    ana = User.objects.create_user(ANA, SECRET, name="Ana")
    link = link_for(ANA)
    page = Client().post(link, {"name": "Thief", "password": SECRET}, follow=True)
    assert "You have an account here" in body(page)
    assert "Maison" not in body(page)
    assert "sent to another address" in body(browser(verdier.stranger).get(link))
    mine = browser(ana)
    assert "Maison Verdier" in body(mine.get(link))
    page = mine.post(link, follow=True)
    assert "You have asked to join Maison Verdier." in body(page)
    assert EmailAddress.objects.get(user=ana).verified
    assert mine.post(link)["Location"] == "/brands/", "the second click of two"
    assert JoinRequest.objects.of(verdier.brand).count() == 1


def test_an_unproved_address_is_offered_nothing(verdier: House) -> None:
    ana = User.objects.create_user(ANA, name="Ana")
    client = browser(ana)
    assert "Maison" not in body(client.get("/brands/"))
    assert client.post("/join/request/", {"brand": verdier.brand.pk}).status_code == 400
    EmailAddress.objects.create(user=ana, email=ANA, verified=True, primary=True)
    assert "Open to people of your company" in body(client.get("/brands/"))
    assert "You have asked" in body(client.post("/join/request/", {"brand": verdier.brand.pk}, follow=True))
    assert JoinRequest.objects.of(verdier.brand).get().user == ana


def test_of_several_brands_one_is_chosen(verdier: House) -> None:
    second, third = house("second").brand, house("third").brand
    for brand in (second, third):
        CompanyDomain.open(brand, "verdier-group.example", verdier.people["owner"])
    third.archive(None)
    link = link_for(ANA)
    form = {"name": "Ana", "password": ""}
    assert Client().post(link, form).status_code == 400, "none was ticked"
    Client().post(link, {**form, "brand": [second.pk, third.pk]})
    assert JoinRequest.objects.of(second).count() == 1
    assert not JoinRequest.objects.of(verdier.brand).exists()
    assert not JoinRequest.objects.of(third).exists()


def test_no_is_no_for_a_week(verdier: House) -> None:
    ana = asked(verdier)
    pk = JoinRequest.objects.of(verdier.brand).get().pk
    owner = browser(verdier.people["owner"])
    url = f"/b/verdier/requests/{pk}/"
    assert "is declined" in body(owner.post(url, {"role": "none"}, follow=True))
    assert "answered already" in body(owner.post(url, {"role": "agent"}, follow=True))
    assert not Membership.objects.filter(user__email=ANA).exists()
    again = ana.post("/join/request/", {"brand": verdier.brand.pk}, follow=True)
    assert "has declined lately" in body(again)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        user = User.objects.get(email=ANA)
        assert JoinRequest.ask(user, verdier.brand)


@pytest.mark.parametrize(
    ("role", "gives", "status"), [("manager", "owner", 403), ("agent", "agent", 403), ("owner", "king", 400)]
)
def test_who_answers_gives_up_to_their_own_role(verdier: House, role: str, gives: str, status: int) -> None:
    asked(verdier)
    pk = JoinRequest.objects.of(verdier.brand).get().pk
    client = browser(verdier.people[role])
    assert client.post(f"/b/verdier/requests/{pk}/", {"role": gives}).status_code == status
    assert JoinRequest.objects.of(verdier.brand).open().exists()


def test_a_link_ends_after_an_hour_and_tries_are_counted(verdier: House) -> None:
    link = link_for(ANA)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert Client().get(link).status_code == 410
        assert Client().post(link, {"name": "Ana"})["Location"] == "/brands/"
    assert not User.objects.filter(email=ANA).exists()
    for _n in range(2):
        assert Client().post("/join/", {"email": ANA}).status_code == 200
    assert Client().post("/join/", {"email": ANA}).status_code == 429
    assert Client().post("/join/", {"email": "ana"}).status_code == 422


@pytest.mark.parametrize(
    "email", ["ana@sub.verdier-group.example", "ana@notverdier-group.example", "ana@example"]
)
def test_only_the_very_domain_is_open(verdier: House, email: str) -> None:
    Client().post("/join/", {"email": email})
    assert delivered() == []


@pytest.mark.parametrize(
    ("typed", "domain"),
    [("@Example.ORG ", "example.org"), ("ana@example.org", "example.org"), ("exämple.org", "xn--exmple-cua.org"),
     ("example.org.", "example.org"), ("example", ""), ("exa mple.org", ""), ("-a.org", ""), ("a..org", ""), ("", ""),
     ("x" * 300 + ".org", ""), ("1.2.3.4", "")],
)  # fmt: skip
def test_a_domain_is_found_in_what_is_typed(typed: str, domain: str) -> None:
    assert domain_of(typed) == domain


@pytest.mark.parametrize("domain", ["gmail.com", "orange.fr", "laposte.net", "proton.me", "co.uk", "gouv.fr"])
def test_where_anybody_may_have_an_address_is_no_company(verdier: House, domain: str) -> None:
    assert is_public(domain)
    page = browser(verdier.people["owner"]).post("/b/verdier/domains/", {"domain": domain})
    assert page.status_code == 422
    assert f"Anybody can have an address at {domain}." in body(page)
    assert CompanyDomain.objects.of(verdier.brand).count() == 1


def test_only_owners_name_domains(verdier: House) -> None:
    assert (
        browser(verdier.people["manager"]).post("/b/verdier/domains/", {"domain": "x.org"}).status_code == 403
    )
    owner = browser(verdier.people["owner"])
    assert "can ask to join now" in body(
        owner.post("/b/verdier/domains/", {"domain": "@V.example"}, follow=True)
    )
    owner.post("/b/verdier/domains/", {"domain": "v.example"})
    named = CompanyDomain.objects.of(verdier.brand).get(domain="v.example")
    assert "Nobody at v.example" in body(
        owner.post(f"/b/verdier/domains/{named.pk}/withdrawal/", follow=True)
    )
    assert owner.post(f"/b/verdier/domains/{named.pk}/withdrawal/").status_code == 404
    link = link_for(ANA)
    CompanyDomain.objects.of(verdier.brand).get().shut(verdier.people["owner"])
    assert Client().get(link).status_code == 410, "shut before they came back"


def test_the_sign_in_page_offers_it_where_a_brand_is_open(verdier: House) -> None:
    assert 'href="/join/"' in body(Client().get("/account/login/"))
    CompanyDomain.objects.of(verdier.brand).get().shut(verdier.people["owner"])
    assert 'href="/join/"' not in body(Client().get("/account/login/"))
