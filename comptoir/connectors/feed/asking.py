"""Asking for a feed as its site wishes: only when it changed, where it moved to, and not too often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from comptoir.networks.connector import Http, Refused, TryLater

FEEDS = "application/rss+xml, application/atom+xml, application/feed+json"
ACCEPT = f"{FEEDS}, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
HOPS = 6
MOST_BYTES = 10_000_000
_MOVED = {301, 308}
_ELSEWHERE = {302, 303, 307}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a site answered. `moved`: the feed's new address for good, "" where it is as it was."""

    status: int
    url: str
    headers: Mapping[str, str]
    content: bytes
    moved: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def tag(self) -> str:
        return self.headers.get("etag", "")[:500]

    @property
    def modified(self) -> str:
        return self.headers.get("last-modified", "")[:100]

    @property
    def content_is_old(self) -> bool:
        return self.status == 304

    def settled(self, now: datetime) -> bool:
        """Whether the next change can be told from this one.

        Times of HTTP are whole seconds, and many sites make their tag of the time: what changes again within the
        second of the last change would never be told.
        """
        try:
            return now - parsedate_to_datetime(self.modified) > timedelta(seconds=5)
        except (TypeError, ValueError):
            return True

    def patience(self, now: datetime) -> timedelta | None:
        """For how long the site wants not to be asked: Retry-After, or a max-age; None when it does not say."""
        wait = self.headers.get("retry-after", "")
        if wait.isdigit():
            return timedelta(seconds=min(int(wait), 86_400))
        if wait:
            try:
                return max(timedelta(0), parsedate_to_datetime(wait) - now)
            except (TypeError, ValueError):
                return None
        for word in self.headers.get("cache-control", "").lower().split(","):
            name, _equals, seconds = word.strip().partition("=")
            if name == "max-age" and seconds.isdigit() and int(seconds):
                return timedelta(seconds=min(int(seconds), 86_400))
        return None


def ask(http: Http, address: str, known: Mapping[str, Any]) -> Asked:
    """Ask for a feed, with what is known of its last state; redirects are followed and told apart."""
    headers = {"Accept": ACCEPT}
    if known.get("tag"):
        headers["If-None-Match"] = str(known["tag"])
    if known.get("modified"):
        headers["If-Modified-Since"] = str(known["modified"])
    moved, for_good = "", True
    for _hop in range(HOPS):
        answer = http.request("GET", address, headers=headers, max_bytes=MOST_BYTES)
        location = answer.headers.get("location", "")
        if answer.status not in _MOVED | _ELSEWHERE or not location:
            return Asked(answer.status, address, answer.headers, answer.content, moved)
        for_good = for_good and answer.status in _MOVED
        try:
            address = urljoin(address, location)
        except ValueError:
            raise TryLater("bad_answer") from None
        if urlsplit(address).scheme not in ("http", "https"):
            raise Refused("bad_answer")
        moved = address if for_good else moved
    raise TryLater("bad_answer")
