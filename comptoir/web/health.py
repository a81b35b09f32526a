"""What machines ask: whether this process lives, whether Comptoir is ready to work, and figures for Prometheus.

    GET /health/live    200 as long as this process answers; it asks nobody else
    GET /health/ready   200, or 503 with a line for each thing that is missing: database, tables, worker
    GET /health/seen    how the request arrived: scheme, name, how many proxies passed it on; for `comptoir doctor`
    GET /metrics        with `Authorization: Bearer METRICS_TOKEN`; without that setting, from this machine alone

They are answered before anything else is looked at: a probe knows no host name, holds no session, speaks no language.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from ipaddress import ip_address

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from comptoir.upkeep import figures, readiness

PATHS = frozenset({"/health/live", "/health/ready", "/health/seen", "/metrics"})


class HealthMiddleware:
    """Answers for these addresses, and passes on all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in PATHS:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            response = _plain("Only GET and HEAD.", 405)
            response["Allow"] = "GET, HEAD"
        elif request.path == "/health/live":
            response = _plain("alive")
        elif request.path == "/health/ready":
            missing = readiness.missing()
            response = _plain("\n".join(missing) or "ready", 503 if missing else 200)
        elif request.path == "/health/seen":
            response = _seen(request)
        else:
            response = _metrics(request)
        # A probe that is told "not yet" is no error to write down, each few seconds.
        response._has_been_logged = True  # type: ignore[attr-defined]
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def _seen(request: HttpRequest) -> HttpResponse:
    try:
        host = request.get_host()
    except DisallowedHost:
        return _plain("We are not known by that name.", 400)
    passed_on = [each for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    return _plain(f"scheme {request.scheme}\nhost {host}\nforwarded {len(passed_on)}")


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_measure(request):
        return _plain("Not for you.", 403)
    try:
        said = figures.exposition()
    except figures.Unknown:
        return _plain("The database does not answer.", 503)
    return HttpResponse(said, content_type=figures.CONTENT_TYPE)


def _may_measure(request: HttpRequest) -> bool:
    """Whoever knows the token; where there is none, whoever is on this machine and was not passed on by a proxy."""
    token = os.environ.get("METRICS_TOKEN", "")
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not passed_on
    except ValueError:
        return False
