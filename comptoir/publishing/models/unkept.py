"""What somebody wrote into the form of a post and has not kept yet: it survives their browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.http import QueryDict

from comptoir.kernel import clock
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.models.post import Post

if TYPE_CHECKING:
    from comptoir.organisation.models import User

KEPT_FOR = timedelta(days=30)
WRITING_FOR = timedelta(minutes=2)
"""How long after their last letter somebody counts as writing."""
_LEFT_OUT = ("csrfmiddlewaretoken", "act", "file", "add", "library")


class UnkeptQuerySet(BrandQuerySet["Unkept"]):
    def over(self) -> Self:
        """What nobody came back for in so long a time."""
        return self.filter(noted__lt=clock.now() - KEPT_FOR)


class UnkeptManager(BrandManager["Unkept", "UnkeptQuerySet"]):
    queryset_class = UnkeptQuerySet


class Unkept(models.Model):
    """The fields of one person's form for a post, or (None) for a new one, when they last wrote there."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="unkept")
    fields = models.TextField()
    noted = models.DateTimeField()

    objects: ClassVar[UnkeptManager] = UnkeptManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "user", "post"], nulls_distinct=False, name="unkept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.post_id or 'a new post'}"

    @classmethod
    def note(cls, brand: Brand, user: User, post: int, posted: QueryDict) -> None:
        """Remember the fields of a form for a post, by its number, or (0) for a new one; of no other brand's post."""
        if post and not Post.objects.of(brand).filter(pk=post).exists():
            return
        said = posted.copy()
        for name in _LEFT_OUT:
            said.pop(name, None)
        row = cls(brand=brand, user=user, post_id=post or None, fields=said.urlencode(), noted=clock.now())
        cls.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["brand", "user", "post"],
            update_fields=["fields", "noted"],
        )  # fmt: skip

    @classmethod
    def forget(cls, brand: Brand, user: User, post: int) -> None:
        """It is kept, or not wanted."""
        cls.objects.of(brand).filter(user=user, post=post or None).delete()

    @classmethod
    def around(cls, brand: Brand, user: User, post: int) -> tuple[Unkept | None, list[str]]:
        """What somebody has not kept of a post, and who else is writing there."""
        rows = cls.objects.of(brand).filter(post=post or None).select_related("user")
        mine, others, since = None, [], clock.now() - WRITING_FOR
        for each in rows if post else rows.filter(user=user):
            if each.user_id == user.pk:
                mine = each
            elif each.noted >= since:
                others.append(str(each.user))
        return mine, sorted(others)

    @property
    def posted(self) -> QueryDict:
        """The fields as a browser sends them."""
        return QueryDict(self.fields)
