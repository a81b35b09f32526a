"""A hand that stops what leaves: everywhere, on a brand, in a country, on one channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import OuterRef, Q

from comptoir.kernel import clock
from comptoir.networks.models.channel import Channel
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, Notice
from comptoir.organisation.models.notice import Draft

if TYPE_CHECKING:
    from comptoir.networks.models.delivery import Delivery, DeliveryQuerySet

_LOCK = 7_240_001
HELD = "held"
"""Why something asks before it leaves: its time came during a hold."""


def before_holds() -> None:
    """Until this transaction is over no hold is placed; one placed before is seen by what is asked from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def after_claims() -> None:
    """Wait until every claim under way is over, and keep new ones waiting until this transaction is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds by what they reach."""

    def on(self) -> Self:
        """Those that nobody has lifted."""
        return self.filter(lifted_at=None)

    def over(self, brand: Any, channel: Any, country: Any) -> Self:
        """Those that reach a channel, given as values or as columns of an outer query."""
        return self.filter(
            Q(brand=None) | Q(brand=brand),
            Q(channel=None) | Q(channel=channel),
            Q(country="") | Q(country=country),
        )

    def over_row(self, way: str = "channel") -> Self:
        """Those that reach the channel of the outer query's row, which is at the end of `way`."""
        return self.over(OuterRef(f"{way}__brand"), OuterRef(way), OuterRef(f"{way}__country"))

    def of(self, brand: Brand) -> Self:
        """Those that stop something of a brand's."""
        return self.filter(Q(brand=None) | Q(brand=brand))


class Hold(models.Model):
    """Nothing leaves: from one channel, from one brand, for one country, or (all empty) from the whole house.

    Posts stay; with `replies` also answers and all else. `under_way` names the deliveries that had been claimed when
    it was placed: they could not be stopped any more.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="holds")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="holds")
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    # Holds of before there was a choice stop everything.
    replies = models.BooleanField(default=False, db_default=True)
    reason = models.TextField(blank=True)
    under_way = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Hold]] = models.Manager.from_queryset(HoldQuerySet)()

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @classmethod
    def place(
        cls,
        reason: str,
        by: Any = None,
        brand: Brand | None = None,
        channel: Channel | None = None,
        country: str = "",
        replies: bool = False,
    ) -> Hold:
        """Stop what leaves. Returns once every claim under way is over: after that nothing new slips out."""
        with transaction.atomic():
            after_claims()
            hold = cls(
                reason=reason, placed_by=by, brand=brand, channel=channel, country=country, replies=replies
            )
            sending = hold.covered().filter(state="sending")
            hold.under_way = list(sending.order_by("pk").values_list("pk", flat=True))
            hold.save()
            record("hold_placed", hold._of, hold, by, reason=reason, reach=hold.reach)
            hold._say(hold.brands())
        return hold

    def lift(self, by: Any = None) -> bool:
        """Let it flow again, but for what was due meanwhile: a person decides on each. False where it was lifted."""
        with transaction.atomic():
            after_claims()
            now = clock.now()
            if not Hold.objects.filter(pk=self.pk, lifted_at=None).update(lifted_at=now, lifted_by=by):
                return False
            self.lifted_at, self.lifted_by = now, by
            self.waiting().update(asking=HELD)
            record("hold_lifted", self._of, self, by, reach=self.reach)
            for brand in self.brands():
                Notice.settle(brand.pk, f"hold:{self.pk}", "on_hold")
        return True

    def covered(self) -> DeliveryQuerySet:
        """The deliveries that it stops, whatever their state."""
        from comptoir.networks.models.delivery import Delivery

        rows = Delivery.objects.everywhere()
        if self.brand_id:
            rows = rows.filter(channel__brand=self.brand_id)
        if self.channel_id:
            rows = rows.filter(channel=self.channel_id)
        if self.country:
            rows = rows.filter(channel__country=self.country)
        return rows if self.replies else rows.of_posts()

    def waiting(self) -> DeliveryQuerySet:
        """Deliveries whose time has come and that it keeps from leaving."""
        return self.covered().filter(state="waiting", asking="", not_before__lte=clock.now())

    def in_flight(self) -> list[Delivery]:
        """What had been claimed when it was placed and is not known yet to have left or not."""
        rows = self.covered().filter(pk__in=self.under_way)
        return list(rows.select_related("channel__brand", "author").order_by("pk"))

    def brands(self) -> list[Brand]:
        """The brands of which it stops something."""
        rows = Brand.objects.everywhere().filter(archived_at=None)
        return list(rows.filter(pk=self._of) if self._of else rows)

    @property
    def reach(self) -> str:
        """What it stops, as a name: an account, a country, a brand; "*" for all of the house."""
        if self.channel:
            return self.channel.handle
        return self.country or (self.brand.name if self.brand else "*")

    @property
    def _of(self) -> int | None:
        return self.channel.brand_id if self.channel else self.brand_id

    @classmethod
    def say_at(cls, brand: Brand) -> None:
        """Have a brand that was made, or was away, say at the top of its pages which holds are on, and no others."""
        on = list(cls.objects.on().of(brand).filter(Q(channel=None) | Q(channel__brand=brand)))
        gone = Notice.objects.of(brand).filter(code="on_hold", settled_at=None)
        gone.exclude(about__in=[f"hold:{each.pk}" for each in on]).update(settled_at=clock.now())
        for each in on:
            each._say([brand])

    def _say(self, brands: Iterable[Brand]) -> None:
        """At the top of every page of the brands."""
        since = self.placed_at.isoformat()
        who = str(self.placed_by) if self.placed_by is not None else "Comptoir"
        Notice.post_all(
            Draft(brand.pk, "on_hold", f"hold:{self.pk}",
                  {"who": who, "moment": since, "reason": self.reason,
                   "reach": self.reach if self.reach != "*" else brand.name})
            for brand in brands
        )  # fmt: skip
