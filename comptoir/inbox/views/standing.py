"""Where a thread stands: closing and reopening it, setting it aside, following it, saying how much it presses."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.inbox.forms import PauseForm, PriorityForm
from comptoir.inbox.forms_of_rules import PRIORITIES
from comptoir.inbox.models.custom import missing
from comptoir.inbox.models.standing import Priority
from comptoir.inbox.views.acts import done, path_of
from comptoir.inbox.views.happened import moment_words
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand


@require_http_methods(["POST", "DELETE"])
@on_brand("agent")
def closure(request: BrandRequest, pk: int) -> HttpResponse:
    """POST closes; DELETE, or POST with state=open, reopens."""
    found = thread_for(request, pk)
    here = f"{path_of(request, found)}closure/"
    if request.method == "DELETE" or request.POST.get("state") == "open":
        found.reopen(request.user)
        return done(request, found, Outcome(_("Open again."), "reopen", undo=here))
    if lacking := missing(found):
        words = _("Before it is closed it needs: %(fields)s.") % {"fields": ", ".join(lacking)}
        return done(request, found, Outcome(words, "warn", "bad"), status=422)
    found.close(request.user)
    return done(request, found, Outcome(_("Closed."), "close", undo=here, undo_state="open", next=True))


@require_http_methods(["POST", "DELETE"])
@on_brand("agent")
def pause(request: BrandRequest, pk: int) -> HttpResponse:
    """POST sets it aside; DELETE, or POST with state=open, takes it up again."""
    found = thread_for(request, pk)
    here = f"{path_of(request, found)}pause/"
    if request.method == "DELETE" or request.POST.get("state") == "open":
        found.resume(request.user)
        return done(request, found, Outcome(_("Open again."), "reopen"))
    form = PauseForm(request.POST)
    if not form.is_valid():
        return done(request, found, Outcome(form.wrong, "warn", "bad"), status=422)
    waits, until = form.waits, form.moment()
    try:
        if not found.pause(waits, request.user, until):
            return done(
                request, found, Outcome(_("It is closed: reopen it first."), "warn", "bad"), status=409
            )
    except ValueError:
        words = _("Choose a moment that is still to come, within a year.")
        return done(request, found, Outcome(words, "warn", "bad"), status=422)
    if until is not None:
        words = _("Put off until %(at)s.") % {"at": moment_words(until)}
    elif waits == "person":
        words = _("Set aside until they answer.")
    else:
        words = _("Set aside until a colleague says something.")
    return done(request, found, Outcome(words, "clock", undo=here, undo_state="open", next=True))


@require_POST
@on_brand("agent")
def priority(request: BrandRequest, pk: int) -> HttpResponse:
    """Say how much it presses."""
    found = thread_for(request, pk)
    form = PriorityForm(request.POST)
    if not form.is_valid():
        return done(request, found, Outcome(_("There is no such priority."), "warn", "bad"), status=422)
    now = form.cleaned_data["priority"]
    found.prioritise(now, request.user)
    return done(request, found, Outcome(priority_words(now) or _("It presses no more than others."), "flag"))


def priority_words(value: int) -> str:
    """How much a thread presses, "" for as much as others."""
    return "" if value == Priority.NORMAL else str(PRIORITIES[Priority(value)])


@require_http_methods(["POST", "DELETE"])
@on_brand("reader")
def following(request: BrandRequest, pk: int) -> HttpResponse:
    """POST follows it; DELETE, or POST with state=off, does no longer."""
    found = thread_for(request, pk)
    here = f"{path_of(request, found)}following/"
    if request.method == "DELETE" or request.POST.get("state") == "off":
        found.unfollow(request.user)
        return done(request, found, Outcome(_("You no longer follow it."), "bell", undo=here))
    found.follow(request.user)
    words = _("You follow it: what happens here is told to you.")
    return done(request, found, Outcome(words, "bell", undo=here, undo_state="off"))
