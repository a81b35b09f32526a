"""Found pieces: what others made, kept to be shared with their name and the way to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold
from comptoir.publishing.crediting import lacking, plain
from comptoir.reading.folding import spaced, words

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.destination import Destination
    from comptoir.publishing.models.post import Post
    from comptoir.publishing.models.variant import Wording

TITLE_MOST = 200
LINK_MOST = 2_000
AUTHOR_MOST = 120
HANDLE_MOST = 300
NOTE_MOST = 2_000
TAG_MOST = 40
TAGS_MOST = 12
PIECES_MOST = 20
"""Found pieces that one post shares."""
_USED = ("leaving", "published", "partly")
_MAY_LEAVE = ("idea", "draft", "review", "changes", "approved", "scheduled", "missed", "leaving", "asking")


class PieceKnown(Exception):
    """The brand has found this link already."""


class PieceInUse(Exception):
    """A post that may still leave shares it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a found piece. `handles`: how its author is called, by network; "" for an address of theirs.
    `thanks`: whether posts about it are to thank its author."""

    title: str
    link: str
    author: str
    handles: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    tags: Sequence[str] = ()
    thanks: bool = False


class FoundPieceQuerySet(BrandQuerySet["FoundPiece"]):
    def newest(self) -> Self:
        """What was found last at the top."""
        return self.order_by("-found", "-pk")

    def standing(self, state: str) -> Self:
        """Those to use ("open"), those that a post has taken out ("used"), those set aside ("aside"); all for ""."""
        used = Exists(Sharing.objects.filter(piece=OuterRef("pk"), post__state__in=_USED))
        if state == "aside":
            return self.filter(aside__isnull=False)
        if state == "used":
            return self.filter(used)
        return self.filter(~used, aside=None) if state == "open" else self

    def about(self, text: str) -> Self:
        """Those with all of these words, or words that begin so, in any of their fields."""
        if not (found := words(text)):
            return self
        asked = SearchQuery(" & ".join(f"'{each}':*" for each in found), config="simple", search_type="raw")
        return self.annotate(search=_INDEXED).filter(search=asked)

    def tagged(self, tag: str) -> Self:
        """Those with a tag."""
        return self.filter(tags__contains=[tag]) if tag else self


class FoundPieceManager(BrandManager["FoundPiece", "FoundPieceQuerySet"]):
    queryset_class = FoundPieceQuerySet


_INDEXED = SearchVector("folded", config="simple")


class FoundPiece(models.Model):
    """Something that somebody else made, and that the brand may share.

    handles   how its author is called, by network; "" for an address of theirs
    digest    of where its link leads
    folded    all that it is searched by
    aside     since when it is not to be used, None while it may be
    thanks    whether posts about it begin with thanks to its author
    """

    class State(models.TextChoices):
        OPEN = "open", _("To use")
        USED = "used", _("Used")
        ASIDE = "aside", pgettext_lazy("found piece", "Set aside")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="found_pieces", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=TITLE_MOST)
    link = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=AUTHOR_MOST)
    handles = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_MOST), default=list)
    folded = models.TextField()
    thanks = models.BooleanField(default=False)
    found = models.DateTimeField(default=clock.now)
    aside = models.DateTimeField(null=True)

    objects: ClassVar[FoundPieceManager] = FoundPieceManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "digest"], name="found_piece_once"),
            models.CheckConstraint(condition=~Q(author="") & ~Q(link=""), name="found_piece_of_somebody"),
        ]
        indexes = [
            models.Index(fields=["brand", "-found"], name="found_piece_newest"),
            GinIndex(_INDEXED, name="found_piece_words"),
            GinIndex(fields=["tags"], name="found_piece_tags"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def piece(self) -> Piece:
        """What is known of it."""
        return Piece(
            self.title, self.link, self.author, self.handles, self.note, self.tags, self.thanks
        )  # fmt: skip

    @property
    def state(self) -> str:
        """Whether it is to be used, is used or set aside. Looks at its sharings with their posts, where not aside."""
        if self.aside:
            return self.State.ASIDE
        used = any(each.post.state in _USED for each in self.sharings.all())
        return self.State.USED if used else self.State.OPEN

    def name_on(self, network: str) -> str:
        """What its author is called there: their handle, where it is known."""
        handle: str = self.handles.get(network, "") if network else ""
        return handle or self.author

    def lacks(self, said: Wording) -> list[str]:
        """What of its credit is missing from what is said: "author", "link"."""
        return lacking([*said.parts, said.comment], self.link, self.author, self.handles.values())

    @classmethod
    def note_down(cls, brand: Brand, by: User, piece: Piece) -> FoundPiece:
        """Keep one. PieceKnown."""
        with transaction.atomic():
            made = cls(brand=brand, by=by)
            made._say(piece)
            keep(made, PieceKnown)
            record("piece_found", brand, made, by, title=made.title)
        return made

    def settle(self, by: User, piece: Piece) -> bool:
        """Know something else of it; False when all is as it was. PieceKnown."""
        with transaction.atomic():
            held = take_hold(FoundPiece.objects.of(self.brand_id), self.pk)
            before = held.piece
            held._say(piece)
            if held.piece == before:
                return False
            keep(held, PieceKnown)
            record("piece_changed", self.brand_id, self, by, title=held.title)
        self.refresh_from_db()
        return True

    def put_aside(self, by: User, aside: bool = True) -> bool:
        """Not be used, or be used after all; False when it was so already."""
        with transaction.atomic():
            rows = FoundPiece.objects.of(self.brand_id).filter(pk=self.pk, aside__isnull=aside)
            if not rows.update(aside=clock.now() if aside else None):
                return False
            code = "piece_set_aside" if aside else "piece_taken_up"
            record(code, self.brand_id, self, by, title=self.title)
        self.refresh_from_db(fields=["aside"])
        return True

    def remove(self, by: User) -> None:
        """Forget it, and its author. PieceInUse: what has left stays as it left."""
        with transaction.atomic():
            held = take_hold(FoundPiece.objects.of(self.brand_id), self.pk)
            if held.sharings.filter(post__state__in=_MAY_LEAVE).exists():
                raise PieceInUse
            record("piece_removed", self.brand_id, self, by, title=held.title)
            held.delete()

    def forget_author(self) -> None:
        """Somebody has themselves erased: forget it, or all that it says where a post may still leave with it. That
        post then leaves no more. Part of the caller's transaction."""
        if not self.sharings.filter(post__state__in=_MAY_LEAVE).exists():
            self.delete()
            return
        self._say(Piece("…", f"https://erased.invalid/{self.pk}", "…"))
        self.save()

    def _say(self, piece: Piece) -> None:
        self.title, self.link, self.author = piece.title, piece.link, piece.author
        self.handles = {network: each for network, each in sorted(piece.handles.items()) if each}
        self.note, self.tags, self.thanks = piece.note, list(piece.tags), piece.thanks
        self.digest = _digest(plain(piece.link))
        said = [self.title, self.link, self.author, *self.handles.values(), self.note, *self.tags]
        self.folded = spaced("\n".join(said))

    @classmethod
    def with_link(cls, brand: Brand | int, link: str) -> FoundPiece | None:
        """The one that was found at an address, which is plain."""
        return cls.objects.of(brand).filter(digest=_digest(link)).first()

    @classmethod
    def named(cls, brand: Brand | int, pks: Collection[int]) -> list[FoundPiece]:
        """Those of the brand's among some numbers, the first found first."""
        return list(cls.objects.of(brand).filter(pk__in=pks).order_by("found", "pk")) if pks else []


def _digest(link: str) -> str:
    return sha256(link.encode()).hexdigest()


class Sharing(models.Model):
    """A found piece that a post shares. It stays: without the author and the link that post does not leave."""

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="sharings", db_index=False)
    piece = models.ForeignKey(FoundPiece, on_delete=models.CASCADE, related_name="sharings")

    objects: ClassVar[BrandManager[Sharing, BrandQuerySet[Sharing]]] = BrandManager.along("post__brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "piece"], name="sharing_once")]

    def __str__(self) -> str:
        return f"post {self.post_id} shares {self.piece_id}"

    @classmethod
    def put(cls, post: Post, given: Collection[int]) -> bool:
        """Have a post share these pieces of the brand's as well; whether any is new."""
        if not given:
            return False
        before = set(cls.objects.of(post.brand_id).filter(post=post).values_list("piece", flat=True))
        known = FoundPiece.objects.of(post.brand_id).filter(pk__in=given).values_list("pk", flat=True)
        new = sorted(set(known) - before)
        cls.objects.bulk_create(cls(post=post, piece_id=pk) for pk in new)
        return bool(new)

    @classmethod
    def of_post(cls, post: Post) -> list[FoundPiece]:
        """The pieces that a post shares."""
        rows = cls.objects.of(post.brand_id).filter(post=post).select_related("piece")
        return [each.piece for each in rows.order_by("piece__found", "piece")]

    @classmethod
    def uncredited(cls, post: Post, destinations: Collection[Destination]) -> bool:
        """Whether what a post shares would leave one of these without its credit. Looks at their channels."""
        return _uncredited(cls.of_post(post), post, destinations)

    @classmethod
    def uncredited_among(cls, posts: Collection[Post], destinations: Collection[Destination]) -> set[int]:
        """Those of destinations of these posts, of whatever brands, that what is shared would leave without credit."""
        shared = cls._of_posts(posts) if destinations else {}
        sharing = [each for each in posts if each.pk in shared]
        prefetch_related_objects(sharing, "variants")
        known = {each.pk: each for each in sharing}
        return {
            each.pk
            for each in destinations
            if each.post_id in known and _uncredited(shared[each.post_id], known[each.post_id], [each])
        }

    @classmethod
    def _of_posts(cls, posts: Collection[Post]) -> Mapping[int, list[FoundPiece]]:
        """The pieces that some posts, of whatever brands, share, by post."""
        rows = cls.objects.everywhere().filter(post__in=[each.pk for each in posts]).select_related("piece")
        found: dict[int, list[FoundPiece]] = defaultdict(list)
        for each in rows.order_by("piece__found", "piece"):
            found[each.post_id].append(each.piece)
        return found


def _uncredited(pieces: Collection[FoundPiece], post: Post, destinations: Collection[Destination]) -> bool:
    said = [post.said_on(each.channel, each.language) for each in destinations] if pieces else []
    return any(piece.lacks(each) for piece in pieces for each in said)
