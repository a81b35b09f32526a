"""What templates of every room need to show people, times and signs."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import regex
from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.drawings import cleared_by

register = template.Library()

_LETTER = regex.compile(r"[\p{L}\p{N}]")
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

    def __init__(self, nodelist: NodeList, given: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.given = given
        self.drawings: dict[tuple[Any, ...], str] = {}
        cleared_by(self.drawings.clear)

    def render(self, context: template.Context) -> str:
        values = tuple(expression.resolve(context) for expression in self.given.values())
        # With the types: a text that is known to be safe equals the same text that is not.
        key = (get_language(), *values, *map(type, values))
        drawing = self.drawings.get(key)
        if drawing is None:
            drawing = self.nodelist.render(context.new(dict(zip(self.given, values, strict=True))))
            if len(self.drawings) >= _MOST_KEPT:
                self.drawings.clear()
            self.drawings[key] = drawing
        return drawing


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """A part of a page that is drawn once for each language and each set of the values named in the tag.

    `{% kept name=value ... %}` ... `{% endkept %}`: inside, nothing else can be seen (no request, no token against
    forgery), so one person's part cannot show another's. The values are words, numbers or tuples of them.
    """
    bits = token.split_contents()[1:]
    given = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError("kept takes name=value only")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, given)


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
    seconds = (clock.now() - at).total_seconds()
    if seconds < 60:
        return _("now")
    if seconds < 3600:
        return _("%(n)s min") % {"n": int(seconds // 60)}
    if seconds < 86_400:
        return _("%(n)s h") % {"n": int(seconds // 3600)}
    if seconds < 7 * 86_400:
        return _("%(n)s d") % {"n": int(seconds // 86_400)}
    local = timezone.localtime(at)
    same_year = local.year == timezone.localtime().year
    return formats.date_format(local, _("j M") if same_year else _("j M Y"))


@register.filter
def iso(at: datetime) -> SafeString:
    """A moment for machines, as `<time datetime>` wants it."""
    return mark_safe(timezone.localtime(at).isoformat())  # noqa: S308 - figures


@register.filter
def moment(at: datetime | None) -> str:
    """The full date and time, for a title."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
