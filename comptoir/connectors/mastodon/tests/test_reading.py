"""What an instance shows, read without loss: made objects, hostile ones, and real ones where the shared folder is."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.connectors.mastodon import reading
from comptoir.connectors.mastodon.reading import Above, Me, Unreadable
from comptoir.networks.connector import SENSITIVE, Actor, Kind

ME = Me(
    "7",
    Actor("https://here.example/users/brand", "brand@here.example", url="https://here.example/@brand"),
    "here.example",
    "here.example",
)
BRAND = {"id": "7", "acct": "brand", "uri": ME.actor.remote_id, "url": ME.actor.url}
ANN = {
    "id": "9",
    "acct": "ann@there.example",
    "display_name": "Ann :star:",
    "uri": "https://there.example/users/ann",
    "url": "https://there.example/@ann",
    "note": "<p>Likes <b>tea</b></p>",
    "followers_count": 12,
}
NAMED = '<a href="https://here.example/@brand" class="u-url mention">@<span>brand</span></a>'


def status(n: int = 1, by: dict[str, Any] = ANN, **other: Any) -> dict[str, Any]:
    where = by["uri"]
    return {
        "id": str(100 + n),
        "uri": f"{where}/statuses/{n}",
        "url": f"{by['url']}/{n}",
        "created_at": "2026-11-20T10:00:00.000Z",
        "account": by,
        "content": f"<p>number {n}</p>",
        "visibility": "public",
        "mentions": [],
        **other,
    }


MINE = status(50, BRAND)
MENTIONS = [{"id": "7", "acct": "brand", "url": ME.actor.url}]


@pytest.mark.parametrize(
    ("given_", "kind"),
    [
        (status(), Kind.POST),
        (status(mentions=MENTIONS), Kind.MENTION),
        (status(content=f"<p>{NAMED} hello</p>"), Kind.MENTION),
        (status(in_reply_to_account_id="7", mentions=MENTIONS), Kind.REPLY),
        (status(visibility="direct", mentions=MENTIONS), Kind.MESSAGE),
        (status(visibility="private", mentions=MENTIONS), Kind.MENTION),
        (status(quote={"state": "accepted", "quoted_status": MINE}), Kind.QUOTE),
        (status(quote=MINE), Kind.QUOTE),
        (status(quote={"state": "accepted", "quoted_status": status(3)}), Kind.POST),
        (status(quote={"state": "revoked", "quoted_status": None}), Kind.POST),
        (MINE, Kind.POST),
        (status(51, BRAND, visibility="direct"), Kind.MESSAGE),
    ],
)
def test_what_a_status_is_to_the_brand(given_: dict[str, Any], kind: Kind) -> None:
    item = reading.activity(given_, ME, addressed=True)
    assert item.kind == kind
    assert item.addressed == (item.actor.remote_id != ME.actor.remote_id)


def test_everything_that_is_said_of_a_status_and_its_author() -> None:
    item = reading.activity(
        status(
            content=f'<p>{NAMED} look &amp; <a href="https://there.example/tags/tea" class="mention hashtag" rel="tag">'
            "#<span>tea</span></a> :star:</p>",
            mentions=MENTIONS,
            language="fr",
            spoiler_text=" tea <b>",
            edited_at="2026-11-20T11:00:00.000Z",
        ),
        ME,
    )
    assert item.text == "@brand look & #tea :star:"
    assert [(s.kind, item.text[s.start : s.end]) for s in item.spans] == [
        ("mention", "@brand"),
        ("tag", "#tea"),
    ]
    assert (item.remote_id, item.url) == (f"{ANN['uri']}/statuses/1", "https://there.example/@ann/1")
    assert (item.language, item.warning) == ("fr", "tea <b>")
    assert item.edited
    assert item.edited > item.published
    who = item.actor
    assert (who.remote_id, who.handle, who.name) == (ANN["uri"], "ann@there.example", "Ann :star:")
    assert (who.about, who.followers) == ("Likes tea", 12)
    assert item.facts == {
        "id": "101",
        "at": "here.example",
        "acct": "ann@there.example",
        "others": [],
        "visibility": "public",
    }


def test_a_local_name_is_made_whole() -> None:
    local = {**ANN, "acct": "ann"}
    assert reading.actor(local, ME).handle == "ann@here.example"


def test_a_conversation_has_one_name_from_wherever_it_is_met() -> None:
    theirs = [status(1), status(2, in_reply_to_id="101"), status(3, in_reply_to_id="102")]
    below = reading.activity(theirs[2], ME, Above(tuple(theirs[:2])))
    assert (below.in_reply_to, below.conversation) == (theirs[1]["uri"], theirs[0]["uri"])
    assert reading.activity(theirs[0], ME).conversation == ""
    answer = status(60, BRAND, in_reply_to_id="103")
    said = reading.activity(answer, ME, Above(tuple(theirs)))
    assert (said.kind, said.in_reply_to, said.conversation) == (
        Kind.REPLY,
        theirs[2]["uri"],
        theirs[0]["uri"],
    )


def test_below_a_post_of_the_brands_each_commenter_has_a_conversation() -> None:
    comment = status(1, in_reply_to_id="150", in_reply_to_account_id="7")
    heard = reading.activity(comment, ME, Above((MINE,)))
    assert heard.conversation == f"{MINE['uri']}#{ANN['uri']}"
    answer = status(60, BRAND, in_reply_to_id="101")
    assert reading.activity(answer, ME, Above((MINE, comment))).conversation == heard.conversation
    more = status(61, BRAND, in_reply_to_id="160")
    going_on = reading.activity(more, ME, Above((MINE, comment, answer)))
    assert going_on.conversation == heard.conversation
    to_nobody = reading.activity(status(62, BRAND, in_reply_to_id="150"), ME, Above((MINE,)))
    assert (to_nobody.kind, to_nobody.in_reply_to, to_nobody.conversation) == (Kind.POST, "", "")


def test_the_names_in_front_of_an_own_answer_are_no_part_of_it() -> None:
    link = '<a href="https://there.example/@ann" class="u-url mention">@<span>ann</span></a>'
    answer = status(
        60,
        BRAND,
        in_reply_to_id="101",
        content=f'<p>{link} <a href="{BRAND["url"]}" class="mention">@brand</a> see <a href="https://x.example">x</a></p>',
        mentions=[{"id": "9", "acct": ANN["acct"], "url": ANN["url"]}],
    )
    said = reading.activity(answer, ME, Above((status(1),)))
    assert said.text == "@brand see x"
    assert said.facts["names"] == "@ann@there.example "
    assert [said.text[s.start : s.end] for s in said.spans] == ["@brand", "x"]


def test_pictures_films_polls_and_links() -> None:
    attached = [
        {
            "type": "image",
            "url": "https://f.example/1.jpg",
            "description": "a cat",
            "meta": {"original": {"width": 4, "height": 3}},
        },
        {"type": "gifv", "url": "https://f.example/2.mp4", "preview_url": "https://f.example/2.png"},
        {"type": "unknown", "url": None, "remote_url": "https://r.example/3"},
        {"type": "image", "url": ""},
        "nonsense",
    ]
    item = reading.activity(
        status(
            media_attachments=attached,
            sensitive=True,
            poll={"options": [{"title": "<b>"}, {"title": "no"}, 3]},
            card={"url": "https://c.example", "title": "card"},
        ),
        ME,
    )
    first, film, file = item.media
    assert (first.kind, first.alt, first.width, first.height) == ("image", "a cat", 4, 3)
    assert (film.kind, film.thumbnail) == ("video", "https://f.example/2.png")
    assert (file.kind, file.url) == ("file", "https://r.example/3")
    assert item.warning == SENSITIVE
    assert item.text == "number 1\n• <b>\n• no"
    (link,) = reading.activity(status(card={"url": "https://c.example", "title": "card"}), ME).media
    assert (link.kind, link.alt) == ("link", "card")


def test_an_instance_that_knows_only_private() -> None:
    there = Me(ME.id, ME.actor, ME.host, ME.domain, only_private=True)
    item = reading.activity(status(visibility="private", language="en"), there)
    assert (item.kind, item.facts["visibility"], item.language) == (Kind.MESSAGE, "direct", "")
    assert item.published.microsecond == 999_000, "whole seconds are heard at their end"


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ("nonsense", "no_status"),
        (None, "no_status"),
        ({}, "bad_address"),
        (status(uri=None, url=None), "bad_address"),
        (status(uri="x" * 3_000), "bad_address"),
        (status(account=None), "no_author"),
        (status(account={"id": "1"}), "no_author"),
        (status(created_at="yesterday"), "no_time"),
        (status(created_at="0001-01-01T00:00:00Z"), "no_time"),
        (status(content=None), "no_text"),
    ],
)
def test_what_cannot_be_read_says_why(given_: Any, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as error:
        reading.activity(given_, ME)
    aside = reading.unusable(given_, error.value)
    assert aside.remote_id
    assert aside.reason == why


def test_hostile_html_is_text() -> None:
    item = reading.activity(
        status(
            content='<p onclick="x()">hi<script>alert(1)</script><a href="javascript:alert(1)">a</a>'
            '<img src="data:x" onerror="x()"><svg><a href="https://x.example">b</a></svg></p>',
            url="javascript:alert(1)",
        ),
        ME,
    )
    assert item.text == "hia"
    assert item.spans == ()
    assert item.url == ""


def test_gestures_have_one_name_each() -> None:
    notice = {
        "id": "1",
        "type": "favourite",
        "created_at": "2026-11-20T10:00:00Z",
        "account": ANN,
        "status": MINE,
    }
    liked = reading.gesture(notice, ME)
    assert (liked.kind, liked.about) == (Kind.LIKE, MINE["uri"])
    assert reading.gesture({**notice, "id": "2"}, ME).remote_id == liked.remote_id
    boosted = reading.gesture({**notice, "type": "reblog"}, ME)
    followed = reading.gesture({**notice, "type": "follow", "status": None}, ME)
    assert len({liked.remote_id, boosted.remote_id, followed.remote_id}) == 3
    assert (boosted.kind, followed.kind, followed.about) == (Kind.REPOST, Kind.FOLLOW, "")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@example({"media_attachments": 1, "poll": {"options": 1}})
@given(
    st.dictionaries(
        st.sampled_from([*status(), "poll", "card", "quote", "reblog", "media_attachments"]), ANYTHING
    )
)
def test_whatever_an_object_holds_it_is_read_or_set_aside(other: dict[str, Any]) -> None:
    try:
        item = reading.activity({**status(), **other}, ME)
    except Unreadable as why:
        reading.unusable({**status(), **other}, why)
        return
    json.dumps(dict(item.facts))
    assert all(0 <= span.start < span.end <= len(item.text) for span in item.spans)


def _real() -> Iterator[dict[str, Any]]:
    root = Path(reading.__file__).resolve().parents[3]
    path = (
        Path(os.environ.get("COMPTOIR_SHARED") or root.parent / "shared")
        / "data/objects/mastodon-statuses.jsonl"
    )
    if not path.exists():
        pytest.skip("no shared data of Mastodon statuses")
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def test_real_statuses_are_read_without_loss() -> None:
    read = 0
    for given_ in _real():
        item, source = reading.activity(given_, ME), reading.original(given_)
        words = re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", source["content"])))
        assert words in re.sub(r"[\s•]+", "", item.text)
        assert item.remote_id == source["uri"]
        assert len(item.media) >= len(source["media_attachments"])
        if source["spoiler_text"]:
            assert item.warning == source["spoiler_text"].strip()
        assert bool(item.edited) == bool(source["edited_at"])
        read += 1
    assert read > 100
