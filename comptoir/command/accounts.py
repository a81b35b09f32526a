"""`comptoir account`: how somebody signs in, and the ways back for who cannot."""

from __future__ import annotations

from comptoir.command import saying
from comptoir.command.channels import refuse
from comptoir.organisation.audit import record
from comptoir.organisation.models import Session, User
from comptoir.web import factors
from comptoir.web.security_limits import has_to_wait, unlock


def account(email: str, unlock_it: bool, reset_step: bool, end_sessions: bool) -> int:
    """Do what is asked for, then say how this account signs in."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        return refuse(f"{email} has no account here.")
    if unlock_it:
        unlock(user)
        record("sign_in_unlocked", None, user, account=str(user))
    if reset_step:
        factors.reset(user, None)
    if end_sessions:
        ended = Session.objects.of(user).end()
        record("sessions_ended_for", None, user, account=str(user), sessions=ended)
    _show(user)
    return 0


def _show(user: User) -> None:
    steps = factors.steps_of(user)
    waiting = user.pk in has_to_wait([user])
    saying.plain(f"{user.email}{'' if user.is_active else '  (switched off)'}")
    saying.plain(
        f"  password      {'set' if user.has_usable_password() else 'none: a code by mail, or a link'}"
    )
    saying.plain(f"  second step   {', '.join(steps) or 'none'}")
    saying.plain(f"  sessions      {Session.objects.of(user).count()} open")
    saying.plain(
        f"  wrong tries   {'have to wait: --unlock lets them try at once' if waiting else 'none that matter'}"
    )
