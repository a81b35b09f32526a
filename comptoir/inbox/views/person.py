"""The person on the other side of a thread, for the right pane."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from comptoir.inbox.models import Thread
from comptoir.inbox.models.opened import Before
from comptoir.inbox.views.asking import Asked, list_address
from comptoir.inbox.views.conversation import web_address
from comptoir.inbox.views.said import media_address
from comptoir.networks.found import label_of
from comptoir.organisation.access import BrandRequest
from comptoir.organisation.templatetags.house import age, icon, initials, iso, tint


@dataclass(slots=True)
class Person:
    name: str
    handle: str
    initials: str
    tint: int
    avatar: str = ""
    about: str = ""
    url: str = ""
    followers: int | None = None


def person_of(found: Thread, request: BrandRequest) -> Person:
    """Whose thread it is, as their network says; without anybody, the channel."""
    actor = found.person
    if actor is None:
        name = found.channel.handle
        return Person(name, "", initials(name), tint(name))
    return Person(
        name=str(actor)[:120],
        handle=actor.handle if actor.name else "",
        initials=initials(actor),
        tint=tint(actor.remote_id),
        avatar=media_address(actor.avatar, request.brand, "face"),
        about=actor.about[:1_000],
        url=web_address(actor.url),
        followers=actor.followers,
    )


_TO_CHOOSE = (
    '<label class="choice"><input type="radio" name="into" value="{}"><span><bdi>{}</bdi>'
    ' <time datetime="{}">{}</time></span></label>'
)
_PAST = (
    '<li><a href="{}{}/{}">{}<span class="words"><bdi>{}</bdi></span><time datetime="{}">{}</time>'
    '<span class="sub">{} · {}</span></a></li>'
)


def past_of(
    others: list[Before], request: BrandRequest, asked: Asked, channel: int
) -> tuple[SafeString, SafeString]:
    """The person's other threads with the brand, drawn: up to eight a page, each seldom seen twice. And again to choose
    from: those that could become one with a thread of this channel."""
    base = list_address(request.brand.slug)
    signs = {shut: icon("close" if shut else "threads", "icon-s") for shut in (True, False)}
    past, to_choose = [], []
    for each in others:
        words, at, old = escape(each.words), iso(each.at), age(each.at)
        label = label_of(each.network)
        past.append(
            format_html(
                _PAST, base, each.pk, asked.query, signs[each.closed], words, at, old, label, each.channel
            )
        )
        if each.channel_id == channel and not each.merged:
            to_choose.append(format_html(_TO_CHOOSE, each.pk, words, at, old))
    return mark_safe("".join(past)), mark_safe("".join(to_choose))  # noqa: S308 - drawn above
