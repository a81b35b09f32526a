"""Short links, led on before anything else is asked: whoever follows one meets no session and no cookie, and on a host
that stands for nothing but short links no other page either."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from comptoir.kernel.acting import acts
from comptoir.publishing.models.short_link import PREFIX
from comptoir.publishing.views.short import host_in, short_link
from comptoir.web.clients import client_address


class ShortHostMiddleware:
    """Lead on from hosts of SHORT_HOSTS, and from below the prefix of short links; let all else through."""

    def __init__(self, go_on: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.go_on = go_on

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info.lstrip("/")
        here = host_in(request) in settings.SHORT_HOSTS
        if not here and not path.startswith(PREFIX):
            return self.go_on(request)
        with acts("page", address=client_address(request)):
            return short_link(request, path if here else path.removeprefix(PREFIX))
