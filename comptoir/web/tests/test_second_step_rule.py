"""A brand may ask its members for a second step, and its owners help who lost theirs."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core.cache import cache

from comptoir.inbox.tests.building import House, browser, house
from comptoir.kernel import tokens
from comptoir.organisation.models import AuditEntry, Membership, SecondStepRule, User
from comptoir.web.live import PURPOSE
from comptoir.web.tests.signing import WORDS, fresh, mails, with_app

pytestmark = pytest.mark.django_db
SECURITY = "/settings/security/"


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@brand.test", WORDS, name="Anna")


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture
def strict(verdier: House) -> House:
    """A brand that asks for a second step; its owner has one."""
    with_app(verdier.people["owner"])
    client = fresh(verdier.people["owner"])
    answer = client.post(f"/b/{verdier.brand.slug}/security/", {"required": "yes"})
    assert answer.status_code == 302
    assert SecondStepRule.objects.get().by == verdier.people["owner"]
    return verdier


def test_members_without_one_are_led_to_it_first(strict: House) -> None:
    agent = strict.people["agent"]
    client = browser(agent)
    there = f"{SECURITY}?brand={strict.brand.slug}"
    for path in (strict.url(), f"/b/{strict.brand.slug}/people/", f"/b/{strict.brand.slug}/channels/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, there), path
    asked = client.get(strict.url(), headers={"HX-Request": "true"})
    assert (asked.status_code, asked["HX-Redirect"]) == (403, there)
    read = tokens.read(PURPOSE, client.get("/live-token/").json()["token"], settings.SECRET_KEY)
    assert read.said["brands"] == []
    page = client.get(there).content.decode()
    assert "Maison Verdier asks everybody for a second step" in page
    with_app(agent)
    assert client.get(strict.url()).status_code == 200
    assert "Maison Verdier is open to you." in client.get(SECURITY).content.decode()


def test_recovery_codes_alone_are_no_second_step(strict: House) -> None:
    RecoveryCodes.activate(strict.people["agent"])
    assert browser(strict.people["agent"]).get(strict.url()).status_code == 302


def test_the_rule_is_lifted(strict: House) -> None:
    fresh(strict.people["owner"]).post(f"/b/{strict.brand.slug}/security/", {"required": "no"})
    assert browser(strict.people["agent"]).get(strict.url()).status_code == 200
    said = AuditEntry.objects.of(strict.brand).filter(what__startswith="second_step_").order_by("pk")
    assert [each.what for each in said] == ["second_step_required", "second_step_optional"]


def test_an_owner_without_one_cannot_ask_others_for_it(verdier: House) -> None:
    client = fresh(verdier.people["owner"])
    page = client.post(f"/b/{verdier.brand.slug}/security/", {"required": "yes"}, follow=True)
    assert "Add a second step to your own account first" in page.content.decode()
    assert not SecondStepRule.objects.exists()


def test_only_owners_see_who_has_one(verdier: House) -> None:
    for role, status in (("reader", 403), ("agent", 403), ("manager", 403), ("owner", 200)):
        assert browser(verdier.people[role]).get(f"/b/{verdier.brand.slug}/security/").status_code == status
    assert browser(verdier.stranger).get(f"/b/{verdier.brand.slug}/security/").status_code == 404


# Lost


def reset(verdier: House, who: User) -> Any:
    member = Membership.objects.get(brand=verdier.brand, user=who)
    return fresh(verdier.people["owner"]).post(f"/b/{verdier.brand.slug}/security/{member.pk}/factors/")


def test_an_owner_resets_what_a_member_lost(verdier: House, mailoutbox: list[Any]) -> None:
    agent = verdier.people["agent"]
    with_app(agent)
    RecoveryCodes.activate(agent)
    theirs = browser(agent)
    assert reset(verdier, agent).status_code == 302
    assert not Authenticator.objects.filter(user=agent).exists()
    assert theirs.get("/settings/")["Location"].startswith("/account/login/"), "signed out everywhere"
    (mail,) = mails(mailoutbox)
    assert mail.to == [agent.email]
    assert "Owner removed your app, passkeys and recovery codes" in mail.body
    entry = AuditEntry.objects.everywhere().get(what="factors_reset")
    assert (entry.user, entry.about_id) == (verdier.people["owner"], agent.pk)


def test_an_owner_touches_nobody_who_works_for_others(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    other = house("second")
    Membership.objects.create(brand=other.brand, user=agent, role="reader")
    for who in (agent, owner):
        with_app(who)
        assert reset(verdier, who).status_code == 403
    assert Authenticator.objects.count() == 2
    Membership.objects.filter(brand=other.brand, user=agent).delete()
    assert reset(verdier, agent).status_code == 302
