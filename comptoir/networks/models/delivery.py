"""What leaves: a delivery is claimed once, and a hold wins against the claim."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, Q, Window
from django.db.models.functions import Mod, RowNumber
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.networks.events import DeliveriesMoved
from comptoir.networks.models.activity import Activity
from comptoir.networks.models.channel import Channel
from comptoir.networks.models.hold import Hold, before_holds
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet

_OF_POSTS = Q(act="post") | Q(leave_by__isnull=False)
LATE = "late"
"""Why something asks before it leaves: its time is long over."""


class DeliveryQuerySet(BrandQuerySet["Delivery"]):
    brand_path = "channel__brand"

    def free(self) -> DeliveryQuerySet:
        """Those that may leave: on a connected channel that may speak, under no hold, and that ask nobody first."""
        held = Hold.objects.on().over_row()
        kept = Q(Exists(held.filter(replies=True))) | _OF_POSTS & Q(Exists(held))
        in_time = Q(leave_by=None) | Q(leave_by__gte=clock.now()) | ~Q(state="waiting")
        return self.filter(
            ~kept, in_time, asking="", channel__state=Channel.State.ACTIVE, channel__listen_only=False
        )

    def of_posts(self) -> DeliveryQuerySet:
        """Posts, and what belongs to them: parts of a thread, first comments."""
        return self.filter(_OF_POSTS)


class DeliveryManager(BrandManager["Delivery", "DeliveryQuerySet"]):
    queryset_class = DeliveryQuerySet


def _new_key() -> str:
    return uuid.uuid4().hex


class Delivery(models.Model):
    """One thing to say, once: waiting > sending > sent | refused | uncertain, or withdrawn while it waits.

    What was sent may come back: sent > returned, with the reason, where the network tells only afterwards.
    `key` and `said_at` are the same for every try, so that networks that honour keys can tell a repeat.
    `language` is that of its words, a BCP 47 code, "" where nobody said; `countries` those that it is shown in, none
    for all.
    What belongs to a post has a `leave_by`: after it, it no longer leaves by itself. While it is `asking`, and why, it
    waits until a person decides.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")
        UNCERTAIN = "uncertain", _("Uncertain")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETURNED = "returned", _("Came back")

    class Act(models.TextChoices):
        REPLY = "reply", _("Reply")
        POST = "post", _("Post")
        DELETE = "delete", _("Deletion")
        EDIT = "edit", _("Change")
        TELL = "tell", _("Notice")
        APPROVE = "approve", _("Approval")
        HOLD = "hold", _("Holding back")
        SPAM = "spam", _("Marking as spam")
        REMOVE = "remove", _("Removal")
        BLOCK = "block", _("Blocking")
        UNBLOCK = "unblock", _("Unblocking")
        REPORT = "report", _("Report to the network")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    act = models.CharField(max_length=8, choices=Act.choices, default=Act.REPLY)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=40, unique=True, default=_new_key)
    target = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, related_name="answers")
    text = models.TextField(blank=True)
    warning = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
    countries = ArrayField(models.CharField(max_length=2), default=list, db_default=[])
    said_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(default=clock.now)
    leave_by = models.DateTimeField(null=True)
    asking = models.CharField(max_length=8, blank=True, default="", db_default="")
    tries = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    remote_id = models.TextField(blank=True)
    url = models.TextField(blank=True)
    result = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    passed_on = models.BooleanField(default=False)
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[DeliveryManager] = DeliveryManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "sending", "sent", "refused", "uncertain", "withdrawn", "returned"]
                ),
                name="delivery_state_known",
            )
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="delivery_due"),
            # What left a channel lately, and what is to: what leaves next keeps the network's pace.
            models.Index(fields=["channel", "not_before"], name="delivery_paced"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(
                fields=["channel", "id"], condition=Q(state="sent", passed_on=False), name="delivery_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk} {self.state}"

    def move(self, old: str, new: str, **changes: Any) -> bool:
        """Compare and set: true if the delivery was in `old` and is in `new` now; those who listen are told."""
        with transaction.atomic():
            rows = Delivery.objects.everywhere().filter(pk=self.pk, state=old)
            if not rows.update(state=new, **changes):
                return False
            tell(DeliveriesMoved([self.pk], str(new)))
        self.state = new
        for name, value in changes.items():
            if hasattr(type(self), name) and not hasattr(value, "resolve_expression"):
                setattr(self, name, value)
        return True

    def claim(self) -> bool:
        """waiting > sending, unless a hold is on: the shared lock makes a hold placed first always win."""
        with transaction.atomic():
            before_holds()
            if not Delivery.objects.of(self.channel.brand_id).free().filter(pk=self.pk).exists():
                return False
            if not self.move(
                self.State.WAITING, self.State.SENDING, claimed_at=clock.now(), tries=F("tries") + 1
            ):
                return False
            # Names may have been taken off while it waited: what leaves is what stands there now.
            self.refresh_from_db(fields=["text", "tries"])
            return True

    @classmethod
    def claim_posts(
        cls, channels: int, in_a_row: int, part: tuple[int, int], busy: Collection[int]
    ) -> list[Delivery]:
        """waiting > sending of posts whose time has come: of so many channels, so many of each at the most.

        part    which of how many shares of all channels. busy: those of them that say something already.

        The shared lock makes a hold placed first always win.
        """
        now = clock.now()
        with transaction.atomic():
            before_holds()
            waiting = cls.objects.everywhere().filter(state=cls.State.WAITING, act=cls.Act.POST)
            due = waiting.free().filter(not_before__lte=now).exclude(channel__in=busy)
            ours = due.annotate(part=Mod("channel_id", part[1])).filter(part=part[0])
            turn = Window(RowNumber(), partition_by="channel_id", order_by=["not_before", "pk"])
            rows = ours.annotate(turn=turn).filter(turn__lte=in_a_row).order_by("channel", "turn")
            found = list(rows.values_list("pk", "channel_id")[: channels * in_a_row])
            some = set(list(dict.fromkeys(channel for _pk, channel in found))[:channels])
            chosen = [pk for pk, channel in found if channel in some]
            held = waiting.filter(pk__in=chosen).select_for_update(skip_locked=True)
            claimed = list(held.values_list("pk", flat=True))
            rows_of = cls.objects.everywhere().filter(pk__in=claimed)
            rows_of.update(state=cls.State.SENDING, claimed_at=now, tries=F("tries") + 1)
            if claimed:
                tell(DeliveriesMoved(claimed, cls.State.SENDING.value))
        sending = cls.objects.everywhere().filter(pk__in=claimed).select_related("channel__brand", "author")
        return list(sending.prefetch_related("attachments").order_by("not_before", "pk")) if claimed else []

    def by_then(self, when: datetime) -> datetime | None:
        """Until when it may leave by itself if it is to leave at that moment; None for always."""
        return when + timedelta(seconds=settings.POST_LATE_AFTER) if self.leave_by else None

    @property
    def held(self) -> bool:
        """Whether a hold is on that keeps it."""
        on = Hold.objects.on().over(self.channel.brand_id, self.channel_id, self.channel.country)
        of_a_post = self.act == self.Act.POST or self.leave_by is not None
        return (on if of_a_post else on.filter(replies=True)).exists()

    def withdraw(self) -> bool:
        """Take it back before it leaves; False when it is already under way."""
        return self.move(self.State.WAITING, self.State.WITHDRAWN)

    def settle(self, by: Any, sent: bool) -> bool:
        """A person looked at the network and says whether it is there: it counts as sent, or it leaves again."""
        new = self.State.SENT if sent else self.State.WAITING
        with transaction.atomic():
            now = clock.now()
            if not self.move(
                self.State.UNCERTAIN,
                new,
                settled_by=by,
                # It may have left before, whatever is known of tries: one that came back with a backup knows of none.
                tries=F("tries") + 1,
                not_before=now,
                leave_by=self.by_then(now),
                code="",
                facts={},
            ):
                return False
            what = "delivery_settled_sent" if sent else "delivery_settled_again"
            record(what, self.channel.brand_id, self, by)
        return True


class Attachment(models.Model):
    """A picture or file that leaves with a delivery, checked for size and type when it was taken in; `name` of a file
    that is no picture."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attachments")
    content = models.BinaryField()
    mime = models.CharField(max_length=80)
    alt = models.TextField(blank=True)
    name = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.mime} of {self.delivery_id}"
