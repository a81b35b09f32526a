"""Where short links lead: nothing but the way, one statement, no cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri

from comptoir.kernel.acting import acting
from comptoir.publishing.clicks import follow
from comptoir.publishing.models.short_link import CODE_LETTERS

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Robots-Tag": "noindex",
}  # fmt: skip


def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead on. Only what somebody stored is led to, whatever stands in the address."""
    if request.method not in ("GET", "HEAD"):
        return _with_headers(HttpResponse(status=405, headers={"Allow": "GET, HEAD"}))
    host = host_in(request)
    own = host if host in settings.SHORT_HOSTS else ""
    fits = len(code) == CODE_LETTERS and code.isalnum() and code.isascii()
    led = follow(code, own, acting().address, request.headers, request.method) if fits else None
    if led is None or led.gone:
        status = 410 if led else 404
        return _with_headers(render(request, "publishing/short.html", {"gone": bool(led)}, status=status))
    # Bare headers: of what a response of the framework's looks at, nothing is needed here.
    return _with_headers(HttpResponse(status=302, headers={"Location": iri_to_uri(led.target)}))


def host_in(request: HttpRequest) -> str:
    """The host that was asked, without its port; DisallowedHost where it is none of ours."""
    return request.get_host().partition(":")[0].lower()


def _with_headers(answer: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        answer[name] = value
    return answer
