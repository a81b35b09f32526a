"""The way to the identity provider and back, and the end of a link to it."""

from __future__ import annotations

import secrets

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comptoir.web.entrance import too_many
from comptoir.web.oidc import PROVIDER, IdentityAdapter, failed


@never_cache
@require_safe
def sso(request: HttpRequest) -> HttpResponseBase:
    """Go to the identity provider. A link and no form: browsers hold a form's redirects to this site alone."""
    _provided()
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect("account_login")
    if not ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
        return too_many(request)
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    from comptoir.web.oidc_provider import IdentityProvider, app

    nonce = secrets.token_urlsafe(16)
    try:
        there: HttpResponseBase = IdentityProvider(request, app=app()).redirect(
            request,
            "login",
            next_url=get_next_redirect_url(request),
            data={"nonce": nonce},
            auth_params={"nonce": nonce},
        )
    except OAuth2Error:
        return failed(request)
    return there


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """Back from the identity provider, with a code or an error."""
    _provided()
    if not ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
        return too_many(request)
    from comptoir.web.oidc_provider import IdentityOAuth2, callback

    answer: HttpResponseBase = callback(IdentityOAuth2(request, PROVIDER))(request)
    return answer


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link: that account elsewhere opens this one no more."""
    found = get_object_or_404(SocialAccount, pk=pk, user=request.user)
    found.delete()
    IdentityAdapter(request).send_notification_mail("socialaccount/email/account_disconnected", found.user)
    messages.success(request, _("Unlinked."))
    return redirect("security")


def _provided() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
