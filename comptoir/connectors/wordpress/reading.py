"""A site's objects, read: comments, posts and those who write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from comptoir.networks.connector import Activity, Actor, Kind, Marked, Media, Span, Unusable, plain

COMMENT = "id,post,parent,author,author_name,author_email,author_url,date_gmt,content,link,status,type"
"""The fields of a comment that are asked for: not the commenter's address on the net, nor the browser's name."""
POST = "id,date_gmt,modified_gmt,link,status,title,content"
STANDINGS = {"approved": "", "hold": "held", "spam": "spam", "trash": "removed", "post-trashed": "removed"}
_WEB = re.compile(r"https?://[^\s<>\"“”«»]+")
_ENDS = ".,;:!?'’)]}"
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_PRIVATE = ("author_email", "author_ip", "author_user_agent")


class Unreadable(Exception):
    """An object that cannot be read; its text is the reason code."""


@dataclass(frozen=True)
class Names:
    """How a site's things are called for ever. `team` are the users who speak for the site."""

    site: str
    me: Actor
    team: frozenset[int]

    def comment(self, number: int) -> str:
        return f"{self.site}#comment-{number}"

    def post(self, number: int) -> str:
        return f"{self.site}#post-{number}"

    def number(self, remote_id: str) -> tuple[str, int] | None:
        """What a name names: ("comment" or "post", its number); None when it is not of this site."""
        found = re.fullmatch(re.escape(self.site) + r"#(comment|post)-(\d{1,18})", remote_id)
        return (found[1], int(found[2])) if found else None

    def author(self, view: Mapping[str, Any]) -> Actor:
        """Who wrote a comment. Somebody without an account is known by name and mail, which goes no further."""
        user, name = view.get("author"), unescape(str(view.get("author_name") or "")).strip()
        if isinstance(user, int) and user in self.team:
            return self.me
        url = str(view.get("author_url") or "")
        if isinstance(user, int) and user > 0:
            return Actor(f"{self.site}#user-{user}", name or f"#{user}", url=url)
        mail = str(view.get("author_email") or "").strip().lower()
        digest = sha256(f"{self.site}\n{name.casefold()}\n{mail}".encode()).hexdigest()[:20]
        return Actor(f"{self.site}#guest-{digest}", name or "?", url=url)


def number(view: Any) -> int:
    """An object's number."""
    found = view.get("id") if isinstance(view, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise Unreadable("no_id")
    return found


def mark(view: Mapping[str, Any]) -> str:
    """What tells that a comment is as it was: its standing and its words."""
    return f"{view.get('status')}.{crc32(repr(view.get('content')).encode()):08x}"


def post_mark(view: Mapping[str, Any]) -> str:
    """What tells that a post is as it was. Its time alone does not: it counts seconds, in which much can happen."""
    return f"{view.get('modified_gmt')}.{crc32(repr((view.get('title'), view.get('content'))).encode()):08x}"


def moment(given: Any) -> datetime:
    """A time of the API, which is UTC without saying so."""
    try:
        return datetime.fromisoformat(str(given)).replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("no_time") from None


def comment(
    view: Any, names: Names, above: str = "", title: str = "", edited: datetime | None = None
) -> Activity:
    """A comment. `above` is the conversation of the comment that one of ours answers, `title` its post's."""
    pk, author = number(view), names.author(view)
    post, parent = view.get("post"), view.get("parent")
    if not isinstance(post, int) or not isinstance(parent, int):
        raise Unreadable("no_post")
    ours = author == names.me
    standing = STANDINGS.get(str(view.get("status")))
    if standing is None:
        raise Unreadable("no_standing")
    said = words(view.get("content"), str(view.get("link") or ""))
    answered = names.comment(parent) if parent else ("" if ours else names.post(post))
    return Activity(
        names.comment(pk),
        Kind.COMMENT,
        author,
        moment(view.get("date_gmt")),
        said.text,
        url=str(view.get("link") or ""),
        in_reply_to=answered,
        conversation=above or conversation(post, author, names),
        media=said.media,
        spans=said.spans,
        addressed=not ours,
        edited=edited,
        title=title,
        standing=standing,
        facts={"post": post, "comment": pk},
    )


def conversation(post: int, author: Actor, names: Names) -> str:
    """What belongs together: below a post, one a commenter."""
    return f"{names.post(post)}/{author.remote_id.rpartition('#')[2]}"


def own_post(view: Any, names: Names) -> Activity:
    """A post of the site's."""
    pk = number(view)
    at, changed = moment(view.get("date_gmt")), moment(view.get("modified_gmt"))
    link = str(view.get("link") or "")
    content = view.get("content")
    said = plain(str(content.get("rendered") or "") if isinstance(content, dict) else "", link)
    return Activity(
        names.post(pk),
        Kind.POST,
        names.me,
        at,
        said.text,
        url=link,
        media=said.media,
        spans=said.spans,
        addressed=False,
        edited=changed if changed > at else None,
        title=title(view),
        facts={"post": pk},
    )


def title(view: Mapping[str, Any]) -> str:
    """A post's title as text."""
    given = view.get("title")
    shown = given.get("rendered") if isinstance(given, dict) else ""
    return plain(str(shown or "")).text


def unusable(view: Any, reason: str, names: Names) -> Unusable:
    """A comment or post set aside, without what is nobody's business."""
    shown = {k: v for k, v in view.items() if k not in _PRIVATE} if isinstance(view, dict) else view
    pk = view.get("id") if isinstance(view, dict) else None
    name = names.comment(pk) if isinstance(pk, int) else ""
    return Unusable(name, reason, json.dumps(shown, ensure_ascii=False)[:10_000])


def words(content: Any, base: str) -> Marked:
    """A comment's words as they were typed: what WordPress makes of quotes and smileys is its theme's business."""
    raw = content.get("raw") if isinstance(content, dict) else None
    if not isinstance(raw, str):
        rendered = content.get("rendered") if isinstance(content, dict) else None
        return plain(str(rendered or ""), base)
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in raw:
        text = unescape(raw)
        return Marked(text, tuple(_bare(text, ())))
    html = re.sub(r"\n{2,}", "<p>", raw.strip()).replace("\n", "<br>")
    said = plain(html, base)
    return _shown(
        replace(said, spans=tuple(sorted((*said.spans, *_bare(said.text, said.spans)), key=_start)))
    )


def _start(span: Span) -> int:
    return span.start


def _bare(text: str, spans: tuple[Span, ...]) -> Iterator[Span]:
    """The web addresses that stand in a text as they are, outside of its links."""
    for found in _WEB.finditer(text):
        target = found[0].rstrip(_ENDS)
        start, end = found.start(), found.start() + len(target)
        if not any(span.start < end and start < span.end for span in spans):
            yield Span(start, end, "link", target)


def _shown(said: Marked) -> Marked:
    """Lines at the end that only link a picture, as our own answers have them, are pictures with their words."""
    text, spans, media = said.text, list(said.spans), list(said.media)
    found: list[Media] = []
    while spans:
        span = spans[-1]
        before = text[: span.start]
        alone = span.end == len(text) and (not before or before.endswith("\n"))
        if not alone or not _PICTURE.search(urlsplit(span.target).path):
            break
        found.insert(
            0, Media(span.target, "image", "" if span.target == text[span.start :] else text[span.start :])
        )
        spans.pop()
        text = before.rstrip("\n")
    return Marked(text, tuple(spans), (*media, *found))
