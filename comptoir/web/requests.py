"""Each request gets a number of its own, in the log and in the answer; what it took is logged without what it said."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comptoir.kernel.logs import request_id
from comptoir.kernel.sight import Sight, seeing, sight, widen

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


class SightMiddleware:
    """Whoever asks next sees the whole again, also after an answer that is still being read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        widen()
        try:
            response: Any = self.get_response(request)
            if response.streaming and (to := sight()):
                response.streaming_content = _read_by(to, response.streaming_content)
            return response  # type: ignore[no-any-return]
        finally:
            widen()


def _read_by(to: Sight, parts: Iterable[bytes]) -> Iterator[bytes]:
    with seeing(to):
        yield from parts


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
