"""Feeds with a real hub (flask-websub): asked to call, asked back, called, not believed, renewed, left."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from comptoir.inbox.tests.building import House, house
from comptoir.kernel import clock
from comptoir.kernel.tests.loopback import Server, Visit, serving
from comptoir.listening import hubs, jobs
from comptoir.listening.lines import Lines
from comptoir.listening.models import Mention, Query, Source
from comptoir.networks.outside import http
from tests.contract.feed import Blog
from tests.servers.install import Unavailable
from tests.servers.websub import Hub, websub_hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub() -> Iterator[Hub]:
    try:
        with websub_hub() as running:
            yield running
    except Unavailable as why:
        pytest.skip(str(why))


class Told(Blog):
    """A blog that names a hub."""

    def __init__(self, server: Server, hub: Hub) -> None:
        super().__init__(server)
        self.topic = server.url("/comments.xml")
        given = server.routes["/comments.xml"]

        def give(visit: Any) -> None:
            link = f'<{hub.url}>; rel="hub", <{self.topic}>; rel="self"'
            visit.give = lambda status, body=b"", **rest: Visit.give(visit, status, body, Link=link, **rest)
            given(visit)

        server.routes["/comments.xml"] = give


@pytest.fixture
def blog(hub: Hub, live_server: Any) -> Iterator[Told]:
    with serving() as server:
        inside = frozenset([server.place, hub.address, live_server.url.removeprefix("http://")])
        with override_settings(INSIDE_ALLOWED=inside, PUBLIC_URL=live_server.url):
            http.cache_clear()
            yield Told(server, hub)
        http.cache_clear()


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    return made


@pytest.fixture
def source(verdier: House, blog: Told) -> Source:
    place = Source.find("feed", {"address": blog.topic})
    return Source.listen(verdier.brand, verdier.people["manager"], "feed", place)


def asked_for(source: Source) -> Source:
    """One look, as the worker takes it where the place is due."""
    lines = Lines()
    source.refresh_from_db()
    assert source.leased(lines.me, timedelta(seconds=30))
    lines._hold(source)
    source.refresh_from_db()
    return source


def state(source: Source) -> dict[str, Any]:
    source.refresh_from_db()
    assert source.hub is not None
    return dict(source.hub)


def test_a_hub_wakes_what_is_then_asked_for_as_always(source: Source, blog: Told, hub: Hub) -> None:
    asked_for(source)
    jobs.keep_subscribed(0)
    assert state(source)["topic"] == blog.topic
    lease = datetime.fromisoformat(state(source)["until"]) - clock.now()
    assert timedelta(minutes=4) < lease <= timedelta(days=30), "the hub asked back, and was answered"
    assert source.next_try > clock.now() + timedelta(minutes=4)
    blog.comment("a teapot")
    hub.publish(blog.topic)
    assert state(source)["woken"]
    assert source.next_try <= clock.now(), "it is asked for at once"
    assert not Mention.objects.everywhere().exists(), "nothing is taken from the hub"
    asked_for(source)
    assert Mention.objects.everywhere().count() == 1
    assert state(source)["proved"]
    assert source.next_try > clock.now() + timedelta(hours=1), "seldom, while the hub calls in time"
    blog.comment("another teapot")
    asked_for(source)
    assert not state(source)["proved"], "it said nothing: it is not relied on any more"
    assert source.next_try < clock.now() + timedelta(hours=1)
    assert Mention.objects.everywhere().count() == 2


def test_it_is_asked_again_before_it_stops_and_told_when_nobody_listens(
    source: Source, blog: Told, hub: Hub, verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for(source)
    jobs.keep_subscribed(0)
    first = state(source)
    jobs.keep_subscribed(0)
    assert state(source) == first, "once is enough"
    old = {**first, "asked": (clock.now() - timedelta(days=6)).isoformat()}
    old["until"] = (clock.now() + timedelta(hours=20)).isoformat()
    Source.objects.everywhere().update(hub=old)
    jobs.keep_subscribed(0)
    assert state(source)["until"] > old["until"]
    there = (source.network, source.address, source.settings, hub.url, blog.topic)
    source.remove(verdier.people["manager"])
    jobs.leave_hub.func(*there)
    seen = len(blog.server.seen)
    blog.comment("a teapot")
    hub.publish(blog.topic)
    assert all("hubs" not in each.path for each in blog.server.seen[seen:])


def post(source: Source, body: bytes = b"<rss/>", signed: str | None = None, token: str = "") -> Any:
    token = token or hubs.token_of(source.network, source.address)
    if signed is None:
        secret = hubs._secret(source.network, source.address)
        signed = f"sha256={hmac.new(secret.encode(), body, 'sha256').hexdigest()}"
    return Client().post(f"/hubs/{token}/", body, "application/xml", headers={"X-Hub-Signature": signed})


def test_only_who_knows_the_secret_is_heard_and_nobody_else_learns_anything(
    source: Source, blog: Told
) -> None:
    asked_for(source)
    jobs.keep_subscribed(0)
    for signed in ("", "sha256=00", "md5=00", "sha256"):
        assert post(source, signed=signed).status_code == 202
    assert not state(source)["woken"]
    lie = b"<rss version='2.0'><channel><item><title>a teapot</title><guid>lie</guid></item></channel></rss>"
    assert post(source, lie).status_code == 202
    assert state(source)["woken"]
    asked_for(source)
    assert not Mention.objects.everywhere().exists()
    assert not state(source)["proved"], "it called for nothing"
    assert post(source, token="guessed").status_code == 404
    assert post(source, b"x" * 10_000_001).status_code == 413
    other = hubs.token_of("feed", "https://elsewhere.example/feed")
    assert post(source, token=other).status_code == 404


def test_nobody_is_told_a_challenge_that_we_did_not_ask_for(source: Source, blog: Told) -> None:
    asked_for(source)
    here = f"/hubs/{hubs.token_of(source.network, source.address)}/"
    asks = {
        "hub.mode": "subscribe",
        "hub.topic": blog.topic,
        "hub.challenge": "c",
        "hub.lease_seconds": "99999999",
    }
    get: Callable[..., Any] = Client().get
    assert get(here, asks).status_code == 404, "we asked nobody yet"
    jobs.keep_subscribed(0)
    answered = get(here, asks)
    assert (answered.status_code, answered.content, answered["Content-Type"][:10]) == (
        200,
        b"c",
        "text/plain",
    )
    assert datetime.fromisoformat(state(source)["until"]) < clock.now() + timedelta(days=31)
    assert get(here, {**asks, "hub.topic": "https://else.example/"}).status_code == 404
    assert get(here, {**asks, "hub.mode": "unsubscribe"}).status_code == 404, "somebody listens there"
    assert get(here).status_code == 404
    assert get(here, {"hub.mode": "denied", "hub.topic": blog.topic}).status_code == 200
    assert not state(source)["until"]


def test_a_house_without_an_address_of_the_world_asks_no_hub(source: Source, blog: Told) -> None:
    asked_for(source)
    for address in ("http://localhost:8000", "http://desk.example.org", "https://desk.internal"):
        with override_settings(PUBLIC_URL=address):
            assert not hubs.is_reachable()
            jobs.keep_subscribed(0)
    source.refresh_from_db()
    assert source.hub is None
    with override_settings(PUBLIC_URL="https://desk.example.org"):
        assert hubs.is_reachable()
    assert settings.INSIDE_ALLOWED
