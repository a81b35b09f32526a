"""The pages of signing in, looked at: axe-core finds nothing serious, nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from comptoir.kernel import clock
from comptoir.organisation.models import Membership, SecondStepRule, Session
from tests.journeys.conftest import ARTEFACTS, WORDS, Served
from tests.journeys.looking import look
from tests.journeys.test_security import add_app, authenticator, knock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guarded(served: Served) -> Served:
    """An owner who has everything, signed in here and there; members who have not."""
    owner, agent = served.house.people["owner"], served.house.people["agent"]
    for n, (device, address) in enumerate(
        [("Safari, iPhone", "2001:db8:85a3::8a2e:370:7334"), ("", "198.51.100.7")]
    ):
        Session.objects.create(
            digest=f"{n}" * 64, sealed="", ends=clock.now() + timedelta(days=9), user=owner, address=address,
            device=device, began=clock.now() - timedelta(days=n + 2), seen=clock.now() - timedelta(hours=n + 1),
        )  # fmt: skip
    Authenticator.objects.create(user=agent, type="totp", data={"secret": "x"})
    return served


def own_pages(served: Served) -> Iterator[tuple[str, str]]:
    slug = served.house.brand.slug
    agent = Membership.objects.get(brand=served.house.brand, role="agent")
    yield "settings", "/settings/"
    yield "security", "/settings/security/"
    yield "sessions", "/settings/sessions/"
    yield "password", "/settings/security/password/"
    yield "recovery-codes", "/settings/security/codes/"
    yield "recovery-codes-new", "/settings/security/codes/new/"
    yield "app-removal", "/settings/security/app/removal/"
    yield "passkey-new", "/settings/security/passkeys/new/"
    yield "security-of-brand", f"/b/{slug}/security/"
    yield "factors-of-member", f"/b/{slug}/security/{agent.pk}/factors/"


def settle(page: Page, served: Served) -> None:
    """Sign in as the owner."""
    knock(page, served, "owner")
    page.wait_for_url("**/threads/")


def test_every_page(guarded: Served, open_browser: Any) -> None:
    context = open_browser()
    page = context.new_page()
    settle(page, guarded)
    page.goto(f"{guarded.url}/settings/security/app/")
    wrong = look(page, "app-new")
    add_app(page, guarded)
    with authenticator(context, page):
        page.goto(f"{guarded.url}/settings/security/passkeys/new/")
        page.get_by_role("button", name="Add the passkey").click()
        page.get_by_text("The passkey was added.").wait_for()
    SecondStepRule.lay_down(guarded.house.brand, guarded.house.people["owner"])
    for name, address in own_pages(guarded):
        page.goto(guarded.url + address)
        wrong |= look(page, name)
    other = open_browser().new_page()
    knock(other, guarded, "owner")
    other.get_by_role("heading", name="One more step").wait_for()
    wrong |= look(other, "second-step")
    assert wrong == {}


def test_what_members_see_who_have_none(guarded: Served, open_browser: Any) -> None:
    SecondStepRule.lay_down(guarded.house.brand, guarded.house.people["owner"])
    page = open_browser(360, height=760).new_page()
    knock(page, guarded, "reader")
    page.get_by_text("asks everybody for a second step").wait_for()
    assert look(page, "security-led", [360]) == {}


def test_french_fits_a_phone(guarded: Served, open_browser: Any) -> None:
    for user in guarded.house.people.values():
        user.language = "fr"
        user.save()
    page = open_browser(360, height=760).new_page()
    page.goto(f"{guarded.url}/account/login/")
    page.locator("[name=login]").fill(guarded.house.people["owner"].email)
    page.locator("[name=password]").fill(WORDS)
    page.locator("button.main").first.click()
    page.wait_for_url("**/threads/")
    page.goto(f"{guarded.url}/settings/security/app/")
    assert look(page, "app-new", [360], "fr") == {}
    Authenticator.objects.create(user=guarded.house.people["owner"], type="totp", data={"secret": "x"})
    for name, address in own_pages(guarded):
        if "codes" not in name:
            page.goto(guarded.url + address)
            assert look(page, name, [360], "fr") == {}


def test_the_password_field_says_how_good_it_is(guarded: Served, open_browser: Any) -> None:
    page = open_browser(360, height=760).new_page()
    settle(page, guarded)
    page.goto(f"{guarded.url}/settings/security/password/")
    field = page.locator("[name=password1]")
    for word, said in (
        ("short", "Too short"),
        ("aaaaaaaaaaaaa", "Easy to guess"),
        ("0123456789abc", "Easy to guess"),
        ("owner@verdier.example 9", "It holds your name"),
        ("teapot-lantern", "Fair"),
        ("teapot lantern Kestrel 42", "Good"),
    ):
        field.fill(word)
        page.get_by_text(said).wait_for()
    page.screenshot(path=ARTEFACTS / "password-typed-360-light.png")
    field.fill("")
    assert page.locator(".strength").is_hidden()
