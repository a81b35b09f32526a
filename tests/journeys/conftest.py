"""The whole house for a browser: pages, live stream and worker as processes, on the tests' own database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import ScryptPasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from comptoir.inbox.tests.building import House, house
from comptoir.kernel.ports import free_port
from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.web.tests.processes import status
from tests import beside
from tests.servers.running import AtprotoNetwork

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
WORDS = "a long enough secret 7"
# Playwright keeps an event loop in this thread; nothing of ours runs in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@dataclass
class Served:
    """A house with its address."""

    house: House
    url: str

    def at(self, rest: str = "") -> str:
        return f"{self.url}{self.house.url(rest)}"


_serving: list[str] = []


def serve(stack: ExitStack, allowed: list[str], *roles: str, **more: str) -> str:
    """Start these roles, with more settings; the address of the pages. One house at a time: of two workers on one
    database, each takes what is meant for the other."""
    assert not _serving, "a module has its pages, or its tests serve their own"
    stack.callback(_serving.clear)
    _serving.extend(roles)
    port = free_port(2)
    env = {"PORT": str(port), "WEB_WORKERS": "1", "SEND_DELAY": "2", "PUBLIC_URL": f"http://localhost:{port}"}
    env |= more
    for role in roles:
        stack.enter_context(beside.running("comptoir.command.main", role, allowed=allowed, **env))
    until(lambda: status(port, "/account/login/") == 200, 40)
    return f"http://localhost:{port}"


@cache
def hashed() -> str:
    """The password of everybody, as the product itself writes it down: it takes a moment, once."""
    return ScryptPasswordHasher().encode(WORDS, "salt", n=2**14)


@pytest.fixture(scope="module")
def pages(django_db_setup: None) -> Iterator[str]:
    """Pages, live stream and worker, once a module: no other worker may be there when a module starts its own."""
    with ExitStack() as stack:
        yield serve(stack, [], "web", "live", "worker")


@pytest.fixture
def served(transactional_db: None, pages: str) -> Served:
    """A brand with people who can sign in by password."""
    built = house()
    for user in built.people.values():
        user.password = hashed()
        user.save()
    return Served(built, pages)


@pytest.fixture
def agency(
    atproto: AtprotoNetwork, transactional_db: None, settings: LazySettings
) -> Iterator[tuple[Served, Channel]]:
    """A house that speaks on a real personal data server."""
    built = house()
    Channel.objects.of(built.brand).delete()
    settings.INSIDE_ALLOWED = frozenset(atproto.addresses)
    http.cache_clear()
    account = atproto.new_account("brand")
    answers = {"handle": account.handle, "password": account.app_password, "service": atproto.pds}
    channel = connect(built.brand, "bluesky", answers)
    for user in built.people.values():
        user.password = hashed()
        user.save()
    with ExitStack() as stack:
        yield Served(built, serve(stack, list(atproto.addresses), "web", "live", "worker")), channel
    http.cache_clear()


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[Any]:
    """`open_browser(width, theme, …)` gives a fresh context; what its pages complain of fails the test at the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(width: int = 1440, theme: str = "light", height: int = 900, **rest: Any) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale="en-GB", **rest
        )
        context.set_default_timeout(10_000)
        context.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        context.on("weberror", lambda e: complaints.append(str(e.error)))
        contexts.append(context)
        return context

    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if "Failed to load resource" not in said] == []


def sign_in(context: BrowserContext, served: Served, role: str = "agent") -> Page:
    """By password, as people do."""
    page = context.new_page()
    page.goto(served.url)
    page.get_by_label("Email").fill(served.house.people[role].email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/threads/")
    return page


@pytest.fixture(autouse=True)
def _artefacts() -> None:
    ARTEFACTS.mkdir(exist_ok=True)
