"""Watches over queries: what was learnt of the rhythm of each, when to raise a hand, and who wants to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.clock import zone_of
from comptoir.listening.models.query import Query
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.reading.spikes.episodes import Bounds
from comptoir.reading.spikes.watch import Watch

if TYPE_CHECKING:
    from comptoir.organisation.models import User

STRETCH = timedelta(minutes=5)
LOOKED_BACK = timedelta(days=28)
"""A new watch learns from what was said in so long."""
FORM = 1
"""Of what is kept of a watch: what has another one is learnt anew."""
EVERY = (7, 28, 90, 365)
RESTS = (60, 240, 720, 1_440)
_STRETCH = "date_bin('5 minutes', {}, TIMESTAMPTZ '1970-01-01 00:00+00')"
_FROM = _STRETCH.format(
    "greatest(%(oldest)s, least(q.made, (SELECT min(at) FROM listening_mention WHERE query_id = q.id)))"
)
_BEGIN = f"""
INSERT INTO listening_watching (query_id, kept, form, upto, learnt_from, told_from, "on", every, floor, rest)
SELECT q.id, '{{}}', {FORM}, {_FROM}, {_FROM}, %(now)s, true, {EVERY[1]}, 10, {RESTS[0]} FROM listening_query q
WHERE q."on" AND NOT EXISTS (SELECT FROM listening_watching w WHERE w.query_id = q.id)
ON CONFLICT (query_id) DO NOTHING
"""  # noqa: S608 - numbers of this file
_EARLIER = f"""
UPDATE listening_watching w SET kept = '{{}}', form = {FORM}, upto = {_FROM}, learnt_from = {_FROM}, told_from = %(now)s
FROM listening_query q WHERE q.id = w.query_id AND q.brand_id = %(brand)s AND q."on" AND {_FROM} < w.learnt_from
"""  # noqa: S608 - the same


class Watching(models.Model):
    """A query is watched: `kept` is its `reading.spikes.Watch` as JSON, {} where it is learnt anew.

    upto        it was fed all that was said before; None while the query is paused
    learnt_from the first stretch that it was fed
    told_from   what was said before is learnt from, and raises no alert
    waits       since when it waits for what is heard late
    seen        the newest mention when it was fed: what is newer and was said before is late
    on, every, floor, rest  whether alerts are wanted, once in how many days at the most, from how many posts beyond
                the usual on, and how many minutes apart
    """

    query = models.OneToOneField(Query, on_delete=models.CASCADE, related_name="watching")
    kept = models.JSONField(default=dict)
    form = models.PositiveSmallIntegerField(default=FORM)
    upto = models.DateTimeField(null=True)
    learnt_from = models.DateTimeField()
    told_from = models.DateTimeField()
    waits = models.DateTimeField(null=True)
    seen = models.BigIntegerField(default=0, db_default=0)
    on = models.BooleanField(default=True)
    every = models.PositiveIntegerField(default=EVERY[1])
    floor = models.PositiveIntegerField(default=10)
    rest = models.PositiveIntegerField(default=RESTS[0])

    objects: ClassVar[BrandManager[Watching, BrandQuerySet[Watching]]] = BrandManager.along("query__brand")

    def __str__(self) -> str:
        return f"{self.query_id}, up to {self.upto}"

    @classmethod
    def begin(cls) -> None:
        """Watch all queries that are on, from what is kept of them on."""
        now = clock.now()
        ask(_BEGIN, {"now": now, "oldest": now - LOOKED_BACK})

    @classmethod
    def of_query(cls, query: Query) -> Watching:
        """That of a query; one that is not kept yet where nobody watched it so far."""
        since = floor_of(query.made)
        found = cls.objects.of(query.brand_id).filter(query=query).first() or cls(
            learnt_from=since, told_from=since
        )
        found.query = query
        return found

    @classmethod
    def held(cls, query: Query) -> Watching:
        """That of a query, held until the transaction ends: also of one that was paused before it was watched."""
        since = floor_of(query.made)
        rows = cls.objects.of(query.brand_id)
        rows.get_or_create(query=query, defaults={"learnt_from": since, "told_from": since})
        return cls.objects.of(query.brand_id).select_for_update(of=("self",)).get(query=query)

    @property
    def bounds(self) -> Bounds:
        """When an alert is worth somebody's time."""
        return Bounds(float(self.every), self.floor, self.rest * 60.0)

    def watch(self) -> Watch:
        """What was learnt."""
        watch = Watch.of(self.kept) if self.kept and self.form == FORM else Watch()
        watch.bounds = self.bounds
        return watch

    def settle(self, by: User, **given: Any) -> None:
        """Have it raise alerts otherwise."""
        query = self.query
        with transaction.atomic():
            held = Watching.held(query)
            changed = {name: value for name, value in given.items() if getattr(held, name) != value}
            if changed:
                Watching.objects.of(query.brand_id).filter(pk=held.pk).update(**changed)
                record("query_alerts_settled", query.brand_id, query, by, query=query.name, **changed)

    def learn_anew(self) -> None:
        """Forget what was learnt, and learn it again from what is kept; nothing of that is told a second time."""
        self.kept, self.told_from = {}, clock.now()
        self.upto = max(self.learnt_from, floor_of(clock.now() - LOOKED_BACK))
        self.save(update_fields=["kept", "upto", "told_from"])


class Follower(models.Model):
    """Somebody wants to be told of a query's alerts. Managers are told anyway."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="followers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[BrandManager[Follower, BrandQuerySet[Follower]]] = BrandManager.along("query__brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "user"], name="query_followed_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.query_id}"


def follow(query: Query, user: User, follows: bool) -> None:
    """Have somebody told of a query's alerts, or no longer."""
    with transaction.atomic():
        rows = Follower.objects.of(query.brand_id).filter(query=query, user=user)
        if rows.exists() == follows:
            return
        if follows:
            Follower.objects.create(query=query, user=user)
        else:
            rows.delete()
        record(
            "query_followed" if follows else "query_unfollowed", query.brand_id, query, user, query=query.name
        )


def follows(query: Query, user: User) -> bool:
    """Whether somebody is told of a query's alerts."""
    return Follower.objects.of(query.brand_id).filter(query=query, user=user).exists()


def learn_earlier(brand_id: int) -> None:
    """Queries of a brand that keep what was said before they were watched learn from that as well."""
    now = clock.now()
    ask(_EARLIER, {"now": now, "oldest": now - LOOKED_BACK, "brand": brand_id})


def floor_of(moment: datetime) -> datetime:
    """Where the stretch that a moment lies in begins."""
    return moment - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % STRETCH


def local_seconds(moment: datetime, zone: str) -> float:
    """Seconds of the clock on the wall since 1970: rhythms are people's."""
    local = moment.astimezone(zone_of(zone))
    return local.replace(tzinfo=UTC).timestamp()


def from_local(seconds: float, zone: str) -> datetime:
    """The moment of such seconds; of two when clocks are put back, the first."""
    local = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=zone_of(zone))
    return local.astimezone(UTC)
