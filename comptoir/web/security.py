"""A person's own security: password, second steps, passkeys, and where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.organisation.access import memberships_of
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, Session, User
from comptoir.web.accounts import proved_lately
from comptoir.web.factors import passkeys_possible, unused_codes

_LED = "led_from"
"""In a session: the brand that led somebody here to set up a second step."""


def proved[**Rest](
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Let only those see a view who have shown within the last minutes that it is them."""

    @never_cache
    @login_required
    @wraps(view)
    def passed(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not proved_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return passed


@never_cache
@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """What guards the account, and what a brand asks for."""
    user: Any = request.user
    mine: dict[str, list[Authenticator]] = {kind: [] for kind in Authenticator.Type.values}
    for each in Authenticator.objects.filter(user=user).order_by("created_at"):
        mine[each.type].append(each)
    barring = [each.brand for each in memberships_of(user) if each.barred]
    codes = mine["recovery_codes"]
    return render(
        request,
        "web/security.html",
        {
            "here": "settings",
            "has_password": user.has_usable_password(),
            "app": next(iter(mine["totp"]), None),
            "passkeys": [(each, each.wrap()) for each in mine["webauthn"]],
            "passkeys_possible": passkeys_possible(),
            "codes": codes[0] if codes else None,
            "codes_left": unused_codes(codes[0]) if codes else 0,
            "barring": barring,
            "go_on": led_from(request, barring),
            "linked": linked(user),
            "sso_name": settings.OIDC_NAME,
        },
    )


def led_from(request: HttpRequest, barring: list[Brand]) -> Brand | None:
    """The brand that led here and lets the person in now; None while it does not, or when none did."""
    asked = request.GET.get("brand", "")
    if any(brand.slug == asked for brand in barring):
        request.session[_LED] = asked
    open_now = {each.brand.slug: each.brand for each in memberships_of(request.user) if not each.barred}
    return open_now.get(request.session.get(_LED, ""))


def linked(user: User) -> list[Any]:
    """The accounts elsewhere that open this one."""
    from allauth.socialaccount.models import SocialAccount

    return list(SocialAccount.objects.filter(user=user).order_by("date_joined"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; a POST with `end` (a session's handle, or "others") ends some of it."""
    user: Any = request.user
    mine = Session.objects.of(user)
    here = request.session.handle  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        if not chosen:
            raise BadRequest(_("Say which session ends."))
        ended = (mine.but(here) if chosen == "others" else mine.called(chosen).but(here)).end()
        if ended:
            record("sessions_ended", None, user, sessions=ended)
        words = ngettext("%(n)s other session ended.", "%(n)s other sessions ended.", ended)
        messages.success(request, words % {"n": ended})
        return redirect("sessions")
    context = {"here": "settings", "rows": list(mine), "this": here}
    return render(request, "web/sessions.html", context)
