"""Who is signed in, where, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.live import revoke

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

HANDLE = 16
"""Characters of a digest by which a session is called: enough to tell it from others, of no use to anybody else."""


class SessionsQuerySet(models.QuerySet["Session"]):
    """Sessions of people."""

    def of(self, user: User | int) -> Self:
        """A person's sessions that are not over, the one seen last first."""
        mine = self.filter(user=user, ends__gt=clock.now()).select_related("user")
        return mine.order_by("-seen", "-began")

    def called(self, handle: str) -> Self:
        """The session of a handle, none for words that are no handle."""
        return self.filter(digest__startswith=handle) if len(handle) == HANDLE else self.none()

    def but(self, handle: str) -> Self:
        """All others than the session of a handle."""
        return self.exclude(digest__startswith=handle) if handle else self

    def end(self) -> int:
        """Sign these out and close their live streams at once; how many there were."""
        with transaction.atomic():
            ended = list(self)
            self.model.objects.filter(pk__in=[each.pk for each in ended]).delete()
            for each in ended:
                if each.user_id is not None:
                    revoke(each.user_id, session=each.handle)
        return len(ended)


class Session(models.Model):
    """A browser that may be signed in. Its row opens no door: of the key in the cookie it has a digest, and the data
    is sealed with the key that the database does not hold.

    `address` and `device` are those that it was last seen with; `user` is None before signing in.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    sealed = models.TextField()
    ends = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    began = models.DateTimeField(default=clock.now)
    seen = models.DateTimeField(default=clock.now)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=80, blank=True)

    objects: ClassVar[SessionsQuerySet] = SessionsQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"session {self.handle}"

    @property
    def handle(self) -> str:
        """What it is called in addresses and in the tokens of the live stream."""
        return self.digest[:HANDLE]
