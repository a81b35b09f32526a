"""Mentionees: whom posts mention, by one name wherever they are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import Q

from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold
from comptoir.publishing.mentioning import NAME_MOST, NOBODY, Book, called, named

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.variant import Variant

MENTIONEES_MOST = 1_000
"""Of one brand."""


class TooMany(Exception):
    """The brand has as many as it may."""


class Mentionee(models.Model):
    """Somebody whom posts mention as "@[name]".

    folded    the name without case, accents and signs, by which a mention finds them
    handles   what they are called, by network
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="mentionees", db_index=False)
    name = models.CharField(max_length=NAME_MOST)
    folded = models.CharField(max_length=2 * NAME_MOST)
    handles = models.JSONField(default=dict)

    objects: ClassVar[BrandManager[Mentionee, BrandQuerySet[Mentionee]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "folded"], name="mentionee_once"),
            models.CheckConstraint(condition=~Q(folded=""), name="mentionee_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> str:
        """How a text mentions them."""
        return f"@[{self.name}]"

    @classmethod
    def make(cls, brand: Brand, by: User, name: str, handles: Mapping[str, str]) -> Mentionee:
        """Know somebody more. NameTaken, TooMany."""
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= MENTIONEES_MOST:
                raise TooMany
            made = cls(brand=brand)
            made._say(name, handles)
            keep(made)
            record("mentionee_made", brand, made, by, name=name)
        return made

    def settle(self, by: User, name: str, handles: Mapping[str, str]) -> bool:
        """Have another name or other handles; False when all is as it was. NameTaken."""
        with transaction.atomic():
            held = take_hold(Mentionee.objects.of(self.brand_id), self.pk)
            before = held.name, held.handles
            held._say(name, handles)
            if (held.name, held.handles) == before:
                return False
            keep(held)
            record("mentionee_changed", self.brand_id, self, by, name=name)
        self.refresh_from_db()
        return True

    def remove(self, by: User) -> None:
        """Forget them: posts that mention them say their plain name."""
        with transaction.atomic():
            held = take_hold(Mentionee.objects.of(self.brand_id), self.pk)
            record("mentionee_removed", self.brand_id, self, by, name=held.name)
            held.delete()

    def _say(self, name: str, handles: Mapping[str, str]) -> None:
        self.name, self.folded = name, called(name)
        self.handles = {network: each for network, each in sorted(handles.items()) if each}

    @classmethod
    def book(cls, brand: Brand | int, variants: Iterable[Variant]) -> Book:
        """Those whom some wordings mention; asked for only where they mention anybody."""
        texts = [text for each in variants for text in (*(each.parts or ()), each.comment or "")]
        return cls.book_for(brand, texts)

    @classmethod
    def book_for(cls, brand: Brand | int, texts: Iterable[str]) -> Book:
        """Those whom some texts mention."""
        if not (names := {called(each) for each in named(texts)}):
            return NOBODY
        rows = cls.objects.of(brand).filter(folded__in=names)
        return Book(dict(rows.values_list("folded", "handles")))
