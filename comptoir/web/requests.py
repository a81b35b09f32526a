"""Each request gets a number of its own, in the log and in the answer; what it took is logged without what it said."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comptoir.kernel.logs import request_id

log = logging.getLogger("comptoir.request")
HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestMiddleware:
    """Numbers a request, or takes over the number that a trusted proxy gave it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(number)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = number
            if log.isEnabledFor(logging.INFO):
                _tell(request, response, time.monotonic() - began)
            return response
        finally:
            request_id.reset(token)


def _tell(request: HttpRequest, response: HttpResponse, took: float) -> None:
    """The pattern of the address, never the address: there may be a token in it."""
    match = request.resolver_match
    facts = {
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "ms": round(took * 1000, 1),
    }
    words = f"{facts['method']} {facts['route'] or '-'} {facts['status']} {facts['ms']} ms"
    log.info(words, extra={"facts": facts})
