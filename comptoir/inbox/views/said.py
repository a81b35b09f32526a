"""What strangers wrote, made safe to show: text with links, media at our own signed addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.inbox.models.opened import Said
from comptoir.kernel.media import media_token
from comptoir.organisation.models import Brand

LONGEST = 6_000
"""How much of one message is shown: what is longer is cut, with a word that says so."""


@dataclass(slots=True)
class Shown:
    """A picture (`src`, through our proxy) or a link to what we do not show."""

    src: str
    url: str
    alt: str
    word: str


def html_of(text: str, spans: Sequence[Any]) -> SafeString:
    """A text with its spans as links. Nothing in it is trusted: spans that do not fit are passed over."""
    pieces: list[str] = []
    at = 0
    for start, end, target in _links(text[:LONGEST], spans):
        pieces.append(escape(text[at:start]))
        link = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'
        pieces.append(format_html(link, target, text[start:end]))
        at = end
    pieces.append(escape(text[at:LONGEST]))
    if len(text) > LONGEST:
        more = _("… cut here: %(n)d more characters are on the network.") % {"n": len(text) - LONGEST}
        pieces.append(format_html(" <em>{}</em>", more))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped above


def counted(said: Said) -> str:
    """What the network last counted of a message, in words: "3 likes, 1 repost"."""
    if not (said.likes or said.reposts or said.quotes or said.views):
        return ""
    parts = [
        (said.likes, ngettext("%(n)d like", "%(n)d likes", said.likes or 0)),
        (said.reposts, ngettext("%(n)d repost", "%(n)d reposts", said.reposts or 0)),
        (said.quotes, ngettext("%(n)d quote", "%(n)d quotes", said.quotes or 0)),
        (said.views, ngettext("%(n)d view", "%(n)d views", said.views or 0)),
    ]
    return ", ".join(words % {"n": n} for n, words in parts if n)


def _links(text: str, spans: Sequence[Any]) -> Iterator[tuple[int, int, str]]:
    """The spans that can be links, in order, none over another."""
    at = 0
    usable = [span for span in spans if isinstance(span, dict) and isinstance(span.get("start"), int)]
    for span in sorted(usable, key=lambda span: span["start"]):
        start, end, target = span["start"], span.get("end"), span.get("target")
        if not isinstance(end, int) or not isinstance(target, str):
            continue
        if at <= start < end <= len(text) and target.startswith(("https://", "http://")):
            yield start, end, target
            at = end


def media_address(url: str, brand: Brand, size: str = "full") -> str:
    """Our own address for a picture of elsewhere, for this brand's members only; "" when there is none to show."""
    if not url.startswith(("https://", "http://")):
        return ""
    return reverse("media", args=[brand.slug, size, media_token(url, f"brand:{brand.pk}")])


def shown_media(media: Sequence[Any], brand: Brand) -> list[Shown]:
    """What came beside a text. Films and files are linked to: their place is the network."""
    shown = []
    for each in media[:20]:
        if not isinstance(each, dict) or not isinstance(each.get("url"), str):
            continue
        url, alt = each["url"], str(each.get("alt") or "")[:2_000]
        picture = each["url"] if each.get("kind") == "image" else str(each.get("thumbnail") or "")
        link = url if url.startswith(("https://", "http://")) else ""
        src = media_address(picture, brand) if picture else ""
        if src or link:
            shown.append(Shown(src, link, alt, _("Film") if each.get("kind") == "video" else _("File")))
    return shown
