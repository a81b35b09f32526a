"""The contract suite on a feed: a web server and a file on it that grows, which is all that a feed is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from comptoir.connectors.feed import Feed
from comptoir.kernel.tests.loopback import Server, Visit
from comptoir.networks.connector import Sent
from tests.contract.harness import Harness

ITEM = """<item><title>Comment on The harbour by {who}</title><link>{site}harbour/#comment-{n}</link>
<dc:creator>{who}</dc:creator><pubDate>{at}</pubDate><guid isPermaLink="false">{site}?c={n}</guid>
<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Comments on The port</title><link>{site}</link><language>en</language>{items}</channel></rss>"""
PAGE = """<!doctype html><html><head><title>The port</title>
<link rel="alternate" type="application/rss+xml" title="The port" href="/posts.xml">
<link rel="alternate" type="application/rss+xml" title="The port: comments" href="/comments.xml"></head></html>"""


class Blog:
    """A blog whose people comment, served as files are: with an ETag, and 304 for those who have it already."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.site = server.url()
        self.items: list[str] = []
        server.routes["/"] = lambda visit: visit.give(200, PAGE.encode(), Content_Type="text/html")
        server.routes["/comments.xml"] = self._give

    def comment(self, text: str, who: str = "Maud", at: datetime | None = None) -> str:
        """Somebody comments; the entry's id."""
        n = len(self.items) + 1
        written = format_datetime(at or datetime.now(UTC) + timedelta(seconds=n))
        item = ITEM.format(site=self.site, n=n, who=escape(who), text=escape(text), at=written)
        self.items.insert(0, item)
        return f"{self.site}?c={n}"

    def document(self) -> bytes:
        return FEED.format(site=self.site, items="".join(self.items)).encode()

    def _give(self, visit: Visit) -> None:
        tag = f'"{hash(tuple(self.items))}"'
        if visit.headers.get("If-None-Match") == tag:
            visit.give(304, ETag=tag)
        else:
            visit.give(200, self.document(), ETag=tag, Content_Type="application/rss+xml; charset=utf-8")


class FeedHarness(Harness):
    type = Feed

    def __init__(self, http: Any, blog: Blog) -> None:
        super().__init__(http)
        self.blog = blog
        self.wrong = ({"address": f"{blog.site}nothing"},)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def answers(self) -> dict[str, str]:
        return {"address": self.blog.site, "what": "comments"}

    def speak(self, times: int = 1) -> list[str]:
        return [self.blog.comment(f"are you there? ({n})") for n in range(times)]

    def answer(self, sent: Sent) -> str:
        raise NotImplementedError("a feed lets nobody answer")
