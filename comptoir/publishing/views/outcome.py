"""What became of a post: where it stands on each channel, why, and what can be done about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.kernel.media import Unusable, fit
from comptoir.networks.pictures import SIDES
from comptoir.networks.views.media import closed
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.carrying import standing
from comptoir.publishing.covering import Said, covered, lacking
from comptoir.publishing.looking import looks
from comptoir.publishing.models import Asset, Destination, NotNow, Post, Step
from comptoir.publishing.models.post import REWRITABLE, SHELVED
from comptoir.publishing.outgoing import Links
from comptoir.publishing.telling import not_now, why

_LIFE = 86_400


def outcome_page(request: BrandRequest, found: Post) -> HttpResponse:
    """The page of a post that nobody writes any more, or that the reader may not write."""
    destinations = list(found.destinations.all())
    links = _links(request, found)
    assets = Asset.objects.of(request.brand).select_related("video").defer("content").in_bulk(
        [each.asset_id for each in found.illustrations.all()]
    )  # fmt: skip
    pictures = [(assets[each.asset_id], each.alt) for each in found.illustrations.all()]
    seen = looks(
        list(found.variants.all()), found.language,
        [(each.channel, each.language) for each in destinations], pictures, Links.of_post(found),
    )  # fmt: skip
    cells = covered(request.brand, Said.of(found))
    since = {each.destination.pk: each.state for each in standing(found)}
    context = {
        "brand": request.brand, "here": "publishing", "post": found, "looks": seen, "plain": True,
        "cells": cells, "gaps": lacking(cells),
        "writes": request.membership.may("agent"), "pictures": pictures,
        "rows": [(each, links.get(each.pk, ""), why(each), since.get(each.pk, "")) for each in destinations],
        "moving": found.state in (Post.State.SCHEDULED, Post.State.LEAVING),
    }  # fmt: skip
    name = "publishing/post.html#became" if request.htmx else "publishing/post.html"
    return render(request, name, context)


def _links(request: BrandRequest, found: Post) -> dict[int, str]:
    """Where it stands on the networks, by destination."""
    rows = Step.objects.of(request.brand).filter(destination__post=found, place=0)
    return dict(rows.exclude(delivery__url="").values_list("destination_id", "delivery__url"))


@require_POST
@on_brand("agent")
def post_state(request: BrandRequest, pk: int) -> HttpResponse:
    """Make it a draft again (state=draft), or give it up (state=cancelled)."""
    found, state = _found(request, pk), request.POST.get("state", "")
    if state not in ("draft", "cancelled"):
        raise BadRequest(_("A post can be made a draft again, or be given up."))
    done = found.unschedule(request.user) if state == "draft" else found.cancel(request.user)
    words = {"draft": _("It is a draft again."), "cancelled": _("It will not leave.")}[state]
    if done:
        messages.success(request, words)
    elif not (found.state in REWRITABLE and found.state not in SHELVED):
        messages.error(request, _("It has left, or is leaving: it cannot be changed any more."))
    return redirect("post", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def post_destination(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """Settle what is to be checked on a channel: it is there (do=there), it is to leave again or still (do=again), or
    not at all (do=never)."""
    found, do = _found(request, pk), request.POST.get("do", "")
    row = Destination.objects.of(request.brand).filter(post=found, pk=act).select_related("channel").first()
    if row is None:
        raise Http404(_("There is no such post any more."))
    if do not in ("there", "again", "never"):
        raise BadRequest(_("Say whether it is there, is to leave again, or not at all."))
    row.post = found
    try:
        done = row.decide(request.user, do)
    except NotNow as reason:
        messages.error(request, not_now(reason.code))
        return redirect("post", request.brand.slug, pk)
    if done:
        messages.success(request, _("Noted."))
    else:
        messages.warning(request, _("Meanwhile it stands otherwise: look again."))
    return redirect("post", request.brand.slug, pk)


def _found(request: BrandRequest, pk: int) -> Post:
    found = Post.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such post any more."))
    found.brand = request.brand
    return found


@require_safe
@on_brand()
def picture(request: BrandRequest, pk: int) -> HttpResponse:
    """A picture of the brand's, as pages show it."""
    return drawn(Asset.objects.of(request.brand).filter(pk=pk).first())


def drawn(row: Asset | None) -> HttpResponse:
    """A picture as an answer. Http404 where there is none."""
    if row is None:
        raise Http404(_("There is no such picture."))
    try:
        response = HttpResponse(fit(bytes(row.content), SIDES["full"]), content_type="image/webp")
    except Unusable:
        raise Http404(_("This picture cannot be shown.")) from None
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_LIFE}"
    return closed(response)
