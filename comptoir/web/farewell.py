"""What somebody is told whose session was ended by others: that it is over, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comptoir.organisation.models import Departure, User


class FarewellMiddleware:
    """Notices a session that is not believed any more, ends it for good, and says so on whichever page comes next.

    `request.farewell` is that sentence, "" for everybody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        before = request.session.get(SESSION_KEY)
        request.farewell = ""
        if before is not None and not request.user.is_authenticated:
            request.session.flush()
            request.farewell = _words(int(before))
        return self.get_response(request)

    def process_view(self, request: Any, *_view: Any) -> None:
        """Leave it for the page: messages can be left from here on."""
        if request.farewell:
            messages.warning(request, request.farewell)


def _words(user_id: int) -> str:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return _("You were signed out. Sign in again.")
    if not user.is_active:
        return _("Your account is switched off. Ask whoever runs this Comptoir.")
    left = Departure.last_of(user)
    if left is None or user.memberships.exists():
        return _("You were signed out. Sign in again.")
    return _("You no longer work for %(brand)s, so you were signed out.") % {"brand": left.brand.name}
