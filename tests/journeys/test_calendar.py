"""The calendar in a browser: slots set, a post queued and moved by the keyboard, a note written and brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.kernel import clock
from comptoir.organisation.models import Brand
from comptoir.publishing.models import DayNote, Post, PublicHolidays, Slot
from comptoir.publishing.tests.building import draft
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


def test_slots_are_set_and_a_queued_post_stands_at_the_first(served: Served, open_browser: Any) -> None:
    brand, channel = served.house.brand, served.house.channel
    page = sign_in(open_browser(), served, "manager")
    page.goto(f"{served.url}/b/{brand.slug}/posts/calendar/?view=week")
    page.get_by_role("link", name="Slots").click()
    page.get_by_role("link", name=f"Set {channel.handle}").click()
    _write_week(page)
    assert look(page, "slots-of") == {}
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept. What is in the queue")).to_be_visible()
    assert look(page, "slots") == {}
    assert Slot.objects.of(brand).count() == 14
    post = draft(brand, served.house.people["manager"], channel, text="Fresh bread at seven")
    page.goto(f"{served.url}/b/{brand.slug}/posts/{post.pk}/")
    page.get_by_role("button", name="Add to the queue").click()
    if page.locator("#before").count():
        page.get_by_label("Yes, as exactly these accounts").check()
        page.locator("#before").get_by_role("button", name="Add to the queue").click()
    expect(page.get_by_text("It is in the queue.")).to_be_visible()
    post.refresh_from_db()
    assert (post.state, post.queued) == ("scheduled", True)
    _moves_by_keyboard(page, served, post)


def _write_week(page: Page) -> None:
    page.get_by_label("By which clock").select_option("Europe/Paris")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day).fill("09:00, 17:30")


def _moves_by_keyboard(page: Page, served: Served, post: Post) -> None:
    assert post.day is not None
    brand: Brand = served.house.brand
    page.goto(f"{served.url}/b/{brand.slug}/posts/calendar/?view=week&day={post.day}")
    expect(page.get_by_text("Free slot").first).to_be_visible()
    assert look(page, "calendar-slots") == {}
    page.get_by_role("link", name="Move Fresh bread at seven").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Day").fill(f"{post.day + timedelta(days=9)}")
    page.get_by_label("Day").press("Enter")
    expect(page.locator(f"[data-day='{post.day + timedelta(days=9)}']")).to_contain_text("Fresh bread")
    post.refresh_from_db()
    assert not post.queued


def test_a_note_is_written_removed_and_brought_back(served: Served, open_browser: Any) -> None:
    brand, today = served.house.brand, clock.now().astimezone(served.house.brand.zone).date()
    names = {"": "Sainte Baguette", "en": "Saint Baguette"}
    PublicHolidays.objects.create(brand=brand, place="FR", upto=2200, days={today.isoformat(): names})
    page = sign_in(open_browser(), served, "agent")
    page.goto(f"{served.url}/b/{brand.slug}/posts/calendar/")
    expect(page.get_by_text("Saint Baguette")).to_be_visible()
    page.get_by_role("link", name="New note").click()
    page.get_by_label("What is on").fill("Bread fair")
    page.get_by_label("First day").fill(f"{today}")
    page.get_by_label("Last day").fill(f"{today + timedelta(days=1)}")
    page.get_by_label("Colour").select_option("Blue")
    assert look(page, "day-note") == {}
    page.get_by_role("button", name="Put it on the calendar").click()
    expect(page.get_by_role("link", name="Note: Bread fair")).to_have_count(2)
    for view in ("month", "week", "list"):
        page.goto(f"{served.url}/b/{brand.slug}/posts/calendar/?view={view}")
        assert look(page, f"calendar-{view}") == {}
    page.get_by_role("link", name="Note: Bread fair").first.click()
    page.get_by_role("button", name="Remove the note").click()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("link", name="Note: Bread fair")).to_have_count(2)
    assert DayNote.objects.of(brand).get().removed is None
