"""A release: who would get what, the last exceptions, and, once somebody releases it, how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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

from comptoir.inbox.models import NothingToSend, Part, Release
from comptoir.inbox.models.gathered import Wording
from comptoir.inbox.models.release import Counting
from comptoir.inbox.views.objecting import OUTCOMES, WORDS
from comptoir.networks.connector import Length
from comptoir.networks.models import Channel, Delivery
from comptoir.organisation.access import BrandRequest, on_brand

PAGE = 25
LAST = 100
"""Exceptions that are shown at once."""
_STEPS = (Delivery.State.WAITING, Delivery.State.SENDING)


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody in a release: what they said, what they would be told, and how long that is."""

    part: Part
    url: str
    who: str
    said: str
    spoken: str
    text: str
    length: Length | None
    missing: str
    why: list[str]


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
    shown, ticked = _numbers(request.POST.getlist("shown")), _numbers(request.POST.getlist("part"))
    if shown and not found.choose(request.user, shown, ticked):
        messages.info(request, _("It was released already."))
        return redirect(there)
    if request.POST.get("do") == "release":
        try:
            found.release(request.user)
        except NothingToSend:
            messages.error(request, _("Nobody is chosen: tick somebody first."))
    elif (page := request.POST.get("page", "")).isdecimal():
        there = f"{there}?page={page[:6]}"
    return redirect(there)


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


def _numbers(given: Iterable[str]) -> set[int]:
    return {int(each) for each in given if each.isdecimal() and len(each) < 19}


def _draft(request: BrandRequest, found: Release) -> dict[str, Any]:
    """Everybody: the plain ones by pages, and what has to be looked at last."""
    parts = found.parts.select_related("thread__person", "thread__channel", "activity__actor")
    pages = Paginator(parts.filter(why=[]).order_by("pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    exceptions = parts.exclude(why=[]).order_by("chosen", "likeness", "pk")
    counts = found.parts.aggregate(
        all=Count("pk"), chosen=Count("pk", filter=Q(chosen=True)), odd=Count("pk", filter=~Q(why=[]))
    )
    shown = _Showing(request, found)
    return {
        "brand": request.brand, "here": "threads", "release": found, "turn": page, "counts": counts,
        "rows": [shown.of(part) for part in page], "last": [shown.of(part) for part in exceptions[:LAST]],
        "more": max(0, counts["odd"] - LAST), "texts": found.texts.items(),
        "may_answer": request.membership.may("agent"),
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


class _Showing:
    """Turns parts into what is shown of them; counts as each channel's network does."""

    def __init__(self, request: BrandRequest, found: Release) -> None:
        by = found.by or request.user
        self._slug, self._by = request.brand.slug, by
        self._shielded = request.brand.shielded_at is not None
        self._wording = Wording(found.texts, request.brand, by)
        self._counts: dict[int, Counting] = {}

    def of(self, part: Part) -> Shown:
        """One of them, with what it points at loaded."""
        thread, heard = part.thread, part.activity
        about = (part.language, thread.person, thread.channel, thread.fields)
        text, missing = self._wording.text(*about), self._wording.wanting(*about)
        return Shown(
            part, reverse("thread", args=[self._slug, thread.pk]), str(thread.person or "–"), heard.text[:400],
            thread.language, text, self._count(thread.channel, part, text), ", ".join(missing),
            [WORDS[why] for why in part.why],
        )  # fmt: skip

    def _count(self, channel: Channel, part: Part, text: str) -> Length | None:
        if channel.pk not in self._counts:
            self._counts[channel.pk] = Counting(channel, self._by, self._shielded)
        return self._counts[channel.pk].of(part.activity, text)
