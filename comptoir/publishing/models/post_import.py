"""Posts that came from a file: what somebody brought, and which posts its rows became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.events import ImportAsked
from comptoir.publishing.models.post import Post
from comptoir.publishing.tables_in import Sheet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

KEPT = timedelta(days=7)
"""How long a file waits for somebody to decide about it."""


class PostImportQuerySet(BrandQuerySet["PostImport"]):
    def over(self) -> Self:
        """Those that nobody decided about in time."""
        return self.filter(state=PostImport.State.CHECKED, made__lt=clock.now() - KEPT)


class PostImportManager(BrandManager["PostImport", "PostImportQuerySet"]):
    queryset_class = PostImportQuerySet


class PostImport(models.Model):
    """A file with posts.

    digest     of its content: the same file is known again
    sheets     its cells, as long as they are needed
    every      none of its posts is made unless every row is good
    schedule   its posts leave at their times, where they have any; else they are drafts
    total, done    how many rows become posts, and how many did so far
    faults     rows that did not after all: [{"sheet": "", "line": 3, "code": "closed"}]
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("Looked through")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="post_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    sheets = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHECKED)
    every = models.BooleanField(default=False)
    schedule = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[PostImportManager] = PostImportManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["checked", "running", "done"]), name="post_import_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def bring(cls, brand: Brand, by: User, name: str, content: bytes, sheets: Sequence[Sheet]) -> PostImport:
        """Keep a file that was read. No post is made."""
        with transaction.atomic():
            made = cls.objects.create(
                brand=brand, by=by, name=name[:120], digest=sha256(content).hexdigest(),
                sheets=[each.kept() for each in sheets],
            )  # fmt: skip
            record(
                "posts_brought", brand, made, by, file=made.name, rows=sum(len(each.rows) for each in sheets)
            )
        return made

    @property
    def tables(self) -> list[Sheet]:
        """Its cells."""
        return [Sheet.of(each) for each in self.sheets]

    @property
    def before(self) -> PostImport | None:
        """The last time that the very same file was imported."""
        rows = PostImport.objects.of(self.brand_id).exclude(pk=self.pk).exclude(state=self.State.CHECKED)
        return rows.filter(digest=self.digest).defer("sheets").order_by("-made").first()

    def start(self, by: User, every: bool, schedule: bool, total: int) -> bool:
        """Have its rows become posts; False where that was said already."""
        with transaction.atomic():
            rows = PostImport.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.CHECKED)
            if not rows.update(
                state=self.State.RUNNING,
                by=by,
                every=every,
                schedule=schedule,
                total=total,
                done=0,
                faults=[],
            ):
                return False
            record("posts_imported", self.brand_id, self, by, file=self.name, rows=total)
            tell(ImportAsked(self.pk), lock=f"import:{self.pk}")
        self.refresh_from_db()
        return True

    def stop(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Nothing was made: rows that were good are so no more."""
        rows = PostImport.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.RUNNING)
        rows.update(state=self.State.CHECKED, faults=list(faults), done=0)

    def finish(self) -> None:
        """All that could become a post did: what the file said is in the posts."""
        rows = PostImport.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.RUNNING)
        rows.update(state=self.State.DONE, sheets=[])

    @classmethod
    def twins(cls, brand: Brand, digests: Iterable[str]) -> Mapping[str, int]:
        """Rows that are posts already, with their posts."""
        rows = ImportedPost.objects.of(brand).filter(digest__in=set(digests))
        return dict(rows.values_list("digest", "post"))


class ImportedPost(models.Model):
    """A row that became a post. `digest` is of what it says: the same does not become a post twice."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    imported = models.ForeignKey(PostImport, on_delete=models.CASCADE, related_name="posts")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="imported")
    sheet = models.CharField(max_length=100, blank=True)
    line = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[BrandManager[ImportedPost, BrandQuerySet[ImportedPost]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "digest"], name="imported_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.line}"
