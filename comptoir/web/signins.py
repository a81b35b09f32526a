"""Sign-ins in the audit log: those that worked, those that did not, and changed passwords."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from django.contrib.auth import signals as auth
from django.dispatch import receiver

from comptoir.organisation.audit import record
from comptoir.organisation.models import User
from comptoir.web.security_limits import has_to_wait


@receiver(auth.user_logged_in)
def _signed_in(sender: Any, user: Any, **_rest: Any) -> None:
    record("signed_in", None, user, by=user)


@receiver(auth.user_logged_out)
def _signed_out(sender: Any, user: Any, **_rest: Any) -> None:
    if user is not None:
        record("signed_out", None, user, by=user)


@receiver(auth.user_login_failed)
def _failed(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    """One entry whether the account exists or not, so that its time tells nobody. What strangers typed is not kept."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    found = User.objects.filter(email__iexact=typed[:254].replace("\x00", "")).first()
    waits = bool(has_to_wait([found or User(email=typed)]))
    if found is None:
        record("sign_in_unknown", None)
    else:
        record("sign_in_locked" if waits else "sign_in_failed", None, found, account=str(found))


@receiver([account.password_changed, account.password_set, account.password_reset])
def _password(sender: Any, user: Any, **_rest: Any) -> None:
    record("password_changed", None, user, by=user)
