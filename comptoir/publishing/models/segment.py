"""Segments: people of some countries who read some languages, and the channels that serve them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.post import Post

NAME_MOST = 80
COUNTRIES_MOST = 100
LANGUAGES_MOST = 24


@dataclass(frozen=True, slots=True)
class SegmentGiven:
    """A segment as a manager wants it.

    countries  ISO 3166-1 alpha-2 ("FR"), none for all
    languages  BCP 47 codes, at least one
    serving    channels, each with the language of the segment in which it serves it; None leaves them as they are
    """

    name: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    serving: tuple[tuple[int, str], ...] | None = None


class SegmentQuerySet(BrandQuerySet["Segment"]):
    def open(self) -> Self:
        """Those that posts may be for."""
        return self.filter(retired=None).order_by("name", "pk")


class SegmentManager(BrandManager["Segment", "SegmentQuerySet"]):
    queryset_class = SegmentQuerySet


class Segment(models.Model):
    """People whom posts are for. `countries` is empty for all of them; `retired` since no new post is for it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="segments", db_index=False)
    name = models.CharField(max_length=NAME_MOST)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    languages = ArrayField(models.CharField(max_length=8))
    retired = models.DateTimeField(null=True)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[SegmentManager] = SegmentManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="segment_once"),
            models.CheckConstraint(condition=~Q(languages=[]), name="segment_reads_something"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, by: User, given: SegmentGiven) -> Segment:
        """A new one. NameTaken."""
        with transaction.atomic():
            made = cls(
                brand=brand, name=given.name, countries=list(given.countries), languages=list(given.languages)
            )
            keep(made)
            Serving.put(made, given.serving or ())
            record("segment_made", brand, made, by, segment=made.name)
        return made

    def settle(self, by: User, given: SegmentGiven) -> bool:
        """Be otherwise, or be served otherwise; False when all is as it was. NameTaken."""
        with transaction.atomic():
            held = take_hold(Segment.objects.of(self.brand_id), self.pk)
            wanted = (given.name, list(given.countries), list(given.languages))
            same = (held.name, held.countries, held.languages) == wanted
            held.name, held.countries, held.languages = wanted
            if not same:
                keep(held)
            before = [(each.channel_id, each.language) for each in held.serving.all()]
            if not Serving.put(held, before if given.serving is None else given.serving) and same:
                return False
            record("segment_changed", self.brand_id, held, by, segment=held.name)
        self.refresh_from_db()
        return True

    def retire(self, by: User, retired: bool = True) -> bool:
        """No new post is for it, or some may be again; False when it was so already."""
        with transaction.atomic():
            rows = Segment.objects.of(self.brand_id).filter(pk=self.pk, retired__isnull=retired)
            if not rows.update(retired=clock.now() if retired else None):
                return False
            code = "segment_retired" if retired else "segment_returned"
            record(code, self.brand_id, self, by, segment=self.name)
        self.refresh_from_db(fields=["retired"])
        return True


class Serving(models.Model):
    """A channel that serves a segment, in one of the languages of that segment."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="serving", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="serving")
    language = models.CharField(max_length=8)

    objects: ClassVar[BrandManager[Serving, BrandQuerySet[Serving]]] = BrandManager.along("segment__brand")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["segment", "channel"], name="serving_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} serves {self.segment_id} in {self.language}"

    @classmethod
    def put(cls, segment: Segment, given: Iterable[tuple[int, str]]) -> bool:
        """Have these channels of the brand's serve it, each in one of its languages; whether any differs."""
        ours = dict(Channel.objects.of(segment.brand_id).values_list("pk", "pk"))
        wanted = {pk: language for pk, language in given if pk in ours and language in segment.languages}
        before = {
            each.channel_id: each.language
            for each in cls.objects.of(segment.brand_id).filter(segment=segment)
        }
        if wanted == before:
            return False
        cls.objects.of(segment.brand_id).filter(segment=segment).delete()
        cls.objects.bulk_create(
            cls(segment=segment, channel_id=pk, language=language) for pk, language in sorted(wanted.items())
        )
        return True


class PostSegment(models.Model):
    """A segment that a post is for."""

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="aims", db_index=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[BrandManager[PostSegment, BrandQuerySet[PostSegment]]] = BrandManager.along(
        "post__brand"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "segment"], name="post_segment_once")]

    def __str__(self) -> str:
        return f"post {self.post_id} for segment {self.segment_id}"

    @classmethod
    def put(cls, post: Post, given: Sequence[int] | None) -> bool:
        """Have it be for these segments of the brand's, None for those that it is for; whether any differs."""
        if given is None:
            return False
        before = set(cls.objects.of(post.brand_id).filter(post=post).values_list("segment", flat=True))
        after = set(Segment.objects.of(post.brand_id).filter(pk__in=given).values_list("pk", flat=True))
        cls.objects.of(post.brand_id).filter(post=post).exclude(segment__in=after).delete()
        cls.objects.bulk_create(cls(post=post, segment_id=pk) for pk in sorted(after - before))
        return before != after
