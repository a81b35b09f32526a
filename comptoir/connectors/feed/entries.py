"""Entries of a feed as what was said: who, where, in which conversation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urldefrag, urlsplit

from comptoir.connectors.feed.documents import Document, Entry
from comptoir.networks.connector import Activity, Actor, Kind, Media, Unusable, plain

_OWN_NAME = re.compile(r"(?i)^(?:https?:|urn:|tag:|at:)")
_PICTURES = re.compile(r"(?i)^image|\.(?:png|jpe?g|gif|webp|avif)(?:\?|$)")
_FILMS = re.compile(r"(?i)^video|\.(?:mp4|webm|mov)(?:\?|$)")
_TITLES = re.compile(r"(?i)^(?:re:\s*|comment on |by: |par\s?: |commentaires? sur )")
MOST_FILES = 10


class Reader:
    """Reads one document for the channel that it belongs to."""

    def __init__(self, me: Actor, what: str, document: Document, now: datetime) -> None:
        self._me = me
        self._comments = what == "comments"
        self._document = document
        self._now = now
        self._host = urlsplit(me.remote_id).hostname or me.handle

    def items(self) -> list[tuple[Activity | Unusable, str]]:
        """What the entries say, oldest first, each with a digest of its words."""
        entries = list(reversed(list(self._document.entries)))
        items = [self._item(entry, place) for place, entry in enumerate(entries)]
        # Feeds are newest first, most of them; those that are not say when each entry was written.
        return sorted(
            items, key=lambda pair: pair[0].published if isinstance(pair[0], Activity) else self._now
        )

    def _item(self, entry: Entry, place: int) -> tuple[Activity | Unusable, str]:
        marked = plain(entry.html, entry.link or self._document.link) if entry.html else plain("")
        text = entry.text or marked.text
        digest = sha256(f"{entry.title}\x00{text}".encode()).hexdigest()[:16]
        name = self._name(entry, digest)
        if not (text or entry.title or entry.link or entry.files):
            return Unusable(name, "nothing in it", repr(entry)), digest
        # Without a time of its own an entry was written when it was first seen, in the feed's own order.
        published = entry.published or entry.updated or self._now + timedelta(microseconds=place)
        edited = (
            entry.updated if entry.updated and entry.published and entry.updated > entry.published else None
        )
        link = entry.link or (entry.id if entry.id.startswith(("https://", "http://")) else "")
        actor = self._actor(entry)
        page = urldefrag(link)[0]
        return Activity(
            remote_id=name,
            kind=Kind.COMMENT if self._comments else Kind.POST,
            actor=actor,
            published=published.astimezone(UTC),
            text=text or entry.title or link,
            title=self._title(entry, text),
            language=self._document.language[:16],
            url=link,
            in_reply_to=self._answered(entry),
            conversation=f"{page}#{actor.remote_id}" if self._comments and page else "",
            media=self._media(entry, marked.media),
            spans=() if entry.text else marked.spans,
            addressed=self._comments,
            edited=edited.astimezone(UTC) if edited else None,
        ), digest  # fmt: skip

    def _name(self, entry: Entry, digest: str) -> str:
        """A name that is the entry's for ever: its own where that is one for the whole world, else within this feed."""
        own = entry.id or entry.link
        if own and _OWN_NAME.match(own) and len(own) < 1_000:
            return own
        at = entry.published.isoformat() if entry.published else ""
        within = own or f"{at} {entry.title} {digest}"
        return f"{self._me.remote_id}#{sha256(within.encode()).hexdigest()[:32]}"

    def _actor(self, entry: Entry) -> Actor:
        """Who wrote it, known by their page, else by their name on this site. Posts without a name are the site's."""
        if not self._comments and not entry.author:
            return self._me
        name = entry.author or self._host
        if entry.author_url:
            return Actor(entry.author_url, f"{name} ({self._host})"[:300], name[:200], url=entry.author_url)
        return Actor(f"{self._host}#{name.casefold()}"[:1_000], f"{name} ({self._host})"[:300], name[:200])

    def _answered(self, entry: Entry) -> str:
        return entry.answers if _OWN_NAME.match(entry.answers) else ""

    def _title(self, entry: Entry, text: str) -> str:
        """What stands above: of a post its headline, of a comment what it is below; nothing where it is the text."""
        title = plain(entry.title).text if "<" in entry.title or "&" in entry.title else entry.title
        title = _TITLES.sub("", title).strip() if self._comments else title
        return "" if not text or title == entry.author else title

    def _media(self, entry: Entry, shown: tuple[Media, ...]) -> tuple[Media, ...]:
        files = {
            file.url: Media(
                file.url, _kind(f"{file.kind} {file.url}" if not file.kind else file.kind, file.url)
            )
            for file in entry.files
            if file.url.startswith(("https://", "http://"))
        }
        files |= {media.url: media for media in shown}
        return tuple(files.values())[:MOST_FILES]


def _kind(kind: str, url: str) -> str:
    if _PICTURES.search(kind) or _PICTURES.search(url):
        return "image"
    if _FILMS.search(kind) or _FILMS.search(url):
        return "video"
    return "audio" if kind.startswith("audio") else "file"
