"""Where hubs ask back whether we meant it, and call when something came; a signature is the proof."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptoir.listening import hubs

BODY_MOST = 10_000_000
"""Bytes of a call; of the feed itself we take as many."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hub(request: HttpRequest, token: str) -> HttpResponse:
    """GET says a challenge back where we asked for it; POST has the place asked for what came. Of what is posted the
    signature alone is looked at: whoever signs wrongly is answered alike, and not heard."""
    place = hubs.place_of(token)
    if place is None:
        raise Http404
    if request.method != "POST":
        challenge = hubs.confirmed(*place, {name: str(said) for name, said in request.GET.items()})
        if challenge is None:
            raise Http404
        return HttpResponse(challenge, content_type="text/plain; charset=utf-8")
    body = request.read(BODY_MOST + 1)
    if len(body) > BODY_MOST:
        return HttpResponse(status=413)
    if not hubs.called(*place, {name.lower(): said for name, said in request.headers.items()}, body):
        raise Http404
    return HttpResponse(status=202)
