"""The brand's own page: public, served by this house, and a channel like any other for whoever writes posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse

from comptoir.kernel import clock
from comptoir.networks.connecting import store
from comptoir.networks.found import connector_class, of_the_house
from comptoir.networks.models import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TITLE_MOST = 80
ABOUT_MOST = 2_000
LANGUAGES_MOST = 24
SITES_MOST = 20
SLUG_MOST = 50


class Unfit(Exception):
    """The page cannot be so. `code`: "taken" (another page has this address), "fixed" (something stands there)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PageGiven:
    """A page as a manager wants it.

    languages  those it is shown in, the first for whoever reads none of them
    abouts     what stands below its title, by language
    sites      the origins of sites that may show it in a frame ("https://www.example.org")
    """

    slug: str
    title: str
    languages: tuple[str, ...]
    abouts: dict[str, str] = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    open: bool = False


class OwnPage(models.Model):
    """A brand's page.

    opened     since when everybody sees it, None while nobody does
    countries  those that entries are for
    version    counts what changes how it reads, so that whoever kept a copy can ask whether it still holds
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="own_page")
    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="own_page")
    slug = models.SlugField(max_length=SLUG_MOST, unique=True)
    title = models.CharField(max_length=TITLE_MOST)
    languages = ArrayField(models.CharField(max_length=8))
    abouts = models.JSONField(default=dict)
    sites = ArrayField(models.TextField(), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    opened = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(default=1)
    changed = models.DateTimeField(default=clock.now)

    objects: ClassVar[BrandManager[OwnPage, BrandQuerySet[OwnPage]]] = BrandManager()

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Where browsers find it."""
        return address_of(self.slug)

    def given(self) -> PageGiven:
        """As it is."""
        return PageGiven(
            self.slug, self.title, tuple(self.languages), dict(self.abouts), tuple(self.sites), bool(self.opened)
        )  # fmt: skip

    def about(self, language: str) -> str:
        """What stands below its title, in a language or in its first."""
        return str(self.abouts.get(language) or self.abouts.get(self.languages[0]) or "")

    @classmethod
    def settle(cls, brand: Brand, by: User, given: PageGiven) -> bool:
        """Have the page so; False when it is. The first time it becomes a channel of the brand's. Unfit where its
        address is another's, or would move what stands there already."""
        with transaction.atomic():
            take_hold(Brand.objects.of(brand), brand.pk)
            page = cls.objects.of(brand).select_related("channel").first()
            if page is not None and page.given() == given:
                return False
            # Whether an address is free is a question about all pages of the house.
            if cls.objects.everywhere().exclude(brand=brand).filter(slug=given.slug).exists():
                raise Unfit("taken")
            before = bool(page and page.opened)
            if page is None:
                page = cls(brand=brand, channel=_channel(brand, by, given))
            elif page.slug != given.slug and page.entries.exists():
                raise Unfit("fixed")
            page._put(given)
            if page.opened and not before:
                record("own_page_opened", brand, page, by, address=page.slug)
            elif before and not page.opened:
                record("own_page_closed", brand, page, by, address=page.slug)
            else:
                record("own_page_changed", brand, page, by, address=page.slug)
        return True

    def _put(self, given: PageGiven) -> None:
        self.slug, self.title, self.languages = given.slug, given.title, list(given.languages)
        self.abouts = {each: given.abouts[each] for each in given.languages if given.abouts.get(each)}
        self.sites = list(given.sites)
        self.opened = (self.opened or clock.now()) if given.open else None
        self.version, self.changed = self.version + 1, clock.now()
        self.save()
        me = connector_class(self.channel.network).opened(self.channel.remote_id, self.address, self.title).me
        Channel.objects.of(self.brand_id).filter(pk=self.channel_id).update(handle=me.handle, name=me.name)
        self.channel.adjust(address=self.address)
        # What leaves for a page that nobody sees would be published for nobody.
        self.channel.switch_on() if self.opened else self.channel.switch_off()

    def serve(self, countries: Iterable[str]) -> None:
        """Entries for these countries stand there: visitors can choose them. Part of the caller's transaction."""
        if not set(countries) <= set(self.countries):
            self.countries = sorted({*self.countries, *countries})
            self.save(update_fields=["countries"])

    @classmethod
    def reads_otherwise(cls, pages: Iterable[int]) -> None:
        """Something on these pages changed: copies of them hold no longer. Part of the caller's transaction."""
        rows = cls.objects.everywhere().filter(pk__in=sorted(set(pages)))
        rows.update(version=F("version") + 1, changed=clock.now())

    @classmethod
    def behind(cls, slug: str) -> OwnPage | None:
        """What everybody sees at an address; None where nobody does, or its brand is put away."""
        rows = cls.objects.everywhere().filter(slug=slug, opened__isnull=False, brand__archived_at=None)
        return rows.select_related("brand").first()


def address_of(slug: str) -> str:
    """Where browsers find the page of this name."""
    return f"{settings.PUBLIC_URL}{reverse('own-page', args=[slug])}"


def _channel(brand: Brand, by: User, given: PageGiven) -> Channel:
    network = of_the_house()
    opened = connector_class(network).opened(f"page:{uuid4().hex}", address_of(given.slug), given.title)
    return store(brand, network, opened, by)
