"""A post that a client approves by a link, in a real browser, and that then stands on a real network."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks.models import Channel
from comptoir.publishing.models import Approval, Destination, Post
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Stranger

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "Doors open at eight", "Doors open at nine"


def test_a_client_asks_for_changes_then_approves_and_it_leaves(
    agency: tuple[Served, Channel], atproto: AtprotoNetwork, open_browser: Any
) -> None:
    served, channel = agency
    brand, stranger = served.house.brand, Stranger.arrives(atproto)
    _a_client_decides(sign_in(open_browser(), served, "manager"))
    page = sign_in(open_browser(), served)
    first = _linked(page, served, channel)

    # The client has no account: what they have is the link.
    client = open_browser(width=360).new_page()
    client.goto(first)
    expect(client.get_by_text(BEFORE)).to_be_visible()
    assert look(client, "approving") == {}
    assert client.context.cookies() == []
    client.get_by_role("button", name="Ask for changes").click()
    expect(client.get_by_text("Say what should change")).to_be_visible()
    client.get_by_label("What you want to say").fill("At nine, the hall is late.")
    client.get_by_role("button", name="Ask for changes").click()
    expect(client.get_by_text("has your decision")).to_be_visible()

    # The agency writes it anew and asks again: the old link decides about nothing any more.
    post = Post.objects.of(brand).get()
    page.goto(f"{served.url}/b/{brand.slug}/posts/{post.pk}/")
    page.get_by_label("Text").fill(AFTER)
    page.get_by_role("button", name="Schedule").click()
    second = _link(page, served, post)
    client.goto(first)
    expect(client.get_by_role("button", name="Approve")).to_have_count(0)
    client.goto(second)
    expect(client.get_by_text(AFTER)).to_be_visible()
    client.get_by_role("button", name="Approve").click()
    expect(client.get_by_text("has your decision")).to_be_visible()
    assert [(each.decision, each.number) for each in Approval.objects.of(brand).order_by("pk")] == [
        ("changes", 1), ("approved", 2),
    ]  # fmt: skip

    assert [record["value"]["text"] for record in stranger.records(channel.remote_id)] == []
    Destination.objects.of(brand).update(due=clock.now())
    until(lambda: Post.objects.of(brand).get().state == "published", 60, "the departure")
    assert [record["value"]["text"] for record in stranger.records(channel.remote_id)] == [AFTER]


def _a_client_decides(page: Page) -> None:
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="Who approves posts").click()
    page.locator("select").first.select_option(label="A client, by a link")
    page.locator("input[type=text]").first.fill("Municipal theatre")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Posts are approved in these steps from now on.")).to_be_visible()


def _linked(page: Page, served: Served, channel: Channel) -> str:
    """Write a post that is to be approved; the link that decides about it."""
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="Write the first post").click()
    page.get_by_role("checkbox", name=channel.handle).check()
    page.get_by_label("Text").fill(BEFORE)
    page.get_by_label("Why it belongs to no campaign").fill("for the theatre")
    page.get_by_label("Day").fill(f"{clock.now().year + 1}-05-04")
    page.get_by_label("Hour").fill("07:00")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("To be approved").first).to_be_visible()
    return _link(page, served, Post.objects.of(served.house.brand).get())


def _link(page: Page, served: Served, post: Post) -> str:
    page.goto(f"{served.url}/b/{served.house.brand.slug}/posts/{post.pk}/approval/")
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Link").get_by_role("textbox").input_value()
