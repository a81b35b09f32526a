"""Signing in through the company's identity provider, by OpenID Connect: allauth's flow, by our rules.

The provider is the host's setting. What is fetched from it goes the house's one way out, past the inside guard. This
module is read in every process; allauth's provider, and the libraries behind it, only where one is set.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote_plus, urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside, Response
from comptoir.organisation.audit import record
from comptoir.organisation.models import Invitation, User
from comptoir.organisation.models.joining import open_to
from comptoir.web import members

PROVIDER = "sso"
_PATIENCE = 8.0


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Our rules, where allauth asks for them."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The one that the host set, or none: none is ever kept in the database."""
        from comptoir.web.oidc_provider import app

        return [app()] if settings.OIDC_ISSUER else []

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        from comptoir.web.oidc_provider import IdentityProvider

        return IdentityProvider(request, app=self.get_app(request, provider))

    def get_requests_session(self) -> WayOut:
        """What allauth takes for a session of `requests`."""
        return WayOut()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever is let in has an account by then."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The answer belongs to our question, and to somebody who may come in; a page says so where it does not."""
        asked = (sociallogin.state.get("data") or {}).get("nonce")
        if not asked or sociallogin.nonce != asked:
            raise ImmediateHttpResponse(failed(request))
        if sociallogin.is_existing:
            return
        proven = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
        user = next((found for email in proven if (found := _newcomer(email, sociallogin.said_name))), None)
        if user is None:
            record("identity_refused", None)
            named = [each.email for each in sociallogin.email_addresses]
            raise ImmediateHttpResponse(_refused(request, proven, named))
        sociallogin.connect(request, user)

    def send_notification_mail(self, template_prefix: str, user: User, context: Any = None) -> None:
        record(
            "identity_linked" if "disconnected" not in template_prefix else "identity_unlinked",
            None, user, by=user, provider=settings.OIDC_NAME,
        )  # fmt: skip
        super().send_notification_mail(template_prefix, user, {"provider": settings.OIDC_NAME})

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **_more: Any
    ) -> None:
        """Nothing came of it: said on the page for signing in, where the other ways are."""
        if error == AuthError.CANCELLED:
            messages.warning(
                request, _("You left %(name)s without signing in.") % {"name": settings.OIDC_NAME}
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        raise ImmediateHttpResponse(failed(request))


def failed(request: HttpRequest) -> HttpResponse:
    """The provider's answer could not be used, or there was none."""
    words = _("Signing in through %(name)s did not work. Try again, or sign in another way.")
    told = {"case": "failed", "words": words % {"name": settings.OIDC_NAME}}
    return render(request, "account/sso.html", told, status=502)


def _refused(request: HttpRequest, proven: list[str], named: list[str]) -> HttpResponse:
    if proven:
        words = _(
            "%(name)s knows you as %(email)s. Nobody has invited this address here: ask an owner of a brand."
        )
    elif named:
        words = _(
            "%(name)s does not vouch for the address %(email)s: ask whoever runs it, or sign in another way."
        )
    else:
        words = _("%(name)s gave no address for you: ask whoever runs it, or sign in another way.")
    told = {"name": settings.OIDC_NAME, "email": next(iter([*proven, *named]), "")}
    return render(request, "account/sso.html", {"case": "refused", "words": words % told}, status=403)


def _newcomer(email: str, name: str) -> User | None:
    """An account for somebody invited, with the roles they were invited to; or whose company's domain is open."""
    invited = Invitation.objects.everywhere().open().filter(email=email, expires__gt=clock.now())
    with transaction.atomic():
        asked = list(invited.filter(brand__archived_at=None).select_related("brand"))
        if not asked and not open_to(email):
            return None
        user = User.objects.filter(email__iexact=email).first() or members.newcomer(
            email, name, "", proven=True
        )
        for invitation in asked:
            invitation.accept(user)
    return user


def _fault(code: str) -> Exception:
    """allauth's OAuth2Error, which it catches. Its module brings `requests` along."""
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    fault: Exception = OAuth2Error(code)
    return fault


class WayOut:
    """allauth's exchanges with the provider, through the client that passes the inside guard."""

    def __enter__(self) -> Self:
        self._outside = Outside(settings.INSIDE_ALLOWED, timeout=_PATIENCE, max_bytes=1_000_000)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._outside.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("GET", url, headers=headers)

    def request(
        self, method: str, url: str, params: Any = None, data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, auth: Any = None,
    ) -> Answer:  # fmt: skip
        """One exchange; `auth` has a `username` and a `password`. OAuth2Error when there is no answer."""
        said = {"Accept": "application/json", **(headers or {})}
        if data is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        if auth is not None:
            pair = f"{quote_plus(auth.username)}:{quote_plus(auth.password)}"
            said["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        content = urlencode(data).encode() if data is not None else None
        try:
            return Answer(self._outside.request(method, url, params=params, headers=said, content=content))
        except OutsideError as error:
            raise _fault(error.code) from error


class Answer:
    """An answer as allauth reads it."""

    def __init__(self, answer: Response) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.content = answer.content
        self.text = answer.text
        self._answer = answer

    def json(self) -> Any:
        """OAuth2Error when it is none."""
        try:
            return self._answer.json()
        except OutsideError as error:
            raise _fault(error.code) from error

    def raise_for_status(self) -> None:
        """OAuth2Error for anything but a success."""
        if self.status_code >= 400:
            raise _fault(f"status {self.status_code}")
