"""The language of a page, the person's choice, else the browser's; and the time zone of the browser."""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from comptoir.kernel.clock import zone_of

_KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


class LanguageMiddleware(LocaleMiddleware):
    """By the browser: for everybody who is not signed in, and for whoever has not chosen."""


class PersonLanguageMiddleware:
    """By the choice that a signed-in person made in their settings; times in the zone that their browser named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.activate(zone_of(unquote(request.COOKIES.get("zone", ""))))
        chosen = getattr(request.user, "language", "")
        if chosen in _KNOWN:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)
