"""Alerts: something unusual is said of a query, or nothing where there usually is; with what it was, as people say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models, transaction

from comptoir.kernel import clock
from comptoir.listening.models.query import Query
from comptoir.listening.models.watching import LOOKED_BACK, Watching
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet, Notice
from comptoir.reading.spikes.episodes import Episode
from comptoir.reading.spikes.trust import KINDS, Trust, Verdict
from comptoir.reading.spikes.watch import Watch

if TYPE_CHECKING:
    from comptoir.organisation.models import User

_FORGOTTEN = (Verdict.PLANNED, Verdict.WEEKLY, Verdict.SPAM)
"""Verdicts after which a watch forgets what the alert was about."""
SOUR = {"sour"}
"""How an alert rises of which the tone alone is unusual."""


class AlertQuerySet(BrandQuerySet["Alert"]):
    brand_path = "query__brand"

    def newest(self) -> Self:
        """The latest at the top."""
        return self.order_by("-began", "-pk")

    def going_on(self) -> Self:
        """Not over yet."""
        return self.filter(over=None)

    def firsts(self) -> Self:
        """One of each storm, with those that joined it."""
        return self.filter(first=None).prefetch_related("joined__query")


class AlertManager(BrandManager["Alert", "AlertQuerySet"]):
    queryset_class = AlertQuerySet


class Alert(models.Model):
    """Of a query more is said than usual, more of it is negative, or it is silent.

    since     the first stir; until: the last one
    began     when it was told; `grew`: when it was told again, ten times rarer
    every     as much is heard once in so many days
    posts, negative, copies  what there was from `since` on, and usual, usual_negative what is usual
    missed    of a silence: how many were expected
    episode   what a verdict is learnt from
    first     the alert of another query that told of the same storm before; None where this is the one that tells
    samples, words  numbers of mentions, and what stood out: see `listening.explaining`
    """

    class Kind(models.TextChoices):
        SPIKE = "spike"
        SILENCE = "silence"

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField()
    began = models.DateTimeField()
    grew = models.DateTimeField(null=True)
    over = models.DateTimeField(null=True)
    every = models.FloatField(default=0)
    posts = models.PositiveIntegerField(default=0)
    usual = models.FloatField(default=0)
    negative = models.PositiveIntegerField(default=0)
    usual_negative = models.FloatField(default=0)
    copies = models.PositiveIntegerField(default=0)
    missed = models.FloatField(default=0)
    episode = models.JSONField(null=True)
    samples = models.JSONField(default=list)
    words = models.JSONField(default=list)
    first = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="joined")

    objects: ClassVar[AlertManager] = AlertManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["query", "kind"], condition=models.Q(over=None), name="one_alert_going_on"
            )
        ]
        indexes = [models.Index(fields=["query", "-began", "-id"], name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.query_id}"

    @property
    def about(self) -> str:
        """What its notices are about: the one that tells of its storm."""
        return f"alert:{self.first_id or self.pk}"

    @property
    def goes_on(self) -> bool:
        """Whether it is not over yet, or something that joined it is not."""
        return any(each.over is None for each in (self, *self.joined.all()))

    @property
    def times(self) -> float:
        """How many times the usual there was."""
        return self.posts / max(self.usual, 1.0)

    @property
    def signs(self) -> list[str]:
        """What showed it, the strongest first."""
        found = (self.episode or {}).get("signs", {})
        return sorted(found, key=lambda kind: (-found[kind]["every"], KINDS.index(kind)))

    @property
    def extra(self) -> float:
        """How many posts, or negative ones, there were beyond the usual."""
        return max(self.posts - self.usual, self.negative - self.usual_negative)

    @property
    def rises(self) -> set[str]:
        """How it rises: loud, sour, or both."""
        return {"sour" if kind == "tone" else "loud" for kind in self.signs}

    def together(self) -> list[Alert]:
        """The alerts of its storm, the one that tells at the top."""
        head = self.first_id or self.pk
        rows = Alert.objects.of(self.query.brand_id).filter(models.Q(pk=head) | models.Q(first=head))
        found = rows.select_related("query", "judgement").order_by("began", "pk")
        return sorted(found, key=lambda each: each.pk != head)

    @property
    def negative_percent(self) -> int:
        """Of a hundred posts, how many were negative."""
        return round(100 * self.negative / self.posts) if self.posts else 0

    @property
    def copied_percent(self) -> int:
        """Of a hundred posts, how many said what another said before, or are spam."""
        return round(100 * self.copies / self.posts) if self.posts else 0

    @property
    def days(self) -> int:
        """Once in how many days, whole; beyond a year nobody knows."""
        return min(365, max(1, round(self.every)))

    def take(self, episode: Episode, until: datetime) -> None:
        """Be as an episode is now."""
        self.until, self.every = until, episode.told
        self.posts, self.negative, self.copies = episode.posts, episode.negative, episode.copies
        self.usual, self.usual_negative = episode.usual, episode.usual_negative
        self.episode = asdict(episode)

    def judge(self, verdict: Verdict, by: User) -> bool:
        """Somebody says what its storm was, and the watch of each query that heard it learns from it; False when that
        was said already."""
        with transaction.atomic():
            said = [each._judge(watching, verdict, by) for each, watching in self._held()]
            Notice.settle(self.query.brand_id, self.about)
        return any(said)

    def _judge(self, watching: Watching, verdict: Verdict, by: User) -> bool:
        before = self.judgement_now()
        was = before.verdict if before else ""
        if was == verdict:
            return False
        said = before or Judgement(alert=self)
        said.verdict, said.by, said.at = verdict.value, by, clock.now()
        said.save()
        self._learn(watching, was, verdict)
        record("alert_judged", self.query.brand_id, self, by, query=self.query.name, verdict=str(verdict))
        return True

    def judge_as(self, other: Alert) -> bool:
        """It joined one of which somebody said what it was: that holds for this one as well. Did somebody?"""
        before = other.judgement_now()
        if before is None:
            return False
        Judgement.objects.create(alert=self, verdict=before.verdict, by=before.by, at=before.at)
        self._learn(Watching.held(self.query), "", Verdict(before.verdict))
        return True

    def unjudge(self, by: User) -> bool:
        """Nobody said what its storm was; False when nobody did."""
        with transaction.atomic():
            taken = [each._unjudge(watching, by) for each, watching in self._held()]
        return any(taken)

    def _unjudge(self, watching: Watching, by: User) -> bool:
        if (before := self.judgement_now()) is None:
            return False
        before.delete()
        self._learn(watching, before.verdict, None)
        record("alert_unjudged", self.query.brand_id, self, by, query=self.query.name)
        return True

    def _held(self) -> list[tuple[Alert, Watching]]:
        """The alerts of its storm, their watchings held until the transaction ends: always in the same order."""
        found = sorted(self.together(), key=lambda each: each.query_id)
        return [(each, Watching.held(each.query)) for each in found]

    def judgement_now(self) -> Judgement | None:
        """What somebody said that it was."""
        return Judgement.objects.of(self.query.brand_id).filter(alert=self).select_related("by").first()

    def _learn(self, watching: Watching, was: str, verdict: Verdict | None) -> None:
        """Trust follows from all verdicts, in their order. What was forgotten for one that is taken back is learnt
        anew from what is kept."""
        if was in _FORGOTTEN and self.episode:
            watching.learn_anew()
            return
        watch = watching.watch()
        if verdict in _FORGOTTEN and self.episode:
            watch.judge(verdict, Episode.of(self.episode))
        watch.trust = trust_of(self.query)
        watching.kept = watch.kept()
        watching.save(update_fields=["kept"])


class Judgement(models.Model):
    """What somebody said that an alert was: a `Verdict`."""

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="judgement")
    verdict = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Verdict])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[BrandManager[Judgement, BrandQuerySet[Judgement]]] = BrandManager.along(
        "alert__query__brand"
    )

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.verdict}"


def trust_of(query: Query) -> Trust:
    """What all verdicts on a query's alerts come to, in the order in which they were given."""
    trust = Trust()
    for verdict, episode in _judged(query):
        trust = trust.after(verdict, episode.shares(trust), episode.copied)
    return trust


def remind(watch: Watch, query: Query) -> None:
    """Have a watch that was learnt anew know what people said of alerts."""
    recent = clock.now() - LOOKED_BACK - timedelta(days=7)
    for verdict, episode in _judged(query, judged_of=recent):
        if verdict in _FORGOTTEN:
            watch.judge(verdict, episode)
    watch.trust = trust_of(query)


def _judged(query: Query, judged_of: datetime | None = None) -> list[tuple[Verdict, Episode]]:
    rows = Judgement.objects.of(query.brand_id).filter(alert__query=query, alert__kind=Alert.Kind.SPIKE)
    rows = rows.filter(alert__since__gte=judged_of) if judged_of else rows
    found = rows.order_by("at", "pk").values_list("verdict", "alert__episode")
    return [(Verdict(verdict), Episode.of(episode)) for verdict, episode in found if episode]
