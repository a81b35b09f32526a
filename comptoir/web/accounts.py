"""How people sign in: allauth, told our rules. Nobody signs up by themselves, and nobody learns who has an account."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from comptoir.kernel.live import revoke
from comptoir.kernel.secrets import seal
from comptoir.organisation.access import user_with_memberships
from comptoir.organisation.models import Membership, User
from comptoir.web.jobs import post_mail

_TO_STRANGERS = frozenset({"account/email/unknown_account", "account/email/account_already_exists"})


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which finds a signed-in person's roles together with the person."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None when they are gone or may no longer sign in."""
        user = user_with_memberships(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our rules, where allauth asks for them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Owners invite."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that asks, for counting. A header is believed only from as many proxies as the host named."""
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries at an account are counted together under whichever of the house's names they come."""
        return str(credentials.get("email") or "").strip().lower()

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
        sealed = seal(json.dumps([mail.subject, str(mail.body), mail.from_email, to]))
        post_mail.defer(sealed=sealed.decode())


def client_address(request: HttpRequest) -> str:
    """The address of the client that asks: the connection's own, or what the outermost trusted proxy saw."""
    trusted: int = settings.TRUSTED_PROXIES
    passed = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    if trusted and len(passed) >= trusted:
        return passed[-trusted][:45]
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def _request() -> HttpRequest | None:
    found: HttpRequest | None = context.request
    return found


@receiver(user_logged_out)
def _close_streams(sender: Any, user: Any, **_rest: Any) -> None:
    if user is not None:
        revoke(user.pk)


@receiver(post_delete, sender=Membership)
def _close_streams_of_brand(sender: Any, instance: Membership, **_rest: Any) -> None:
    revoke(instance.user_id, instance.brand_id)


@receiver(post_save, sender=User)
def _close_streams_of_those_sent_away(sender: Any, instance: User, **_rest: Any) -> None:
    if not instance.is_active:
        revoke(instance.pk)
