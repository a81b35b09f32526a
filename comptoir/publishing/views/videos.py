"""Videos of the library as a player asks for them: a stretch at a time, to whoever may see the library."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.networks.views.media import closed
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.models import Video
from comptoir.publishing.models.video import PIECE

AT_ONCE = 2 * PIECE
"""Bytes that one answer to a player has: it asks again for more, and a slow one holds no thread of ours."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_LIFE = 86_400


@require_safe
@on_brand()
def video(request: BrandRequest, pk: int) -> HttpResponseBase:
    """A video of the brand's: the stretch that is asked for, or all of it where none is."""
    found = Video.objects.of(request.brand).select_related("asset").filter(asset=pk).first()
    if found is None:
        raise Http404(_("There is no such video."))
    asked = stretch(request.headers.get("Range", ""), found.size)
    response: HttpResponseBase
    if asked is None:
        whole = found.read(0, found.size - 1) if request.method == "GET" else ()
        response = StreamingHttpResponse(whole, content_type=found.asset.mime)
        response["Content-Length"] = str(found.size)
    elif asked[0] >= found.size:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    else:
        first, last = asked[0], min(asked[1], asked[0] + AT_ONCE - 1)
        content = b"".join(found.read(first, last))
        response = HttpResponse(content, status=206, content_type=found.asset.mime)
        response["Content-Range"] = f"bytes {first}-{last}/{found.size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_LIFE}"
    return closed(response)


def stretch(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that a Range header asks for; None where it asks for none that we know (several
    stretches, other units): then all is sent, as RFC 9110 has it. A first byte of `size` where nothing is there."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        wanted = min(int(found[2]), size)
        return (size - wanted, size - 1)
    first, last = int(found[1]), int(found[2] or size)
    if found[2] and last < first:
        return None
    return (min(first, size), min(last, size - 1))
