"""What the brand's people do against an account: block it, let it again, report it. Who did, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.networks.models.activity import Activity, Actor
from comptoir.networks.models.channel import Channel
from comptoir.networks.models.delivery import Delivery
from comptoir.organisation.models import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models import User

Act, State = Delivery.Act, Delivery.State
DEFENCES = (Act.BLOCK, Act.UNBLOCK, Act.REPORT)
"""The deliveries that are such decisions."""
UNDER_WAY = (State.WAITING, State.SENDING, State.UNCERTAIN)
VOID = (State.WITHDRAWN, State.REFUSED)
"""What became of those that changed nothing."""


class DefenceQuerySet(BrandQuerySet["Defence"]):
    brand_path = "channel__brand"

    def valid(self) -> DefenceQuerySet:
        """Those that changed something, or are about to."""
        return self.exclude(delivery__state__in=VOID)

    def about(self, channel: Channel, who: Actor) -> DefenceQuerySet:
        """Whether this channel blocks somebody: the decisions about it, the one that holds at the top."""
        rows = self.valid().filter(channel=channel, actor=who, act__in=(Act.BLOCK, Act.UNBLOCK))
        return rows.select_related("delivery", "channel", "actor").order_by("-pk")

    def standing(self) -> DefenceQuerySet:
        """The blocks that nothing has ended: they hold, or are about to."""
        holding = self.valid().filter(Q(act=Act.BLOCK) | Q(act=Act.UNBLOCK, delivery__state=State.SENT))
        newest = holding.order_by("channel", "actor", "-pk").distinct("channel", "actor")
        return self.filter(pk__in=newest.values("pk"), act=Act.BLOCK)

    def blocked_on(self, channel: Channel) -> Any:
        """The numbers of those whom a channel blocks."""
        return self.standing().filter(channel=channel).values("actor")


class DefenceManager(BrandManager["Defence", "DefenceQuerySet"]):
    queryset_class = DefenceQuerySet


class Defence(models.Model):
    """One decision. What became of it on the network is the delivery's; a block is ended by another decision.

    `reason` is one of ours for a block, one of the network's for a report, whose words for it stay in `label`.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="defences")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="defences", db_index=False)
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, related_name="defences")
    act = models.CharField(max_length=8, choices=[(act.value, act.value) for act in DEFENCES])
    reason = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="defence")

    objects: ClassVar[DefenceManager] = DefenceManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=[act.value for act in DEFENCES]), name="defence_act_known"
            )
        ]
        indexes = [models.Index(fields=["actor", "channel", "-id"], name="defence_of_person")]

    def __str__(self) -> str:
        return f"{self.act} {self.actor_id} at {self.channel_id}"

    def undo(self, by: User | None = None) -> bool:
        """Keep it from leaving, or do the opposite; False for a report that has left, and where it holds no longer."""
        from comptoir.networks.defending import take_back

        return take_back(self, by or self.by)

    @property
    def under_way(self) -> bool:
        """Whether nobody knows yet that the network did it."""
        return self.delivery.state in UNDER_WAY
