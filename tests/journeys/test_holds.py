"""A hold placed, waited for, lifted and decided on in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from comptoir.kernel import clock
from comptoir.networks.models import Delivery
from comptoir.publishing.models import Destination, Post
from comptoir.publishing.tests.building import draft
from tests.journeys.conftest import ARTEFACTS, Served, sign_in
from tests.journeys.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (360, "dark")])
def test_a_hold_names_what_is_under_way_and_asks_afterwards(
    served: Served, open_browser: Any, width: int, theme: str
) -> None:
    brand, channel = served.house.brand, served.house.channel
    by = served.house.people["manager"]
    flying = Delivery.objects.create(
        channel=channel, act="post", text="Already said", state="sending", claimed_at=clock.now()
    )
    page = sign_in(open_browser(width, theme), served, "manager")
    page.goto(f"{served.url}/b/{brand.slug}/posts/")
    assert look(page, f"posts-{width}") == {}
    page.locator("#main").get_by_role("link", name="Holds").click()
    assert look(page, f"holds-{width}") == {}
    page.get_by_label("Why").fill("A storm on the coast")
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_text("already on their way and cannot be stopped")).to_be_visible()
    expect(page.locator(".strips")).to_contain_text("A storm on the coast")
    assert look(page, f"hold-{width}") == {}
    Delivery.objects.of(brand).filter(pk=flying.pk).update(state="sent")
    expect(page.get_by_text("Nothing is on its way any more")).to_be_visible()
    post = draft(brand, by, channel, text="Fresh bread at seven")
    Post.objects.of(brand).filter(pk=post.pk).update(state="scheduled", due=clock.now())
    Destination.objects.of(brand).update(due=clock.now())
    page.reload()
    expect(page.locator("#kept ~ ul")).to_contain_text("Fresh bread at seven")
    page.screenshot(path=ARTEFACTS / f"hold-kept-{width}.png", full_page=True)
    page.get_by_role("button", name="Lift it").click()
    expect(page.get_by_role("heading", name="To be decided")).to_be_visible()
    page.screenshot(path=ARTEFACTS / f"decisions-{width}.png", full_page=True)
    assert look(page, f"decisions-{width}") == {}
    page.get_by_role("button", name="Do not publish").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    post.refresh_from_db()
    assert post.state == "cancelled"
