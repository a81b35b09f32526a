"""Where posts show pictures, or a video, of the brand's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.publishing.models.asset import ALT_MOST, Asset

if TYPE_CHECKING:
    from comptoir.publishing.models.post import Post


class Illustration(models.Model):
    """A picture or a video beside a post, with the words for those who do not see it there."""

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="illustrations", db_index=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="shown")
    place = models.PositiveSmallIntegerField()
    alt = models.TextField(blank=True)

    objects: ClassVar[BrandManager[Illustration, BrandQuerySet[Illustration]]] = BrandManager.along(
        "post__brand"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["post", "place"], name="illustration_once")]

    def __str__(self) -> str:
        return f"{self.asset_id} beside {self.post_id}"

    @classmethod
    def put(cls, post: Post, given: Sequence[tuple[int, str]]) -> bool:
        """Have these pictures of the brand's beside it, in order; whether any differs."""
        before = [(each.asset_id, each.alt) for each in post.illustrations.all()]
        ours = Asset.objects.of(post.brand_id).filter(pk__in=[pk for pk, _alt in given])
        known = set(ours.values_list("pk", flat=True))
        after = [(pk, alt[:ALT_MOST]) for pk, alt in given if pk in known]
        if before == after:
            return False
        post.illustrations.all().delete()
        cls.objects.bulk_create(
            cls(post=post, asset_id=pk, place=place, alt=alt) for place, (pk, alt) in enumerate(after)
        )
        return True
