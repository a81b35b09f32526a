"""Communities: the places of others in which a brand meets people, and how one behaves there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.networks.found import label_of
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Membership, keep

if TYPE_CHECKING:
    from comptoir.organisation.models import User

MOST = 500
"""Communities of one brand."""
PLACE_MOST = 300
NOTE_MOST = 2_000
REVIEWED = timedelta(days=182)
"""After so long somebody is to look whether a card is still true."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(/[^\s?#]*)?")
_TAG = re.compile(r"#(\w{1,100})")
_PATHS = 3
"""Parts of an address below its host by which a community may be known."""


class TooManyCommunities(Exception):
    """The brand has as many as one may have."""


class CommunityQuerySet(BrandQuerySet["Community"]):
    def on(self, network: str) -> CommunityQuerySet:
        """Those of a network, and those that are on any."""
        return self.filter(network__in=("", network))

    def naming(self, words: str) -> CommunityQuerySet:
        """Those whose name, place or customs have these words."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(
                Q(name__icontains=word) | Q(place__icontains=word) | Q(customs__icontains=word)
            )
        return found


class CommunityManager(BrandManager["Community", "CommunityQuerySet"]):
    queryset_class = CommunityQuerySet


class Community(models.Model):
    """The card of one community: a server, a forum, a site's comments, a part of one, or whoever gathers below a tag.

    network  "" where it is met on whatever network
    place    a host ("social.example"), a part of it ("forum.example/c/tea") or a tag ("#tea"), in small letters
    asks     whom to ask there: a moderator's handle
    speakers who speaks there for the brand
    reviewed when somebody last said that all of it is true
    """

    class Speaks(models.TextChoices):
        """Whether a brand may speak there."""

        YES = "yes", _("A brand may speak there")
        ADDRESSED = "addressed", _("Only when it is addressed")
        ASK = "ask", _("Ask first")
        NO = "no", _("No brand speaks there")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="communities", db_index=False)
    network = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=PLACE_MOST)
    name = models.CharField(max_length=100)
    customs = models.TextField(blank=True)
    speaks = models.CharField(max_length=9, choices=Speaks.choices, default=Speaks.ASK)
    asks = models.CharField(max_length=200, blank=True)
    speakers: Any = models.ManyToManyField(Membership, related_name="+")
    reviewed = models.DateTimeField(default=clock.now)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[CommunityManager] = CommunityManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "network", "place"], name="community_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, by: User, speakers: Iterable[Membership] = (), **given: Any) -> Community:
        """A new card. ValueError for what is no place; NameTaken, TooManyCommunities."""
        made = cls(brand=brand, **given)
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= MOST:
                raise TooManyCommunities
            made._keep(speakers)
            record("community_made", brand, made, by, community=made.name)
        return made

    def change(self, by: User, speakers: Iterable[Membership] = (), **given: Any) -> None:
        """Other facts; whoever writes them has looked at all of them. ValueError, NameTaken."""
        for name, value in given.items():
            setattr(self, name, value)
        self.reviewed = clock.now()
        with transaction.atomic():
            self._keep(speakers)
            record("community_changed", self.brand_id, self, by, community=self.name)

    def _keep(self, speakers: Iterable[Membership]) -> None:
        self.place = place_of(self.place)
        self.name = " ".join(self.name.split()) or self.place[:100]
        keep(self)
        self.speakers.set([each for each in speakers if each.brand_id == self.brand_id])

    def review(self, by: User) -> None:
        """Somebody looked: all of it is still true."""
        with transaction.atomic():
            self.reviewed = clock.now()
            self.save(update_fields=["reviewed"])
            record("community_reviewed", self.brand_id, self, by, community=self.name)

    def note(self, text: str, by: User) -> CommunityNote:
        """Write something down that colleagues should know of it."""
        with transaction.atomic():
            made = CommunityNote.objects.create(community=self, by=by, text=text.strip()[:NOTE_MOST])
            record("community_noted", self.brand_id, self, by, community=self.name)
        return made

    def remove(self, by: User) -> None:
        """It is gone, with its notes."""
        with transaction.atomic():
            record("community_removed", self.brand_id, self, by, community=self.name)
            self.delete()

    @property
    def is_stale(self) -> bool:
        """Whether somebody should look at it again."""
        return clock.now() - self.reviewed > REVIEWED

    @property
    def label(self) -> str:
        """The network's name as people say it, "" for any."""
        return label_of(self.network) if self.network else ""

    @property
    def forbids(self) -> bool:
        """Whether whoever speaks there for the brand has to say that they mean it."""
        return self.speaks == self.Speaks.NO

    @property
    def warns(self) -> bool:
        """Whether there is anything to think of before one speaks."""
        return self.speaks != self.Speaks.YES


class CommunityNote(models.Model):
    """Something that colleagues should know of a community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    text = models.TextField()

    objects: ClassVar[BrandManager[CommunityNote, BrandQuerySet[CommunityNote]]] = BrandManager.along(
        "community__brand"
    )

    def __str__(self) -> str:
        return f"note {self.pk} on community {self.community_id}"


def place_of(given: str) -> str:
    """A community's place in its one spelling, however it was pasted. ValueError for what is none."""
    text = given.strip().casefold()
    if tag := _TAG.fullmatch(text):
        return f"#{tag.group(1)}"
    text = re.sub(r"^[a-z]+://", "", text).split("?")[0].split("#")[0].removeprefix("www.").rstrip("/")
    if len(text) > PLACE_MOST or not _HOST.fullmatch(text) or "." not in text.split("/")[0]:
        raise ValueError("place")
    return text


def places_in(
    addresses: Iterable[str] = (), handles: Iterable[str] = (), texts: Iterable[str] = ()
) -> set[str]:
    """The places of which a message may be, by its addresses, its authors' handles and the tags in its text."""
    found = {f"#{tag}" for text in texts for tag in _TAG.findall(text.casefold())[:50]}
    found |= {handle.rpartition("@")[2].casefold() for handle in handles if "@" in handle.lstrip("@")}
    for address in addresses:
        try:
            split = urlsplit(address.casefold())
            host = (
                split.netloc.rpartition("@")[2].removeprefix("www.")
                if split.scheme in ("http", "https")
                else ""
            )
        except ValueError:
            continue
        parts = [part for part in split.path.split("/") if part][:_PATHS] if host else []
        found |= {"/".join([host, *parts[:n]]) for n in range(len(parts) + 1)} if host else set()
    return found


def met(brand: Brand | int, network: str, places: Iterable[str]) -> list[Community]:
    """The communities that these places mean, the strictest first; of one host, the card of the narrowest place."""
    order = [*reversed(Community.Speaks.values)]
    rows = Community.objects.of(brand).on(network).filter(place__in=list(places))
    return sorted(rows, key=lambda each: (order.index(each.speaks), -len(each.place), each.pk))


def home_of(addresses: Iterable[str]) -> str:
    """The place that a card for a message would be of, "" where it has none: the host of its address."""
    hosts = (each for address in addresses for each in places_in([address]) if "/" not in each)
    return next(hosts, "")
