"""Pictures and videos of a brand, with what may be done with them: the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.films import looks_like_film
from comptoir.kernel.media import Unusable
from comptoir.kernel.redrawing import redrawn
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TAKEN_MOST = 25_000_000
"""Bytes of a picture as it is brought here."""
KEPT_MOST = 8_000_000
"""Bytes of it as it is kept; it leaves smaller where a network takes less."""
ALT_MOST = 2_000
LINE_MOST = 200
SOURCE_MOST = 1_000
TAG_MOST, TAGS_MOST = 40, 20
SOON = timedelta(days=30)
"""How long before its last day a picture is said to expire soon."""


class AssetQuerySet(BrandQuerySet["Asset"]):
    def there(self) -> Self:
        """Those that nobody put away, the newest first."""
        return self.filter(put_away=None).order_by("-pk")

    def away(self) -> Self:
        """Those that were put away, the newest first."""
        return self.exclude(put_away=None).order_by("-pk")

    def pictures(self) -> Self:
        """Those that are no videos."""
        return self.filter(video=None)

    def films(self) -> Self:
        """Those that are videos."""
        return self.exclude(video=None)

    def saying(self, words: str) -> Self:
        """Those whose name, credit, description, licence or tags have all of these words."""
        found = self
        for word in words.split()[:10]:
            wanted = Q(tags__contains=tags_of([word]) or [""])
            for field_name in ("name", "credit", "alt", "licence"):
                wanted |= Q(**{f"{field_name}__icontains": word})
            found = found.filter(wanted)
        return found

    def barred(self, on: date) -> Self:
        """Those that may not be shown on a day."""
        return self.filter(Q(expires__lt=on) | Q(rights__in=BARRED))

    def expiring(self, on: date) -> Self:
        """Those whose last day is that day, or soon after it."""
        return self.filter(expires__gte=on, expires__lte=on + SOON)


class AssetManager(BrandManager["Asset", "AssetQuerySet"]):
    queryset_class = AssetQuerySet


@dataclass(frozen=True, slots=True)
class AssetGiven:
    """What is said of a picture.

    credit    whom to name beside it
    source    where it comes from, a web address
    rights, licence    why it may be shown, and under which terms
    expires   the last day on which it may be shown, None without an end
    """

    name: str = ""
    alt: str = ""
    credit: str = ""
    source: str = ""
    rights: str = "unsaid"
    licence: str = ""
    expires: date | None = None
    tags: Sequence[str] = field(default=())


class Asset(models.Model):
    """A picture that posts may show, drawn again when it was brought: nothing is in it but what is seen. Where there is
    a `Video` of it, it is one, kept as it came, and `content` is empty.

    `rights` says why it may be shown; what was asked of its author waits for their answer.
    """

    class Rights(models.TextChoices):
        UNSAID = "unsaid", _("Nobody said")
        OURS = "ours", _("The brand’s own")
        LICENSED = "licensed", _("Licensed")
        PERMITTED = "allowed", _("Permitted by its author")
        ASKED = "asked", _("Its author is asked")
        REFUSED = "refused", _("Its author refused")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="assets", db_index=False)
    name = models.CharField(max_length=120, blank=True)
    mime = models.CharField(max_length=80)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.TextField(blank=True)
    credit = models.CharField(max_length=LINE_MOST, blank=True, default="", db_default="")
    source = models.CharField(max_length=SOURCE_MOST, blank=True, default="", db_default="")
    rights = models.CharField(
        max_length=8, choices=Rights.choices, default=Rights.UNSAID, db_default="unsaid"
    )
    licence = models.CharField(max_length=LINE_MOST, blank=True, default="", db_default="")
    expires = models.DateField(null=True)
    tags = ArrayField(models.CharField(max_length=TAG_MOST), default=list, db_default=[], blank=True)
    put_away = models.DateTimeField(null=True)
    made = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[AssetManager] = AssetManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rights__in=["unsaid", "ours", "licensed", "allowed", "asked", "refused"]),
                name="asset_rights_known",
            )
        ]
        indexes = [
            models.Index(fields=["brand", "-id"], name="asset_newest"),
            GinIndex(fields=["tags"], name="asset_tags"),
            models.Index(fields=["expires"], condition=Q(expires__isnull=False), name="asset_expires"),
        ]

    def __str__(self) -> str:
        return self.name or f"asset {self.pk}"

    @property
    def is_film(self) -> bool:
        """Whether it is a video."""
        return self.mime.startswith("video/")

    @property
    def title(self) -> str:
        """Its name, as pages show it."""
        return self.name or (
            gettext("Video without a name") if self.is_film else gettext("Picture without a name")
        )

    @property
    def given(self) -> AssetGiven:
        """What is said of it."""
        return AssetGiven(
            self.name,
            self.alt,
            self.credit,
            self.source,
            self.rights,
            self.licence,
            self.expires,
            tuple(self.tags),
        )

    def bar(self, on: date) -> str:
        """Why it may not be shown on a day: "expired" or "unpermitted"; "" where it may."""
        if self.rights in BARRED:
            return "unpermitted"
        return "expired" if self.expires and self.expires < on else ""

    @classmethod
    def bring(cls, brand: Brand, by: User, content: bytes, name: str = "", alt: str = "") -> Asset:
        """Take a picture in. kernel.media.Unusable says why not."""
        if looks_like_film(content[:16]):
            raise Unusable("film")
        made = redrawn(content, KEPT_MOST)
        return cls.objects.create(
            brand=brand, by=by, name=name[:120], mime=made.mime, content=made.content, width=made.width,
            height=made.height, alt=alt[:ALT_MOST],
        )  # fmt: skip

    def settle(self, by: User, given: AssetGiven) -> bool:
        """Have this said of it; False when it was already."""
        with transaction.atomic():
            held = take_hold(Asset.objects.of(self.brand_id).defer("content"), self.pk)
            before = held.given
            held.name, held.alt, held.credit, held.source = given.name, given.alt, given.credit, given.source
            held.licence, held.expires, held.tags = given.licence, given.expires, tags_of(given.tags)
            held.rights = given.rights
            if held.given == before:
                return False
            held.save(update_fields=[
                "name", "alt", "credit", "source", "rights", "licence", "expires", "tags"
            ])  # fmt: skip
            record("asset_changed", self.brand_id, self, by, picture=str(held))
        self.refresh_from_db(
            fields=["name", "alt", "credit", "source", "rights", "licence", "expires", "tags"]
        )
        return True

    def move(self, by: User, away: bool) -> bool:
        """Offer it to no new post, or offer it again; False when it was so already. Posts that show it keep it."""
        with transaction.atomic():
            rows = Asset.objects.of(self.brand_id).filter(pk=self.pk, put_away__isnull=away)
            if not rows.update(put_away=clock.now() if away else None):
                return False
            record("asset_put_away" if away else "asset_returned", self.brand_id, self, by, picture=str(self))
        self.refresh_from_db(fields=["put_away"])
        return True

    def describe(self, alt: str) -> None:
        """Remember what it shows, where nobody said so in the library: the next post begins with it."""
        Asset.objects.of(self.brand_id).filter(pk=self.pk, alt="").update(alt=alt[:ALT_MOST])


R = Asset.Rights
BARRED = frozenset({R.ASKED, R.REFUSED})
"""With which a picture may not be shown."""
SAYABLE = (R.UNSAID, R.OURS, R.LICENSED, R.PERMITTED)
"""Rights that somebody may say; the others follow from what an author answers."""


def tags_of(given: Iterable[str]) -> list[str]:
    """Tags as they are kept: small letters, each once, without their #."""
    clean = (" ".join(each.lower().lstrip("#").split())[:TAG_MOST] for each in given)
    return list(dict.fromkeys(each for each in clean if each))[:TAGS_MOST]
