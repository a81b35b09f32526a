"""The words of a post: once for all, and otherwise for a language, a network or a channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from comptoir.networks.found import label_of
from comptoir.networks.models import Channel
from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.organisation.naming import language_name
from comptoir.publishing.mentioning import Book
from comptoir.reading.likeness import fingerprint

if TYPE_CHECKING:
    from comptoir.publishing.models.post import Post

PARTS_MOST = 25
"""Messages of one thread."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a post says in one place.

    parts    its texts: one, or several that answer each other in a row
    comment  what is said below it at once, "" for nothing
    warning  the content warning above it, "" for none
    """

    parts: tuple[str, ...]
    comment: str = ""
    warning: str = ""

    @property
    def texts(self) -> list[str]:
        """All that is said, one message after the other."""
        return [*self.parts, self.comment]

    def mentioning(self, book: Book, network: str) -> Wording:
        """The same as it is said on a network: whom it mentions is called there as a book has it."""
        parts = tuple(book.on(each, network) for each in self.parts)
        return replace(self, parts=parts, comment=book.on(self.comment, network))


class Variant(models.Model):
    """Words of a post that stand instead of others: for a language, for a network, for both, or for one channel; the
    one for none of them is what all others begin from. What is None is as there.

    bands   hashes of its texts, by which wordings that say nearly the same are found
    """

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="variants", db_index=False)
    language = models.CharField(max_length=8, blank=True, default="")
    network = models.CharField(max_length=30, blank=True, default="")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    parts = models.JSONField(null=True)
    comment = models.TextField(null=True)
    warning = models.TextField(null=True)
    bands = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    objects: ClassVar[BrandManager[Variant, BrandQuerySet[Variant]]] = BrandManager.along("post__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "language", "network", "channel"], nulls_distinct=False, name="variant_once"
            ),
            models.CheckConstraint(
                condition=Q(channel=None) | Q(network=""), name="variant_of_channel_or_network"
            ),
        ]
        indexes = [GinIndex(fields=["bands"], name="variant_bands")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.language} {self.network} {self.channel_id or ''}"

    @property
    def label(self) -> str:
        """What it is for, in a word or two; "" for the words that all others begin from."""
        network = label_of(self.network) if self.network else ""
        language = language_name(self.language) if self.language else ""
        return " · ".join(filter(None, [language, network, self.channel.handle if self.channel else ""]))

    @property
    def is_base(self) -> bool:
        """Whether these are the words that all others begin from."""
        return not (self.language or self.network or self.channel_id)

    def fits(self, channel: Channel | None, network: str, language: str) -> bool:
        """Whether it may be said there."""
        return (
            self.language in ("", language)
            and self.network in ("", network)
            and (self.channel_id is None or (channel is not None and self.channel_id == channel.pk))
        )

    @property
    def closeness(self) -> tuple[bool, bool, bool]:
        """What is for a channel goes before what is for a language, and that before what is for a network."""
        return self.channel_id is not None, bool(self.language), bool(self.network)


def wording(variants: Iterable[Variant], channel: Channel | None, network: str, language: str) -> Wording:
    """What is said on a channel (or on a network at large) in a language, as it was written: of each piece, the closest
    that was given."""
    near = _closest(variants, channel, network, language)
    parts: Sequence[str] = next((each.parts for each in near if each.parts is not None), ())
    return Wording(
        tuple(parts),
        next((each.comment for each in near if each.comment is not None), ""),
        next((each.warning for each in near if each.warning is not None), ""),
    )


def spoken(variants: Iterable[Variant], channel: Channel, language: str, base: str) -> str:
    """The language of the words that a post, whose words for all are in `base`, has on a channel in a language."""
    near = _closest(variants, channel, channel.network, language)
    said = next((each for each in near if each.parts is not None), None)
    return language if said is not None and (said.channel_id or said.language) else base


def _closest(
    variants: Iterable[Variant], channel: Channel | None, network: str, language: str
) -> list[Variant]:
    fitting = (each for each in variants if each.fits(channel, network, language))
    return sorted(fitting, key=lambda each: each.closeness, reverse=True)


def bands_of(parts: Sequence[str] | None) -> list[int]:
    """The hashes that wordings with nearly these texts are likely to have as well; none where there is no word."""
    mark = fingerprint("\n\n".join(parts)) if parts else None
    return sorted(set(mark.bands)) if mark else []


def put(post: Post, given: Iterable[Variant]) -> bool:
    """Have these wordings instead of those kept; whether any differs."""
    before = {(each.language, each.network, each.channel_id): each for each in post.variants.all()}
    after = {(each.language, each.network, each.channel_id): each for each in given}
    changed = before.keys() != after.keys() or any(
        (before[key].parts, before[key].comment, before[key].warning)
        != (each.parts, each.comment, each.warning)
        for key, each in after.items()
    )
    if changed:
        post.variants.all().delete()
        for each in after.values():
            each.pk, each.post = None, post
            each.bands = bands_of(each.parts)
        Variant.objects.bulk_create(after.values())
    return changed
