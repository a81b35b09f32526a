"""Queries in their colours, for templates of every room."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comptoir.organisation.query_words import read
from comptoir.reading.query import Stroke, strokes

register = template.Library()


@register.filter
def painted(text: object) -> SafeString:
    """A query in its colours; the letters are as they were typed."""
    return _painted(str(text or "").replace("\r\n", "\n"))


@register.filter
def search_painted(text: object) -> SafeString | str:
    """The same for a search that may be plain words, which have no colours."""
    said = str(text or "")
    return _painted(said) if read(said) else said


@register.filter
def strokes_painted(drawn: Iterable[Stroke]) -> SafeString:
    """A part of one."""
    return format_html_join("", "{}", ((_stroke(each),) for each in drawn))


@lru_cache(maxsize=1024)
def _painted(text: str) -> SafeString:
    return strokes_painted(strokes(text))


def _stroke(stroke: Stroke) -> SafeString | str:
    looks = " ".join(f"q-{look}" for look in (stroke.kind, stroke.flaw) if look)
    if not looks:
        return stroke.text
    if stroke.pair:
        return format_html('<span class="{}" data-pair="{}">{}</span>', looks, stroke.pair, stroke.text)
    return format_html('<span class="{}">{}</span>', looks, stroke.text)
