"""What people did on the networks, stored once, and which channels it reached."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.networks import connector as contract
from comptoir.networks.models.channel import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet

KINDS = [(kind.value, kind.value) for kind in contract.Kind]


ERASED = "erased:"
"""What the remote ids of erased people and messages begin with."""


def is_erased(remote_id: str | None) -> bool:
    """Whether this id is of somebody, or of something, that was erased here."""
    return bool(remote_id) and str(remote_id).startswith(ERASED)


def nameless() -> str:
    """What somebody who was erased is called."""
    return _("Erased person")


STANDINGS = [(name, name) for name in ("held", "spam", "removed")]
AUTOMATIC = [(name, name) for name in ("answer", "bulk", "returned", "delayed")]


class Actor(models.Model):
    """Somebody on a network: public facts only, one row a network and account."""

    network = models.CharField(max_length=30)
    remote_id = models.TextField()
    handle = models.TextField()
    name = models.TextField(blank=True)
    avatar = models.TextField(blank=True)
    url = models.TextField(blank=True)
    about = models.TextField(blank=True)
    followers = models.BigIntegerField(null=True)
    seen = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "remote_id"], name="actor_once")]

    def __str__(self) -> str:
        return self.name or self.handle or nameless()

    def as_contract(self) -> contract.Actor:
        """The account as a connector gives it."""
        return contract.Actor(
            self.remote_id, self.handle, self.name, self.avatar, self.url, self.about, self.followers
        )


class ActivityQuerySet(BrandQuerySet["Activity"]):
    brand_path = "audience__channel__brand"


class ActivityManager(BrandManager["Activity", "ActivityQuerySet"]):
    queryset_class = ActivityQuerySet


class Activity(models.Model):
    """One thing that somebody did, stored once whatever the number of channels it reached.

    `erased` is when it was emptied because its author, or whom it answers, was erased here: nothing fills it again.
    `media` and `spans` are lists of objects with the fields of `connector.Media` and `connector.Span`. A row without
    an actor is a message that was taken back before we ever saw it.
    """

    network = models.CharField(max_length=30)
    remote_id = models.TextField()
    kind = models.CharField(max_length=10, choices=KINDS)
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="activities", db_index=False
    )
    text = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    url = models.TextField(blank=True)
    in_reply_to = models.TextField(blank=True)
    conversation = models.TextField(blank=True)
    about = models.TextField(blank=True)
    title = models.TextField(blank=True, default="")
    warning = models.TextField(blank=True, default="")
    standing = models.CharField(max_length=10, blank=True, default="", choices=STANDINGS)
    quoted = models.TextField(blank=True, default="")
    automatic = models.CharField(max_length=10, blank=True, default="", choices=AUTOMATIC)
    media = models.JSONField(default=list)
    spans = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    published = models.DateTimeField()
    received = models.DateTimeField(default=clock.now)
    edited = models.DateTimeField(null=True)
    deleted = models.DateTimeField(null=True)
    erased = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)

    objects: ClassVar[ActivityManager] = ActivityManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "remote_id"], name="activity_once")]
        indexes = [
            # Rows come in the order of their arrival: what is old is found by a look at a few pages.
            BrinIndex(fields=["received"], name="activity_received"),
            GinIndex(fields=["search"], name="activity_search"),
            models.Index(fields=["actor", "-published"], name="activity_of_actor"),
            models.Index(fields=["network", "about"], condition=~Q(about=""), name="activity_about"),
            models.Index(fields=["network", "published"], condition=Q(standing="held"), name="activity_held"),
            # Which of many messages are judged is found without reading the others.
            models.Index(fields=["id"], condition=~Q(standing=""), name="activity_judged"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.remote_id}"

    def as_contract(self) -> contract.Activity:
        """The activity as its connector gave it, to answer it, to be asked queries, to reach another channel."""
        actor = self.actor
        return contract.Activity(
            remote_id=self.remote_id, kind=contract.Kind(self.kind),
            actor=actor.as_contract() if actor else contract.Actor("", ""),
            published=self.published, text=self.text, language=self.language, url=self.url,
            in_reply_to=self.in_reply_to, conversation=self.conversation, about=self.about, title=self.title,
            warning=self.warning, standing=self.standing, quoted=self.quoted, automatic=self.automatic,
            media=tuple(contract.Media(**each) for each in self.media),
            spans=tuple(contract.Span(**each) for each in self.spans),
            edited=self.edited, facts=self.facts,
        )  # fmt: skip


class Audience(models.Model):
    """An activity reached a channel. `own`: the brand itself said it. `historic`: read back, not heard live."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="audience", db_index=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="audience", db_index=False)
    own = models.BooleanField(default=False)
    addressed = models.BooleanField(default=True)
    historic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "channel"], name="audience_once")]
        indexes = [models.Index(fields=["channel"], condition=Q(own=True), name="audience_own")]

    def __str__(self) -> str:
        return f"{self.activity_id} at {self.channel_id}"


class SetAside(models.Model):
    """A message that could not be used, with its reason, so that a person can see what is missing and why."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="set_aside")
    remote_id = models.TextField(blank=True)
    reason = models.TextField()
    raw = models.TextField(blank=True)
    received = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[SetAside, BrandQuerySet[SetAside]]] = BrandManager.along("channel__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "remote_id"], condition=~Q(remote_id=""), name="set_aside_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.reason}"

    def settle(self) -> bool:
        """A person has seen it; False when somebody had before."""
        with transaction.atomic():
            brand = self.channel.brand_id
            waiting = SetAside.objects.of(brand).filter(pk=self.pk, settled_at=None)
            if not waiting.update(settled_at=clock.now()):
                return False
            record("set_aside_settled", brand, self)
        return True
