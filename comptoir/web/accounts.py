"""How people sign in: allauth, told our rules. Nobody signs up by themselves, and nobody learns who has an account."""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.secrets import seal
from comptoir.organisation.access import look_as, user_with_memberships
from comptoir.organisation.models import User
from comptoir.web.clients import Device, client, client_address, client_home
from comptoir.web.jobs import post_mail
from comptoir.web.security_limits import Gate, wait
from comptoir.web.security_words import CHANGES

__all__ = ["AccountAdapter", "Backend", "client_address", "post", "proved_lately", "proves"]

PROOF_LASTS = 300
"""Seconds after signing in, or after proving again who one is, in which factors may be changed."""
_TO_STRANGERS = frozenset({"account/email/unknown_account", "account/email/account_already_exists"})
_PROVED = "proved_at"


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which finds a signed-in person's roles together with the person."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None when they are gone or may no longer sign in."""
        user = user_with_memberships(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        look_as(user)
        return user


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our rules, where allauth asks for them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many tries from here in a short time. Wait a minute, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Owners invite."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """By what allauth counts: a browser that we know by its name, any other by the home of its address."""
        return Device.of(request).name or client_home(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try with a password before it is judged. ValidationError when it is too early for one."""
        super().pre_authenticate(request, **credentials)
        self._gate = Gate(request, "password", str(credentials.get("email") or ""))
        if until := self._gate.enter():
            raise ValidationError(wait("password", until))

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._gate.leave()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth's own count by account, which ours replaces, has one key for all."""
        return ""

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password by mail: from here one may try at once."""
        Gate(request, "password", str(credentials.get("email") or "")).leave()

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in for good, all steps done."""
        self._signed_in_before = user.last_login is not None
        super().login(request, user)
        proves(request)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Remember the browser; a person who never signed in from it is told by mail."""
        response: HttpResponse = super().post_login(request, user, **how)
        device = Device.of(request)
        if not device.knows(user.email) and self._signed_in_before:
            self.send_notification_mail("sign_in", user)
        device.meet(user.email, response)
        return response

    def is_reauthentication_required(self, *, app: str, **_rest: Any) -> bool:
        """Whether somebody has to prove again who they are before they change what guards the account."""
        request = _request()
        return request is None or not proved_lately(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove it; a code by mail for whoever has no password and no factor yet."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use a code of the app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        named = [{**way, "description": words[way["id"]]} for way in ways]
        if named or not user.is_authenticated:
            return named
        return [
            {
                "id": "code",
                "description": _("Use a code sent by mail"),
                "url": reverse("reauthenticate-code"),
            }
        ]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never by the address that the request names: that one may be a stranger's invention."""
        uid, _dash, rest = key.partition("-")
        return str(settings.PUBLIC_URL + reverse("account_reset_password_from_key", args=[uid, rest]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail. An address that we do not know costs the same time and is sent nothing."""
        told = {"request": _request(), "email": email, **context}
        mail = self.render_mail(template_prefix, email, told)
        to = [] if template_prefix in _TO_STRANGERS else mail.to
        post(mail.subject, str(mail.body), mail.from_email, to)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person, in their language, what changed about their account, when and from where."""
        request = _request()
        told: dict[str, Any] = {"at": clock.now(), "url": settings.PUBLIC_URL + reverse("security")}
        if request is not None:
            told.update(client(request)._asdict())
        with translation.override(user.language or translation.get_language()):
            told["what"] = CHANGES[template_prefix] % (context or {})
            self.send_mail("account/email/change", user.email, told)


def post(subject: str, body: str, sender: str, to: list[str]) -> None:
    """Have a mail posted beside this request, sealed in the queue."""
    post_mail.defer(sealed=seal(json.dumps([subject, body, sender, to])).decode())


def proves(request: HttpRequest) -> None:
    """Whoever asks has just shown who they are."""
    request.session[_PROVED] = time.time()


def proved_lately(request: HttpRequest) -> bool:
    """Whether they did within the last minutes."""
    return request.user.is_authenticated and time.time() - request.session.get(_PROVED, 0) < PROOF_LASTS


def _request() -> HttpRequest | None:
    found: HttpRequest | None = context.request
    return found
