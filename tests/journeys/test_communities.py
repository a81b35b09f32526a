"""Somebody learns how one speaks at a place before they speak there, on a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from comptoir.inbox.tests.building import TOWN, said
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, Source
from comptoir.networks.connector import Kind
from comptoir.networks.models import Audience
from comptoir.organisation.models import InformationPage
from tests import walked
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look, wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(served: Served) -> Mention:
    """A mention from a forum, of which nobody wrote anything down yet."""
    house = served.house
    Query.make(house.brand, house.people["manager"], "Thé", "teapot")
    post = replace(
        said("a", "My teapot leaks", kind=Kind.POST), addressed=False, url="https://forum.example/t/1"
    )
    hear(TOWN, [post])
    return Mention.objects.of(house.brand).get()


def test_a_card_is_written_where_it_is_missed_and_asks_before_one_speaks(
    served: Served, heard: Mention, open_browser: Any
) -> None:
    page = sign_in(open_browser(360, height=760), served, "agent")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/listening/mentions/{heard.pk}/")
    page.get_by_role("link", name="Write down how one speaks at forum.example").click()
    assert page.get_by_label("Where").input_value() == "forum.example"
    page.get_by_label("Customs").fill("No shops, please.")
    page.get_by_label("No brand speaks there").check()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("heading", name="forum.example").wait_for()
    assert wide(page) <= 0
    page.goto(f"{served.url}/b/{served.house.brand.slug}/listening/mentions/{heard.pk}/")
    page.get_by_text("No shops, please.").wait_for()
    assert wide(page) <= 0
    page.get_by_role("button", name="Bring to the counter").click()
    assert not Audience.objects.exists(), "the browser asks for the tick first"
    page.get_by_label("I know that no brand speaks there").check()
    page.get_by_role("button", name="Bring to the counter").click()
    page.get_by_role("link", name="On the counter").wait_for()
    assert Audience.objects.count() == 1


def test_its_pages_and_the_public_page_are_for_everybody(
    served: Served, heard: Mention, open_browser: Any
) -> None:
    house = served.house
    Source.objects.create(brand=house.brand, network="feed", address="https://blog.example/feed", name="Blog")
    InformationPage.objects.create(
        brand=house.brand, controller="Verdier SAS", contact="privacy@verdier.example"
    )
    page = sign_in(open_browser(), served, "owner")
    wrong: dict[str, Any] = {}
    pages = [*walked.cards_of(house), ("sources-again", f"/b/{house.brand.slug}/listening/sources/")]
    for name, address in [*pages, ("information", f"/information/{house.brand.slug}/?language=fr")]:
        page.goto(served.url + address)
        wrong |= look(page, name)
    assert wrong == {}
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="What is listened to").wait_for()
