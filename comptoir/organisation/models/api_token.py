"""Tokens with which programs do what a person may: each with a name, scopes, and an end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.organisation import audit
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.tokens import digest
from comptoir.organisation.models.user import User

SIGN = "cpt_"
"""How every token begins, so that people and scanners know one when they see it."""
SHOWN = 10
"""Characters of a token that are kept to tell it from others: six of its own."""
MOST = 50
"""Tokens of one person."""
SCOPES = {
    "threads:read": _("Read threads, messages, answers and notes"),
    "threads:write": _("Answer, note, assign, close and reopen"),
    "channels:read": _("Read which channels there are, and how they are"),
    "channels:write": _("Say what channels are called, how they sign, which country they serve"),
    "posts:read": _("Read posts, and what became of them"),
    "posts:write": _("Write, schedule and publish posts"),
    "people:read": _("Read who works for the brand"),
    "people:write": _("Settle on which terms people work for the brand, its teams and who is on duty"),
    "figures:read": _("Read the figures"),
    "brand:write": _("Settle what the brand is called, its language, and who sees figures of people"),
}
"""What a token may be made for. Its person's role still decides, brand by brand, at each request."""
NOTED_EVERY = timedelta(minutes=10)
"""When a token was last used is written down this often, not at each request."""


class TooManyTokens(Exception):
    """The person has as many as one may have."""


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens."""

    def live(self) -> Self:
        """Those that have not ended."""
        return self.filter(Q(expires=None) | Q(expires__gt=clock.now()))

    def end(self, by: User | None = None) -> int:
        """Make these open nothing from now on; how many."""
        with transaction.atomic():
            ended = list(self.select_related("user").select_for_update(of=("self",)))
            for token in ended:
                audit.record("api_token_ended", token.brand_id, token, by, **token.named())
            self.model.objects.filter(pk__in=[token.pk for token in ended]).delete()
        return len(ended)


class ApiToken(models.Model):
    """A program's key to what its person may. The key itself is shown once; its hash is what is kept.

    `brand` limits it to one brand of the person's, None to none. `expires`: None for one without an end.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    beginning = models.CharField(max_length=SHOWN)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="api_tokens")
    expires = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[ApiTokenQuerySet] = ApiTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering: ClassVar[list[str]] = ["-created", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def named(self) -> dict[str, str]:
        """What the audit log says of it."""
        return {"token": self.name, "of": str(self.user)}

    @property
    def is_over(self) -> bool:
        return self.expires is not None and self.expires <= clock.now()

    @classmethod
    def make(
        cls,
        user: User,
        name: str,
        scopes: Iterable[str],
        brand: Brand | None = None,
        expires: datetime | None = None,
    ) -> tuple[ApiToken, str]:
        """A new token and the key that opens with it, which nobody can see again. TooManyTokens past the limit."""
        key = SIGN + secrets.token_urlsafe(32)
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if user.api_tokens.count() >= MOST:
                raise TooManyTokens
            token = cls.objects.create(
                user=user, name=name, beginning=key[:SHOWN], digest=digest(key), brand=brand, expires=expires,
                scopes=[scope for scope in SCOPES if scope in set(scopes)],
            )  # fmt: skip
            audit.record(
                "api_token_made", brand, token, user, **token.named(), scopes=", ".join(token.scopes)
            )
        return token, key
