"""What must reach a person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet


class Notice(models.Model):
    """Something that a brand's people have to know, shown on every page of the brand until it is settled.

    `code` names the sentence, `facts` fill it, `about` says what it concerns ("channel:7"): one open notice for each.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict)
    created = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BrandManager[Notice, BrandQuerySet[Notice]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "code", "about"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_notice_about_a_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.about}"

    @classmethod
    def post(cls, brand_id: int, code: str, about: str = "", **facts: Any) -> None:
        """Put a notice up; the same one already up gets the new facts."""
        cls.objects.bulk_create(
            [cls(brand_id=brand_id, code=code, about=about, facts=facts)], ignore_conflicts=True
        )
        cls.objects.of(brand_id).filter(code=code, about=about, settled_at=None).update(facts=facts)

    @classmethod
    def settle(cls, brand_id: int, about: str) -> None:
        """Take down what concerns a thing that is well again."""
        cls.objects.of(brand_id).filter(about=about, settled_at=None).update(settled_at=clock.now())
