"""A video brought into the library in a real browser, played there, and put beside a post that does not leave."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.films import film
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_video_is_brought_and_played(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), served)
    page.goto(f"{served.url}/b/{served.house.brand.slug}/library/")
    given = {"name": "quay.webm", "mimeType": "video/webm", "buffer": film("quay.webm")}
    page.get_by_label("Add pictures or videos").set_input_files([given])
    page.get_by_role("button", name="Bring them in").click()
    expect(page.get_by_text("In the library now: 1.")).to_be_visible()
    assert look(page, "library-with-video") == {}
    page.get_by_role("link", name="quay.webm").click()
    player = page.locator("video")
    assert player.evaluate(
        """async v => {
            v.muted = true
            await v.play()
            await new Promise(done => v.addEventListener('ended', done))
            return [v.videoWidth, v.videoHeight, Math.round(v.duration)]
        }"""
    ) == [64, 48, 2]
    expect(page.get_by_text("VP9, without sound")).to_be_visible()
    assert look(page, "library-video") == {}
    page.goto(f"{served.url}/b/{served.house.brand.slug}/posts/new/")
    page.get_by_role("textbox", name="Part 1").or_(page.locator("#part-0-1, #part-1-1")).first.fill(
        "The quay"
    )
    page.locator("input[name=channel]").first.check()
    page.get_by_text("From the library").click()
    page.get_by_role("button", name="quay.webm").click()
    page.get_by_label("What the video shows").fill("A boat crosses the harbour")
    expect(page.get_by_text("take it off").first).to_be_visible()
    assert look(page, "composer-with-video") == {}
    page.get_by_role("button", name="Take off the video").click()
    expect(page.get_by_label("What the video shows")).to_have_count(0)
