"""A feed in any of its formats, as one plain form. Nothing is dropped here."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class NotAFeed(Exception):
    """The content is none that we read."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that an entry names."""

    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its feed gives it; "" and None where it says nothing."""

    id: str = ""
    link: str = ""
    title: str = ""
    html: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    answers: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A feed."""

    title: str = ""
    link: str = ""
    language: str = ""
    entries: Sequence[Entry] = field(default_factory=tuple)
    named: Mapping[str, str] = field(default_factory=dict)
    """Where it leads by relation: its hub, and what it is called there ("self")."""


def parse(content: bytes, kind: str, url: str) -> Document:
    """Read a feed from its bytes and the Content-Type that came with them. NotAFeed when it is none."""
    if "json" in kind or content.lstrip()[:1] == b"{":
        return _json(content)
    return _xml(content, kind, url)


def _xml(content: bytes, kind: str, url: str) -> Document:
    import feedparser

    found = feedparser.parse(
        content, response_headers={"content-type": kind, "content-location": url}, sanitize_html=False
    )
    if not found.get("version") and not found.entries:
        raise NotAFeed
    head = found.feed
    return Document(
        _word(head.get("title")), _word(head.get("link")), _word(head.get("language")),
        [_xml_entry(each) for each in found.entries], _named(head.get("links")),
    )  # fmt: skip


def _xml_entry(each: Mapping[str, Any]) -> Entry:
    bodies = [part for part in each.get("content", []) if part.get("value")]
    body = max(bodies, key=lambda part: "html" in part.get("type", ""), default=None)
    written = body["value"] if body else _word(each.get("summary"))
    said = (body or each.get("summary_detail") or {}).get("type", "text/html")
    answered = each.get("thr_in-reply-to") or {}
    person = each.get("author_detail") or {}
    files = [File(_word(f.get("href")), _word(f.get("type"))) for f in each.get("enclosures", [])]
    files += [
        File(_word(f.get("url")), _word(f.get("medium") or f.get("type")))
        for f in each.get("media_content", [])
    ]
    return Entry(
        id=_word(each.get("id")),
        link=_word(each.get("link")),
        title=_word(each.get("title")),
        html="" if said == "text/plain" else written,
        text=written if said == "text/plain" else "",
        author=_word(person.get("name")) or _word(each.get("author")),
        author_url=_word(person.get("href")),
        published=_moment(each.get("published_parsed")),
        # feedparser gives what was published for what was updated, with a warning, unless it is asked this way.
        updated=_moment(each["updated_parsed"]) if "updated_parsed" in each.keys() else None,  # noqa: SIM118
        answers=_word(answered.get("ref")),
        files=tuple(f for f in files if f.url),
    )


def _json(content: bytes) -> Document:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAFeed from None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version", "")):
        raise NotAFeed
    items = found.get("items")
    return Document(
        _word(found.get("title")), _word(found.get("home_page_url")), _word(found.get("language")),
        [_json_entry(each) if isinstance(each, dict) else Entry() for each in items or []]
        if isinstance(items, list | None) else (), _named_in_json(found),
    )  # fmt: skip


def _json_entry(each: Mapping[str, Any]) -> Entry:
    people = each.get("authors") or [each.get("author")]
    person = people[0] if isinstance(people, list) and people and isinstance(people[0], dict) else {}
    named = each.get("attachments")
    files = [File(_word(each.get("image")), "image")] if each.get("image") else []
    files += [
        File(_word(f.get("url")), _word(f.get("mime_type")))
        for f in (named if isinstance(named, list) else [])
        if isinstance(f, dict) and f.get("url")
    ]
    return Entry(
        id=_word(each.get("id")),
        link=_word(each.get("url")),
        title=_word(each.get("title")),
        html=_word(each.get("content_html")),
        text=_word(each.get("content_text")) or _word(each.get("summary")),
        author=_word(person.get("name")),
        author_url=_word(person.get("url")),
        published=_written(each.get("date_published")),
        updated=_written(each.get("date_modified")),
        files=tuple(files),
    )


def _named(links: Any) -> dict[str, str]:
    """The first link of each relation that a hub is about."""
    found: dict[str, str] = {}
    for link in links if isinstance(links, list) else ():
        for relation in _word(link.get("rel")).lower().split():
            if relation in ("hub", "self"):
                found.setdefault(relation, _word(link.get("href")))
    return found


def _named_in_json(found: Mapping[str, Any]) -> dict[str, str]:
    hubs = found.get("hubs")
    named = [
        _word(each.get("url"))
        for each in (hubs if isinstance(hubs, list) else ())
        if isinstance(each, dict) and _word(each.get("type")).lower() == "websub"
    ]
    return {"self": _word(found.get("feed_url")), **({"hub": named[0]} if named else {})}


def _word(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _moment(value: Any) -> datetime | None:
    """feedparser's time, which is UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _written(value: Any) -> datetime | None:
    """A time as RFC 3339 writes it."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
