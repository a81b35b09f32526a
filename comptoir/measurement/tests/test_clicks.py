"""Clicks beside each post: known where it left with short links, unknown where it did not."""

from __future__ import annotations

import pytest

from comptoir.networks.models import Audience
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.tests.programs import Program
from comptoir.publishing.models import ClickCount, Content, Post, Shortening, ShortLink, Variant
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house
from comptoir.publishing.tests.test_leaving import run

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def left(desk: House, text: str) -> Post:
    by, channel = desk.people["agent"], channel_of(desk.brand, text[:4])
    post = Post.make(desk.brand, by, Content("en", [Variant(parts=[text])], [(channel.pk, "")]))
    post.belong(by, None, "a test")
    post.publish(by)
    run()
    return post


def test_unknown_is_not_none(desk: House) -> None:
    bare = left(desk, "bare https://example.org/")
    Shortening.settle(desk.brand, desk.people["manager"], True, "")
    posts = {
        "bare": bare,
        "none": left(desk, "none https://example.org/"),
        "some": left(desk, "some https://example.org/ https://example.org/2"),
    }
    for link, clicks in zip(ShortLink.objects.of(desk.brand).order_by("pk")[1:], (2, 5), strict=True):
        for hour in ("09", "10"):
            at = f"2026-11-23T{hour}:00:00Z"
            ClickCount.objects.create(link=link, hour=at, clicks=clicks, repeats=9, bots=9)
    assert Audience.objects.filter(channel__brand=desk.brand).count() == 3
    program = Program(desk.people["manager"])
    found = {each["post"]: each["clicks"] for each in program.get("brands/verdier/figures/posts")["posts"]}
    assert found == {posts["bare"].pk: None, posts["none"].pk: 0, posts["some"].pk: 14}
    page = browser(desk.people["reader"]).get("/b/verdier/figures/posts/").content.decode()
    assert "Clicks" in page
    assert "<td>14</td>" in page
