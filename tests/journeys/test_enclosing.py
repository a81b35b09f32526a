"""Pictures beside an answer, in a real browser: chosen, pasted, dropped, described, sent."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from comptoir.inbox.models import Enclosure
from comptoir.inbox.tests.building import hear, said
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)
BRINGS = """([kind, name, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), all = new DataTransfer();
  all.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const at = document.getElementById("reply-text");
  const how = { bubbles: true, cancelable: true };
  if (kind === "paste") at.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: all }));
  else for (const each of ["dragover", "drop"]) at.dispatchEvent(new DragEvent(each, { ...how, dataTransfer: all }));
}"""


def photo(colour: str = "teal") -> bytes:
    """A photograph that tells where it was taken."""
    exif, out = Image.Exif(), BytesIO()
    exif[0x010E] = "SECRET place"
    Image.new("RGB", (640, 480), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def words(page: Page) -> Any:
    return page.get_by_role("textbox", name="What picture")


def test_pictures_are_chosen_pasted_dropped_described_and_kept(served: Served, open_browser: Any) -> None:
    hear(served.house.channel, [said("m1", "My case has a broken wheel, what do I do?")])
    page = sign_in(open_browser(), served)
    page.goto(served.at(f"{served.house.thread().pk}/"))
    page.get_by_label("Your reply").fill("Here is how it looks.")
    page.locator("#enclose-file").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(words(page)).to_have_count(1)
    expect(words(page)).to_be_focused()
    expect(page.get_by_text("1 without a description")).to_be_visible()
    words(page).fill("The wheel, new")
    expect(page.get_by_text("1 without a description")).to_be_hidden()
    for n, kind in enumerate(("paste", "drop"), 2):
        data = base64.b64encode(photo("orange")).decode()
        page.evaluate(BRINGS, [kind, f"{kind}.jpg", data])
        expect(words(page)).to_have_count(n)
    expect(words(page).first).to_have_value("The wheel, new")
    expect(page.get_by_label("Your reply")).to_have_value("Here is how it looks.")
    _looked_at(page)
    words(page).nth(1).fill("The screws")
    words(page).nth(1).press("Enter")
    expect(page.locator(".say.ours")).to_have_count(0)
    seen(lambda: Enclosure.objects.filter(alt="The screws").exists())

    # Closed and opened elsewhere, it is all there.
    page = sign_in(open_browser(), served)
    page.goto(served.at(f"{served.house.thread().pk}/"))
    expect(words(page)).to_have_count(3)
    expect(page.get_by_label("Your reply")).to_have_value("Here is how it looks.")
    page.get_by_role("button", name="Take off number 3").click()
    expect(words(page)).to_have_count(2)
    words(page).nth(1).fill("")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#reply-wrong")).to_contain_text("1 picture has no description")
    page.get_by_label("Send without a description").check()
    page.get_by_role("button", name="Send", exact=True).click()
    ours = page.locator(".say.ours")
    expect(ours.locator("img")).to_have_count(2)
    expect(ours.locator("img").first).to_have_attribute("alt", "The wheel, new")
    page.get_by_role("button", name="Undo").click()
    expect(words(page)).to_have_count(2)
    expect(page.get_by_label("Your reply")).to_have_value("Here is how it looks.")


def _looked_at(page: Page) -> None:
    assert look(page, "enclosures") == {}
    page.set_viewport_size({"width": 1440, "height": 900})
