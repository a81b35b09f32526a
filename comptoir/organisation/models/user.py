"""The people who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comptoir.organisation.models.brand import Membership


class UserManager(BaseUserManager["User"]):
    """Users are known by their address, compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password they sign in by link or code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account, and how they like their pages."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("theme"), max_length=8, blank=True)
    density = models.CharField(_("density"), max_length=12, blank=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    shortcuts_off = models.JSONField(default=list, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    found_with: list[Membership] | None = None
    """Their roles, where the statement that found them brought those too: for one request."""

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        parts = str(self).replace("@", " ").replace(".", " ").split()
        return "".join(part[0] for part in parts[:2]).upper()
