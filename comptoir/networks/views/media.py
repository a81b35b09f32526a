"""Pictures from elsewhere, at addresses that we signed, for the brand's members only."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.kernel.media import Unusable, media_url_from
from comptoir.networks.pictures import SIDES, picture
from comptoir.organisation.access import BrandRequest, on_brand

LIFE = 86_400


@require_safe
@on_brand("reader")
def media(request: BrandRequest, size: str, token: str) -> HttpResponse:
    """The picture that a token stands for: decoded, drawn again at its size, kept by this browser for a day."""
    if size not in SIDES:
        raise Http404(_("There is no such picture."))
    try:
        content = picture(media_url_from(token, LIFE, f"brand:{request.brand.pk}"), SIDES[size])
    except Unusable as fault:
        if fault.reason == "busy":
            return HttpResponse(_("Too many pictures at once."), status=503, headers={"Retry-After": "5"})
        raise Http404(_("This picture cannot be shown.")) from None
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={LIFE}"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
