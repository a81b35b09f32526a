"""Signing in through an identity provider: a certified one, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password
from playwright.sync_api import Page

from comptoir.inbox.tests.building import house
from comptoir.kernel.ports import free_port
from comptoir.kernel.tests.waiting import until
from comptoir.organisation.models import AuditEntry, CompanyDomain, Invitation, JoinRequest, User
from comptoir.web.tests.processes import status
from tests import beside
from tests.journeys.conftest import WORDS, Served, hashed
from tests.journeys.test_security import add_app, code_of
from tests.servers.fixtures import do_without
from tests.servers.install import Unavailable
from tests.servers.openid import OpenIdProvider, openid_provider

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def pages(django_db_setup: None) -> Iterator[str]:
    """Pages whose people sign in through a provider beside them."""
    with ExitStack() as stack:
        port = free_port(2)
        url = f"http://localhost:{port}"
        try:
            provider: OpenIdProvider = stack.enter_context(openid_provider(url))
        except Unavailable as why:
            do_without(why)
        env = {"PORT": str(port), "WEB_WORKERS": "1", "PUBLIC_URL": url, **provider.settings()}
        stack.enter_context(beside.running("comptoir.command.main", "web", allowed=[provider.place], **env))
        until(lambda: status(port, "/account/login/") == 200, 40)
        yield url


@pytest.fixture
def served(transactional_db: None, pages: str) -> Served:
    """A brand whose people's addresses are known to be theirs."""
    built = house()
    for user in built.people.values():
        user.password = hashed()
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return Served(built, pages)


def come(page: Page, served: Served, address: str, agree: bool = True) -> None:
    """Go through the provider as the person of an address."""
    page.goto(f"{served.url}/account/login/")
    page.get_by_role("link", name="Sign in with Verdier Identity").click()
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").wait_for()
    if agree:
        page.get_by_role("button", name="Continue").click()
    else:
        page.get_by_role("link", name="Cancel").click()


def test_an_account_is_found_by_its_proven_address_and_linked(served: Served, open_browser: Any) -> None:
    agent = served.house.people["agent"]
    page = open_browser().new_page()
    come(page, served, agent.email)
    page.wait_for_url("**/threads/")
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid, linked.provider) == (agent, agent.email, "sso")
    agent.refresh_from_db()
    # The user's own check would hash it anew, which ends every session.
    assert check_password(WORDS, agent.password), "the address was known to be theirs"
    page.goto(f"{served.url}/settings/security/")
    page.get_by_text("Opens this account since").wait_for()
    page.get_by_role("button", name="Unlink").click()
    page.get_by_text("Unlinked.").wait_for()
    assert not SocialAccount.objects.exists()
    said = AuditEntry.objects.everywhere().filter(user=agent).values_list("what", flat=True)
    assert {"identity_linked", "identity_unlinked"} <= set(said)


def test_the_second_step_is_asked_for_all_the_same(served: Served, open_browser: Any) -> None:
    agent = served.house.people["agent"]
    page = open_browser().new_page()
    come(page, served, agent.email)
    page.wait_for_url("**/threads/")
    secret, _codes = add_app(page, served)
    other = open_browser().new_page()
    come(other, served, agent.email)
    other.get_by_role("heading", name="One more step").wait_for()
    other.get_by_label("Code").fill(code_of(secret))
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/threads/")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("who@elsewhere.example", "Nobody has invited this address here"),
        ("unproved@verdier.example", "does not vouch for the address unproved@verdier.example"),
        ("nobody@verdier.example", "gave no address for you"),
    ],
)
def test_whom_nobody_expects_is_told_so(
    served: Served, open_browser: Any, address: str, sentence: str
) -> None:
    before = User.objects.count()
    User.objects.filter(email="reader@verdier.example").update(email="unproved@verdier.example")
    page = open_browser().new_page()
    come(page, served, address)
    page.get_by_text(sentence).wait_for()
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_an_invited_address_comes_in_with_its_role(served: Served, open_browser: Any) -> None:
    owner = served.house.people["owner"]
    Invitation.make(served.house.brand, "newt@elsewhere.example", "agent", owner).link(mailed=True)
    page = open_browser().new_page()
    come(page, served, "newt@elsewhere.example")
    page.wait_for_url("**/threads/")
    newt = User.objects.get(email="newt@elsewhere.example")
    assert (newt.name, newt.memberships.get().role) == ("Newt", "agent")


def test_an_open_domain_lets_its_people_ask(served: Served, open_browser: Any) -> None:
    CompanyDomain.open(served.house.brand, "elsewhere.example", served.house.people["owner"])
    page = open_browser().new_page()
    come(page, served, "ana@elsewhere.example")
    page.wait_for_url(f"{served.url}/**")
    until(lambda: User.objects.filter(email="ana@elsewhere.example").exists())
    assert not JoinRequest.objects.everywhere().exists(), "asking is theirs to do"
    assert not User.objects.get(email="ana@elsewhere.example").memberships.exists()


def test_who_leaves_the_provider_comes_back_to_the_other_ways_in(served: Served, open_browser: Any) -> None:
    page = open_browser().new_page()
    come(page, served, served.house.people["agent"].email, agree=False)
    page.get_by_text("You left Verdier Identity without signing in.").wait_for()
    assert not SocialAccount.objects.exists()
