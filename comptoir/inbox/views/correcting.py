"""Saying what is true of a message of a thread: its tone, its language, whether it is spam."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.inbox.hearing import read_again, reading_of
from comptoir.inbox.views.acts import done, path_of
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.thread import thread_for
from comptoir.networks.models import Correction
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("agent")
def corrections(request: BrandRequest, pk: int, message: int) -> HttpResponse:
    """`as` is "tone:positive", "language:fr" or "spam:ham"."""
    found = thread_for(request, pk)
    rows = found.entries.filter(pk=message, own=False).select_related("activity")
    if (entry := rows.first()) is None:
        raise Http404(_("There is no such message here."))
    what, _colon, value = request.POST.get("as", "").partition(":")
    try:
        was = reading_of(request.brand.pk, entry.activity)
        made = Correction.make(request.brand, entry.activity, request.user, what, value, was[what])
    except (KeyError, ValueError):
        raise BadRequest(_("A message cannot be corrected to that.")) from None
    # The job does it as well; whoever pressed the button sees it now.
    read_again(request.brand.pk, entry.activity_id)
    undo = f"{path_of(request, found)}corrections/{made.pk}/withdrawal/"
    words = _("Noted. What is like it will be read so as well.")
    return done(request, found, Outcome(words, undo=undo))
