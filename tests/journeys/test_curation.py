"""Somebody else's piece, shared in a real browser: it leaves with its author, its link and thanks, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.kernel.tests.waiting import until
from comptoir.publishing.models import Post
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look
from tests.journeys.test_composer import said_by, speaking  # noqa: F401 - a fixture
from tests.servers.neighbour import MockNeighbour, words

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://photos.example/oven"


def test_a_found_piece_leaves_with_its_credit_and_thanks(
    speaking: tuple[Served, list[MockNeighbour]],  # noqa: F811
    open_browser: Any,
) -> None:
    served, accounts = speaking
    brand = served.house.brand
    page = sign_in(open_browser(), served)
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="Found pieces").click()
    page.get_by_role("link", name="Add the first piece").click()
    _keep(page)
    page.get_by_role("link", name="Write a post about it").click()
    expect(page.get_by_label("Text")).to_have_value(f"The oven at night (Ana Ruiz)\n{LINK}")
    page.get_by_role("checkbox", name=f"{accounts[0].handle}").first.check()
    page.get_by_label("Text").fill("The oven at night")
    missing = page.locator("#looks").get_by_text("The author of “The oven at night” is missing")
    expect(missing).to_be_visible()
    expect(page.locator("#looks").get_by_text("The link of “The oven at night” is missing")).to_be_visible()
    page.get_by_label("Why it belongs to no campaign").fill("too good not to share")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("#before")).to_contain_text("is missing: name Ana Ruiz")
    assert look(page, "curation-asks") == {}
    assert said_by(accounts[0]) == []
    page.get_by_label("Text").fill(f"The oven at night: {LINK}")
    page.get_by_role("button", name="Thank the author").click()
    expect(page.get_by_label("First comment").first).to_have_value("Thanks to Ana Ruiz!")
    expect(missing).to_have_count(0)
    page.get_by_role("button", name="Publish now").first.click()
    until(lambda: Post.objects.of(brand).get().state == "published", 60, "the departure")
    assert sorted(map(words, said_by(accounts[0]))) == ["Thanks to Ana Ruiz!", f"The oven at night: {LINK}"]
    page.goto(f"{served.url}/b/{brand.slug}/found/?state=used")
    expect(page.get_by_role("link", name="The oven at night").first).to_be_visible()


def _keep(page: Page) -> None:
    """Keep a piece; without its author nothing is kept."""
    page.get_by_label("Link").fill(LINK)
    page.get_by_label("Title").fill("The oven at night")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Author", exact=True).fill("Ana Ruiz")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("It is kept.")).to_be_visible()
