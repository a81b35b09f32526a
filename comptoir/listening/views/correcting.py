"""Saying what is true of a mention, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.listening.rereading import reread
from comptoir.listening.views.mentions import back_to, mention_of
from comptoir.networks.models import Correction
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("agent")
def corrections(request: BrandRequest, pk: int) -> HttpResponse:
    """Somebody says what its tone or its language is, or whether it is spam: `as` is "tone:positive", "language:fr" or
    "spam:ham"."""
    found = mention_of(request, pk)
    was = {"tone": found.tone, "language": found.language, "spam": "spam" if found.noise == "spam" else "ham"}
    what, _colon, value = request.POST.get("as", "").partition(":")
    try:
        Correction.make(request.brand, found.activity, request.user, what, value, was[what])
    except (KeyError, ValueError):
        raise BadRequest(_("A mention cannot be corrected to that.")) from None
    # The job does it as well; whoever pressed the button sees it now.
    reread(request.brand.pk, [found.activity_id])
    messages.success(request, _("Noted. What is like it will be read so as well."))
    return back_to(request, found)


@require_POST
@on_brand("agent")
def correction_undone(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """What was said of it before counts again, else what is read."""
    found = mention_of(request, pk)
    rows = Correction.objects.of(request.brand).filter(activity=found.activity_id, pk=act)
    if (said := rows.select_related("activity").first()) is None:
        raise Http404(_("There is no such correction."))
    if said.undo(request.user):
        reread(request.brand.pk, [found.activity_id])
        messages.success(request, _("It is as it was."))
    return redirect("mention", request.brand.slug, pk)
