"""The people who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comptoir.organisation.models.brand import Membership
    from comptoir.organisation.models.session import SessionsQuerySet


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
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    sessions: SessionsQuerySet
    found_with: list[Membership] | None = None
    """Their roles, where the statement that found them brought those too: for one request."""

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email

    def end_sessions(self) -> None:
        """Sign this person out everywhere, from the next request on: each session carries how often that was done.

        Their rows belong to nobody from then on, and stay: the browser is told why.
        """
        User.objects.filter(pk=self.pk).update(sessions_ended=F("sessions_ended") + 1)
        self.sessions.update(user=None)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be believed; as Django has it until sessions were ended for the first time."""
        if not self.sessions_ended:
            plain: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
            return plain
        said = f"{self.password}:{self.sessions_ended}"
        return salted_hmac(
            "comptoir.organisation.User.sessions", said, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        parts = str(self).replace("@", " ").replace(".", " ").split()
        return "".join(part[0] for part in parts[:2]).upper()
