"""Asking for a grant in the person's browser: away to the network, and back."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from comptoir.kernel.secrets import Unreadable, seal, unseal
from comptoir.networks import connecting
from comptoir.networks.connector import Authorisation, Refused, TryLater
from comptoir.networks.found import label_of
from comptoir.networks.models import Channel
from comptoir.networks.sentences import sentence
from comptoir.organisation.access import BrandRequest, on_brand

LIFE = 15 * 60
"""Seconds that a person may take on the network's page."""
MOST = 5
"""Journeys of one session that may be under way."""
_KEY = "authorising"


def away(
    request: BrandRequest, network: str, answers: dict[str, str], again: Channel | None = None
) -> HttpResponse | None:
    """The page that sends the browser to the network, None where no grant is asked for there.

    The errors are those of `connecting.connect`.
    """
    state = secrets.token_urlsafe(24)
    asked = connecting.authorise(network, answers, _back(), state)
    if asked is None:
        return None
    _keep(request, state, network, asked, again)
    # A page and not a redirect: the content security policy lets no form lead to another site.
    context = {"brand": request.brand, "here": "channels", "network": label_of(network), "url": asked.url}
    return render(request, "networks/away.html", context)


@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """The browser comes back from a network, with a grant or without. The state that it brings works once."""
    kept: dict[str, str] = request.session.get(_KEY, {})
    sealed = kept.pop(request.GET.get("state", ""), None)
    if sealed is None:
        raise Http404(
            _("This way back from a network was used already, or is too old. Connect the channel again.")
        )
    request.session[_KEY] = kept
    try:
        journey = json.loads(unseal(sealed.encode()))
    except Unreadable:
        journey = {"ends": 0}
    if journey["ends"] < time.time():
        raise Http404(
            _("This way back from a network was used already, or is too old. Connect the channel again.")
        )
    return _arrived(request, brand=journey["brand"], journey=journey)


@on_brand("manager")
def _arrived(request: BrandRequest, journey: dict[str, Any]) -> HttpResponse:
    """Keep the grant, or say why there is none."""
    network, again = journey["network"], None
    if journey["again"]:
        again = Channel.objects.of(request.brand).filter(pk=journey["again"]).first()
    try:
        granted = connecting.authorised(network, journey["kept"], request.GET.dict())
        channel = connecting.store(request.brand, network, granted, request.user, again)
    except (Refused, TryLater) as error:
        messages.error(request, sentence(error.code, error.facts, label_of(network)))
        if again is not None:
            return redirect("channel", request.brand.slug, again.pk)
        return redirect("connection", request.brand.slug, network)
    words = _("%(channel)s is connected. What people write appears by itself.")
    messages.success(request, words % {"channel": channel.handle})
    return redirect("channels", request.brand.slug)


def _back() -> str:
    """Never by the address that the request names: that one may be a stranger's invention."""
    return str(settings.PUBLIC_URL + reverse("authorised"))


@sensitive_variables("asked", "journey")
def _keep(
    request: BrandRequest, state: str, network: str, asked: Authorisation, again: Channel | None
) -> None:
    journey = {
        "brand": request.brand.slug,
        "network": network,
        "kept": dict(asked.kept),
        "again": again.pk if again else None,
        "ends": time.time() + LIFE,
    }
    under_way = list(request.session.get(_KEY, {}).items())[1 - MOST :]
    request.session[_KEY] = {**dict(under_way), state: seal(json.dumps(journey)).decode()}
