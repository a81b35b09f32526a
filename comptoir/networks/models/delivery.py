"""What leaves: a delivery is claimed once, and a hold wins against the claim."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.networks.events import DeliveryMoved
from comptoir.networks.models.activity import Activity
from comptoir.networks.models.channel import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

_HOLD_LOCK = 7_240_001


def after_claims() -> None:
    """Wait until every claim under way is over, and keep new ones waiting until this transaction is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_HOLD_LOCK])


class DeliveryQuerySet(BrandQuerySet["Delivery"]):
    brand_path = "channel__brand"

    def free(self) -> DeliveryQuerySet:
        """Those that may leave: on a connected channel that may speak and that no hold is over."""
        held = Hold.objects.filter(lifted_at=None).filter(
            Q(brand=None, channel=None)
            | Q(brand=OuterRef("channel__brand"), channel=None)
            | Q(channel=OuterRef("channel"))
        )
        return self.filter(~Exists(held), channel__state=Channel.State.ACTIVE, channel__listen_only=False)


class DeliveryManager(BrandManager["Delivery", "DeliveryQuerySet"]):
    queryset_class = DeliveryQuerySet


def _new_key() -> str:
    return uuid.uuid4().hex


class Delivery(models.Model):
    """One thing to say, once: waiting > sending > sent | refused | uncertain, or withdrawn while it waits.

    What was sent may come back: sent > returned, with the reason, where the network tells only afterwards.
    `key` and `said_at` are the same for every try, so that networks that honour keys can tell a repeat.
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
    said_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(default=clock.now)
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
            tell(DeliveryMoved(self.pk, str(new)))
        self.state = new
        for name, value in changes.items():
            if hasattr(type(self), name) and not hasattr(value, "resolve_expression"):
                setattr(self, name, value)
        return True

    def claim(self) -> bool:
        """waiting > sending, unless a hold is on: the shared lock makes a hold placed first always win."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_HOLD_LOCK])
            here = Channel.objects.of(self.channel.brand_id).filter(pk=self.channel_id, listen_only=True)
            if Hold.over(self.channel) or here.exists():
                return False
            if not self.move(
                self.State.WAITING, self.State.SENDING, claimed_at=clock.now(), tries=self.tries + 1
            ):
                return False
            # Names may have been taken off while it waited: what leaves is what stands there now.
            self.refresh_from_db(fields=["text"])
            return True

    def withdraw(self) -> bool:
        """Take it back before it leaves; False when it is already under way."""
        return self.move(self.State.WAITING, self.State.WITHDRAWN)

    def settle(self, by: Any, sent: bool) -> bool:
        """A person looked at the network and says whether it is there: it counts as sent, or it leaves again."""
        new = self.State.SENT if sent else self.State.WAITING
        with transaction.atomic():
            if not self.move(
                self.State.UNCERTAIN, new, settled_by=by, not_before=clock.now(), code="", facts={}
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


class Hold(models.Model):
    """Nothing leaves: from one channel, from one brand, or (both empty) from the whole house, until it is lifted."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="holds")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="holds")
    reason = models.TextField(blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @classmethod
    def over(cls, channel: Channel) -> bool:
        """Whether a hold is on for this channel."""
        reach = Q(brand=None, channel=None) | Q(brand_id=channel.brand_id, channel=None) | Q(channel=channel)
        return cls.objects.filter(reach, lifted_at=None).exists()

    @classmethod
    def place(
        cls, reason: str, by: Any = None, brand: Brand | None = None, channel: Channel | None = None
    ) -> Hold:
        """Stop what leaves. Returns once every claim under way is over: after that nothing new slips out."""
        with transaction.atomic():
            after_claims()
            hold = cls.objects.create(reason=reason, placed_by=by, brand=brand, channel=channel)
            record("held", hold._of, hold, by)
        return hold

    def lift(self) -> None:
        """Let it flow again."""
        with transaction.atomic():
            if Hold.objects.filter(pk=self.pk, lifted_at=None).update(lifted_at=clock.now()):
                record("hold_lifted", self._of, self)

    @property
    def _of(self) -> int | None:
        return self.channel.brand_id if self.channel else self.brand_id
