"""Mentions: that something said in public is what a query of a brand looks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction

from comptoir.listening.models.query import Query
from comptoir.networks.connector import OPENING, Kind
from comptoir.networks.models import Activity, Audience, Channel
from comptoir.networks.purging import let_go_of_unheld
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet
from comptoir.reading.heard import Signs

if TYPE_CHECKING:
    from comptoir.organisation.models import User

LOUD = 10_000
"""Followers from which on somebody is looked for among those who are heard by many."""
_AT_ONCE = 2_000


class MentionQuerySet(BrandQuerySet["Mention"]):
    brand_path = "query__brand"

    def newest(self) -> Self:
        """The latest said at the top."""
        return self.order_by("-at", "-pk")


class MentionManager(BrandManager["Mention", "MentionQuerySet"]):
    queryset_class = MentionQuerySet


class Mention(models.Model):
    """An activity is what a query looks for. The activity may have reached no channel: its mentions keep it.

    What figures and filters ask for stands here, so that they need not look at the activity: `at` is when it was said,
    `author` the number of its actor, `followers` how many they had then, `noise` why it is passed over at first. `fold`
    is the number of the fold that it is in, with what says almost the same. `toxic`, `asks` and `presses` mark it as
    `reading.heard.Signs` does; `closely` says that the better tier read it, `words` is a sum of what was read.
    """

    class Noise(models.TextChoices):
        NONE = ""
        SPAM = "spam"
        REPEAT = "repeat"

    class Sign(models.TextChoices):
        """What may mark it; each is a column."""

        TOXIC = "toxic"
        ASKS = "asks"
        PRESSES = "presses"

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField()
    author = models.BigIntegerField()
    followers = models.BigIntegerField(default=0)
    network = models.CharField(max_length=30)
    language = models.CharField(max_length=16, blank=True)
    tone = models.CharField(max_length=8, blank=True)
    noise = models.CharField(max_length=8, blank=True, default="", db_default="", choices=Noise.choices)
    fold = models.BigIntegerField(null=True)
    words = models.IntegerField(default=0, db_default=0)
    toxic = models.BooleanField(default=False, db_default=False)
    asks = models.BooleanField(default=False, db_default=False)
    presses = models.BooleanField(default=False, db_default=False)
    closely = models.BooleanField(default=False, db_default=False)

    stored: bool = False
    """Whether it is in no table any more, but read from a file: nothing changes it."""

    objects: ClassVar[MentionManager] = MentionManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "activity"], name="mention_once")]
        indexes = [
            # What is filtered by stands in the index: a rare language is found without a look at the rows.
            models.Index(
                fields=["query", "-at", "-id"],
                include=["network", "language", "tone", "noise", "author", "followers"],
                name="mention_newest",
            ),
            # What one person said, counted and listed.
            models.Index(
                fields=["query", "author", "-at", "-id"],
                include=["network", "language", "tone", "noise", "followers"],
                name="mention_of_author",
            ),
            # Who is heard by many is found among the few who are, whatever the number of mentions.
            models.Index(
                fields=["query", "-at"],
                include=["author", "followers", "network", "language", "tone", "noise"],
                condition=models.Q(followers__gte=LOUD),
                name="mention_loud",
            ),
            models.Index(
                fields=["fold", "noise", "at", "id"],
                condition=models.Q(fold__isnull=False),
                name="mention_folded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query_id}: {self.activity_id}"

    @property
    def signs(self) -> Signs:
        """What marks it, as it was read last and as people said."""
        return Signs(self.noise == self.Noise.SPAM, self.toxic, self.asks, self.presses)

    def bring(self, channel: Channel, by: User) -> bool:
        """Bring it to the counter: the channel receives it as said to the brand, so a thread begins. False when it had
        reached that channel before."""
        said = self.activity.as_contract()
        with transaction.atomic():
            before = Audience.objects.filter(channel=channel, activity=self.activity_id, addressed=True)
            if before.exists():
                return False
            kind = said.kind if said.kind in OPENING else Kind.MENTION
            channel.receive([replace(said, kind=kind, addressed=True)])
            record("mention_brought", channel.brand_id, self, by, channel=str(channel), query=self.query.name)
        return True


def drop(mentions: Any) -> int:
    """These are no more, nor are the messages that nobody else keeps; how many mentions there were."""
    done = 0
    while some := drop_some(mentions):
        done += some
    return done


def drop_some(mentions: Any) -> int:
    """The same of as many of these as go in a moment; how many there were."""
    rows = list(mentions.values_list("pk", "activity")[:_AT_ONCE])
    if rows:
        Mention.objects.everywhere().filter(pk__in=[pk for pk, _activity in rows]).delete()
        let_go_of_unheld({activity for _pk, activity in rows})
    return len(rows)
