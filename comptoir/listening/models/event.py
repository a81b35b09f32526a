"""Events: days of which people speak under a tag; when it is taken over by noise, everybody moves to another."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.listening.models.query import Query
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Notice, keep, take_hold
from comptoir.reading.query import parse
from comptoir.reading.query.words import marks
from comptoir.reading.spikes.takeover import TagWatch

if TYPE_CHECKING:
    from comptoir.organisation.models import User

EVENTS_MOST = 500
"""Events of one brand."""
LONGEST = timedelta(days=31)
"""Of an event: its minutes are counted one by one."""
TAG_MOST = 80
FRESH = timedelta(hours=1)
"""Of what is longer ago nobody is told: an event may be made of what was said before."""


class TooManyEvents(Exception):
    """The brand has as many as one may have."""


class NotMoved(Exception):
    """The tag is in use already, was used before, or there is none to go back to."""


class EventQuerySet(BrandQuerySet["Event"]):
    def newest(self) -> Self:
        """What comes or goes on at the top."""
        return self.order_by("-begins", "-pk")


class EventManager(BrandManager["Event", "EventQuerySet"]):
    """Those whose query is there."""

    queryset_class = EventQuerySet

    def get_queryset(self) -> EventQuerySet:
        return super().get_queryset().filter(query__removed=None)


class Event(models.Model):
    """What people speak of from `begins` to before `ends`, under a tag that a query hears.

    upto    its watch was fed for good what was said before; None where nothing was yet
    kept    the watch, a `reading.spikes.takeover.TagWatch` as JSON
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="events", db_index=False)
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=80)
    begins = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    made = models.DateTimeField(default=clock.now)
    upto = models.DateTimeField(null=True)
    kept = models.JSONField(default=dict)

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="event_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="event_takes_time"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls,
        brand: Brand,
        by: User,
        name: str,
        tag: str,
        begins: datetime,
        ends: datetime,
        query: Query | None = None,
    ) -> Event:
        """A new one; without a query, one is made of its name that hears the tag. NameTaken, also for that query's;
        TooManyEvents; TooManyQueries."""
        with transaction.atomic():
            brand.hold()
            if cls.objects.of(brand).count() >= EVENTS_MOST:
                raise TooManyEvents
            if query is None:
                query = Query.make(brand, by, name, tag)
            else:
                query.rewrite(by, hearing(query.text, tag))
            made = cls(brand=brand, query=query, name=name, begins=begins, ends=ends)
            keep(made)
            made.tags.create(tag=tag, since=begins, by=by)
            record("event_made", brand, made, by, event=name, tag=tag)
        return made

    def settle(self, by: User, name: str, begins: datetime, ends: datetime) -> bool:
        """Have another name or time; False when all is as it was. NameTaken."""
        with transaction.atomic():
            held = self.held()
            before = (held.name, held.begins, held.ends)
            if before == (name, begins, ends):
                return False
            held.name, held.begins, held.ends = name, begins, ends
            if before[1] != begins:
                held.upto, held.kept = None, {}
                held.takeovers.all().delete()
                Notice.settle(held.brand_id, self.about)
            keep(held)
            held.tags.filter(pk=held.tags.order_by("since", "pk")[0].pk).update(since=begins)
            record("event_changed", self.brand_id, self, by, event=name)
        self.refresh_from_db()
        return True

    def remove(self, by: User) -> None:
        """There is no such event any more; its query and what it heard stay."""
        with transaction.atomic():
            held = self.held()
            record("event_removed", self.brand_id, self, by, event=held.name)
            Notice.settle(self.brand_id, self.about)
            held.delete()

    def move(self, by: User, tag: str) -> EventTag:
        """From this minute on `tag` is the event's, and its query hears it as well. NotMoved where it was used before;
        `reading.query.Wrong` where the query cannot be added to."""
        with transaction.atomic():
            held = self.held()
            used = held.in_order()
            if any(same(each.tag, tag) for each in used):
                raise NotMoved
            before = held.query.number
            held.query.rewrite(by, hearing(held.query.text, tag))
            since = max(clock.now().replace(second=0, microsecond=0), used[-1].since)
            number = held.query.number if held.query.number != before else None
            made: EventTag = held.tags.create(tag=tag, since=since, by=by, version=number)
            held.start_anew()
            record("event_moved", self.brand_id, self, by, event=held.name, before=used[-1].tag, after=tag)
            announce(self.brand_id, "event.moved", event=self.pk, tag=tag, before=used[-1].tag)
        return made

    def move_back(self, by: User) -> EventTag:
        """Undo the last move: the tag before it is the event's again. The query is as it was, unless somebody changed
        it since. NotMoved where there was none."""
        with transaction.atomic():
            held = self.held()
            used = held.in_order()
            if len(used) < 2:
                raise NotMoved
            last, before = used[-1], used[-2]
            if last.version and held.query.number == last.version:
                held.query.go_back(by, last.version - 1)
            last.delete()
            held.start_anew()
            record(
                "event_moved_back",
                self.brand_id,
                self,
                by,
                event=held.name,
                before=last.tag,
                after=before.tag,
            )
            announce(self.brand_id, "event.moved", event=self.pk, tag=before.tag, before=last.tag)
        return before

    def in_order(self) -> list[EventTag]:
        """Its tags, the current one last."""
        return sorted(self.tags.all(), key=lambda each: (each.since, each.pk))

    @property
    def about(self) -> str:
        """What its notices are about."""
        return f"event:{self.pk}"

    def watch(self) -> TagWatch:
        """Its watch as it was kept."""
        return TagWatch.of(self.kept)

    def start_anew(self) -> None:
        """What is heard under another tag has its own last minutes; what goes on is over."""
        now, watch = clock.now(), self.watch()
        watch.move()
        if self.upto:
            self.upto, self.kept = min(now.replace(second=0, microsecond=0), self.ends), watch.kept()
            self.save(update_fields=["upto", "kept"])
        self.close(now)

    def close(self, moment: datetime) -> None:
        """The takeover that goes on, and began before a moment, is over."""
        for each in self.takeovers.filter(over=None, since__lt=moment):
            each.over = moment
            each.save(update_fields=["over"])
            Notice.settle(self.brand_id, self.about)
            if clock.now() - moment <= FRESH:
                announce(self.brand_id, "takeover.over", event=self.pk, takeover=each.pk)
            nudge(self.brand_id, what="events")

    def held(self) -> Event:
        """As it is now, held until the transaction is over."""
        found = take_hold(Event.objects.of(self.brand_id), self.pk)
        found.brand = self.brand
        return found


class EventTag(models.Model):
    """A tag of an event, from a minute on. The newest is the one in use; those before it go on being heard.

    version  that of the query which the move to it made, None where the query heard it already
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=TAG_MOST)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(null=True)

    class EventTagManager(BrandManager["EventTag", BrandQuerySet["EventTag"]]):
        class queryset_class(BrandQuerySet["EventTag"]):  # noqa: N801
            brand_path = "event__brand"

    objects: ClassVar[EventTagManager] = EventTagManager()

    def __str__(self) -> str:
        return self.tag


class Takeover(models.Model):
    """Noise drowned what people say under a tag. `before` and `now` are shares of noise, from 0 to 1: the event's own
    until then, and that of the quarter of an hour in which it was told, `noise` of `posts` messages."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="takeovers", db_index=False)
    tag = models.CharField(max_length=TAG_MOST)
    since = models.DateTimeField()
    began = models.DateTimeField()
    over = models.DateTimeField(null=True)
    before = models.FloatField()
    now = models.FloatField()
    noise = models.PositiveIntegerField()
    posts = models.PositiveIntegerField()

    class TakeoverManager(BrandManager["Takeover", BrandQuerySet["Takeover"]]):
        class queryset_class(BrandQuerySet["Takeover"]):  # noqa: N801
            brand_path = "event__brand"

    objects: ClassVar[TakeoverManager] = TakeoverManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(over=None), name="one_takeover_going_on")
        ]
        indexes = [models.Index(fields=["event", "-began"], name="takeover_newest")]

    def __str__(self) -> str:
        return f"{self.tag} of {self.event_id}"


def hearing(text: str, tag: str) -> str:
    """A query that is true of what carries a tag as well; as it is where it names the tag already."""
    if any(same(found, tag) for _start, _end, found in marks(text)):
        return text
    return str(parse(f"({text}) OR {tag}"))


def same(one: str, other: str) -> bool:
    """Whether two tags are the same one to their readers."""
    return one.casefold() == other.casefold()


def as_pattern(tag: str) -> str:
    """A regular expression of the database's that finds a tag in a text, in either case, whatever its locale."""
    word = "".join(_either(each) for each in tag.lstrip("#＃"))
    return f"[#＃]{word}(?![A-Za-z0-9_À-ɏ])"


def _either(letter: str) -> str:
    both = {letter, letter.lower(), letter.upper()}
    return f"({'|'.join(re.escape(each) for each in sorted(both))})" if len(both) > 1 else re.escape(letter)


def tag_in(given: Any) -> str:
    """The tag that somebody wrote, with its sign; "" where it is none."""
    word = str(given).strip().lstrip("#＃").strip()
    found = marks(f"#{word}")
    fits = len(found) == 1 and found[0][2] == f"#{word}" and not word.isdigit() and len(word) < TAG_MOST
    return f"#{word}" if fits else ""
