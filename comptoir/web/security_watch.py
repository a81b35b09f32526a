"""What follows from a change: streams close, other sessions end, the audit log has its entry."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from comptoir.kernel.live import revoke
from comptoir.organisation.audit import record
from comptoir.organisation.models import Membership, Session, User
from comptoir.web.accounts import proves


@receiver(user_logged_out)
def _close_streams(sender: Any, request: HttpRequest, user: Any, **_rest: Any) -> None:
    if user is not None:
        revoke(user.pk, session=getattr(request.session, "handle", ""))


@receiver(post_delete, sender=Membership)
def _close_streams_of_brand(sender: Any, instance: Membership, **_rest: Any) -> None:
    revoke(instance.user_id, instance.brand_id)


@receiver(post_save, sender=User)
def _close_streams_of_those_sent_away(sender: Any, instance: User, **_rest: Any) -> None:
    if not instance.is_active:
        revoke(instance.pk)


@receiver([account.password_changed, account.password_set])
def _end_other_sessions(sender: Any, request: HttpRequest, user: User, **_rest: Any) -> None:
    Session.objects.of(user).but(getattr(request.session, "handle", "")).end()


@receiver(account.password_reset)
def _end_sessions(sender: Any, user: User, **_rest: Any) -> None:
    Session.objects.of(user).end()


@receiver(account.authentication_step_completed)
def _proved_again(sender: Any, request: HttpRequest, **how: Any) -> None:
    if how.get("reauthenticated"):
        proves(request)


_ADDED = {"totp": "app_added", "webauthn": "passkey_added", "recovery_codes": "recovery_codes_made"}
_REMOVED = {"totp": "app_removed", "webauthn": "passkey_removed"}
"""Recovery codes go with the last of the others."""


@receiver(factors.authenticator_added)
def _added(sender: Any, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    record(_ADDED[authenticator.type], None, user, by=user)


@receiver(factors.authenticator_removed)
def _removed(sender: Any, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if what := _REMOVED.get(authenticator.type):
        record(what, None, user, by=user)


@receiver(factors.authenticator_reset)
def _made_anew(sender: Any, user: User, **_rest: Any) -> None:
    record("recovery_codes_made", None, user, by=user)


@receiver(factors.authenticator_used)
def _used(sender: Any, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record("recovery_code_used", None, user, by=user)


@receiver(factors.authentication_failed)
def _step_failed(sender: Any, user: User, **_rest: Any) -> None:
    record("second_step_failed", None, user, account=str(user))
