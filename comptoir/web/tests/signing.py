"""People who sign in, with second steps, as the tests need them."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox.tests.building import browser
from comptoir.organisation.models import AuditEntry, User
from comptoir.web.jobs import post_mail

WORDS = "a long enough secret 7"


def with_app(user: User) -> str:
    """Give somebody an app; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, later: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def by_password(user: User, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(reverse("account_login"), {"login": user.email, "password": WORDS})


def fresh(user: User) -> Client:
    """A browser, signed in a moment ago."""
    client = browser(user)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def mails(mailoutbox: list[Any]) -> list[Any]:
    for job in ProcrastinateJob.objects.filter(task_name="comptoir.web.jobs.post_mail", status="todo"):
        post_mail(**job.args)
    return mailoutbox


def logged(user: User) -> list[str]:
    found = AuditEntry.objects.everywhere().filter(about_kind="user", about_id=user.pk)
    return list(found.order_by("pk").values_list("what", flat=True))
