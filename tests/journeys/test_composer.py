"""A post written in a real browser, in two wordings with a picture, scheduled, and read where it was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from comptoir.inbox.tests.building import house
from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.publishing.models import Destination, Post
from tests.journeys.conftest import Served, hashed, serve, sign_in
from tests.journeys.looking import look
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour, words
from tests.servers.stranger import jpeg

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def speaking(
    mastodon_stand_in: MastodonMock, transactional_db: None, settings: LazySettings
) -> Iterator[tuple[Served, list[MockNeighbour]]]:
    """A house with two accounts on the stand-in, and both as their people have them in an app of their own."""
    built = house()
    Channel.objects.of(built.brand).delete()
    settings.INSIDE_ALLOWED = frozenset([mastodon_stand_in.address])
    http.cache_clear()
    accounts = [MockNeighbour.arrives(mastodon_stand_in, name) for name in ("bakery", "bakeryfr")]
    for each in accounts:
        connect(built.brand, "mastodon", {"server": mastodon_stand_in.url, "token": each.account.token})
    for user in built.people.values():
        user.password = hashed()
        user.save()
    with ExitStack() as stack:
        yield Served(built, serve(stack, [mastodon_stand_in.address], "web", "live", "worker")), accounts
    http.cache_clear()


def said_by(account: MockNeighbour) -> list[dict[str, Any]]:
    """Everything that an account holds."""
    me = account.call("GET", "/api/v1/accounts/verify_credentials")["id"]
    return list(account.call("GET", f"/api/v1/accounts/{me}/statuses"))


def test_a_post_in_two_wordings_is_scheduled_and_stands_there(
    speaking: tuple[Served, list[MockNeighbour]], open_browser: Any
) -> None:
    served, accounts = speaking
    brand = served.house.brand
    page = sign_in(open_browser(), served)
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="Write the first post").click()
    _write(page, accounts)
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("It leaves from several accounts of Mastodon")).to_be_visible()
    assert look(page, "composer-asks") == {}
    page.get_by_label("Yes, as exactly these accounts").check()
    page.locator("#before").get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("It is scheduled.")).to_be_visible()
    assert [said_by(each) for each in accounts] == [[], []]
    # Its minute comes.
    Destination.objects.of(brand).update(due=clock.now())
    there = f"{served.url}/b/{brand.slug}/posts/{Post.objects.of(brand).get().pk}/"
    until(lambda: Post.objects.of(brand).get().state != "scheduled", 60, "the departure")
    page.goto(there)
    expect(page.locator("#became [role=status]")).to_have_text("Published", timeout=60_000)
    assert look(page, "composer-published") == {}
    said = [said_by(each) for each in accounts]
    assert [[words(one) for one in each] for each in said] == [
        ["Fresh bread at seven 🍞"], ["Du pain frais à sept heures 🍞"],
    ]  # fmt: skip
    described = [one["media_attachments"][0]["description"] for each in said for one in each]
    assert described == ["A loaf, cut in half", "A loaf, cut in half"]
    assert page.locator("#became a[target=_blank]").count() == 2
    _change_and_take_down(page, accounts)


def _change_and_take_down(page: Page, accounts: list[MockNeighbour]) -> None:
    """The baker opens an hour later, and is no longer there in French."""
    page.get_by_role("link", name="Change or take down").click()
    first, second = page.locator("main section").all()
    expect(first).to_contain_text(accounts[0].handle)
    first.get_by_role("textbox").fill("Fresh bread at eight 🍞")
    first.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("1 message is changed there.")).to_be_visible()
    expect(first.get_by_role("status")).to_have_text("Changed since", timeout=30_000)
    second.get_by_text("Take it down").first.click()
    assert look(page, "post-standing") == {}
    second.get_by_role("button", name="Take it down from").click()
    expect(second.get_by_role("status")).to_have_text("Taken down", timeout=30_000)
    assert [[words(one) for one in said_by(each)] for each in accounts] == [["Fresh bread at eight 🍞"], []]


def _write(page: Page, accounts: list[MockNeighbour]) -> None:
    """Fill the form, for both accounts, each with words of its own."""
    for each in accounts:
        page.get_by_role("checkbox", name=re.compile(rf"{each.handle}(@| )")).check()
    page.get_by_label("Text").fill("Fresh bread at seven 🍞")
    expect(page.locator("#looks .count").first).to_contain_text("22 / 500")
    page.get_by_label("Say it otherwise for").select_option(label=_option(page))
    page.get_by_role("button", name="Add a wording").click()
    page.get_by_label("Text").nth(1).fill("Du pain frais à sept heures 🍞")
    expect(page.locator("#looks del").first).to_be_visible()
    file: Any = {"name": "bread.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Add pictures").set_input_files(file)
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_label("What picture 1 shows").fill("A loaf, cut in half")
    page.get_by_label("Why it belongs to no campaign").fill("said every day")
    page.get_by_label("Day").fill(f"{clock.now().year + 1}-05-04")
    page.get_by_label("Hour").fill("07:00")


def _option(page: Page) -> str:
    """How the choice of the second account is called."""
    found = page.locator("#add option").filter(has_text="bakeryfr").first
    return str(found.inner_text())
