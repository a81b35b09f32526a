"""A brand's own page for programs: Atom (RFC 4287, in pages as RFC 5005 has them) and JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

from comptoir.publishing.models import OwnPage
from comptoir.publishing.reading_page import Read, absolute, picture_url
from comptoir.publishing.visiting import Visitor


class _Atom(Atom1Feed):
    """With the language of each entry, its words in full, and the way to older ones."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if older := self.feed.get("older"):
            handler.addQuickElement("link", "", {"rel": "next", "href": older})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def as_atom(page: OwnPage, visitor: Visitor, entries: Sequence[Read], older: str) -> str:
    """The feed of what a visitor reads; `older`: the word below which it goes on."""
    here = absolute(reverse("own-page-atom-in", args=[page.slug, visitor.locale]))
    feed = _Atom(
        title=_xml(page.title), link=_home(page, visitor), description=_xml(page.about(visitor.language)),
        feed_url=here, language=visitor.language or None, author_name=_xml(page.brand.name), feed_guid=here,
        subtitle=_xml(page.about(visitor.language)) or None, older=_older(here, older),
    )  # fmt: skip
    for each in entries:
        feed.add_item(
            title=_xml(each.title), link=absolute(each.url), description=_xml(each.summary), unique_id=each.address,
            pubdate=each.entry.published, updateddate=each.entry.changed, language=each.language,
            content=_xml(_content(page, each)),
        )  # fmt: skip
    written: str = feed.writeString("utf-8")
    return written


def as_json_feed(page: OwnPage, visitor: Visitor, entries: Sequence[Read], older: str) -> dict[str, Any]:
    """The same as JSON Feed."""
    here = absolute(reverse("own-page-json-in", args=[page.slug, visitor.locale]))
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": _home(page, visitor),
        "feed_url": here,
        "description": page.about(visitor.language),
        "language": visitor.language,
        "next_url": _older(here, older),
        "authors": [{"name": page.brand.name}],
        "items": [_item(page, each) for each in entries],
    }
    return {name: value for name, value in told.items() if value or name == "items"}


def _item(page: OwnPage, read: Read) -> dict[str, Any]:
    told = {
        "id": read.address,
        "url": absolute(read.url),
        "title": read.title,
        "content_html": _content(page, read),
        "content_text": "\n\n".join(read.text.parts),
        "summary": read.summary,
        "image": absolute(picture_url(page, read.picture)) if read.picture else "",
        "date_published": rfc3339_date(read.entry.published),
        "date_modified": rfc3339_date(read.entry.changed),
        "language": read.language,
        "attachments": [
            {"url": absolute(picture_url(page, each)), "mime_type": each.mime, "title": each.alt}
            for each in read.pictures
        ],
        "_comptoir": {
            "languages": read.entry.languages, "countries": read.entry.countries, "warning": read.text.warning,
        },
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _content(page: OwnPage, read: Read) -> str:
    return render_to_string("publishing/own_page_content.html", {"own_page": page, "read": read})


def _home(page: OwnPage, visitor: Visitor) -> str:
    return absolute(reverse("own-page-in", args=[page.slug, visitor.locale]))


def _older(here: str, word: str) -> str:
    return f"{here}?{urlencode({'before': word})}" if word else ""


def _xml(text: str) -> str:
    """Without what no XML may hold."""
    return _NO_XML.sub("", text)


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
