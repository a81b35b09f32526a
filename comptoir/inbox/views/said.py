"""What strangers wrote, made safe to show: text with links, media at our own signed addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.inbox.models.opened import Said
from comptoir.kernel.media import media_token
from comptoir.networks.files import is_on_the_web
from comptoir.organisation.models import Brand

LONGEST = 6_000
"""How much of one message is shown: what is longer is cut, with a word that says so."""


@dataclass(slots=True)
class Shown:
    """A picture (`src`, through our proxy) or a link to what we do not show. `ours`: the link saves it from here."""

    src: str
    url: str
    alt: str
    word: str
    ours: bool = False


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


def shown_media(media: Sequence[Any], brand: Brand, activity_id: int = 0) -> list[Shown]:
    """What came beside a text. Films and files of the web are linked to: their place is the network.

    What lies beside the message `activity_id` and nowhere else is fetched from there, through us.
    """
    shown = []
    for place, each in enumerate(media[:20]):
        if not isinstance(each, dict) or not isinstance(each.get("url"), str):
            continue
        if not is_on_the_web(each["url"]):
            shown += _lying(each, brand, activity_id, place) if activity_id and each.get("mime") else []
            continue
        url, alt = each["url"], str(each.get("alt") or "")[:2_000]
        picture = each["url"] if each.get("kind") == "image" else str(each.get("thumbnail") or "")
        link = url if url.startswith(("https://", "http://")) else ""
        src = media_address(picture, brand) if picture else ""
        if src or link:
            shown.append(Shown(src, link, alt, _("Film") if each.get("kind") == "video" else _("File")))
    return shown


def _lying(each: dict[str, Any], brand: Brand, activity_id: int, place: int) -> list[Shown]:
    """A file that lies beside a message: a picture is drawn, everything else is offered to be saved."""
    name = str(each.get("name") or "")[:120] or _("File")
    size = each.get("size")
    if each.get("kind") == "image":
        token = media_token(f"lying:{activity_id}/{place}", f"brand:{brand.pk}")
        return [Shown(reverse("media", args=[brand.slug, "full", token]), "", name, name, True)]
    words = f"{name} ({filesizeformat(size)})" if isinstance(size, int) and size > 0 else name
    return [Shown("", reverse("file", args=[brand.slug, activity_id, place + 1]), "", words, True)]
