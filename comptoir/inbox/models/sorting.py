"""What a brand's people sort threads with: tags, and views that keep what somebody asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.acting import acting
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep
from comptoir.reading.folding import fold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TAGS_MOST = 1_000
"""Tags of one brand."""
FOLDED_MOST = 160
"""Letters of a name as it is compared."""


class TooManyTags(Exception):
    """The brand has as many as one may have."""


def tags_full() -> str:
    """What is said then."""
    return _("The brand has a thousand tags: remove some first.")


class TagQuerySet(BrandQuerySet["Tag"]):
    def have_room_for(self, names: Iterable[str]) -> bool:
        """Whether those of these names that are not among a brand's tags may still be made."""
        folded = {fold(name) for name in names}
        new = folded - set(self.filter(folded__in=folded).values_list("folded", flat=True))
        return not new or self.count() + len(new) <= TAGS_MOST


class TagManager(BrandManager["Tag", "TagQuerySet"]):
    queryset_class = TagQuerySet


class Tag(models.Model):
    """A word that is put on threads. `folded` is its form for comparing: a brand has one tag of each."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="tags", db_index=False)
    name = models.CharField(max_length=40)
    folded = models.CharField(max_length=FOLDED_MOST)

    objects: ClassVar[TagManager] = TagManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "folded"], name="tag_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known(cls, brand: Brand | int, name: str) -> Tag | None:
        """The brand's tag of this name. ValueError for a name without letters."""
        return cls.objects.of(brand).filter(folded=fold(tag_name(name))).first()

    @classmethod
    def called(cls, brand: Brand | int, name: str, by: User | None) -> Tag:
        """The brand's tag of this name, made if need be. ValueError for a name without letters; TooManyTags."""
        name = tag_name(name)
        pk = brand if isinstance(brand, int) else brand.pk
        if found := cls.known(pk, name):
            return found
        if cls.objects.of(pk).count() >= TAGS_MOST:
            raise TooManyTags
        with transaction.atomic():
            tag, new = cls.objects.of(pk).get_or_create(
                folded=fold(name), brand_id=pk, defaults={"name": name}
            )
            if new:
                record("tag_made", pk, tag, by, tag=name)
        return tag

    def rename(self, name: str, by: User) -> None:
        """Another name. NameTaken when the brand has a tag of it; ValueError for a name without letters."""
        self.name, before = tag_name(name), self.name
        self.folded = fold(self.name)
        with transaction.atomic():
            keep(self, only=["name", "folded"])
            record("tag_renamed", self.brand_id, self, by, tag=self.name, before=before)

    def remove(self, by: User) -> None:
        """Take it off all threads, and out of the list."""
        with transaction.atomic():
            record("tag_removed", self.brand_id, self, by, tag=self.name)
            self.delete()


def tag_name(text: str) -> str:
    """A tag's name as it is kept. ValueError for one without letters and digits, or too long."""
    name = " ".join(re.sub(r'[\x00"“”«»]', " ", text).split()).lstrip("#")
    if not any(letter.isalnum() for letter in name) or len(name) > 40 or len(fold(name)) > FOLDED_MOST:
        raise ValueError("name")
    return name


def unfit_tag() -> str:
    """What is said of such a name."""
    return _("A tag has at least a letter, and 40 at the most.")


class Tagging(models.Model):
    """A tag is on a thread; `by` nobody when a rule put it there."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "tag"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.thread_id}"


def put_on(thread: Thread, tag: Tag, by: User | None) -> bool:
    """Put a tag on a thread; False when it was there."""
    with transaction.atomic():
        _row, new = Tagging.objects.get_or_create(thread=thread, tag=tag, defaults={"by": by})
        if new:
            _tell("tagged", "thread.tagged", thread, tag, by)
    return new


def take_off(thread: Thread, tag: Tag, by: User | None) -> bool:
    """Take a tag off a thread; False when it was not there."""
    with transaction.atomic():
        if not Tagging.objects.filter(thread=thread, tag=tag).delete()[0]:
            return False
        _tell("untagged", "thread.untagged", thread, tag, by)
    return True


def _tell(code: str, kind: str, thread: Thread, tag: Tag, by: User | None) -> None:
    if not acting().rule:
        Thread.objects.of(thread.brand_id).filter(pk=thread.pk, handled=False).update(handled=True)
        thread.handled = True
    record(code, thread.brand_id, thread, by, tag=tag.name)
    thread.spread(kind, by, tag=tag.name)


class ViewQuerySet(BrandQuerySet["View"]):
    def for_user(self, user: User) -> ViewQuerySet:
        """Those that are shared, and the user's own."""
        return self.filter(Q(shared=True) | Q(by=user))


class ViewManager(BrandManager["View", "ViewQuerySet"]):
    queryset_class = ViewQuerySet


class View(models.Model):
    """What somebody asked the list for, kept under a name: their own, or shared with the brand's people."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="views", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    show = models.CharField(max_length=10)
    q = models.CharField(max_length=4_096, blank=True)
    shared = models.BooleanField(default=False)

    objects: ClassVar[ViewManager] = ViewManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "name"], name="view_of_brand")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, brand: Brand, name: str, by: User, shared: bool, **asked: Any) -> View:
        """Keep what was asked (`show`, `q`); a view of theirs of the same name is replaced."""
        with transaction.atomic():
            brand.hold()
            view, _new = cls.objects.of(brand).update_or_create(
                brand=brand, by=by, name=name, defaults={"shared": shared, **asked}
            )
            record("view_kept", brand, view, by, view=name)
        return view

    def remove(self, by: User) -> None:
        """There is no such view any more; the threads stay."""
        with transaction.atomic():
            record("view_removed", self.brand_id, self, by, view=self.name)
            self.delete()
