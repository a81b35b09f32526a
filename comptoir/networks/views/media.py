"""Pictures from elsewhere, at addresses that we signed, and files beside messages: for the brand's members only."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.kernel.media import Unusable, media_url_from
from comptoir.networks.connector import ConnectorError, TryLater
from comptoir.networks.files import lying
from comptoir.networks.found import label_of
from comptoir.networks.pictures import SIDES, picture
from comptoir.networks.sentences import sentence
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand

LIFE = 86_400
LYING = "lying:"


@require_safe
@on_brand("reader")
def media(request: BrandRequest, size: str, token: str) -> HttpResponse:
    """The picture that a token stands for: decoded, drawn again at its size, kept by this browser for a day."""
    if size not in SIDES:
        raise Http404(_("There is no such picture."))
    try:
        content = _drawn(request.brand, media_url_from(token, LIFE, f"brand:{request.brand.pk}"), SIDES[size])
    except Unusable as fault:
        if fault.reason == "busy":
            return HttpResponse(_("Too many pictures at once."), status=503, headers={"Retry-After": "5"})
        raise Http404(_("This picture cannot be shown.")) from None
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={LIFE}"
    response["Content-Disposition"] = "inline"
    return closed(response)


def _drawn(brand: Brand, url: str, side: int) -> bytes:
    """A picture of the web, or the one beside a message that "lying:12/0" names."""
    pk, _slash, place = url.removeprefix(LYING).partition("/")
    if not url.startswith(LYING):
        return picture(url, side)
    file = lying(brand, int(pk), int(place))
    if file is None:
        raise Unusable("gone")
    return picture(file.url, side, file.picture)


@require_safe
@on_brand("reader")
def file(request: BrandRequest, pk: int, place: int) -> HttpResponse:
    """The first file beside a message, or another, to be saved: never shown by the browser, whatever it is."""
    found = lying(request.brand, pk, place - 1)
    if found is None:
        raise Http404(_("There is no such file, or its channel is switched off."))
    try:
        content = b"" if request.method == "HEAD" else found.fetch()
    except ConnectorError as error:
        network = label_of(found.channel.network)
        words = sentence(error.code, error.facts, network)
        if away := isinstance(error, TryLater):
            words = _("%(network)s does not give this file at the moment. Ask again in a little while.") % {
                "network": network
            }
        context = {"brand": request.brand, "here": "threads", "words": words}
        return render(request, "networks/file.html", context, status=503 if away else 404)
    response = HttpResponse(content, content_type=found.harmless_mime)
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = content_disposition_header(True, found.name or "file") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return closed(response)


def closed[Response: HttpResponseBase](response: Response) -> Response:
    """Nothing in it runs, and no other site embeds it."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
