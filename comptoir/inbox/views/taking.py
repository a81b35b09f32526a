"""Saved replies at a thread: those that fit it, filled for it, to be taken into the reply box."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from comptoir.inbox.models import Thread
from comptoir.inbox.models.offering import Offer, offers
from comptoir.kernel.numbers import number_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.naming import language_name


@never_cache
@require_safe
@vary_on_headers("Accept")
@on_brand("agent")
def choices(request: BrandRequest, pk: int) -> HttpResponse:
    """What fits the thread: as JSON for the list in the reply box, as a page to choose from otherwise."""
    found = Thread.objects.of(request.brand).filter(pk=pk).select_related("channel", "person").first()
    if found is None:
        raise Http404(_("There is no such thread here. It may have been erased, or belong to another brand."))
    found.brand = found.channel.brand = request.brand
    fitting = offers(found, request.user)
    if _wants_json(request):
        return JsonResponse({"items": [_told(each) for each in fitting]})
    context = {
        "brand": request.brand,
        "here": "threads",
        "who": str(found.person) if found.person else found.channel.handle,
        "back": reverse("thread", args=[request.brand.slug, pk]),
        "items": [(each, [(code, language_name(code)) for code in each.texts]) for each in fitting],
    }
    return render(request, "inbox/choices.html", context)


def taken_reply(request: HttpRequest, found: Thread) -> Offer | None:
    """The saved reply that an address of a thread asks to have in its box (`saved`, in `in` where it says so)."""
    number = number_of(request.GET.get("saved", ""))
    if number is None:
        return None
    for each in offers(found, request.user):  # type: ignore[arg-type]
        if each.saved.pk == number:
            language = request.GET.get("in", "")
            return Offer(each.saved, each.texts, language if language in each.texts else each.language)
    return None


def _told(offer: Offer) -> dict[str, object]:
    texts = [
        {"language": code, "name": language_name(code), "text": text} for code, text in offer.texts.items()
    ]
    saved = offer.saved
    return {
        "id": saved.pk,
        "name": saved.name,
        "shortcut": saved.shortcut,
        "own": saved.own,
        "language": offer.language,
        "texts": texts,
    }


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
