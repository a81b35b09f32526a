"""Where an open page gets the right to hear the live stream."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from comptoir.kernel import tokens
from comptoir.organisation.models import Membership
from comptoir.web.live import PURPOSE, TOKEN_LIFE


@never_cache
@require_GET
def live_token(request: HttpRequest) -> HttpResponse:
    """`{"url": ..., "token": ..., "seconds": 300}`: where the stream is and what opens it; 401 when signed out."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": _("You are signed out. Sign in again.")}, status=401)
    brands = list(
        Membership.objects.filter(user=request.user).order_by("pk").values_list("brand_id", flat=True)
    )
    said = {"person": request.user.pk, "brands": brands}
    token = tokens.make(PURPOSE, said, settings.SECRET_KEY, TOKEN_LIFE)
    return JsonResponse({"url": settings.LIVE_URL + "/", "token": token, "seconds": TOKEN_LIFE})
