"""What templates of every room need to show people, times and signs."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import regex
from django import template
from django.template.base import (
    FilterExpression,
    NodeList,
    Parser,
    Token,
    TokenType,
    token_kwargs,
)
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.drawings import cleared_by
from comptoir.organisation import counted
from comptoir.organisation.naming import language_name

register = template.Library()
register.filter("number", counted.number)
register.filter("share", counted.share)
register.filter("tongue", language_name)

_LETTER = regex.compile(r"[\p{L}\p{N}]")
_NAME = regex.compile(r"\w+")
_HOLE = secrets.token_hex(8)
"""Stands where something is to be filled in. Nobody outside knows it, so nobody can write it."""
_TINTS = 6
_MOST_KEPT = 500


@register.simple_tag
def icon(name: str, look: str = "") -> SafeString:
    """A sign of our own sprite. It is decoration: the words beside it say the same."""
    return _icon(name, look, static("web/icons.svg"))


@lru_cache(maxsize=200)
def _icon(name: str, look: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', look, sprite, name
    )


class Kept(template.Node):
    """See `kept`."""

    def __init__(
        self, nodelist: NodeList, given: dict[str, FilterExpression], filled: dict[str, FilterExpression]
    ):
        self.nodelist = nodelist
        self.given, self.filled = given, filled
        self.drawings: dict[tuple[Any, ...], str] = {}
        cleared_by(self.drawings.clear)

    def render(self, context: template.Context) -> str:
        values = tuple(expression.resolve(context) for expression in self.given.values())
        # With the types: a text that is known to be safe equals the same text that is not.
        key = (get_language(), *values, *map(type, values))
        drawing = self.drawings.get(key)
        if drawing is None:
            drawing = self._draw(context, values)
            if len(self.drawings) >= _MOST_KEPT:
                self.drawings.clear()
            self.drawings[key] = drawing
        if not self.filled:
            return drawing
        return drawing % {
            name: conditional_escape(expression.resolve(context)) for name, expression in self.filled.items()
        }

    def _draw(self, context: template.Context, values: tuple[Any, ...]) -> str:
        """The part as it is kept: where something is to be filled in, as a format that takes it."""
        holes = {name: mark_safe(f"{_HOLE}-{name}-") for name in self.filled}  # noqa: S308 - our own letters
        inside = dict(zip(self.given, values, strict=True)) | holes
        drawing: str = self.nodelist.render(context.new(inside))
        if holes:
            drawing = drawing.replace("%", "%%")
            for name, hole in holes.items():
                drawing = drawing.replace(hole, f"%({name})s")
        return drawing


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """A part of a page that is drawn once for each language and each set of the values named in the tag.

    `{% kept name=value ... with other=value ... %}` ... `{% endkept %}`: inside, nothing else can be seen (no request),
    so one person's part cannot show another's. The values are words, numbers or tuples of them. What is named after
    `with` is filled in anew each time, and so is `{% csrf_token %}`: it can be shown, but nothing can hang on it.
    """
    bits = token.split_contents()[1:]
    given = token_kwargs(bits, parser)
    filled = {}
    if bits[:1] == ["with"]:
        del bits[0]
        filled = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError("kept takes name=value only, and more of them after `with`")
    _only_shown(parser, set(filled))
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(CsrfTokenNode):
        filled["csrf_token"] = parser.compile_filter("csrf_token")
    return Kept(nodelist, given, filled)


def _only_shown(parser: Parser, names: set[str]) -> None:
    """Refuse a part in which something hangs on what is filled in: it is not known when the part is drawn."""
    for token in reversed(cast("list[Token]", parser.tokens)):
        if token.contents == "endkept":
            return
        hangs = token.token_type == TokenType.VAR and "|" in token.contents
        if token.token_type == TokenType.BLOCK:
            hangs = token.split_contents()[0] in ("if", "elif", "for")
        if hangs and (asked := names.intersection(_NAME.findall(token.contents))):
            raise template.TemplateSyntaxError(f"kept only knows {', '.join(asked)} when the part is shown")


@register.filter
def initials(name: object) -> str:
    """The first letters of a name's first and last word: "Ana B. Ruiz" gives "AR"."""
    words = [found.group() for word in str(name).split() if (found := _LETTER.search(word))]
    picked = words[:1] + (words[-1:] if len(words) > 1 else [])
    return "".join(picked).upper() or "?"


@register.filter
def tint(name: object) -> int:
    """A number from 0 to 5, always the same for a name: which of the discs' quiet tints it has."""
    return sum(str(name).encode(errors="replace")) % _TINTS


@register.filter
def age(at: datetime | None) -> str:
    """How long ago, as short as a list needs it: "now", "4 min", "3 h", "2 d", then the date."""
    if at is None:
        return ""
    minutes = int((clock.now() - at).total_seconds() // 60)
    if minutes < 7 * 24 * 60:
        return _lately(get_language(), minutes)
    local = timezone.localtime(at)
    same_year = local.year == timezone.localtime().year
    return formats.date_format(local, _("j M") if same_year else _("j M Y"))


@lru_cache(maxsize=4096)
def _lately(_language: str | None, minutes: int) -> str:
    """An age of less than a week: a list says fifty, most of them the same."""
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s d") % {"n": minutes // (24 * 60)}


@register.filter
def iso(at: datetime) -> SafeString:
    """A moment for machines, to the second, as `<time datetime>` wants it."""
    return mark_safe(timezone.localtime(at).isoformat(timespec="seconds"))  # noqa: S308 - figures


@register.filter
def moment(at: datetime | None) -> str:
    """The full date and time, for a title."""
    return (
        _moment(get_language(), timezone.localtime(at).replace(second=0, microsecond=0, tzinfo=None))
        if at
        else ""
    )


@lru_cache(maxsize=4096)
def _moment(_language: str | None, wall: datetime) -> str:
    """A minute in full: Django takes longer over one than a page over the rest of its row."""
    return formats.date_format(wall, "DATETIME_FORMAT")
