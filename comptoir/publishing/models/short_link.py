"""Short links: addresses of this house, or of a brand's own short domain, that lead to where somebody said."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Sum

from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold
from comptoir.publishing.models.destination import Destination

if TYPE_CHECKING:
    from comptoir.organisation.models import User

CODE_LETTERS = 8
"""Letters of a code: 57 to the eighth are 10^14, of which nobody guesses one that is in use."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PREFIX = "s/"
"""Below which short links of this house stand."""
NOTE_MOST = 120


class HostTaken(Exception):
    """Another brand has this short domain."""


class Shortening(models.Model):
    """Whether links of a brand's posts leave short, and on which domain: "" for below the address of this house."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="shortening")
    on = models.BooleanField(default=False)
    host = models.CharField(max_length=253, blank=True)

    objects: ClassVar[BrandManager[Shortening, BrandQuerySet[Shortening]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="shortening_host_once")
        ]

    def __str__(self) -> str:
        return self.host or str(self.on)

    @property
    def base(self) -> str:
        """What its short links begin with."""
        return base_of(self.host)

    @classmethod
    def settle(cls, brand: Brand, by: User, on: bool, host: str) -> bool:
        """Have links leave so; False when they do. What was made stays where it is. HostTaken."""
        with transaction.atomic():
            brand.hold()
            found = cls.objects.of(brand).first() or cls(brand=brand)
            if not found._state.adding and (found.on, found.host) == (on, host):
                return False
            found.on, found.host = on, host
            keep(found, HostTaken)
            if on:
                record("short_links_on", brand, None, by, address=found.base)
            else:
                record("short_links_off", brand, None, by, address=found.base)
        return True

    @classmethod
    def bases(cls, brands: Collection[int]) -> Mapping[int, str]:
        """By brand whose links leave short, what they begin with."""
        rows = cls.objects.everywhere().filter(brand__in=brands, on=True)
        return {each.brand_id: each.base for each in rows}


class ShortLinkQuerySet(BrandQuerySet["ShortLink"]):
    def counted(self) -> Self:
        """With `clicks`, those of people; None where nobody clicked."""
        rows = ClickCount.objects.filter(link=OuterRef("pk")).order_by().values("link")
        clicks, bots = (rows.annotate(n=Sum(each)).values("n") for each in ("clicks", "bots"))
        return self.annotate(clicks=Subquery(clicks), bots=Subquery(bots))


class ShortLinkManager(BrandManager["ShortLink", "ShortLinkQuerySet"]):
    queryset_class = ShortLinkQuerySet


class ShortLink(models.Model):
    """A code and where it leads. The row stays when the link is removed, so that no code is given twice.

    host         on which it stands, "" for below the address of this house
    destination  the post on a channel that it left with, None for one that somebody made
    digest       of its target as it was made
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="short_links", db_index=False)
    destination = models.ForeignKey(
        Destination, on_delete=models.SET_NULL, null=True, related_name="short_links", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    host = models.CharField(max_length=253, blank=True)
    code = models.CharField(max_length=CODE_LETTERS, unique=True)
    target = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=NOTE_MOST, blank=True)
    made = models.DateTimeField(default=clock.now)
    removed = models.DateTimeField(null=True)

    objects: ClassVar[ShortLinkManager] = ShortLinkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["destination", "digest"], name="short_link_once_on_a_channel")
        ]
        indexes = [models.Index(fields=["brand", "-made"], name="short_link_newest")]

    def __str__(self) -> str:
        return self.code

    @property
    def address(self) -> str:
        """What people click."""
        return f"{base_of(self.host)}{self.code}"

    @classmethod
    def make(cls, brand: Brand, by: User, target: str, note: str = "") -> ShortLink:
        """A new one, of an address that was found to be one."""
        with transaction.atomic():
            known = Shortening.objects.of(brand).first()
            made = cls(brand=brand, by=by, host=known.host if known else "", note=note, **_led(target))
            made.save(force_insert=True)
            record("short_link_made", brand, made, by, code=made.code)
        return made

    @classmethod
    def of_destination(cls, destination: Destination, base: str, targets: Sequence[str]) -> Mapping[str, str]:
        """By address, the short one that leaves for it on a channel: the same each time. Part of the caller's
        transaction."""
        brand = destination.post.brand_id
        rows = cls.objects.of(brand).filter(destination=destination)
        wanted = {_led(each)["digest"]: each for each in targets}
        found = {each.digest: each for each in rows.filter(digest__in=wanted)}
        host = "" if base == base_of("") else base.split("/")[2]
        new = [
            cls(brand_id=brand, destination=destination, host=host, **_led(target))
            for digest, target in wanted.items() if digest not in found
        ]  # fmt: skip
        cls.objects.bulk_create(new)
        found |= {each.digest: each for each in new}
        return {target: found[digest].address for digest, target in wanted.items()}

    def lead(self, by: User, target: str, note: str) -> bool:
        """Lead elsewhere; False when it does. What was removed does not come back."""
        with transaction.atomic():
            held = take_hold(ShortLink.objects.of(self.brand_id).filter(removed=None), self.pk)
            if (held.target, held.note) == (target, note):
                return False
            rows = ShortLink.objects.of(self.brand_id).filter(pk=self.pk)
            rows.update(target=target, note=note)
            record(
                "short_link_changed", self.brand_id, self, by, code=self.code,
                before=held.target[:500], after=target[:500],
            )  # fmt: skip
        return True

    def remove(self, by: User) -> bool:
        """Lead nowhere any more; False when it did not."""
        with transaction.atomic():
            rows = ShortLink.objects.of(self.brand_id).filter(pk=self.pk, removed=None)
            if not rows.update(removed=clock.now()):
                return False
            record("short_link_removed", self.brand_id, self, by, code=self.code)
        return True


class Click(models.Model):
    """Somebody followed a link, for as long as it takes to see whether they do so again: an hour.

    visitor   a hash of where they came from and what they browse with, with a salt of the day
    """

    link = models.ForeignKey(ShortLink, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    visitor = models.CharField(max_length=32)
    bot = models.BooleanField()
    counted = models.BooleanField(default=False)

    objects: ClassVar[BrandManager[Click, BrandQuerySet[Click]]] = BrandManager.along("link__brand")

    class Meta:
        indexes = [
            models.Index(fields=["link", "visitor", "at"], name="click_of_visitor"),
            models.Index(fields=["id"], condition=Q(counted=False), name="click_to_count"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at}"


class ClickCount(models.Model):
    """How often a link was followed in an hour: by people, by the same ones again, and by programs."""

    link = models.ForeignKey(ShortLink, on_delete=models.CASCADE, related_name="counts", db_index=False)
    hour = models.DateTimeField()
    clicks = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    bots = models.PositiveIntegerField(default=0)

    objects: ClassVar[BrandManager[ClickCount, BrandQuerySet[ClickCount]]] = BrandManager.along("link__brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "hour"], name="click_count_once")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.hour}: {self.clicks}"


def base_of(host: str) -> str:
    """What short links on a host begin with."""
    secure = settings.PUBLIC_URL.startswith("https")
    return f"{'https' if secure else 'http'}://{host}/" if host else f"{settings.PUBLIC_URL}/{PREFIX}"


def _led(target: str) -> dict[str, Any]:
    code = "".join(secrets.choice(_ALPHABET) for _n in range(CODE_LETTERS))
    return {"code": code, "target": target, "digest": sha256(target.encode()).hexdigest()}
