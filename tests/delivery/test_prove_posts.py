"""The slow proof of posts: 500 leave for the channels of a network while workers are killed with -9 at 200 random
moments.

`PROVE_POSTS` and `PROVE_KILLS` make it smaller.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.conf import LazySettings

from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.organisation.models import Brand, User
from comptoir.publishing.models import Post
from tests.beside import running
from tests.delivery.test_posts import all_said, post, standing
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.running import AtprotoNetwork
from tests.servers.snac import SnacPair, SnacServer
from tests.servers.stranger import Stranger

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]
POSTS = int(os.environ.get("PROVE_POSTS", "500"))
KILLS = int(os.environ.get("PROVE_KILLS", "200"))
SEED = 20261123
CHANNELS = 4
THREAD = 5
"""Every so many posts, one is a thread of two."""
SECONDS_A_KILL = 1.2

type Said = Callable[[Channel], list[str]]


def once(brand: Brand, channels: Sequence[Channel], allowed: Sequence[str], said: Said) -> None:
    """Have posts leave, each for two of the channels, while workers are killed: none is lost, none is there twice."""
    by = User.objects.create_user("agent@example.org", name="Agent")
    wanted: dict[int, list[str]] = {each.pk: [] for each in channels}
    started = time.monotonic()
    nursery = ("tests.delivery.nursery", str(KILLS), str(SEED))
    with running(*nursery, allowed=allowed, WORKER_DEAD_AFTER="6"):
        for number in range(POSTS):
            parts = 2 if number % THREAD == 0 else 1
            there = [channels[number % CHANNELS], channels[(number + 1) % CHANNELS]]
            post(brand, by, f"post {number}", *there, parts=parts)
            for each in there:
                wanted[each.pk] += [f"post {number}, part {part}" for part in range(parts)]
            time.sleep(max(0, started + KILLS * SECONDS_A_KILL * number / POSTS - time.monotonic()))
        all_made = time.monotonic()
        over = {Post.State.PUBLISHED}

        def through() -> bool:
            return set(Post.objects.of(brand).values_list("state", flat=True)) == over

        until(through, 1_200, f"all published, not {standing(brand)}")
    took, after = time.monotonic() - started, time.monotonic() - all_made
    found = {each.pk: sorted(said(each)) for each in channels}
    assert found == {pk: sorted(texts) for pk, texts in wanted.items()}
    messages = sum(map(len, found.values()))
    print(f"\n{POSTS} posts, {messages} messages on {CHANNELS} channels, each once, {KILLS} kills, "
          f"{took:.0f} s, the last {after:.0f} s after the last post was made")  # fmt: skip


def test_posts_on_an_at_protocol_network(
    atproto: AtprotoNetwork, channel: Channel, stranger: Stranger, allowed: list[str]
) -> None:
    brand = Brand.objects.of(channel.brand_id).get()
    channels = [channel]
    for _ in range(CHANNELS - 1):
        account = atproto.new_account("brand")
        answers = {"handle": account.handle, "password": account.app_password, "service": atproto.pds}
        channels.append(connect(brand, "bluesky", answers))

    def said(each: Channel) -> list[str]:
        return [record["value"]["text"] for record in stranger.records(each.remote_id)]

    once(brand, channels, allowed, said)


def test_posts_on_a_stand_in_that_honours_keys(
    mastodon_stand_in: MastodonMock, settings: LazySettings
) -> None:
    _speaking_mastodon(mastodon_stand_in, [mastodon_stand_in.address], all_said, settings)


def test_posts_where_they_are_looked_for_first(snac: SnacPair, settings: LazySettings) -> None:
    _speaking_mastodon(snac.home, snac.addresses, snac.home.all_said, settings)


def _speaking_mastodon(
    server: MastodonMock | SnacServer,
    allowed: list[str],
    texts: Callable[[Any], list[str]],
    settings: LazySettings,
) -> None:
    settings.INSIDE_ALLOWED = frozenset(allowed)
    http.cache_clear()
    brand = Brand.objects.create(name="Brand", slug="brand")
    accounts = {}
    for _ in range(CHANNELS):
        account = server.new_account("brand")
        channel = connect(brand, "mastodon", {"server": account.url, "token": account.token})
        accounts[channel] = account
    try:
        once(brand, list(accounts), allowed, lambda each: texts(accounts[each]))
    finally:
        http.cache_clear()
