"""Evergreen posts: said again and again, a time apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.models.post import Post

if TYPE_CHECKING:
    from comptoir.organisation.models import User

EVERY_MOST = 730
"""Days between two times."""
SAID = frozenset({Post.State.PUBLISHED, Post.State.PARTLY, Post.State.CANCELLED})
"""How the last time stands when the next one is to be made: somebody who gave one up meant that one."""


class EvergreenQuerySet(BrandQuerySet["Evergreen"]):
    brand_path = "post__brand"

    def with_last(self) -> Self:
        """With `last_post`, the number of the post by which it was said last, or will be, and `last_state`."""
        rows = Repetition.objects.everywhere().filter(evergreen=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            last_post=Coalesce(
                Subquery(rows.values("post")[:1]), F("post"), output_field=models.BigIntegerField()
            ),
            last_state=Coalesce(Subquery(rows.values("post__state")[:1]), F("post__state")),
        )

    def over(self) -> Self:
        """Those whose last time is over, so that the next one is to be made; as `with_last`."""
        return self.going().with_last().filter(**{"last_state__in": SAID})

    def going(self) -> Self:
        """Those that are still said again."""
        return self.filter(ended=None)


class EvergreenManager(BrandManager["Evergreen", "EvergreenQuerySet"]):
    queryset_class = EvergreenQuerySet


class Evergreen(models.Model):
    """A post that is said again each `every` days, up to the day `until` (None: until somebody stops it).

    ended   since when it is not any more
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="evergreen")
    every = models.PositiveSmallIntegerField()
    until = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended = models.DateTimeField(null=True)
    last_post: int
    last_state: str

    objects: ClassVar[EvergreenManager] = EvergreenManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=EVERY_MOST), name="evergreen_takes_time"
            )
        ]

    def __str__(self) -> str:
        return f"post {self.post_id} every {self.every} days"

    @classmethod
    def of_post(cls, post: Post) -> Evergreen | None:
        """That which a post begins, or says again."""
        own = Q(post=post) | Q(repetitions__post=post)
        return cls.objects.of(post.brand_id).filter(own).select_related("post__brand", "by").first()

    @classmethod
    def put(cls, post: Post, by: User, every: int, until: date | None) -> Evergreen:
        """Have a post said again so, or otherwise than before."""
        with transaction.atomic():
            post.held()
            found = cls.of_post(post) or cls(post=post)
            found.every, found.until, found.by, found.ended = every, until, by, None
            found.save()
            record("evergreen_set", post.brand_id, post, by, days=every)
        return found

    def stop(self, by: User) -> bool:
        """Be said no more once what waits has left; False where that was so already."""
        with transaction.atomic():
            brand = self.post.brand_id
            if not Evergreen.objects.of(brand).going().filter(pk=self.pk).update(ended=clock.now()):
                return False
            record("evergreen_stopped", brand, self.post, by)
        return True

    def wall_after(self, last: Post) -> datetime:
        """When the next time is, by the clock on a wall: as many days after the last as there shall be between them, at
        its hour; a day or more later where that is over."""
        zone = clock.zone_of(last.zone, last.brand.time_zone)
        if last.day and last.hour:
            wall = datetime.combine(last.day, last.hour)
        else:
            wall = (last.due or last.changed).astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        wall += timedelta(days=self.every)
        while moment(wall, zone) <= clock.now() + timedelta(hours=1):
            wall += timedelta(days=1)
        return wall


class Repetition(models.Model):
    """A post by which an evergreen one is said again."""

    evergreen = models.ForeignKey(Evergreen, on_delete=models.CASCADE, related_name="repetitions")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="repetition")

    objects: ClassVar[BrandManager[Repetition, BrandQuerySet[Repetition]]] = BrandManager.along("post__brand")

    def __str__(self) -> str:
        return f"post {self.post_id} of {self.evergreen_id}"
