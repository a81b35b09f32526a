"""What is special about feeds, on a real web server, and on a real blog's comments feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import hear
from comptoir.kernel.http import Outside
from comptoir.kernel.tests.loopback import Server, serving
from comptoir.networks.connecting import connect
from comptoir.networks.connector import Activity, Kind, Reconnect, Refused, TryLater
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from tests.contract.feed import Blog, FeedHarness
from tests.servers.site import Visitor, WordPress


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def blog(server: Server) -> Blog:
    return Blog(server)


@pytest.fixture
def channel(server: Server, blog: Blog) -> Iterator[FeedHarness]:
    with Outside(frozenset([server.place])) as http:
        harness = FeedHarness(http, blog)
        harness.connect()
        harness.fetch()
        yield harness


def test_a_feed_that_did_not_change_costs_next_to_nothing(channel: FeedHarness, server: Server) -> None:
    channel.speak()
    channel.fetch()
    server.seen.clear()
    waits = [channel.step().after for _ in range(40)]
    assert all(seen.headers["If-None-Match"] for seen in server.seen)
    assert waits[0] == timedelta(minutes=15)
    assert waits[-1] > timedelta(hours=1)
    channel.speak()
    page = channel.step()
    assert len(page.items) == 1
    assert page.after == timedelta(minutes=15)


def test_an_entry_that_changes_is_an_edit_and_one_that_falls_out_is_not_new_when_it_is_back(
    channel: FeedHarness, blog: Blog
) -> None:
    [heard] = channel.listen(channel.speak())
    earlier = list(blog.items)
    blog.items[0] = blog.items[0].replace("are you there?", "are you still there?")
    [again] = channel.step().items
    assert isinstance(again, Activity)
    assert again.remote_id == heard.remote_id
    assert again.text.startswith("are you still there?")
    assert again.edited is not None
    blog.items.clear()
    assert not channel.step().items
    blog.items[:] = earlier
    back = channel.step().items
    assert [item.remote_id for item in back] == [heard.remote_id], (
        "its words are again what they were: an edit"
    )


def test_the_conversation_is_the_page_s_with_each_who_comments(channel: FeedHarness, blog: Blog) -> None:
    ids = [blog.comment("first"), blog.comment("second"), blog.comment("third", who="Léo & Co")]
    one, two, three = channel.listen(ids)
    assert one.conversation == two.conversation != three.conversation
    assert one.title == "The harbour by Maud"
    assert three.actor.name == "Léo & Co"
    assert one.kind == Kind.COMMENT


def test_a_feed_says_where_it_moved_that_it_is_gone_and_that_it_is_tired(
    channel: FeedHarness, server: Server, blog: Blog
) -> None:
    give = server.routes["/comments.xml"]
    server.routes["/new.xml"] = give
    server.routes["/comments.xml"] = lambda visit: visit.give(301, Location="/new.xml")
    channel.speak()
    page = channel.step()
    assert len(page.items) == 1
    assert page.settings == {"address": server.url("/new.xml")}
    server.routes["/comments.xml"] = lambda visit: visit.give(302, Location="/new.xml")
    assert channel.step().settings == {}
    server.routes["/comments.xml"] = lambda visit: visit.give(429, Retry_After="1800")
    with pytest.raises(TryLater) as tired:
        channel.step()
    assert tired.value.after == timedelta(minutes=30)
    server.routes["/comments.xml"] = lambda visit: visit.give(404)
    with pytest.raises(TryLater) as missing:
        channel.step()
    assert missing.value.code == "feed_missing"
    server.routes["/comments.xml"] = lambda visit: visit.give(410)
    with pytest.raises(Reconnect):
        channel.step()


def test_a_site_may_ask_to_be_left_alone_longer(channel: FeedHarness, server: Server, blog: Blog) -> None:
    def calm(visit: Any) -> None:
        visit.give(200, blog.document(), Cache_Control="public, max-age=7200", Content_Type="text/xml")

    server.routes["/comments.xml"] = calm
    assert channel.step().after == timedelta(hours=2)


def test_a_change_within_the_second_of_the_last_one_is_not_missed(
    channel: FeedHarness, server: Server, blog: Blog
) -> None:
    """WordPress makes its tag of the time of the last change, in whole seconds."""
    written = format_datetime(datetime.now(UTC), usegmt=True)

    def coarse(visit: Any) -> None:
        if visit.headers.get("If-Modified-Since") == written:
            visit.give(304)
        else:
            visit.give(200, blog.document(), Last_Modified=written, Content_Type="text/xml")

    server.routes["/comments.xml"] = coarse
    blog.comment("first")
    assert len(channel.step().items) == 1
    blog.comment("second, in the same second")
    assert len(channel.step().items) == 1


@pytest.mark.parametrize(
    ("page", "code"),
    [(b"<html><body>no feed here</body></html>", "no_feed"), (b"\xff\xfe\x00", "no_feed"), (b"", "no_feed")],
)
def test_a_page_without_a_feed_is_refused(
    channel: FeedHarness, server: Server, page: bytes, code: str
) -> None:
    server.routes["/"] = lambda visit: visit.give(200, page, Content_Type="text/html")
    with pytest.raises(Refused) as refused:
        channel.connect()
    assert refused.value.code == code


def test_what_becomes_something_else_is_waited_for(channel: FeedHarness, server: Server) -> None:
    server.routes["/comments.xml"] = lambda visit: visit.give(
        200, b"<html>parked</html>", Content_Type="text/html"
    )
    with pytest.raises(TryLater) as wait:
        channel.step()
    assert wait.value.code == "not_a_feed"


@pytest.mark.django_db
def test_a_real_blog_s_comments_become_threads(wordpress: WordPress, settings: Any) -> None:
    from comptoir.networks.outside import http

    settings.INSIDE_ALLOWED = frozenset({wordpress.address})
    http.cache_clear()
    brand = Brand.objects.create(name="The port", slug="port")
    visitor = Visitor(wordpress)
    editor = Visitor(wordpress, wordpress.person("editor"))
    post = editor.post("The harbour at night")
    channel: Channel = connect(
        brand, "feed", {"address": f"{wordpress.url}/feed/?feed=comments-rss2", "what": "comments"}
    )
    connector = channel.connector()
    start = connector.fetch(None, []).cursor
    editor.comment(post, "Is the ferry running tonight?")
    page = connector.fetch(start, [])
    texts = [item.text for item in page.items if isinstance(item, Activity)]
    assert texts == ["Is the ferry running tonight?"]
    hear(channel, list(page.items))  # type: ignore[arg-type]
    thread = Thread.objects.of(brand).get()
    assert thread.is_open
    assert visitor.site is wordpress
    assert datetime.now(UTC) - page.items[0].published < timedelta(minutes=5)  # type: ignore[union-attr]
