"""The pages of what the brand said: its posts with their public counts, and how one of them grew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.kernel import charts
from comptoir.kernel.numbers import number_of
from comptoir.measurement.asked import PERIODS, Asked
from comptoir.measurement.posts import INTERACTIONS, Counted, Posts, grown, posts_of
from comptoir.measurement.sheets import streamed
from comptoir.networks.models import Activity, Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.models import Campaign

LISTED = 100
COUNTS = (*INTERACTIONS, "views")
HOURS = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688)
"""A chart of growth has a label every so many."""


@require_safe
@on_brand("reader")
def posts(request: BrandRequest) -> HttpResponse:
    """What the brand said in a period, and what came of it."""
    asked, narrowed, found = _found(request)
    labels = dict(_channels(request))
    order = "rate" if request.GET.get("order") == "rate" else ""
    context = {
        "brand": request.brand,
        "here": "figures",
        "asked": asked,
        "found": found,
        "narrowed": narrowed,
        "query": asked.query(**narrowed),
        "listed": [(each, labels.get(each.channel, "")) for each in _ordered(found, order)[:LISTED]],
        "order": order,
        "more": max(0, len(found.said) - LISTED),
        "chart": _chart(found),
        "periods": [
            (days, asked.query(days=str(days), since="", until="", **narrowed), days == asked.days)
            for days in PERIODS
        ],
        "channels": Channel.objects.of(request.brand).order_by("pk"),
        "campaigns": Campaign.objects.of(request.brand).order_by("name", "pk"),
    }
    return render(request, "measurement/posts.html", context)


@require_safe
@on_brand("reader")
def sheet(request: BrandRequest) -> StreamingHttpResponse:
    """All of them as a CSV file."""
    asked, _narrowed, found = _found(request)
    name = f"{request.brand.slug}-posts-{asked.since}-{asked.until}.csv"
    return streamed(_rows(found, dict(_channels(request))), name)


@require_safe
@on_brand("reader")
def growth(request: BrandRequest, pk: int) -> HttpResponse:
    """How the counts of one message grew."""
    own = Activity.objects.of(request.brand).filter(
        audience__own=True, audience__channel__brand=request.brand
    )
    message = get_object_or_404(own.distinct(), pk=pk)
    lines = grown(message.pk)
    context = {
        "brand": request.brand,
        "here": "figures",
        "message": message,
        "lines": lines,
        "chart": _growth(message.published, lines),
    }
    return render(request, "measurement/growth.html", context)


def _found(request: BrandRequest) -> tuple[Asked, dict[str, str], Posts]:
    asked = Asked.of(request.brand, request.GET)
    campaigns = dict(Campaign.objects.of(request.brand).values_list("pk", "name"))
    campaign, post = _number(request, "campaign"), _number(request, "post")
    if campaign is not None and campaign not in campaigns:
        raise BadRequest(_("This brand has no such campaign."))
    narrowed = {"campaign": str(campaign or ""), "post": str(post or "")}
    return asked, narrowed, posts_of(asked, dict(_channels(request)), campaigns, campaign, post)


def _number(request: BrandRequest, name: str) -> int | None:
    given = request.GET.get(name) or ""
    number = number_of(given) if given else None
    if given and number is None:
        raise BadRequest(_("That is no number."))
    return number


def _channels(request: BrandRequest) -> Iterator[tuple[int, str]]:
    return ((each.pk, each.title) for each in Channel.objects.of(request.brand))


def _ordered(found: Posts, order: str) -> list[Any]:
    """Newest first, or those that engaged most."""
    if order != "rate":
        return found.said
    return sorted(found.said, key=lambda each: (each.rate is None, -(each.rate or 0)))


def _chart(found: Posts) -> SafeString:
    days = found.by["day"]
    labels = [formats.date_format(line.key, _("j M")) for line in days]
    about = _("Likes, reposts, replies and quotes of what was said on each day, as known by now.")
    values = [float(line.interactions or 0) for line in days]
    return charts.columns(
        "interactions", _("Interactions by day of publication"), about, labels, values, wide=True
    )


def _growth(since: datetime, lines: list[Counted]) -> SafeString | str:
    """By the hours that went by since the message was published."""
    if len(lines) < 2:
        return ""
    hours = [max(0.0, (line.at - since) / timedelta(hours=1)) if line.at else 0.0 for line in lines]
    step = next((each for each in HOURS if hours[-1] <= 9 * each), HOURS[-1])
    labels = [_age(place * step) for place in range(int(hours[-1] // step) + 1)]
    values = [None if line.interactions is None else float(line.interactions) for line in lines]
    about = _("A point wherever a count changed, by how long after publication.")
    curve = charts.Curve(_("Interactions"), values)
    places = [each / step for each in hours]
    return charts.curves("growth", _("Interactions"), about, labels, [curve], wide=True, places=places)


def _age(hours: int) -> str:
    return _("%(n)s d") % {"n": hours // 24} if hours and not hours % 24 else _("%(n)s h") % {"n": hours}


def _rows(found: Posts, channels: dict[int, str]) -> Iterator[list[Any]]:
    yield [
        "message", "channel", "published", "text", "address", "post", "campaign", *COUNTS, "interactions", "clicks",
        "counted_at", "followers_that_day", "engagement_rate", "younger_than_24h",
    ]  # fmt: skip
    names = {line.key: line.label for line in found.by["campaign"]}
    for each in found.said:
        counts = each.counts
        yield [
            each.activity, channels.get(each.channel, ""), each.at.isoformat(), each.text, each.url, each.post,
            names.get(each.campaign, ""), *(getattr(counts, name) for name in COUNTS), counts.interactions,
            each.clicks,            counts.at.isoformat() if counts.at else None, each.followers,
            None if each.rate is None else round(each.rate, 6), each.is_young,
        ]  # fmt: skip
