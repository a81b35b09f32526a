"""The ways in beside allauth's: the printed sign-in link, and what those who knock too often are told."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptoir.organisation.models import SignInLink


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def owner_link(request: HttpRequest, token: str) -> HttpResponse:
    """The single-use sign-in link. Looking at it spends nothing, so that previews of links do not: the button does.

    It stands for the password, not for the second step.
    """
    if request.method == "POST":
        if not ratelimit.consume(request, action="login"):
            return too_many(request)
        user = SignInLink.redeem(token)
        if user is not None and user.is_active:
            if request.user.is_authenticated:
                get_adapter().logout(request)
            response: HttpResponse = perform_login(request, user)
            return response
        live = False
    else:
        live = SignInLink.is_live(token)
    return render(request, "account/owner_link.html", {"live": live}, status=200 if live else 410)


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """429"""
    words = _("That was too much in a short time. Wait a few minutes, then try again.")
    if request.headers.get("HX-Request"):
        response = HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    else:
        told = {"status": 429, "title": _("Too many tries"), "words": words}
        response = render(request, "web/wrong.html", told, status=429)
    response["Retry-After"] = "60"
    return response
