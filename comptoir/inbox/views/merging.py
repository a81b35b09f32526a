"""Making one thread of two, or two of one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.inbox.forms import MergeForm
from comptoir.inbox.models import Thread
from comptoir.inbox.models.merging import merge, split
from comptoir.inbox.views.acts import done, path_of
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("agent")
def merges(request: BrandRequest, pk: int) -> HttpResponse:
    """Move everything of this thread into another one, which is shown then. 422 when that cannot be."""
    found = thread_for(request, pk)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return done(request, found, Outcome(form.wrong, "warn", "bad"), status=422)
    into = Thread.objects.of(request.brand).filter(pk=form.cleaned_data["into"]).first()
    if into is None:
        words = _("There is no thread of that number on this brand.")
        return done(request, found, Outcome(words, "warn", "bad"), status=422)
    try:
        made = merge(found, into, request.user)
    except ValueError as why:
        return done(request, found, Outcome(_unmerged(str(why)), "warn", "bad"), status=422)
    undo = f"{path_of(request, found)}merges/{made.pk}/withdrawal/"
    words = _("Everything of thread %(number)s is here now.") % {"number": found.pk}
    return done(request, into, Outcome(words, "merge", undo=undo))


def _unmerged(why: str) -> str:
    return {
        "itself": _("That is this thread itself."),
        "channel": _(
            "These are on two channels: an answer could not leave to both. Link the people instead."
        ),
    }.get(why, _("One of them was merged already."))


@require_POST
@on_brand("agent")
def splits(request: BrandRequest, pk: int, message: int) -> HttpResponse:
    """Make a thread of this message and those after it, which is shown then. 422 where nothing would be left."""
    found = thread_for(request, pk)
    entry = found.entries.filter(pk=message).select_related("activity").first()
    if entry is None:
        raise Http404(_("There is no such message here."))
    try:
        made = split(found, entry, request.user)
    except ValueError:
        words = _("Nothing would be left above it: choose a later message.")
        return done(request, found, Outcome(words, "warn", "bad"), status=422)
    undo = f"{path_of(request, found)}merges/{made.pk}/withdrawal/"
    words = _("These messages are a thread of their own now.")
    return done(request, made.into, Outcome(words, "split", undo=undo))
