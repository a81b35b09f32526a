"""A picture beside an answer, in a real browser, seen by the stranger on the stand-in for Mastodon."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import Served, sign_in
from tests.journeys.test_enclosing import photo, words
from tests.journeys.test_fediverse import connect, on_stand_in
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["on_stand_in"]


def test_the_stranger_sees_the_picture_once_and_nothing_of_its_file(
    on_stand_in: Served, mastodon_stand_in: MastodonMock, open_browser: Any
) -> None:
    app = MockNeighbour.arrives(mastodon_stand_in, "brand")
    stranger = MockNeighbour.arrives(mastodon_stand_in)
    page = sign_in(open_browser(), on_stand_in, "manager")
    connect(page, mastodon_stand_in, app)
    page.get_by_role("link", name="Counter", exact=True).click()
    question = stranger.post(f"@{app.handle} what does seat 12 look like?")
    page.locator("#threads .row").first.click(timeout=40_000)
    page.get_by_label("Your reply").fill("Like this.")
    page.locator("#enclose-file").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    words(page).fill("A teal seat")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours .tick")).to_have_text("Sent", timeout=30_000)
    (answer,) = seen(lambda: stranger.answers(question))
    (picture,) = answer["media_attachments"]
    assert picture["description"] == "A teal seat"
    content = httpx2.get(picture["url"]).content
    assert b"SECRET" not in content
    with Image.open(BytesIO(content)) as shown:
        assert shown.size == (640, 480)
    expect(page.locator(".say.ours img")).to_have_attribute("alt", "A teal seat")
