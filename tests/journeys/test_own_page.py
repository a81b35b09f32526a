"""The brand's own page in a real browser: opened, written for, read in two languages, framed by the brand's site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from comptoir.kernel.tests.waiting import until
from comptoir.publishing.models import Post
from tests.journeys.conftest import ARTEFACTS, Served, sign_in
from tests.journeys.looking import look
from tests.servers.stranger import jpeg

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """The brand's own site, elsewhere: its address, and what stands on it."""
    body = [""]

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Site</title>{body[0]}".encode())

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", body
    server.shutdown()


def test_a_post_stands_on_the_brands_own_page_for_each_in_their_language(
    served: Served, open_browser: Any, chromium: Any, site: tuple[str, list[str]]
) -> None:
    brand = served.house.brand
    page = sign_in(open_browser(), served, "manager")
    frame = _open(page, served, site[0])
    _write(page, served)
    until(lambda: Post.objects.of(brand).filter(state="published").exists(), 60, "the publication")
    reader = open_browser().new_page()
    answer = reader.goto(f"{served.url}/p/verdier/")
    assert answer.headers.get("set-cookie") is None
    expect(reader.locator(".own-words")).to_contain_text("Fresh bread at seven")
    assert look(reader, "own-page-read") == {}
    reader.get_by_role("link", name=re.compile("Fresh bread")).click()
    expect(reader.get_by_role("heading", name="Fresh bread at seven")).to_be_visible()
    expect(reader.get_by_alt_text("A loaf, cut in half")).to_be_visible()
    assert look(reader, "own-page-entry-read") == {}
    _in_french(chromium.new_context(locale="fr-FR"), served)
    # And on the brand's own site.
    site[1][0] = frame
    reader.goto(site[0])
    inside = reader.frame_locator("iframe")
    expect(inside.locator(".own-brief")).to_contain_text("Fresh bread at seven")
    reader.screenshot(path=ARTEFACTS / "own-page-framed.png")
    assert reader.context.cookies() == []


def _open(page: Page, served: Served, site: str) -> str:
    """A manager opens the page; the line for the brand's site."""
    page.goto(f"{served.url}/b/{served.house.brand.slug}/posts/")
    page.get_by_role("link", name="Own page").click()
    page.get_by_label("The page is open").check()
    page.get_by_label("Title").fill("Maison Verdier")
    page.get_by_label("Address").fill("verdier")
    page.get_by_label("Languages").fill("fr, en")
    page.get_by_label("About the brand: English").fill("Bread since 1921, in Lyon.")
    page.get_by_label("About the brand: French").fill("Du pain depuis 1921, à Lyon.")
    page.get_by_label("Sites that may show").fill(f"{site}/")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept. The page is open.")).to_be_visible()
    assert look(page, "own-page-opened") == {}
    return page.locator("pre").inner_text()


def _write(page: Page, served: Served) -> None:
    """A post for the page, in English and in French."""
    page.get_by_role("link", name="Write a post for it").click()
    page.get_by_label("Language of the post").select_option("en")
    page.get_by_label("Text").fill("Fresh bread at seven 🍞\n\nAnd brioche on Sundays.")
    page.get_by_label("Say it otherwise for").select_option(label="French")
    page.get_by_role("button", name="Add a wording").click()
    page.get_by_label("Text").nth(1).fill("Du pain frais à sept heures 🍞\n\nEt de la brioche le dimanche.")
    file: Any = {"name": "bread.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Add pictures").set_input_files(file)
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_label("What picture 1 shows").fill("A loaf, cut in half")
    page.get_by_label("Why it belongs to no campaign").fill("said every day")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("It leaves now.")).to_be_visible()


def _in_french(context: BrowserContext, served: Served) -> None:
    reader = context.new_page()
    reader.goto(f"{served.url}/p/verdier/")
    expect(reader.locator(".own-words")).to_contain_text("Du pain frais à sept heures")
    expect(reader.get_by_text("Cette page ne dépose aucun cookie")).to_be_visible()
    assert look(reader, "own-page-read", language="fr") == {}
    # Whoever wants it in English says so once: the address keeps it.
    reader.get_by_role("navigation", name="Langue").get_by_role("link", name="English").click()
    reader.get_by_role("link", name=re.compile("Fresh bread")).click()
    expect(reader.get_by_text("And brioche on Sundays.")).to_be_visible()
    assert "/p/verdier/en" in reader.url
    context.close()
