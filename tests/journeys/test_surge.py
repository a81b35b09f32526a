"""A volcano in a real browser: a cluster is answered together, but for one; everybody else gets exactly one reply."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from comptoir.inbox.models import Cluster, Likened, Release, Reply
from comptoir.kernel.live import nudge
from comptoir.kernel.tests.waiting import until
from comptoir.networks import rehearsing
from comptoir.networks.models import Channel, Delivery
from comptoir.organisation.models import Notice
from tests.journeys.conftest import Served, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 300


def test_a_volcano_is_answered_cluster_by_cluster(served: Served, open_browser: Any) -> None:
    brand = served.house.brand
    page = sign_in(open_browser(), served, "agent")
    surge = f"{served.url}/b/{brand.slug}/surge/"
    page.goto(surge)
    expect(page.get_by_role("heading", name="Surge")).to_be_visible()
    Channel.objects.of(brand).update(history_done=True)
    rehearsing.rehearse("volcano", MANY / 5, 5)
    until(lambda: Likened.objects.filter(cluster__brand=brand).count() > 0.9 * MANY, 60)
    # The page has been open all the time: what came in shows by itself.
    expect(page.get_by_role("link", name=re.compile("Answer together")).first).to_be_visible(timeout=20_000)
    expect(page.locator(".zero .big")).to_contain_text("Not at this pace.")
    # Whatever came last may have made another one the biggest.
    page.goto(surge)
    page.get_by_role("link", name=re.compile("Answer together")).first.click()
    biggest = Cluster.objects.of(brand).order_by("-size")[0]
    expect(page.get_by_role("heading", name="Answer together")).to_be_visible()
    for box in page.locator("textarea").all():
        box.fill("Hello {{first_name}}, no ferry leaves before Thursday. Your ticket stays good for a month.")
    page.get_by_role("button", name="See who gets what").click()
    expect(page.get_by_text("Nothing has left yet.")).to_be_visible()
    assert not Reply.objects.exists()
    made = Release.objects.of(brand).get()
    spared = made.parts.filter(chosen=True, why=[]).order_by("pk")[0]
    page.locator(f"#part-{spared.pk}").uncheck()
    page.get_by_role("button", name="Release the answers").click()
    chosen = made.parts.filter(chosen=True).exclude(pk=spared.pk).count()
    assert chosen > 3
    expect(page.get_by_text(re.compile(rf"{chosen} of {chosen} answers have left."))).to_be_visible(
        timeout=60_000
    )
    replies = Reply.objects.filter(thread__brand=brand)
    assert replies.count() == replies.values("thread__person").distinct().count() == chosen
    assert not spared.thread.replies.exists()
    said = Delivery.objects.of(brand).filter(reply__isnull=False)
    assert {each.state for each in said} == {"sent"}
    assert len({each.result_id for each in said}) == chosen
    assert all("{{" not in each.text for each in said)
    page.get_by_role("link", name="Back to the surge").click()
    expect(page.locator(".zero")).to_contain_text(f"{chosen} ({chosen} in the hour)")
    assert biggest.size > chosen


def test_that_many_write_at_once_shows_by_itself(served: Served, open_browser: Any) -> None:
    brand = served.house.brand
    page = sign_in(open_browser(), served, "agent")
    page.goto(f"{served.url}/b/{brand.slug}/threads/")
    expect(page.locator("#live-dot.on")).to_be_visible(timeout=20_000)
    line = page.get_by_text("Many write at once.")
    expect(line).to_have_count(0)
    for begins in (True, False):
        with transaction.atomic():
            if begins:
                Notice.post(brand.pk, "surge")
            else:
                Notice.settle(brand.pk, "", "surge")
            nudge(brand.pk, what="surge")
        expect(line).to_have_count(int(begins), timeout=10_000)
