"""What stands on a brand's own page: entries, each in one or several languages, with its pictures."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.publishing.models.destination import Destination
from comptoir.publishing.models.own_page import OwnPage


class PageEntryQuerySet(BrandQuerySet["PageEntry"]):
    brand_path = "page__brand"

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(taken_back=None)

    def newest(self) -> Self:
        """The latest at the top."""
        return self.order_by("-published", "-pk")

    def for_reader(self, language: str, country: str) -> Self:
        """Those in a language ("" for any) that are for somebody in a country: those for none in particular, and where
        a country is known, those for it."""
        rows = self.filter(languages__contains=[language]) if language else self
        return rows.filter(Q(countries=[]) | Q(countries__contains=[country])) if country else rows.filter(
            countries=[]
        )  # fmt: skip

    def before(self, entry: PageEntry) -> Self:
        """Those that stand further down."""
        at, pk = entry.published, entry.pk
        return self.filter(Q(published__lt=at) | Q(published=at, pk__lt=pk), published__lte=at)


class PageEntryManager(BrandManager["PageEntry", "PageEntryQuerySet"]):
    queryset_class = PageEntryQuerySet


class PageEntry(models.Model):
    """A post as it stands on the page.

    word         its name in addresses, made from the key of what left: the same sending is the same entry
    language     in which it was written; languages: all in which it can be read
    countries    for whom it is ("FR"), empty for everybody
    """

    page = models.ForeignKey(OwnPage, on_delete=models.CASCADE, related_name="entries", db_index=False)
    destination = models.OneToOneField(
        Destination, on_delete=models.SET_NULL, null=True, related_name="entry"
    )
    word = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    languages = ArrayField(models.CharField(max_length=8))
    countries = ArrayField(models.CharField(max_length=2), default=list)
    published = models.DateTimeField(default=clock.now)
    changed = models.DateTimeField(default=clock.now)
    taken_back = models.DateTimeField(null=True)

    objects: ClassVar[PageEntryManager] = PageEntryManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "word"], name="page_entry_once")]
        indexes = [
            models.Index(
                fields=["page", "-published", "-id"], condition=Q(taken_back=None), name="page_entry_newest"
            )
        ]

    def __str__(self) -> str:
        return self.word

    def said_in(self, language: str) -> PageText | None:
        """Its words in a language, else in the one that it was written in. Looks at texts that were fetched."""
        texts = {each.language: each for each in self.texts.all()}
        return texts.get(language) or texts.get(self.language) or next(iter(texts.values()), None)


class PageText(models.Model):
    """The words of an entry in one language: `parts` follow each other."""

    entry = models.ForeignKey(PageEntry, on_delete=models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=8)
    parts = models.JSONField()
    warning = models.TextField(blank=True)

    objects: ClassVar[BrandManager[PageText, BrandQuerySet[PageText]]] = BrandManager.along(
        "entry__page__brand"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "language"], name="page_text_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.language}"


class PagePicture(models.Model):
    """A picture of an entry as it left, `width` and `height` in the proportion in which it is seen."""

    entry = models.ForeignKey(PageEntry, on_delete=models.CASCADE, related_name="pictures", db_index=False)
    place = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    mime = models.CharField(max_length=80)
    alt = models.TextField(blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    objects: ClassVar[BrandManager[PagePicture, BrandQuerySet[PagePicture]]] = BrandManager.along(
        "entry__page__brand"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["entry", "place"], name="page_picture_once")]

    def __str__(self) -> str:
        return f"picture {self.place} of {self.entry_id}"
