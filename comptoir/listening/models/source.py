"""Sources: where brands listen to what is said to nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Greatest

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.listening.events import HubLeft, RecallAsked
from comptoir.networks.connector import Json, Overheard, Overhears, Place, Recalls, Refused, Searches
from comptoir.networks.found import connector_class, installed, label_of, networks
from comptoir.networks.models import Activity, Channel
from comptoir.networks.outside import http
from comptoir.networks.sentences import sentence
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Notice

if TYPE_CHECKING:
    from comptoir.organisation.models import User

SOURCES_MOST = 200
"""Sources of one brand."""
BEHIND = timedelta(minutes=2)
"""So late is not worth a word."""
LATE = timedelta(minutes=15)
"""So late is worth a notice."""


class AlreadyHeard(Exception):
    """The brand listens there already."""


class TooManySources(Exception):
    """The brand has as many as one may have."""


class Stranger(dict[str, str]):
    """The grant of whoever has no account."""

    def keep(self, **changes: str) -> None:
        """There is nothing to keep."""


class SourceQuerySet(BrandQuerySet["Source"]):
    def heard_there(self, source: Source) -> SourceQuerySet:
        """Whoever listens at the same place: it is heard once for all of them."""
        return self.filter(network=source.network, address=source.address, on=True)


class SourceManager(BrandManager["Source", "SourceQuerySet"]):
    queryset_class = SourceQuerySet


class Source(models.Model):
    """A brand listens at a place: a public stream, a timeline, a feed; or asks for words, again and again.

    Where several brands listen at one place there is one line to it: what moves is written to the rows of all of them.

    channel   whose account listens, where the place tells strangers nothing
    words     what is searched for, "" for what is told without asking
    cursor    where to go on, kept with what was heard
    alive_at  the last sign of life of the line; heard_at  the last time that anything was said there
    upto      when the last that was heard happened, by the place's own clock
    missed_at when something was lost that the place could not tell again; unread  what could not be read
    hub       who calls when something came: {"address", "topic", "asked", "until", "woken", "proved"}; moments as text,
              "" for never; "proved" while it tells of what comes before we look
    past      what was said there before: {"cursor", "told": how many messages so far, "over"}; None if nobody asked
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="sources", db_index=False)
    network = models.CharField(max_length=30)
    address = models.TextField()
    name = models.TextField()
    settings = models.JSONField(default=dict)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    words = models.TextField(blank=True)
    on = models.BooleanField(default=True)
    cursor = models.JSONField(null=True)
    alive_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    upto = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    unread = models.BigIntegerField(default=0)
    past = models.JSONField(null=True)
    hub = models.JSONField(null=True)
    failures = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    next_try = models.DateTimeField(default=clock.now)
    listener = models.UUIDField(null=True)
    listening_until = models.DateTimeField(null=True)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[SourceManager] = SourceManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "network", "address"], name="source_once")]
        indexes = [models.Index(fields=["network", "address"], name="source_place")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def find(cls, network: str, answers: Mapping[str, str]) -> Place:
        """The place that these answers mean, asked whether it is there. ConnectorError, or what the way out says."""
        bare = connector_class(network)(http=http(), grant=Stranger(), settings={})
        return bare.public(answers)  # type: ignore[no-any-return]

    @classmethod
    def listen(cls, brand: Brand, by: User, network: str, place: Place) -> Source:
        """Listen at a place, from now on. AlreadyHeard; TooManySources."""
        return cls._make(
            brand, by, network, address=place.address, name=place.name, settings=dict(place.settings)
        )

    @classmethod
    def search(cls, channel: Channel, by: User, words: str) -> Source:
        """Ask for some words with a channel's account, from now on. Refused("answer_invalid") for too many."""
        words = " ".join(words.split())
        if not words or len(words) > installed(channel.network).search_words:  # type: ignore[union-attr]
            raise Refused("answer_invalid", field="words")
        address = f"{channel.pk} {words}"
        name = f"{words} ({channel.handle})"
        return cls._make(
            channel.brand, by, channel.network, address=address, name=name, words=words, channel=channel
        )

    @classmethod
    def beside(cls, channel: Channel, by: User) -> Source:
        """Listen at the public place that a channel's account is in already. AlreadyHeard; TooManySources."""
        place = channel.connector().public({})
        return cls._make(
            channel.brand, by, channel.network, address=place.address, name=place.name,
            settings=dict(place.settings), channel=channel,
        )  # fmt: skip

    @classmethod
    def _make(cls, brand: Brand, by: User, network: str, **rest: Any) -> Source:
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= SOURCES_MOST:
                raise TooManySources
            made = cls(brand=brand, network=network, **rest)
            there = cls.objects.everywhere().heard_there(made).first()
            if there:
                for moved in (
                    "cursor",
                    "alive_at",
                    "heard_at",
                    "upto",
                    "listener",
                    "listening_until",
                    "next_try",
                    "hub",
                ):
                    setattr(made, moved, getattr(there, moved))
            try:
                with transaction.atomic():
                    made.save()
            except IntegrityError:
                raise AlreadyHeard(made.name) from None
            record("source_made", brand, made, by, source=made.name)
        return made

    def switch(self, on: bool, by: User | None = None) -> bool:
        """Listen there, or no longer; False when it is so already."""
        with transaction.atomic():
            rows = Source.objects.of(self.brand_id).filter(pk=self.pk).exclude(on=on)
            if not rows.update(on=on, next_try=clock.now(), failures=0, code="", facts={}):
                return False
            record("source_on" if on else "source_off", self.brand_id, self, by, source=self.name)
            if not on:
                self._leave_hub()
            Notice.settle(self.brand_id, f"source:{self.pk}")
        self.on = on
        return True

    @property
    def recalls(self) -> bool:
        """Whether the place can tell what was said there before, and nobody asked it yet."""
        kind = installed(self.network)
        return bool(kind and not self.words and issubclass(kind, Recalls) and self.past is None)

    def recall(self, by: User) -> bool:
        """Have the queries hear what was said there before, in the background; False when that was asked for, or
        cannot be."""
        if not self.recalls:
            return False
        with transaction.atomic():
            asked = Source.objects.of(self.brand_id).filter(pk=self.pk, past__isnull=True)
            if not asked.update(past={"cursor": None, "told": 0, "over": False}):
                return False
            record("source_recalled", self.brand_id, self, by, source=self.name)
            tell(RecallAsked(self.pk), lock=f"recall:{self.pk}")
        self.refresh_from_db(fields=["past"])
        return True

    def remove(self, by: User) -> None:
        """Listen there no more. What was kept stays."""
        with transaction.atomic():
            record("source_removed", self.brand_id, self, by, source=self.name)
            Notice.settle(self.brand_id, f"source:{self.pk}")
            self._leave_hub()
            self.delete()

    def _leave_hub(self) -> None:
        """Nobody has to call any more, where nobody else listens at the same place."""
        others = Source.objects.everywhere().heard_there(self).exclude(pk=self.pk)
        if self.hub and self.hub.get("asked") and not others.exists():
            tell(HubLeft(self.network, self.address, self.settings, self.hub["address"], self.hub["topic"]))
            Source.objects.of(self.brand_id).filter(pk=self.pk).update(hub=None)

    # Listening

    def connector(self) -> Any:
        """Whoever listens here: the channel's account, else a stranger."""
        if self.channel is not None:
            return self.channel.connector()
        return connector_class(self.network)(
            http=http(), grant=Stranger(), settings=self.settings, facts=self.facts_of
        )

    def facts_of(self, remote_ids: Any) -> dict[str, dict[str, Any]]:
        """What the network's connectors gave with messages, for themselves, by the messages' ids."""
        rows = Activity.objects.everywhere().filter(network=self.network, remote_id__in=list(remote_ids))
        return dict(rows.values_list("remote_id", "facts"))

    def batches(self) -> Iterator[Overheard]:
        """What comes there from the cursor on."""
        connector = self.connector()
        return (
            _searched(connector, self.words, self.cursor) if self.words else connector.overhear(self.cursor)
        )

    def leased(self, by: UUID, for_: timedelta, **moved: Any) -> bool:
        """Lease the line to one listener, or prolong its lease, and write down what moved; False when another has it,
        or nobody listens there any more."""
        now = clock.now()
        rows = Source.objects.everywhere().heard_there(self)
        free = models.Q(listener=by) | models.Q(listening_until=None) | models.Q(listening_until__lte=now)
        return bool(rows.filter(free).update(listener=by, listening_until=now + for_, **moved))

    def unheard(self, by: UUID, **moved: Any) -> None:
        """The line ended."""
        rows = Source.objects.everywhere().heard_there(self).filter(listener=by)
        rows.update(listener=None, listening_until=None, **moved)

    def heard(self, batch: Overheard, unread: int, well: bool) -> dict[str, Any]:
        """What a batch changes here; `well` when the line has shown that it works."""
        now = clock.now()
        moved: dict[str, Any] = {"cursor": batch.cursor, "alive_at": now}
        if well:
            moved |= {"failures": 0, "code": "", "facts": {}}
        if batch.items or batch.passed:
            moved["heard_at"] = now
        if batch.at:
            moved["upto"] = Greatest("upto", batch.at)
        if batch.missed:
            moved["missed_at"] = now
        if unread:
            moved["unread"] = models.F("unread") + unread
        return moved

    # How it is

    @property
    def label(self) -> str:
        """The network's name as people say it."""
        return label_of(self.network)

    @property
    def hush(self) -> timedelta:
        """How long it may be silent."""
        kind = installed(self.network)
        return kind.hush if kind and not self.words else timedelta.max

    @property
    def silent_since(self) -> datetime | None:
        """Since when nothing was said there, if that is longer than is usual."""
        since = self.heard_at or self.made
        return since if self.on and not self.failures and clock.now() - since > self.hush else None

    @property
    def behind(self) -> timedelta | None:
        """How late what is heard now is, where that is worth a word."""
        if not self.on or not self.upto or not self.heard_at:
            return None
        late = self.heard_at - self.upto
        return late if late > BEHIND else None

    @property
    def behind_minutes(self) -> int:
        """The same in minutes."""
        return int(self.behind.total_seconds() // 60) if self.behind else 0

    @property
    def how(self) -> str:
        """ "off", "lost", "silent", "late", "new" or "heard"."""
        if not self.on:
            return "off"
        if self.failures:
            return "lost"
        if self.silent_since:
            return "silent"
        if self.behind:
            return "late"
        return "heard" if self.heard_at else "new"

    @property
    def trouble(self) -> str:
        """Why it is out of reach."""
        return sentence(self.code, self.facts, self.label)


def _searched(connector: Any, words: str, cursor: Json) -> Iterator[Overheard]:
    """A search again and again, as a stream."""
    while True:
        page = connector.search(words, cursor)
        cursor = page.cursor
        after = timedelta(0) if page.more else connector.search_every
        yield Overheard(list(page.items), cursor, after=after)


def overhearing_networks() -> list[str]:
    """The networks that have public places."""
    return [name for name in networks() if issubclass(connector_class(name), Overhears)]


def searching_channels(brand: Brand) -> list[Channel]:
    """The brand's accounts that can search."""
    rows = Channel.objects.of(brand).filter(state=Channel.State.ACTIVE).order_by("pk")
    return [channel for channel in rows if channel.can(Searches)]


def close_all(brand_id: int) -> None:
    """The brand was put away: it listens nowhere, also when it is brought back, until somebody says so."""
    for each in Source.objects.of(brand_id).filter(on=True):
        each.switch(False)
