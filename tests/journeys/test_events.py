"""An event in a real browser: made, watched while its tag is taken over, moved with a click, and moved back."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from playwright.sync_api import expect

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.listening.event_watching import watch_all
from comptoir.listening.models import Event, Query
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look
from tests.listening.eventful import MINUTE, heard_as, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_event_is_made_taken_over_and_moved(served: Served, open_browser: Any) -> None:
    brand = served.house.brand
    page = sign_in(open_browser(), served, "manager")
    page.goto(f"{served.url}/b/{brand.slug}/listening/")
    page.get_by_role("link", name="Events").click()
    page.get_by_role("link", name="Make the first event").click()
    now = clock.now().astimezone(brand.zone)
    page.get_by_label("Name").fill("Harbour day")
    page.get_by_label("Tag").fill("HarbourDay")
    page.get_by_label("Begins").fill(f"{now - timedelta(hours=3):%Y-%m-%dT%H:%M}")
    page.get_by_label("Ends").fill(f"{now + timedelta(hours=5):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Make the event").click()
    expect(page.get_by_text("Harbour day is watched from now on.")).to_be_visible()
    expect(page.locator("#now")).to_contain_text("unknown")
    # What is spoken now was said before: the watch went by these hours already.
    watch_all()
    _speak()
    nudge(brand.pk, what="mentions")
    expect(page.locator("#now")).to_contain_text("The band plays", timeout=20_000)
    # The job of each minute finds the takeover; the page, open all the time, shows it.
    warning = page.get_by_role("heading", name="#HarbourDay is taken over")
    expect(warning).to_be_visible(timeout=90_000)
    assert look(page, "event-taken") == {}
    page.get_by_role("link", name="Move to another tag").click()
    page.reload()
    expect(page.locator("#move")).to_contain_text("#QuayParty")
    page.get_by_role("button", name=re.compile(rf"^#HarbourDay{now.year}$")).click()
    expect(page.get_by_text(f"#HarbourDay{now.year} is the tag now.")).to_be_visible()
    expect(warning).to_have_count(0)
    words = page.get_by_label("English")
    expect(words).to_have_value(re.compile(rf"#HarbourDay is flooded with spam.*#HarbourDay{now.year}"))
    assert Query.objects.of(brand).get(name="Harbour day").text == f"#HarbourDay OR #HarbourDay{now.year}"
    assert look(page, "event-moved") == {}
    page.get_by_role("button", name="Undo the move").click()
    expect(page.get_by_text("#HarbourDay is the tag again.")).to_be_visible()
    assert [each.tag for each in Event.objects.of(brand).get().in_order()] == ["#HarbourDay"]


def _tune(n: int) -> str:
    """Words that hardly two have together, so that nobody repeats anybody."""
    syllables = [a + b for a in "bdfglmnrstvz" for b in ("ara", "elo", "ipu", "oni", "uma")]
    return " ".join("".join(Random(n * 9 + k).sample(syllables, 3)) for k in range(9))


def _speak() -> None:
    """Three hours of a feast, and noise in the last forty minutes."""
    now = clock.now()
    genuine = [
        said(
            f"g{n}",
            f"{_tune(n)} The band plays #HarbourDay{' #QuayParty' if n % 3 else ''}",
            now - n * MINUTE,
            n % 40,
        )
        for n in range(2, 178)
    ]
    noise = [
        said(
            f"s{n}",
            f"EARN 500 A DAY, click gains.example {n} #HarbourDay",
            now - (2 + n % 38) * MINUTE,
            50 + n % 5,
        )
        for n in range(240)
    ]
    heard_as(genuine, noise)
