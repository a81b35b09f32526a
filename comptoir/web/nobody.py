"""Pages for everybody know nobody: whoever asks for one is a stranger, whatever their browser holds of us."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from comptoir.publishing.visiting import PREFIX


class NobodyMiddleware:
    """Below the brands' own pages cookies are neither read nor set: no page holds anything of a person, nobody's
    narrower sight hides what everybody sees, and caches may keep one copy for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{PREFIX}"):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.__dict__.pop("COOKIES", None)
        response = self.get_response(request)
        response.cookies.clear()
        kept = [each for each in response.get("Vary", "").split(", ") if each.lower() not in ("", "cookie")]
        response["Vary"] = ", ".join(kept)
        return response
