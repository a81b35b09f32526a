"""The whole way in a real browser, on a real network: connected, heard, answered, answered back, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import expect

from comptoir.inbox.tests.building import house
from comptoir.networks.models import Channel
from tests.journeys.conftest import Served, hashed, serve, sign_in
from tests.servers.running import Account, AtprotoNetwork
from tests.servers.stranger import Stranger, jpeg
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_network(atproto: AtprotoNetwork, transactional_db: None) -> Iterator[Served]:
    """A house whose processes may reach the network's servers, which stand on this machine."""
    built = house()
    Channel.objects.of(built.brand).delete()
    for user in built.people.values():
        user.password = hashed()
        user.save()
    with ExitStack() as stack:
        yield Served(built, serve(stack, atproto.addresses, "web", "live", "worker"))


def test_a_stranger_and_the_brand(on_network: Served, atproto: AtprotoNetwork, open_browser: Any) -> None:
    account: Account = atproto.new_account("brand")
    stranger = Stranger.arrives(atproto)
    page = sign_in(open_browser(), on_network, "manager")
    page.get_by_role("link", name="Channels", exact=True).click()
    page.get_by_role("link", name="Connect a channel").first.click()
    page.get_by_role("link", name="Bluesky").click()
    page.locator("[name=handle]").fill(account.handle)
    page.locator("[name=password]").fill("not-this-one")
    page.locator("[name=service]").fill(atproto.pds)
    page.get_by_role("button", name="Connect").click()
    expect(page.locator(".notice.bad, .wrong").first).to_be_visible()
    page.locator("[name=password]").fill(account.app_password)
    page.get_by_role("button", name="Connect").click()
    expect(page.locator("main")).to_contain_text(f"{account.handle} is connected.")

    page.get_by_role("link", name="Counter", exact=True).click()
    question = stranger.mention(account, "is the bridge open?", images=((jpeg(), "A closed bridge"),))
    expect(page.locator("#threads .row").first).to_contain_text("is the bridge open?", timeout=40_000)
    page.locator("#threads .row").first.click()
    expect(page.locator(".media img")).to_have_attribute("alt", "A closed bridge")
    expect(page.locator(".media img")).to_have_js_property("naturalWidth", 1000, timeout=20_000)

    page.get_by_label("Your reply").fill("Yes, until ten tonight.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours .tick")).to_have_text("Sent", timeout=30_000)
    answers = seen(lambda: stranger.answers_below(question))
    assert [answer["record"]["text"] for answer in answers] == ["Yes, until ten tonight."]

    thanks = stranger.reply(stranger.ref(answers[0]["uri"]), "Lovely, thank you!")
    expect(page.locator(".said")).to_contain_text("Lovely, thank you!", timeout=30_000)
    expect(page.locator("#threads .row")).to_have_count(1)
    stranger.delete(thanks)
    expect(page.locator(".said")).to_contain_text("Taken back by its author.", timeout=60_000)
    expect(page.locator(".said")).not_to_contain_text("Lovely")
