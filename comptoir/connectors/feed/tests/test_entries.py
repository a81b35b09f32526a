"""Feeds of every format, whole, broken and hostile, read without loss."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.feed.discovery import best, links
from comptoir.connectors.feed.documents import NotAFeed, parse
from comptoir.connectors.feed.entries import Reader
from comptoir.networks.connector import Activity, Actor, Kind, Unusable

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ME = Actor("https://port.example/comments.xml", "port.example", "The port")
REAL = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data") / "feeds"


def read(content: bytes, what: str = "comments", kind: str = "") -> list[Any]:
    document = parse(content, kind, "https://port.example/comments.xml")
    return [item for item, _digest in Reader(ME, what, document, NOW).items()]


ATOM = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="fr">
<title>Le port</title><link href="https://port.example/"/>
<entry><id>tag:port.example,2026:c2</id><title>Re: La rade</title><updated>2026-11-20T10:30:00Z</updated>
<published>2026-11-20T10:00:00Z</published><link href="https://port.example/rade#c2"/>
<thr:in-reply-to ref="tag:port.example,2026:c1" href="https://port.example/rade"/>
<author><name>Maud</name><uri>https://maud.example/</uri></author>
<content type="html">&lt;p&gt;Oui &lt;b&gt;bien&lt;/b&gt; s\xc3\xbbr.
&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;
&lt;img src="/a.png" alt="Un bateau"&gt;</content>
</entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The port",
    "language": "en",
    "items": [
        {
            "id": 7,
            "url": "https://port.example/7",
            "content_text": "Line one\n<b>not markup</b>",
            "date_published": "2026-11-20T09:00:00+01:00",
            "authors": [{"name": "Léo"}],
            "attachments": [{"url": "https://port.example/7.mp3", "mime_type": "audio/mpeg"}],
        },
        {"id": "8"},
        "nonsense",
    ],
}


def test_atom_with_threads() -> None:
    [one] = read(ATOM)
    assert (one.remote_id, one.in_reply_to) == ("tag:port.example,2026:c2", "tag:port.example,2026:c1")
    assert one.text == "Oui bien sûr."
    assert one.title == "La rade"
    assert (one.actor.name, one.actor.remote_id) == ("Maud", "https://maud.example/")
    assert one.conversation == "https://port.example/rade#https://maud.example/"
    assert [(m.url, m.alt) for m in one.media] == [("https://port.example/a.png", "Un bateau")]
    assert one.edited == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert one.kind == Kind.COMMENT


def test_json_feed_and_what_cannot_be_used() -> None:
    items = read(json.dumps(JSON_FEED).encode(), kind="application/feed+json")
    good = [item for item in items if isinstance(item, Activity)]
    assert [item.text for item in good] == ["Line one\n<b>not markup</b>"]
    assert good[0].published == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert [m.kind for m in good[0].media] == ["audio"]
    assert len([item for item in items if isinstance(item, Unusable)]) == 2


def test_posts_open_nothing_and_are_the_site_s_own_unless_signed() -> None:
    [post] = read(
        b"<rss version='2.0'><channel><item><title>News</title><guid>1</guid></item></channel></rss>", "posts"
    )
    assert (post.kind, post.addressed, post.actor) == (Kind.POST, False, ME)
    assert post.text == "News"
    assert post.title == ""


def test_ids_that_are_of_one_feed_alone_are_kept_apart() -> None:
    content = b"<rss version='2.0'><channel><item><title>A</title><guid>1</guid></item></channel></rss>"
    document = parse(content, "", "")
    other = Actor("https://elsewhere.example/feed", "elsewhere.example")
    [(one, _)], [(two, _)] = (Reader(actor, "posts", document, NOW).items() for actor in (ME, other))
    assert one.remote_id != two.remote_id


def test_undated_entries_keep_the_order_of_the_feed() -> None:
    items = "".join(f"<item><title>n{n}</title><guid>{n}</guid></item>" for n in (3, 2, 1))
    found = read(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert [item.text for item in found] == ["n1", "n2", "n3"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "windows-1252"])
def test_encodings(encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?>"
    text = f"{head}<rss version='2.0'><channel><item><title>Élève à Noël</title></item></channel></rss>"
    [item] = read(text.encode(encoding))
    assert item.text == "Élève à Noël"


def test_xml_that_breaks_off_gives_what_came_before() -> None:
    whole = b"<rss version='2.0'><channel><item><title>one</title></item><item><title>two</title></item><item><tit"
    assert {"one", "two"} <= {item.text for item in read(whole) if isinstance(item, Activity)}


def test_entities_that_multiply_do_not() -> None:
    bomb = b"""<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">
<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&c;&f;</title><guid>x</guid>
</item></channel></rss>"""
    for item in read(bomb):
        assert "root:" not in repr(item)
        assert len(repr(item)) < 2_000


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: f"<rss version='2.0'>{text}</rss>".encode())
)
def test_anything_is_a_feed_or_is_not(content: bytes) -> None:
    try:
        items = read(content)
    except NotAFeed:
        return
    assert all(isinstance(item, Activity | Unusable) for item in items)


def test_a_page_s_feeds_are_told_apart() -> None:
    page = b"""<head><base href="https://port.example/fr/"><link rel="alternate" type="application/rss+xml" href="feed">
<link rel="alternate" type="application/rss+xml" title="Commentaires" href="suivi">
<link rel="alternate" hreflang="en" href="/en">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
<link rel="alternate" type="text/xml" href="file:///etc"></head>"""
    found = links(page, "https://port.example/")
    assert best(found, "posts") == "https://port.example/fr/feed"
    assert best(found, "comments") == "https://port.example/fr/suivi"
    assert best(links(b"<p>none</p>", "https://port.example/"), "posts") == ""


@pytest.mark.skipif(not REAL.is_dir(), reason="the evaluation data is not beside this checkout")
def test_real_feeds_are_read_without_loss() -> None:
    """As many entries as the file has item or entry elements, each with its name, words and place kept."""
    read_whole = 0
    for path in sorted(REAL.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        named = len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", content))
        if content.lstrip()[:1] == b"{":
            named = len(json.loads(content)["items"])
        if not named or path.name == "LICENSE":
            continue
        document = parse(content, "", "https://feed.example/")
        items = [item for item, _digest in Reader(ME, "posts", document, NOW).items()]
        assert len(items) == named, path.name
        assert all(isinstance(item, Activity) for item in items), path.name
        assert len({item.remote_id for item in items}) == named, path.name
        assert all(entry.title or entry.html or entry.text or entry.link for entry in document.entries)
        read_whole += 1
    assert read_whole > 30
