"""Signing in with more than a password, in a real browser: an app's codes, recovery codes, passkeys, sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page

from comptoir.organisation.models import SecondStepRule
from tests.journeys.conftest import WORDS, Served, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
INSIDE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""An authenticator like a laptop's own."""


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or `later` periods of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def knock(page: Page, served: Served, role: str = "agent") -> None:
    """Sign in by password, up to whatever comes next."""
    page.goto(f"{served.url}/account/login/")
    page.get_by_label("Email").fill(served.house.people[role].email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".rail summary", has_text="You").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")


def add_app(page: Page, served: Served) -> tuple[str, list[str]]:
    """Add an app to the signed-in person; its secret and the recovery codes."""
    page.goto(f"{served.url}/settings/security/")
    page.get_by_role("link", name="Add an app").click()
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    assert page.locator(".qr svg path").count() == 1
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    return secret, page.locator(".codes code").all_inner_texts()


@contextmanager
def authenticator(context: BrowserContext, page: Page) -> Iterator[Any]:
    """A passkey device in this browser; calls go to it, and what it holds can be asked."""
    line = context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})
    yield lambda verb, **how: line.send(f"WebAuthn.{verb}", {**made, **how})
    line.detach()


def test_an_app_is_the_second_step(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), served)
    secret, codes = add_app(page, served)
    assert len(codes) == 10
    page.get_by_role("link", name="I have them").click()
    assert "Recovery codes" in page.content()
    sign_out(page)

    knock(page, served)
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("That was not right.").wait_for()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/threads/")
    sign_out(page)

    knock(page, served)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/threads/")
    page.goto(f"{served.url}/settings/security/")
    page.get_by_text("9 are left.").wait_for()
    sign_out(page)

    knock(page, served)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("That was not right.").wait_for()


def test_a_passkey_signs_in_alone_and_as_the_second_step(served: Served, open_browser: Any) -> None:
    context = open_browser()
    page = sign_in(context, served)
    with authenticator(context, page) as device:
        page.goto(f"{served.url}/settings/security/")
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_label("Its name").fill("My laptop")
        page.get_by_role("button", name="Add the passkey").click()
        page.get_by_role("heading", name="Recovery codes").wait_for()
        (held,) = device("getCredentials")["credentials"]
        assert (held["rpId"], held["isResidentCredential"]) == ("localhost", True)
        page.get_by_role("link", name="I have them").click()
        page.get_by_text("My laptop").wait_for()
        sign_out(page)

        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/threads/")
        sign_out(page)

        knock(page, served)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/threads/")
        sign_out(page)

        device("setUserVerified", isUserVerified=False)
        page.get_by_role("button", name="Use a passkey").click()
        page.get_by_text("The browser stopped").wait_for()


def test_a_brand_that_asks_for_a_second_step_shows_nothing_without(served: Served, open_browser: Any) -> None:
    owner, agent = served.house.people["owner"], served.house.people["agent"]
    page = sign_in(open_browser(), served)
    SecondStepRule.lay_down(served.house.brand, owner)
    page.goto(served.at())
    page.wait_for_url("**/settings/security/**")
    page.get_by_text("Maison Verdier asks everybody for a second step").wait_for()
    add_app(page, served)
    page.get_by_role("link", name="Go on to Maison Verdier").click()
    page.wait_for_url("**/threads/")
    assert agent.email


def test_a_session_that_is_ended_closes_its_pages(served: Served, open_browser: Any) -> None:
    there, here = open_browser(), open_browser()
    lost = sign_in(there, served)
    lost.locator("#live-dot.on").wait_for()
    page = sign_in(here, served)
    page.goto(f"{served.url}/settings/sessions/")
    page.get_by_text("This one").wait_for()
    assert page.get_by_role("button", name="End the session of Chrome, Linux").count() == 1
    page.get_by_role("button", name="End the session of Chrome, Linux").click()
    page.get_by_text("1 other session ended.").wait_for()
    lost.get_by_text("You are signed out. Sign in again.").wait_for()
    lost.goto(served.at())
    lost.wait_for_url("**/account/login/**")
    page.goto(served.at())
    page.wait_for_url("**/threads/")
