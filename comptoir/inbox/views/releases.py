"""A release: who would get what, the last exceptions, and, once somebody releases it, how far it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comptoir.inbox.models import NothingToSend, NotYours, Part, Release
from comptoir.inbox.views.objecting import OUTCOMES, Showing
from comptoir.kernel.numbers import numbers_of
from comptoir.networks.models import Delivery
from comptoir.organisation.access import BrandRequest, on_brand

PAGE = 25
LAST = 100
"""Exceptions that are shown at once."""
_STEPS = (Delivery.State.WAITING, Delivery.State.SENDING)


class LeftOut(NamedTuple):
    """Somebody who was not answered with the others, and why."""

    url: str
    who: str
    said: str
    outcome: str


@never_cache
@require_safe
@on_brand("reader")
def release(request: BrandRequest, pk: int) -> HttpResponse:
    """A draft with everybody in it, or how far it is."""
    found = _found(request, pk)
    if found.state == Release.State.DRAFT:
        return render(request, "inbox/release.html", _draft(request, found))
    template = "inbox/released.html#progress" if request.htmx else "inbox/released.html"
    return render(request, template, _progress(request, found))


@require_POST
@on_brand("agent")
def choice(request: BrandRequest, pk: int) -> HttpResponse:
    """Keep who is ticked (`part`) of those `shown`; with do=release have the answers leave."""
    found = _found(request, pk)
    there = reverse("release", args=[request.brand.slug, found.pk])
    shown, ticked = (
        set(numbers_of(request.POST.getlist("shown"))),
        set(numbers_of(request.POST.getlist("part"))),
    )
    if shown and not found.choose(request.user, shown, ticked):
        messages.info(request, _("It was released already."))
        return redirect(there)
    if request.POST.get("do") == "release":
        try:
            found.release(request.user)
        except NothingToSend:
            messages.error(request, _("Nobody is chosen: tick somebody first."))
        except NotYours:
            messages.info(request, _("A colleague prepared this, as answers of theirs: prepare it as yours."))
    elif (page := request.POST.get("page", "")).isdecimal():
        there = f"{there}?page={page[:6]}"
    return redirect(there)


@require_POST
@on_brand("agent")
def release_copies(request: BrandRequest, pk: int) -> HttpResponse:
    """Prepare a colleague's draft anew, with its texts, as answers of one's own."""
    found = _found(request, pk)
    if found.cluster is None:
        raise Http404(_("There is no such cluster any more: nobody said it again for a while."))
    found.cluster.brand = request.brand
    try:
        mine = Release.prepare(found.cluster, request.user, found.texts)
    except ValueError:
        messages.error(request, _("Nobody waits for it any more, or its text asks for a field that is gone."))
        mine = found
    return redirect("release", request.brand.slug, mine.pk)


@require_POST
@on_brand("agent")
def release_stop(request: BrandRequest, pk: int) -> HttpResponse:
    """Answer nobody more, and take back what has not left."""
    found = _found(request, pk)
    found.stop(request.user)
    return redirect("release", request.brand.slug, found.pk)


def _found(request: BrandRequest, pk: int) -> Release:
    found = Release.objects.of(request.brand).filter(pk=pk).select_related("by", "cluster").first()
    if found is None:
        raise Http404(_("There is no such answer to many."))
    found.brand = request.brand
    if found.by is None and found.state == Release.State.DRAFT:
        raise PermissionDenied(_("Whoever prepared this is not here any more. Prepare it anew."))
    return found


def _draft(request: BrandRequest, found: Release) -> dict[str, Any]:
    """Everybody: the plain ones by pages, and what has to be looked at last: first of these whoever would get it."""
    parts = found.parts.select_related("thread__person", "thread__channel", "activity__actor")
    pages = Paginator(parts.filter(why=[]).order_by("pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    exceptions = parts.exclude(why=[]).order_by("-chosen", "likeness", "pk")
    counts = found.parts.aggregate(
        all=Count("pk"), odd=Count("pk", filter=~Q(why=[])),
        # The last one: a name that is given hides the column of that name.
        leave=Count("pk", filter=~Q(why=[]) & Q(chosen=True)), chosen=Count("pk", filter=Q(chosen=True)),
    )  # fmt: skip
    # Nobody gets an answer unseen, however many a program has ticked.
    most = max(LAST, counts["leave"])
    shown = Showing(found, found.by or request.user)
    return {
        "brand": request.brand, "here": "threads", "release": found, "turn": page, "counts": counts,
        "rows": [shown.of(part) for part in page], "last": [shown.of(part) for part in exceptions[:most]],
        "more": max(0, counts["odd"] - most), "texts": found.texts.items(),
        "may_answer": request.membership.may("agent"),
        "theirs": found.by if found.by != request.user else None,
    }  # fmt: skip


def _progress(request: BrandRequest, found: Release) -> dict[str, Any]:
    """How far it is, and who was left out."""
    under_way = Q(reply__delivery__state__in=_STEPS)
    counts = found.parts.filter(chosen=True).aggregate(
        all=Count("pk"),
        looked=Count("pk", filter=~Q(outcome="")),
        answered=Count("pk", filter=Q(outcome=Part.Outcome.ANSWERED)),
        sent=Count("pk", filter=Q(reply__delivery__state=Delivery.State.SENT)),
        leaving=Count("pk", filter=under_way),
        last=Max("reply__delivery__not_before", filter=under_way),
    )
    left_out = (
        found.parts.filter(chosen=True)
        .exclude(outcome__in=("", Part.Outcome.ANSWERED))
        .select_related("thread__person", "activity")
    )
    over = found.state in (Release.State.DONE, Release.State.STOPPED) and not counts["leaving"]
    return {
        "brand": request.brand, "here": "threads", "release": found, "counts": counts, "over": over,
        "left_out": [
            LeftOut(
                reverse("thread", args=[request.brand.slug, part.thread_id]), str(part.thread.person or "–"),
                part.activity.text[:400], str(OUTCOMES[part.outcome]),
            )
            for part in left_out.order_by("pk")[:LAST]
        ],
        "may_stop": not over and found.state != Release.State.STOPPING and request.membership.may("agent"),
    }  # fmt: skip
