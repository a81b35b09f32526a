"""What somebody is told whose session was ended by others: that it is over, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comptoir.organisation.models import Departure, User

COOKIE = "farewell"
KEPT = 3600
"""Seconds for which a browser keeps the sentence until somebody looks."""


class FarewellMiddleware:
    """Notices a session that is not believed any more, ends it for good, and says so on the next page that is seen.

    `request.farewell` is the sentence, "" for everybody else. Scripts of an open page may be the first to ask: the
    sentence waits in a cookie until the browser goes to a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        before = request.session.get(SESSION_KEY)
        kept = request.COOKIES.get(COOKIE, "")
        request.farewell, request.farewell_now = "", ""
        if before is not None and not request.user.is_authenticated:
            request.session.flush()
            request.farewell = _words(int(before))
        elif kept and not request.user.is_authenticated:
            request.farewell = _opened(kept)
        looks = _goes_to_a_page(request)
        if looks:
            request.farewell_now = request.farewell
        response = self.get_response(request)
        if looks and kept:
            response.delete_cookie(COOKIE)
        elif request.farewell and not looks:
            response.set_cookie(
                COOKIE, signing.dumps(request.farewell, salt=COOKIE), max_age=KEPT, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    def process_view(self, request: Any, *_view: Any) -> None:
        """Leave it for the page: messages can be left from here on."""
        if request.farewell_now:
            messages.warning(request, request.farewell_now)


def _goes_to_a_page(request: HttpRequest) -> bool:
    """Whether somebody will see the answer, as browsers say; those that do not say it are believed to."""
    asks = request.headers.get("Sec-Fetch-Dest", "document")
    return asks == "document" and not request.headers.get("HX-Request")


def _opened(kept: str) -> str:
    try:
        return str(signing.loads(kept, salt=COOKIE, max_age=KEPT))
    except signing.BadSignature:
        return ""


def _words(user_id: int) -> str:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return _("You were signed out. Sign in again.")
    if not user.is_active:
        return _("Your account is switched off. Ask whoever runs this Comptoir.")
    left = Departure.last_of(user)
    if left is None or user.memberships.exists():
        return _("You were signed out. Sign in again.")
    if left.over:
        return left.sentence
    return _("You no longer work for %(brand)s, so you were signed out.") % {"brand": left.brand.name}
