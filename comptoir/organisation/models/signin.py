"""Links that sign a person in once."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models.tokens import digest, fresh
from comptoir.organisation.models.user import User

LIFE = timedelta(minutes=15)


class SignInLink(models.Model):
    """A single-use way in for 15 minutes; only the token's hash is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[SignInLink]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.user} until {self.expires}"

    @classmethod
    def issue(cls, user: User) -> str:
        """Make a link's token for the user. Earlier unused ones stop working."""
        cls.objects.filter(user=user, used_at=None).delete()
        token, hashed = fresh()
        cls.objects.create(user=user, digest=hashed, expires=clock.now() + LIFE)
        return token

    @classmethod
    def is_live(cls, token: str) -> bool:
        """Whether the token would sign somebody in now; looking does not use it."""
        return cls.objects.filter(digest=digest(token), used_at=None, expires__gt=clock.now()).exists()

    @classmethod
    def redeem(cls, token: str) -> User | None:
        """The user whom the token signs in, once; None when it is unknown, used or too old."""
        now = clock.now()
        live = cls.objects.filter(digest=digest(token), used_at=None, expires__gt=now)
        if live.update(used_at=now) != 1:
            return None
        return cls.objects.select_related("user").get(digest=digest(token)).user
