"""The page of a mention: what was said, how it is read, and how it spread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.kernel import clock
from comptoir.listening.models import Mention
from comptoir.listening.models.spread import spread_of
from comptoir.listening.views.mentions import PAGE, brought, communities_of, look_closer, mention_of, shown_of
from comptoir.listening.views.shown import noise_words, tones
from comptoir.networks.found import label_of
from comptoir.networks.models import Correction
from comptoir.networks.models.community import home_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.naming import language_name
from comptoir.reading.folding import fold
from comptoir.reading.language import languages


@require_safe
@on_brand()
def mention(request: BrandRequest, pk: int) -> HttpResponse:
    """One mention; where others say the same, who said it first, and everybody else in the order in which they did."""
    found = mention_of(request, pk)
    spread = spread_of(found)
    look_closer([found])
    (shown,) = shown_of(found.query, [found], whole=True)
    context = {
        "brand": request.brand, "here": "listening", "query": found.query, "mention": found, "each": shown,
        "spread": spread, "brought": brought(request, [found]), "brings": request.membership.may("agent"),
        "networks": [(label_of(network), n) for network, n in spread.networks] if spread else [],
        **(_same(request, found) if spread else {}), **_reading(request, found), **_community(request, found),
    }  # fmt: skip
    return render(request, "listening/mention.html", context)


def _community(request: BrandRequest, found: Mention) -> dict[str, Any]:
    """The cards of the communities that it was said in, and the place of which one could be written."""
    cards = communities_of(request.brand, found)
    home = home_of([found.activity.url, found.activity.remote_id])
    return {
        "cards": cards, "forbidden": any(card.forbids for card in cards), "network": found.network,
        "home": "" if any(card.place == home for card in cards) else home,
    }  # fmt: skip


def _reading(request: BrandRequest, found: Mention) -> dict[str, Any]:
    """How it is read, what it can be corrected to, and what people said of it so far."""
    said = Correction.objects.of(request.brand).filter(activity=found.activity_id).select_related("by")
    rows = said.order_by("-pk")[:50]
    return {
        "tones": list(tones().items()), "is_spam": found.noise == Mention.Noise.SPAM,
        "languages": sorted(((code, language_name(code)) for code in languages()), key=lambda each: fold(each[1])),
        "said": [(each, value_words(each.what, each.value), value_words(each.what, each.was)) for each in rows],
    }  # fmt: skip


def value_words(what: str, value: str) -> str:
    """What something was corrected to, or from, in words."""
    if what == Correction.What.LANGUAGE:
        return language_name(value) if value else _("Unknown")
    if what == Correction.What.SPAM:
        return noise_words()["spam"] if value == "spam" else _("Not spam")
    return tones().get(value, _("Unknown"))


def _same(request: BrandRequest, found: Mention) -> dict[str, Any]:
    """Who says the same, as they said it, a page of them; and who said it first."""
    given = request.GET.get("after", "")
    place = clock.placed(given)
    if given and not place:
        raise BadRequest(_("There is no such place in the list."))
    rows = Mention.objects.of(request.brand).filter(query=found.query, fold=found.fold).order_by("at", "pk")
    rows = rows.select_related("activity__actor").defer("activity__search")
    first = rows[0]
    if place:
        rows = rows.filter(Q(at__gt=place[0]) | Q(at=place[0], pk__gt=place[1]))
    page = list(rows[: PAGE + 1])
    later = page[PAGE - 1] if len(page) > PAGE else None
    return {
        "first": first, "same": [(each, after_words(each.at - first.at)) for each in page[:PAGE]],
        "later": clock.place(later.at, later.pk) if later else "", "after": given,
    }  # fmt: skip


def after_words(since: timedelta) -> str:
    """How long after the first something was said."""
    minutes = round(since.total_seconds() / 60)
    if minutes < 1:
        return _("at once")
    if minutes < 120:
        return _("%(n)d min later") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h later") % {"n": round(minutes / 60)}
    return _("%(n)d d later") % {"n": round(minutes / 1440)}
