"""A post whose worker is killed at any step of its way stands on each of its networks once."""

from __future__ import annotations

import re
import signal
import time
from collections import Counter

import httpx2
import pytest
from django.conf import LazySettings

from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.organisation.models import Brand, User
from comptoir.publishing.models import Content, Destination, Post, Variant
from tests.beside import running, start
from tests.servers.mastodon_mock import MastodonMock, MockAccount
from tests.servers.running import AtprotoNetwork
from tests.servers.snac import SnacAccount
from tests.servers.stranger import Stranger

pytestmark = pytest.mark.django_db(transaction=True)
A_MINUTE = 60
STEPS = (
    "before-departing", "departed", "claimed", "said", "before-commit", "written", "between-parts",
    "part-queued", "part-claimed", "part-said",
)  # fmt: skip
"""Of `dying_at_posts`, in the order in which a post comes by them."""


@pytest.fixture
def beside(
    channel: Channel, mastodon_stand_in: MastodonMock, settings: LazySettings
) -> tuple[Channel, MockAccount]:
    """Another channel of the same brand, on the stand-in that honours keys, and its account."""
    settings.INSIDE_ALLOWED |= {mastodon_stand_in.address}
    http.cache_clear()
    account = mastodon_stand_in.new_account("brand")
    answers = {"server": account.url, "token": account.token}
    return connect(Brand.objects.of(channel.brand_id).get(), "mastodon", answers), account


def post(brand: Brand, by: User, name: str, *channels: Channel, parts: int = 2) -> Post:
    """Have a thread of so many parts leave now."""
    words = [Variant(parts=[f"{name}, part {part}" for part in range(parts)])]
    made = Post.make(brand, by, Content("en", words, [(each.pk, "") for each in channels]))
    made.belong(by, None, "a test")
    made.publish(by)
    return made


def all_said(account: MockAccount | SnacAccount) -> list[str]:
    """Every text that an account holds, on a server that speaks Mastodon's interface."""
    headers = {"authorization": f"Bearer {account.token}"}
    found: dict[str, str] = {}
    with httpx2.Client(base_url=account.url, headers=headers, timeout=30) as client:
        me = client.get("/api/v1/accounts/verify_credentials").json()["id"]
        oldest: dict[str, str] = {}
        while True:
            page = client.get(f"/api/v1/accounts/{me}/statuses", params={"limit": "40", **oldest}).json()
            new = {each["id"]: each for each in page if each["id"] not in found}
            if not new:
                return [re.sub("<[^>]+>", "", each) for each in found.values()]
            found |= {pk: each["content"] for pk, each in new.items()}
            oldest = {"max_id": page[-1]["id"]}


def standing(brand: Brand) -> Counter[str]:
    return Counter(Destination.objects.of(brand).values_list("state", flat=True))


def test_killed_at_each_step_every_part_stands_there_once(
    atproto: AtprotoNetwork,
    mastodon_stand_in: MastodonMock,
    channel: Channel,
    beside: tuple[Channel, MockAccount],
    stranger: Stranger,
) -> None:
    brand = Brand.objects.of(channel.brand_id).get()
    by = User.objects.create_user("agent@example.org", name="Agent")
    allowed = [*atproto.addresses, mastodon_stand_in.address]
    for step in STEPS:
        post(brand, by, step, channel, beside[0])
        worker = start("tests.delivery.dying_at_posts", step, allowed=allowed, WORKER_DEAD_AFTER="6")
        assert worker.wait(A_MINUTE) == -signal.SIGKILL, step
    died = time.monotonic()
    with running("comptoir.command.main", "worker", allowed=allowed, WORKER_DEAD_AFTER="6"):
        everything = Counter({"published": 2 * len(STEPS)})
        until(lambda: standing(brand) == everything, A_MINUTE, f"all published, not {standing(brand)}")
    print(f"\nall published {time.monotonic() - died:.0f} s after the last worker died")
    once = sorted(f"{step}, part {part}" for step in STEPS for part in (0, 1))
    assert sorted(each["value"]["text"] for each in stranger.records(channel.remote_id)) == once
    assert sorted(all_said(beside[1])) == once
