"""A grant asked for in the browser, a warning in and out, an answer changed: on the stand-in for Mastodon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from comptoir.inbox.tests.building import house
from comptoir.networks.models import Channel
from tests.journeys.conftest import ARTEFACTS, Served, hashed, serve, sign_in
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour, words
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_stand_in(mastodon_stand_in: MastodonMock, transactional_db: None) -> Iterator[Served]:
    """A house whose processes may reach the stand-in."""
    built = house()
    Channel.objects.of(built.brand).delete()
    for user in built.people.values():
        user.password = hashed()
        user.save()
    with ExitStack() as stack:
        yield Served(built, serve(stack, [mastodon_stand_in.address], "web", "live", "worker"))


def connect(page: Page, server: MastodonMock, app: MockNeighbour) -> None:
    """Say which server, say yes there, and come back."""
    page.get_by_role("link", name="Channels", exact=True).click()
    page.get_by_role("link", name="Connect a channel").first.click()
    page.get_by_role("link", name="Mastodon").click()
    page.locator("[name=server]").fill("no server here")
    page.get_by_role("button", name="Connect").click()
    expect(page.locator(".wrong, .errorlist").first).to_be_visible()
    page.locator("[name=server]").fill(server.url)
    page.get_by_role("button", name="Connect").click()
    page.locator(f"button[value={app.handle}]").click()
    expect(page.locator("main")).to_contain_text("is connected. What people write appears by itself.")


def test_granted_in_the_browser_warned_and_changed(
    on_stand_in: Served, mastodon_stand_in: MastodonMock, open_browser: Any
) -> None:
    app = MockNeighbour.arrives(mastodon_stand_in, "brand")
    stranger = MockNeighbour.arrives(mastodon_stand_in)
    page = sign_in(open_browser(), on_stand_in, "manager")
    connect(page, mastodon_stand_in, app)

    page.get_by_role("link", name="Counter", exact=True).click()
    question = stranger.post(f"@{app.handle} one sat in my seat", spoiler_text="spiders")
    row = page.locator("#threads .row").first
    expect(row).to_contain_text("spiders", timeout=40_000)
    expect(row).not_to_contain_text("sat in my seat")
    row.click()
    folded = page.locator(".warned")
    expect(folded.locator("summary")).to_have_text("spiders")
    expect(page.get_by_text("one sat in my seat")).to_be_hidden()
    folded.locator("summary").click()
    expect(page.get_by_text("one sat in my seat")).to_be_visible()
    expect(page.locator("[name=warning]")).to_have_value("spiders")
    page.screenshot(path=ARTEFACTS / "content-warning.png", caret="initial")

    page.get_by_label("Your reply").fill("We are sorry, it is gone nwo.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours .tick")).to_have_text("Sent", timeout=30_000)
    expect(
        page.get_by_text("one sat in my seat")
    ).to_be_visible()  # the stream came anew and kept it unfolded
    answer = seen(lambda: stranger.answers(question))[0]
    assert (words(answer), answer["spoiler_text"]) == ("We are sorry, it is gone nwo.", "spiders")

    page.get_by_role("link", name="Change", exact=True).click()
    box = page.get_by_label("Your answer, as it shall read")
    expect(box).to_have_value("We are sorry, it is gone nwo.")
    expect(box).to_be_focused()
    _looked_at(page)
    box.fill("We are sorry, it is gone now.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator(".say.ours .foot")).to_contain_text("edited", timeout=30_000)
    expect(page.locator(".say.ours .text")).to_have_text("We are sorry, it is gone now.")
    expect(page.get_by_label("Your reply")).to_have_value("")
    seen(lambda: words(stranger.seen(answer["uri"])) == "We are sorry, it is gone now.")


def _looked_at(page: Page) -> None:
    """Pictures wide and narrow, light and dark, and what a reader of the page's structure finds wrong with it."""
    for width, theme in ((1440, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=ARTEFACTS / f"change-{width}-{theme}.png", caret="initial")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert not found.response["violations"], found.generate_report()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
