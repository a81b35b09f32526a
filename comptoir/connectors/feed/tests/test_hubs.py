"""Hubs of feeds: where they are named, what they ask back, and what they sign."""

from __future__ import annotations

import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.feed.documents import parse
from comptoir.connectors.feed.hubs import hub_of, intent, is_genuine, links_of
from comptoir.networks.connector import Hub, Intent

ADDRESS = "https://blog.example/feed"
RSS = b"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://blog.example/self"/>
<item><title>x</title><guid>x</guid></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link rel="hub" href="https://hub.example/"/>
<link rel="self" href="https://blog.example/self"/><entry><id>x</id><title>x</title></entry></feed>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://blog.example/self",
"hubs": [{"type": "rssCloud", "url": "https://old.example/"}, {"type": "WebSub", "url": "https://hub.example/"}],
"items": []}"""


@pytest.mark.parametrize(
    ("content", "kind"),
    [(RSS, "application/rss+xml"), (ATOM, "application/atom+xml"), (JSON, "application/json")],
)
def test_a_feed_names_its_hub_in_itself(content: bytes, kind: str) -> None:
    named = parse(content, kind, ADDRESS).named
    assert hub_of("", named, ADDRESS) == Hub("https://hub.example/", "https://blog.example/self")


def test_the_header_goes_first_and_odd_ones_lead_nowhere() -> None:
    header = '<https://a.example/>; rel="hub self-ish", </me>; rel=self; type="x,y"'
    assert hub_of(header, {"hub": "https://b.example/"}, ADDRESS) == Hub(
        "https://a.example/", "https://blog.example/me"
    )
    assert hub_of('<https://a.example/>; rel="hub"', {}, ADDRESS) == Hub("https://a.example/", ADDRESS)
    for odd in (
        "",
        "rel=hub",
        "<javascript:alert(1)>; rel=hub",
        f"<https://a.example/{'x' * 3000}>; rel=hub",
    ):
        assert hub_of(odd, {}, ADDRESS) is None


@given(st.text(max_size=300))
def test_any_header_is_read(header: str) -> None:
    for address in links_of(header, ADDRESS).values():
        assert address.startswith(("http://", "https://"))


def test_what_a_hub_asks_back() -> None:
    asked = {"hub.mode": "subscribe", "hub.topic": ADDRESS, "hub.challenge": "c", "hub.lease_seconds": "60"}
    assert intent(asked) == Intent("subscribe", ADDRESS, "c", timedelta(minutes=1))
    assert intent({**asked, "hub.lease_seconds": "soon"}) == Intent("subscribe", ADDRESS, "c")
    assert intent({"hub.mode": "denied", "hub.topic": ADDRESS}) == Intent("denied", ADDRESS)
    for without in ("hub.mode", "hub.topic", "hub.challenge"):
        assert intent({name: said for name, said in asked.items() if name != without}) is None
    assert intent({**asked, "hub.mode": "publish"}) is None


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_what_a_hub_signs(algorithm: str) -> None:
    body = b"<rss/>"
    signed = f"{algorithm}={hmac.new(b'secret', body, algorithm).hexdigest()}"
    assert is_genuine(signed, body, "secret")
    assert not is_genuine(signed, body + b" ", "secret")
    assert not is_genuine(signed, body, "another")
    for odd in (
        "",
        "md5=0",
        "sha256",
        "sha256=",
        "sha256=é",
        f"md5={hmac.new(b'secret', body, 'md5').hexdigest()}",
    ):
        assert not is_genuine(odd, body, "secret")
