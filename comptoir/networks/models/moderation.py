"""Decisions about messages in places that are the brand's own: who made them, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.networks.connector import Verdict
from comptoir.networks.models.activity import STANDINGS, Activity
from comptoir.networks.models.channel import Channel
from comptoir.networks.models.delivery import Delivery
from comptoir.organisation.models import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

LEADS_TO = {Verdict.APPROVE: "", Verdict.HOLD: "held", Verdict.SPAM: "spam", Verdict.REMOVE: "removed"}
"""The standing that each verdict gives a message."""
WORDS_MOST = 1_000


class Reason(models.TextChoices):
    """Why a message was hidden, as whoever wrote it may ask to be told."""

    SPAM = "spam", _("Spam or advertising")
    ILLEGAL = "illegal", _("Illegal content")
    HATE = "hate", _("Hate speech")
    HARASSMENT = "harassment", _("Insult or harassment")
    OFF_TOPIC = "off_topic", _("Off topic")
    PERSONAL_DATA = "personal_data", _("Personal data of somebody")
    OTHER = "other", _("Another reason")


class ModerationQuerySet(BrandQuerySet["Moderation"]):
    brand_path = "channel__brand"


class ModerationManager(BrandManager["Moderation", "ModerationQuerySet"]):
    queryset_class = ModerationQuerySet


class Moderation(models.Model):
    """One decision. What became of it on the network is the delivery's; it can be taken back by another decision.

    `before` is the message's standing when it was made, `words` what the moderator wrote beside the reason.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="moderations")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="moderations")
    verdict = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Verdict])
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)
    before = models.CharField(max_length=10, choices=STANDINGS, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="moderation")
    undoes = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="undone")

    objects: ClassVar[ModerationManager] = ModerationManager()

    def __str__(self) -> str:
        return f"{self.verdict} {self.activity_id}"

    @property
    def after(self) -> str:
        """The standing that it gives."""
        return LEADS_TO[Verdict(self.verdict)]

    def undo(self, by: User | None = None) -> bool:
        """Bring the message back to what it was: kept from leaving if it has not left, else by the opposite verdict.

        `by` is who takes it back, its author if nobody else. False when somebody has decided otherwise since, or when
        the network has no such verdict.
        """
        from comptoir.networks.moderating import take_back

        return take_back(self, by or self.by)
