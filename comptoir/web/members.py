"""People's accounts as the host makes them, and the printed way in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from comptoir.organisation.audit import record
from comptoir.organisation.models import SignInLink, User


def person(email: str, name: str = "") -> User:
    """The account of an address, made if there is none; the host vouches for the address. `name`: theirs, if given."""
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        if name and user.name != name:
            user.name = name
            user.save(update_fields=["name"])
    return user


def newcomer(email: str, name: str, password: str, proven: bool) -> User:
    """The new account of somebody with a link; `proven` when that came by mail. IntegrityError when they have one."""
    with transaction.atomic():
        user = User.objects.create_user(email, password or None, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=proven, primary=True)
        record("account_made", None, user, by=user, account=str(user))
    return user


def prove(user: User) -> None:
    """Somebody came back with what was sent to their address."""
    EmailAddress.objects.update_or_create(
        user=user,
        email=user.email,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": True},
    )


def is_proven(user: User) -> bool:
    """Whether somebody is known to read the mailbox of their address."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())


def sign_in_link(user: User) -> str:
    """A fresh address that signs this user in, once within 15 minutes. Their earlier unused ones stop working."""
    record("owner_link_issued", None, user, account=str(user))
    return settings.PUBLIC_URL + reverse("owner-link", args=[SignInLink.issue(user)])
