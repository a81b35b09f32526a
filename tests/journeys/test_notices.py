"""Notices in a real browser: the bell rings without loading again, and a push message is shown by a closed page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from comptoir.inbox.tests.building import hear, said
from tests.journeys.conftest import Served, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bell_rings_while_one_looks(served: Served, open_browser: Any) -> None:
    hear(served.house.channel, [said("m1"), said("m2", by=1)])
    page = sign_in(open_browser(), served)
    bell = page.locator(".rail .roomy [data-bell]")
    expect(bell).to_be_hidden()
    served.house.thread().assign(served.house.people["agent"], served.house.people["owner"])
    expect(bell).to_have_text("1", timeout=20_000)
    page.get_by_role("link", name="Notices").first.click()
    page.get_by_role("link", name="Owner gave you a conversation on @verdier.").click()
    expect(page.locator("#stream")).to_be_visible()
    expect(page.locator(".rail .roomy [data-bell]")).to_be_hidden()


def test_a_push_message_is_shown_and_leads_to_its_page(served: Served, open_browser: Any) -> None:
    """The browser's own push service is outside: the message is handed to the browser where that service would."""
    context = open_browser(permissions=["notifications"])
    page = sign_in(context, served)
    page.goto(f"{served.url}/settings/notices/")
    page.evaluate(
        """async (script) => {
            await navigator.serviceWorker.register(script, { scope: "/" });
            await navigator.serviceWorker.ready;
        }""",
        "/service-worker.js",
    )
    tools = context.new_cdp_session(page)
    seen: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda said: seen.extend(said["registrations"]))
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    message = {
        "title": "Maison Verdier",
        "body": "Somebody wrote again.",
        "tag": "notice-1",
        "url": served.at(),
    }
    tools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": served.url, "registrationId": seen[0]["registrationId"], "data": json.dumps(message)},
    )
    shown = page.wait_for_function(
        """async () => {
            const shown = await (await navigator.serviceWorker.ready).getNotifications();
            return shown.length && { title: shown[0].title, body: shown[0].body, url: shown[0].data.url };
        }"""
    ).json_value()
    assert shown == {"title": message["title"], "body": message["body"], "url": message["url"]}


def test_a_browser_that_may_not_says_what_to_do(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), served)
    page.goto(f"{served.url}/settings/notices/")
    page.get_by_role("button", name="Show notices in this browser").click()
    expect(page.locator("[data-push-said]")).to_have_text(
        "This browser does not let us show notices. Allow them for this site in its settings, then try again."
    )
