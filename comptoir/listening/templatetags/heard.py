"""Messages as the pages of listening show them, drawn without a template: a list shows fifty at once, and templates
take three quarters of the time of such a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.organisation.templatetags.house import age, icon, iso, moment

if TYPE_CHECKING:
    from comptoir.listening.views.shown import Shown

register = template.Library()
_TONES = {"positive": " good", "negative": " bad"}
_SIGNS = {"toxic": " bad", "presses": " warn"}


@register.simple_tag(takes_context=True)
def mentions_heard(context: Context, shown: Iterable[Shown]) -> SafeString:
    """The rows of a list of mentions, each with what can be done about it."""
    acts = _Acts(context)
    rows = (f'<li id="mention-{each.mention.pk}">{message(each)}{acts.of(each)}</li>' for each in shown)
    return mark_safe("".join(rows))  # noqa: S308 - what comes from outside was escaped


class _Acts:
    """What the reader of a page can do about the mentions on it, and where that leads."""

    def __init__(self, context: Context) -> None:
        self.slug = context["brand"].slug
        self.brings, self.several = context["brings"], context.get("several")
        self.brought = context["brought"]
        self.mentions = reverse("mentions", args=[self.slug])
        self.queries = f"{reverse('listening', args=[self.slug])}queries/"
        self.correct, self.bring = escape(_("Correct")), escape(_("Bring to the counter"))
        self.there = f"{icon('threads', 'icon-s')}{escape(_('On the counter'))}"
        old = escape(_("It is old and stands in a file: nothing changes it."))
        self.stored = f'<span class="mark" title="{old}">{escape(_("Stored"))}</span>'

    def of(self, each: Shown) -> str:
        """Links and buttons, in the order in which they stand."""
        mention, who = each.mention, escape(each.who)
        own = f"{self.mentions}{mention.pk}/"
        found = []
        if mention.stored:
            found.append(self.stored)
        elif self.brings:
            found.append(
                f'<a class="button small quiet" href="{own}#reading-title" aria-label="{self.correct}: {who}">'
                f"{self.correct}</a>"
            )
        if self.several:
            name = escape(mention.query.name)
            found.append(f'<a class="mark" href="{self.queries}{mention.query_id}/">{name}</a>')
        if each.same:
            words = ngettext("and %(n)s the same", "and %(n)s the same", each.same) % {"n": each.same}
            found.append(f'<a class="button small quiet" href="{own}">{escape(words)}</a>')
        if mention.activity_id in self.brought and not mention.stored:
            there = reverse("thread-about", args=[self.slug, mention.activity_id])
            found.append(f'<a class="button small" href="{there}">{self.there}</a>')
        elif self.brings and not mention.stored:
            found.append(
                f'<button class="button small" form="acting" formaction="{own}bringing/" '
                f'aria-label="{self.bring}: {who}">{self.bring}</button>'
            )
        return "".join(found)


@register.simple_tag
def message(said: Shown) -> SafeString:
    """Who said it, its words with what was found in them marked, and where, when and how it was said."""
    handle = f' <bdi class="sub">{escape(said.handle)}</bdi>' if said.handle else ""
    title = f'<p class="titled"><bdi>{escape(said.title)}</bdi></p>' if said.title else ""
    words = "".join(
        f"<mark>{escape(each.text)}</mark>" if each.hit else escape(each.text) for each in said.pieces
    )
    return mark_safe(  # noqa: S308 - all that comes from outside is escaped
        f'<div class="grow"><p class="name"><bdi>{escape(said.who)}</bdi>{handle}</p>{title}'
        f'<p class="words" dir="auto">{words or "<i>" + escape(_("without words")) + "</i>"}</p>'
        f'<p class="sub beside">{_beside(said)}</p></div>'
    )


def _beside(said: Shown) -> str:
    """Where, in which language, tone and sign, and when it was said; the way there."""
    found = [f'<span class="signed" data-sign="{escape(said.sign)}">{escape(said.network)}</span>']
    if said.language:
        found.append(f"<span>{escape(said.language)}</span>")
    if said.tone_words:
        found.append(f'<span class="mark{_TONES.get(said.tone, "")}">{escape(said.tone_words)}</span>')
    found += [
        f'<span class="mark{_SIGNS.get(sign, "")}">{escape(words)}</span>' for sign, words in said.signs
    ]
    found.append(
        f'<time datetime="{iso(said.at)}" title="{escape(moment(said.at))}">{escape(age(said.at))}</time>'
    )
    if said.url:
        there = escape(_("See it"))
        found.append(f'<a class="out" href="{escape(said.url)}" target="_blank" rel="noopener">{there}</a>')
    return "".join(found)
