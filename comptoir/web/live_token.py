"""Where an open page gets the right to hear the live stream."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from comptoir.kernel import clock, tokens
from comptoir.organisation.access import memberships_of
from comptoir.web.live import PURPOSE, TOKEN_LIFE


@never_cache
@require_GET
def live_token(request: HttpRequest) -> HttpResponse:
    """`{"url": …, "token": …, "seconds": 300, "brands": [7]}`: where the stream is, what opens it, whom it is about.

    401 with a sentence as `error` when signed out.
    """
    if not request.user.is_authenticated:
        words = getattr(request, "farewell", "") or _("You are signed out. Sign in again.")
        return JsonResponse({"error": words}, status=401)
    heard = [each for each in memberships_of(request.user) if not each.barred]
    brands = sorted(each.brand_id for each in heard)
    # Nobody hears a brand for longer than they work for it.
    left = [(each.until - clock.now()).total_seconds() for each in heard if each.until]
    life = max(1, min([TOKEN_LIFE, *map(int, left)]))
    said = {
        "person": request.user.pk,
        "brands": brands,
        "session": getattr(request.session, "handle", ""),
        "given": {each.brand_id: each.channels for each in heard if each.channels is not None},
    }
    token = tokens.make(PURPOSE, said, settings.SECRET_KEY, life)
    return JsonResponse({"url": settings.LIVE_URL + "/", "token": token, "seconds": life, "brands": brands})
