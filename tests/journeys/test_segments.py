"""A post for a country with two languages, in a real browser: who serves it is chosen, what is missing is asked about,
and each account says it in its language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks.models import Channel
from comptoir.publishing.models import Segment, SegmentGiven
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look
from tests.journeys.test_composer import said_by, speaking
from tests.servers.neighbour import MockNeighbour, words

__all__ = ["speaking"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_post_for_a_segment_leaves_in_each_of_its_languages(
    speaking: tuple[Served, list[MockNeighbour]],
    open_browser: Any,
) -> None:
    served, accounts = speaking
    house = served.house
    Segment.make(house.brand, house.people["manager"], SegmentGiven("Japan", ("JP",), ("ja",)))
    page = sign_in(open_browser(), served, "manager")
    here = f"{served.url}/b/{house.brand.slug}"
    _segment(page, here, house.brand)
    page.goto(f"{here}/posts/new/")
    page.get_by_label("Language of the post").select_option("fr")
    page.get_by_label("Text", exact=True).fill("Le pain sort du four.")
    page.get_by_role("checkbox", name="Belgium").check()
    page.get_by_role("button", name="Choose their channels").click()
    expect(page.get_by_text("Translation missing")).to_be_visible()
    assert look(page, "composer-segments") == {}
    page.get_by_label("Why it belongs to no campaign").fill("a test")
    tomorrow = clock.now() + timedelta(days=1)
    page.get_by_label("Day").fill(str(tomorrow.date()))
    page.get_by_label("Hour").fill("09:00")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("will not have it in its language")).to_be_visible()
    assert look(page, "composer-gaps") == {}
    page.goto(f"{here}/posts/coverage/")
    expect(page.get_by_role("link", name="Counter")).to_be_visible()
    expect(page.get_by_role("cell", name="Translation missing")).to_be_visible()
    assert look(page, "coverage") == {}
    page.get_by_role("link", name="Le pain sort du four.").first.click()
    page.get_by_role("group", name="Dutch").get_by_label("Text").fill("Het brood komt uit de oven.")
    expect(page.get_by_text("everybody it is for has it in their language")).to_be_visible()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_label("Yes, as exactly these accounts").check()
    page.locator("#before").get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("It leaves now.")).to_be_visible()
    until(lambda: all(said_by(each) for each in accounts), 60, "the departure")
    said = [[(words(one), one["language"]) for one in said_by(each)] for each in accounts]
    assert said == [[("Le pain sort du four.", "fr")], [("Het brood komt uit de oven.", "nl")]]


def _segment(page: Page, here: str, brand: Any) -> None:
    """Made by hand, served by both accounts."""
    page.goto(f"{here}/posts/")
    page.get_by_role("link", name="Segments").click()
    page.get_by_role("link", name="New segment").click()
    page.get_by_label("Name").fill("Belgium")
    page.get_by_label("Countries").fill("be")
    page.get_by_label("Languages").fill("fr, nl")
    page.get_by_role("button", name="Make it, then choose its channels").click()
    channels = Channel.objects.of(brand).order_by("pk")
    for channel, language in zip(channels, ("fr", "nl"), strict=True):
        page.get_by_label(f"{channel.handle} ({channel.label})").select_option(language)
    assert look(page, "segment") == {}
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("no channel serves it")).to_be_visible()
    assert look(page, "segments") == {}
