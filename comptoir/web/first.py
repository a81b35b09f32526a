"""The first run: an owner, a brand, and a channel with people already talking. Each later run finds them made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from comptoir.listening.recalling import stage as listen_on_stage
from comptoir.networks import connecting, rehearsing
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, Membership, Role, User
from comptoir.publishing.staging import stage as speak_on_stage
from comptoir.web.members import person, sign_in_link

_ONE_AT_A_TIME = 7_240_002


class NoOwner(Exception):
    """Nobody owns a brand here yet: `prepare` has not run."""


@dataclass(frozen=True)
class First:
    """What the first run made, or found. `channel` is None where the host has taken the demonstration down."""

    owner: User
    brand: Brand
    channel: Channel | None
    made: bool


def prepare() -> First:
    """Make what a fresh house needs to show life. Where anybody owns a brand already nothing is touched."""
    if found := _found():
        return found
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        return _found() or _make()


def owner_link() -> str:
    """A fresh address that signs the owner in once within 15 minutes. NoOwner before `prepare`."""
    return sign_in_link(owner())


def owner() -> User:
    """The owner whom the host named by OWNER_EMAIL, else the one of longest standing. NoOwner before `prepare`."""
    owners = Membership.objects.filter(role=Role.OWNER, user__is_active=True).select_related("user")
    named = owners.filter(user__email__iexact=_owner_email()).first()
    if membership := named or owners.order_by("created", "pk").first():
        return membership.user
    raise NoOwner


def _found() -> First | None:
    try:
        boss = owner()
    except NoOwner:
        return None
    brand = Brand.objects.seen_by(boss, "owner").order_by("pk")[0]
    stage = Channel.objects.of(brand).filter(network__in=rehearsing.stages()).order_by("pk").first()
    return First(boss, brand, stage, made=False)


def _make() -> First:
    stage = rehearsing.stages()[0]
    account = connecting.ask(stage, connecting.defaults(stage))
    boss = person(_owner_email())
    name = account.me.name or account.me.handle
    brand = Brand.make(name, boss)
    channel = connecting.store(brand, stage, account, boss)
    listen_on_stage(channel, boss)
    speak_on_stage(channel, boss)
    return First(boss, brand, channel, made=True)


def _owner_email() -> str:
    """OWNER_EMAIL, else owner@ the host's name where that makes an address that one can sign in with."""
    if given := os.environ.get("OWNER_EMAIL", "").strip().lower():
        if not _is_address(given):
            raise SystemExit(f"OWNER_EMAIL={given} is not an e-mail address.")
        return given
    proposed = f"owner@{urlsplit(settings.PUBLIC_URL).hostname}"
    return proposed if _is_address(proposed) else "owner@localhost"


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
