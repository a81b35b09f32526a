"""Names below answers: taken off with one switch, and counted while somebody writes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.inbox.forms import answer_length
from comptoir.inbox.models import Reply, Thread
from comptoir.inbox.models.signing import kept, shield, signature
from comptoir.inbox.views.signed import signed_by
from comptoir.kernel.numbers import number_of
from comptoir.networks.connector import Replies
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("manager")
def shielding(request: BrandRequest) -> HttpResponse:
    """Take names off all answers of the brand, or with state=off, let them be signed again. Asked from a thread
    (`thread`), back to it."""
    on = request.POST.get("state") != "off"
    found = _thread(request, request.GET.get("thread", ""))
    shield(request.brand, request.user, on)
    request.brand.refresh_from_db(fields=["shielded_at"])
    if request.htmx and found is not None:
        context = {"signing": signed_by(request, found.channel), "pk": found.pk}
        return render(request, "inbox/signing.html", context)
    words = (
        _("Names are off: answers leave without them from now on.") if on else _("Answers are signed again.")
    )
    messages.success(request, words)
    if found is not None:
        return redirect("thread", request.brand.slug, found.pk)
    return redirect("channels", request.brand.slug)


@require_POST
@on_brand("agent")
def length(request: BrandRequest, pk: int) -> JsonResponse:
    """How long a text is as the thread's network counts, with what it is signed with; `edit` is the number of the
    answer that it shall replace."""
    found = _thread(request, str(pk))
    if found is None or not found.channel.can(Replies):
        raise Http404(_("There is nothing to answer here."))
    text = request.POST.get("text", "")
    if len(text) > 100_000:
        raise BadRequest(_("That is too long to count."))
    text = text.replace("\r\n", "\n").strip()
    shielded = request.brand.shielded_at is not None
    if (reply := _changed(request, found)) is not None:
        counted = found.channel.connector().length(text + kept(reply, shielded))
    else:
        text += signature(found.channel, request.user, shielded).text
        counted = answer_length(found, text, request.POST.get("warning", "").strip()[:200])
    return JsonResponse({"count": counted.count, "limit": counted.limit, "over": counted.over})


def _changed(request: BrandRequest, found: Thread) -> Reply | None:
    """The answer that the words shall replace."""
    number = number_of(request.POST.get("edit", "")) or 0
    return Reply.objects.filter(thread=found, pk=number).select_related("delivery__result").first()


def _thread(request: BrandRequest, number: str) -> Thread | None:
    return (
        Thread.objects.of(request.brand).filter(pk=number_of(number) or 0).select_related("channel").first()
    )
