"""A post written and moved in a real browser, kept by a hold, let go, and then read on a real network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks.models import Channel
from comptoir.publishing.models import Destination, Post
from tests.journeys.conftest import Served, sign_in
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Stranger, jpeg

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Fresh bread at seven 🍞"


def test_what_was_written_waits_under_a_hold_and_then_stands_on_the_network_once(
    agency: tuple[Served, Channel], atproto: AtprotoNetwork, open_browser: Any
) -> None:
    served, channel = agency
    brand, stranger = served.house.brand, Stranger.arrives(atproto)
    page = sign_in(open_browser(), served, "manager")
    _write(page, channel)
    post = Post.objects.of(brand).get()
    _move(page, served, post)

    page.goto(f"{served.url}/b/{brand.slug}/holds/")
    page.get_by_label("Why").fill("A storm on the coast")
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_text("Nothing was on its way when it was stopped")).to_be_visible()
    # Its minute comes while nothing may leave.
    Post.objects.of(brand).update(due=clock.now())
    Destination.objects.of(brand).update(due=clock.now())
    page.reload()
    expect(page.locator("#kept ~ ul")).to_contain_text(SAID)
    page.get_by_role("button", name="Lift it").click()
    expect(page.get_by_role("heading", name="To be decided")).to_be_visible()
    assert stranger.records(channel.remote_id) == []

    until(lambda: Post.objects.of(brand).get().state == "asking", 60, "the question")
    page.reload()
    page.get_by_role("button", name="Leave now").click()
    until(lambda: Post.objects.of(brand).get().state == "published", 60, "the departure")
    (record,) = stranger.records(channel.remote_id)
    assert record["value"]["text"] == SAID
    assert [each["alt"] for each in record["value"]["embed"]["images"]] == ["A loaf, cut in half"]
    page.goto(f"{served.url}/b/{brand.slug}/posts/{post.pk}/")
    expect(page.locator("#became [role=status]")).to_have_text("Published")


def _write(page: Page, channel: Channel) -> None:
    """For tomorrow, with a picture that is described."""
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="Write the first post").click()
    page.get_by_role("checkbox", name=channel.handle).check()
    page.get_by_label("Text").fill(SAID)
    expect(page.locator("#looks .count").first).to_contain_text("22 / 300")
    file: Any = {"name": "bread.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Add pictures").set_input_files(file)
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_label("What picture 1 shows").fill("A loaf, cut in half")
    page.get_by_label("Why it belongs to no campaign").fill("said every day")
    page.get_by_label("Day").fill(f"{clock.now().date() + timedelta(days=2)}")
    page.get_by_label("Hour").fill("07:00")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("It is scheduled.")).to_be_visible()


def _move(page: Page, served: Served, post: Post) -> None:
    """A week later, by the keyboard."""
    assert post.day is not None
    there = f"{served.url}/b/{served.house.brand.slug}/posts/calendar/?view=week&day={post.day}"
    page.goto(there)
    page.get_by_role("link", name=f"Move {SAID}").focus()
    page.keyboard.press("Enter")
    later = post.day + timedelta(days=7)
    page.get_by_label("Day").fill(f"{later}")
    page.get_by_label("Day").press("Enter")
    expect(page.locator(f"[data-day='{later}']")).to_contain_text("Fresh bread")
