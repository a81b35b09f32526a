"""What the templates of own pages need."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from comptoir.organisation.naming import language_name as name_of
from comptoir.publishing.models import OwnPage, PagePicture
from comptoir.publishing.reading_page import absolute, as_html, endonym, picture_url

register = template.Library()


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain words as HTML."""
    return as_html(text)


@register.simple_tag
def picture_at(page: OwnPage, picture: PagePicture, elsewhere: bool = False) -> str:
    """Where a picture is; `elsewhere`: as it is found from anywhere."""
    url = picture_url(page, picture)
    return absolute(url) if elsewhere else url


@register.filter
def language_name(code: str) -> str:
    """A language as the reader calls it."""
    return name_of(code)


@register.filter
def own_name(code: str) -> str:
    """A language as those who speak it call it."""
    return endonym(code)
