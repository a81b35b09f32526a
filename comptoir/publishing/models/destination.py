"""Where a post goes: one channel, and what became of it there, step by step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.networks.models import Channel, Delivery, Hold
from comptoir.organisation.audit import record
from comptoir.organisation.models import BrandManager, BrandQuerySet, Notice, take_hold
from comptoir.publishing.models.content import NotNow
from comptoir.publishing.models.found_piece import Sharing
from comptoir.publishing.models.segment import PostSegment
from comptoir.publishing.models.timetable import Timetable

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.post import Post


UNCREDITED = "uncredited"
"""Why one asks that would have shared a found piece without its author or its link."""


class DestinationQuerySet(BrandQuerySet["Destination"]):
    brand_path = "post__brand"

    def due(self, now: datetime) -> Self:
        """Those whose time has come, of posts that are to leave."""
        ready = Q(state=Destination.State.WAITING, post__state__in=("scheduled", "leaving", "partly"))
        return self.filter(ready, due__lte=now).order_by("due", "pk")

    def held(self) -> Self:
        """Those that a hold keeps from leaving now."""
        return self.filter(Exists(Hold.objects.on().over_row()))

    def of_hold(self, hold: Hold) -> Self:
        """Those that have come due and that this hold keeps."""
        return self.due(clock.now()).filter(Exists(Hold.objects.over_row().filter(pk=hold.pk)))

    def free(self) -> Self:
        """Those that no hold keeps."""
        return self.exclude(Exists(Hold.objects.on().over_row()))

    def released(self) -> Self:
        """Those whose time came while a hold kept them that is lifted by now."""
        over = Hold.objects.over_row().filter(lifted_at__isnull=False)
        return self.filter(Exists(over.filter(lifted_at__gte=OuterRef("due"))))


class DestinationManager(BrandManager["Destination", "DestinationQuerySet"]):
    queryset_class = DestinationQuerySet


class Destination(models.Model):
    """A post on one channel.

    language  in which it is said there, "" for the post's own
    due       when it leaves there
    code      why it did not, or is asked about
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        LEAVING = "leaving", _("Leaving")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        UNCERTAIN = "uncertain", _("To check")
        ASKING = "asking", _("To be decided")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="destinations", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="destinations")
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)

    objects: ClassVar[DestinationManager] = DestinationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "channel"], name="destination_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "waiting", "leaving", "published", "refused", "uncertain", "asking", "withdrawn",
                    ]
                ),
                name="destination_state_known",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["due"], condition=Q(state="waiting"), name="destination_due")]

    def __str__(self) -> str:
        return f"post {self.post_id} on {self.channel_id}"

    @property
    def zone(self) -> tzinfo:
        """By which clock times are meant on its channel."""
        return Timetable.zone_of(self.channel, self.post.brand)

    @property
    def countries(self) -> list[str]:
        """Those of the segments that its post is for (ISO 3166-1 alpha-2), none where one of them is for all."""
        aims = PostSegment.objects.of(self.post.brand_id).filter(post=self.post_id)
        found = list(aims.values_list("segment__countries", flat=True))
        return sorted({code for each in found for code in each}) if all(found) else []

    def decide(self, by: User, do: str) -> bool:
        """What a person says of one that waits for them: it is "there", it shall leave "again", or "never". False where
        that is not, or no longer, the question. One that was refused may leave again as well. NotNow("uncredited")."""
        with transaction.atomic():
            post = self.post.held()
            held = take_hold(Destination.objects.of(self.post.brand_id), self.pk)
            last = held.steps.select_related("delivery__channel").order_by("-place").first()
            if held.state == self.State.UNCERTAIN and last and do in ("there", "again"):
                return last.delivery.settle(by, do == "there")
            if held.state == self.State.REFUSED and last and do == "again":
                done = last.delivery.state in _SAID_NO and last.delivery.move(
                    last.delivery.state, _D.WAITING, tries=0, not_before=clock.now(), code="", facts={},
                    leave_by=last.delivery.by_then(clock.now()),
                )  # fmt: skip
            elif held.state == self.State.ASKING and do in ("again", "never"):
                held.post = post
                if do == "again" and Sharing.uncredited(post, [held]):
                    raise NotNow(UNCREDITED)
                held.leave(clock.now()) if do == "again" else held.take_back()
                post.settle_each([post])
                Destination.answered(post)
                done = True
            else:
                done = False
            if done:
                code = "post_again" if do == "again" else "post_given_up"
                record(code, self.post.brand_id, self.post, by, channel=self.channel.handle)
        return done

    def leave(self, when: datetime) -> None:
        """Of one that asks: leave after all, at that moment. Part of the caller's transaction."""
        if (last := self._last()) is None:
            self.state, self.due = self.State.WAITING, when
        else:
            # The same message, with the same key: what may stand there already is not said again.
            rows = Delivery.objects.of(self.post.brand_id).filter(pk=last.delivery_id, state=_D.WAITING)
            rows.update(asking="", not_before=when, leave_by=last.delivery.by_then(when))
            self.state = self.State.LEAVING
        self.code = ""
        self.save(update_fields=["state", "due", "code"])

    def take_back(self) -> None:
        """Of one that asks: not leave at all. Part of the caller's transaction."""
        if (last := self._last()) is not None:
            last.delivery.withdraw()
        self.state, self.code = self.State.WITHDRAWN, ""
        self.save(update_fields=["state", "code"])

    def _last(self) -> Step | None:
        steps = Step.objects.of(self.post.brand_id).filter(destination=self)
        return steps.select_related("delivery").order_by("-place").first()

    @classmethod
    def answered(cls, post: Post) -> None:
        """Take down what asks about a post, and about all, where nothing asks any more."""
        asking = cls.objects.of(post.brand_id).filter(state=cls.State.ASKING)
        if not asking.filter(post=post).exists():
            Notice.settle(post.brand_id, f"post:{post.pk}", "post_to_decide")
        if not asking.exists():
            Notice.settle(post.brand_id, "posts", "posts_to_decide")

    @classmethod
    def put(cls, post: Post, given: Sequence[tuple[int, str]]) -> bool:
        """Have it go to these channels, each in a language; whether any differs."""
        before = {each.channel_id: each for each in cls.objects.of(post.brand_id).filter(post=post)}
        wanted = dict(given)
        of_the_brand = set(
            Channel.objects.of(post.brand_id).filter(pk__in=wanted).values_list("pk", flat=True)
        )
        gone = [each.pk for pk, each in before.items() if pk not in wanted]
        new = [
            cls(post=post, channel_id=pk, language=language, due=None if post.queued else post.due)
            for pk, language in wanted.items()
            if pk not in before and pk in of_the_brand
        ]
        moved = [each for pk, each in before.items() if pk in wanted and each.language != wanted[pk]]
        for each in moved:
            each.language = wanted[each.channel_id]
        cls.objects.of(post.brand_id).filter(pk__in=gone).delete()
        cls.objects.bulk_create(new)
        cls.objects.of(post.brand_id).bulk_update(moved, ["language"])
        return bool(gone or new or moved)


class Step(models.Model):
    """One message of a post on a channel, in the order in which they leave: each answers the one before it."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        PART = "part", _("Part of the thread")
        COMMENT = "comment", _("First comment")

    destination = models.ForeignKey(
        Destination, on_delete=models.CASCADE, related_name="steps", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="step")

    objects: ClassVar[BrandManager[Step, BrandQuerySet[Step]]] = BrandManager.along(
        "destination__post__brand"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["destination", "place"], name="step_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place} of destination {self.destination_id}"


T = Destination.State
_D = Delivery.State
_SAID_NO = frozenset({_D.REFUSED, _D.RETURNED})
_OVER = frozenset({T.PUBLISHED, T.REFUSED, T.WITHDRAWN})


def outcome(states: Collection[str]) -> str:
    """How a post stands whose destinations stand so; "" while all of them wait for their time."""
    if all(state == T.WAITING for state in states):
        return ""
    if any(state in (T.LEAVING, T.WAITING) for state in states):
        return "leaving"
    if all(state == T.PUBLISHED for state in states):
        return "published"
    if any(state in (T.PUBLISHED, T.UNCERTAIN) for state in states):
        return "partly"
    if any(state == T.ASKING for state in states):
        return "asking"
    return "cancelled" if all(state == T.WITHDRAWN for state in states) else "failed"


def now_due(destination: Destination, late_after: float) -> bool:
    """Whether it may still leave by itself, `late_after` seconds after its time at the most."""
    return destination.due is not None and (clock.now() - destination.due).total_seconds() <= late_after
