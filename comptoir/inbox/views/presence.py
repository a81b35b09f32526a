"""Who else is at a thread, whose hand is on its answer, and what one began to write there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms import DraftForm
from comptoir.inbox.models import Locked, Thread
from comptoir.inbox.models.enclosing import describe
from comptoir.inbox.models.writing import (
    hold,
    keep_draft,
    look,
    look_away,
    release,
    take_over,
    was_sent,
    who_is_here,
)
from comptoir.inbox.views.acts import done
from comptoir.inbox.views.enclosing import described, thread_row
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.seen import Seen, locked_by, seen_at
from comptoir.inbox.views.signed import signed_by
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand


@never_cache
@require_http_methods(["GET", "POST"])
@on_brand("reader")
def presence(request: BrandRequest, pk: int) -> HttpResponse:
    """Who is at the thread. POST says that the asker is: state=reading, away, or left (answered with nothing)."""
    found = thread_row(request, pk)
    if request.method == "POST":
        match request.POST.get("state"):
            case "left":
                look_away(found, request.user)
                return HttpResponse(status=204)
            case "reading" | "away" as state:
                look(found, request.user, away=state == "away")
            case _:
                raise BadRequest(_("Say whether you are reading, away, or have left."))
    return _fragment(request, found)


@never_cache
@require_safe
@on_brand("reader")
def presences(request: BrandRequest) -> JsonResponse:
    """Who is at which of the brand's threads: {"12": {"sign": "AB", "state": "writing", "words": …, "more": 1}}."""
    told: dict[str, dict[str, Any]] = {}
    for here in who_is_here(request.brand.pk, request.user.pk):
        if first := told.get(str(here.thread)):
            first["more"] += 1
            continue
        seen = Seen.of(here)
        told[str(here.thread)] = {"sign": seen.initials, "state": seen.state, "words": seen.words, "more": 0}
    return JsonResponse(told)


@require_POST
@on_brand("agent")
def draft(request: BrandRequest, pk: int) -> HttpResponse:
    """Keep what stands in a box for writing. An answer in the making locks the thread; 409 while a colleague does."""
    found = thread_row(request, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("This cannot be kept: it is too long, or no answer and no note."))
    kind, text = form.cleaned_data["kind"], form.cleaned_data["text"]
    if was_sent(found, request.user, kind, text, form.cleaned_data["key"]):
        return _fragment(request, found)
    keep_draft(found, request.user, kind, text, form.cleaned_data["warning"])
    if words := described(request.POST):
        describe(found, request.user, words)
    status = 200
    if kind == "reply" and text.strip():
        try:
            hold(found, request.user)
        except Locked:
            status = 409
    elif kind == "reply":
        release(found, request.user)
    return _fragment(request, found, status)


@require_POST
@on_brand("agent")
def lock(request: BrandRequest, pk: int) -> HttpResponse:
    """Take the answer over from a colleague who is writing it; they are told. do=release lets go of it."""
    found = thread_for(request, pk)
    if request.POST.get("do") == "release":
        release(found, request.user)
        return done(request, found, Outcome(_("Colleagues can answer it now."), "lock"))
    before = take_over(found, request.user)
    words = _("You answer it now, and %(who)s has been told.") % {"who": before} if before else ""
    return done(request, found, Outcome(words or _("You answer it now."), "edit"))


def _fragment(request: BrandRequest, found: Thread, status: int = 200) -> HttpResponse:
    seen = seen_at(request, found.pk)
    may_write = request.membership.may("agent")
    context = {"present": seen, "pk": found.pk, "lock": locked_by(seen) if may_write else None}
    if may_write:
        context["signing"] = signed_by(request, found.channel)
    return render(request, "inbox/present.html", context, status=status)
