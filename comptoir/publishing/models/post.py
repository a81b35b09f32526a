"""Posts: what a brand says of itself, from a first idea until it stands on its networks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.networks.models import Channel
from comptoir.organisation.announcing import Listeners
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, take_hold
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.mentioning import NOBODY, Book
from comptoir.publishing.models import slot
from comptoir.publishing.models.approval import approved, ask, is_asked, withdraw
from comptoir.publishing.models.campaign import Campaign
from comptoir.publishing.models.content import Content, Edited, NotNow
from comptoir.publishing.models.destination import Destination, outcome
from comptoir.publishing.models.found_piece import Sharing
from comptoir.publishing.models.illustration import Illustration
from comptoir.publishing.models.mentionee import Mentionee
from comptoir.publishing.models.readiness import check_complete
from comptoir.publishing.models.segment import PostSegment
from comptoir.publishing.models.variant import Wording, put, wording

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TITLE_MOST = 120
REASON_MOST = 200
DESTINATIONS_MOST = 500


class PostQuerySet(BrandQuerySet["Post"]):
    def newest(self) -> Self:
        """What was changed last at the top."""
        return self.order_by("-changed", "-pk")

    def between(self, first: datetime, end: datetime) -> Self:
        """Those that are to leave, or left, at some time from `first` to before `end`."""
        return self.filter(due__gte=first, due__lt=end).order_by("due", "pk")


class PostManager(BrandManager["Post", "PostQuerySet"]):
    queryset_class = PostQuerySet


class Post(models.Model):
    """Something to be said on some channels at some time.

    title     what colleagues call it; nobody else reads it
    number    its version: each change of `Content` is another
    campaign, reason    what it is for, or why it belongs to no campaign
    day, hour, zone     when it is to leave, by the clock on a wall there; zone "": by each channel's own
    due       the first moment at which something of it leaves, None while nobody said when
    queued    whether it leaves each channel at a slot of that channel's
    """

    class State(models.TextChoices):
        IDEA = "idea", _("Idea")
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("To be approved")
        CHANGES = "changes", _("Changes asked for")
        DECLINED = "declined", _("Declined")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        MISSED = "missed", _("Not approved in time")
        LEAVING = "leaving", _("Leaving")
        ASKING = "asking", _("To be decided")
        PUBLISHED = "published", _("Published")
        PARTLY = "partly", _("Published in part")
        FAILED = "failed", _("Not published")
        CANCELLED = "cancelled", _("Cancelled")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="posts", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(max_length=TITLE_MOST, blank=True)
    language = models.CharField(max_length=8, blank=True)
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="posts")
    reason = models.CharField(max_length=REASON_MOST, blank=True)
    day = models.DateField(null=True)
    hour = models.TimeField(null=True)
    zone = models.CharField(max_length=60, blank=True)
    due = models.DateTimeField(null=True)
    queued = models.BooleanField(default=False)
    made = models.DateTimeField(default=clock.now)
    changed = models.DateTimeField(default=clock.now)

    objects: ClassVar[PostManager] = PostManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "idea", "draft", "review", "changes", "declined", "approved", "scheduled", "missed",
                        "leaving", "asking", "published", "partly", "failed", "cancelled",
                    ]
                ),
                name="post_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "leaving"]) | Q(due__isnull=False),
                name="post_leaves_at_some_time",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["brand", "due"], name="post_by_time"),
            models.Index(fields=["brand", "-changed"], name="post_newest"),
            models.Index(fields=["due"], condition=Q(state__in=["scheduled", "review"]), name="post_due"),
        ]

    def __str__(self) -> str:
        return self.title or f"post {self.pk}"

    @property
    def name(self) -> str:
        """What it is called in lists: its title, else how it begins, from variants that were fetched."""
        if self.title:
            return self.title
        base = next((each.parts for each in self.variants.all() if each.is_base), None)
        return " ".join(NOBODY.on("".join(base or []), "")[:80].split()) or str(_("Post without words"))

    @property
    def is_movable(self) -> bool:
        """Whether it may still leave at another time."""
        return self.state in REWRITABLE

    # Writing

    @classmethod
    def make(cls, brand: Brand, by: User, content: Content, title: str = "", idea: bool = False) -> Post:
        """A new draft, or an idea for one."""
        with transaction.atomic():
            state = cls.State.IDEA if idea else cls.State.DRAFT
            made = cls.objects.create(
                brand=brand, author=by, title=title, language=content.language, state=state
            )
            made._put(content)
            record("post_made", brand, made, by)
            nudge(brand.pk, what="posts")
        return made

    def rewrite(self, by: User, number: int, content: Content, title: str | None = None) -> bool:
        """Have another content; False when all is as it was. An approval holds for what was approved, so where one is
        needed it is asked for again. Edited where it is no longer at version `number`, NotNow where it has left."""
        with transaction.atomic():
            held = self.held()
            if held.state not in REWRITABLE:
                raise NotNow("state")
            if held.number != number:
                raise Edited
            changed = held._put(content) or held.language != content.language
            named = title is not None and title != held.title
            if not (changed or named):
                return False
            held.title = held.title if title is None else title
            held.language = content.language
            again = changed and held.state in (S.REVIEW, S.APPROVED, S.SCHEDULED) and is_asked(held.brand)
            if changed:
                held.number += 1
                held.state = _after_edit(held.state)
            held.changed = clock.now()
            held.save(update_fields=["title", "language", "number", "state", "changed"])
            record("post_changed", self.brand_id, self, by)
            if again:
                ask(held, by)
            nudge(self.brand_id, what="posts")
        self.refresh_from_db()
        return True

    def _put(self, content: Content) -> bool:
        changed = [
            put(self, content.variants),
            Destination.put(self, content.destinations),
            Illustration.put(self, content.pictures),
            PostSegment.put(self, content.segments),
            Sharing.put(self, content.pieces),
        ]
        if self.queued and any(changed):
            slot.take(self, anew=False)
        return any(changed)

    def belong(self, by: User, campaign: Campaign | None, reason: str = "") -> bool:
        """Be for a campaign, or for none, for a reason. NotNow("closed")."""
        if campaign is not None and campaign.closed:
            raise NotNow("closed")
        reason = "" if campaign else reason
        with transaction.atomic():
            held = self.held()
            if (held.campaign_id, held.reason) == (campaign.pk if campaign else None, reason):
                return False
            held.campaign, held.reason, held.changed = campaign, reason, clock.now()
            held.save(update_fields=["campaign", "reason", "changed"])
            record("post_given_purpose", self.brand_id, self, by)
        self.refresh_from_db()
        return True

    # Time

    def plan(self, by: User, day: date, hour: time, zone: str) -> None:
        """Say when it is to leave. `zone` "" is each channel's own clock. NotNow("past") where that is over."""
        with transaction.atomic():
            held = self.held()
            if held.state not in REWRITABLE:
                raise NotNow("state")
            held._plan(day, hour, zone)
            record("post_planned", self.brand_id, self, by, day=str(day), hour=f"{hour:%H:%M}")
            nudge(self.brand_id, what="posts")
        self.refresh_from_db()

    def _plan(self, day: date, hour: time, zone: str) -> None:
        wall = datetime.combine(day, hour)
        destinations = list(self.destinations.select_related("channel", "post__brand"))
        for each in destinations:
            each.due = moment(wall, ZoneInfo(zone) if zone else each.zone)
        first = min(
            (each.due for each in destinations if each.due),
            default=moment(wall, ZoneInfo(zone) if zone else self.brand.zone),
        )
        if first <= clock.now():
            raise NotNow("past")
        Destination.objects.of(self.brand_id).bulk_update(destinations, ["due"])
        self.day, self.hour, self.zone, self.due, self.changed = day, hour, zone, first, clock.now()
        self.queued = False
        self.save(update_fields=["day", "hour", "zone", "due", "queued", "changed"])

    def schedule(self, by: User) -> None:
        """Have it leave when its time comes; where it has to be approved, once it is. NotNow says what is missing."""
        with transaction.atomic():
            held = self.held()
            held._check_ready()
            if held.day is None or held.hour is None:
                raise NotNow("timeless")
            if not held.queued:
                held._plan(held.day, held.hour, held.zone)
            elif held.state not in slot.KEEPING or held.due is None or held.due <= clock.now():
                slot.take(held)
            held._stand_by(by)
        self.refresh_from_db()

    def queue(self, by: User, after: datetime | None = None) -> None:
        """Have it leave each channel at its next free slot, after a moment or from now on, once it is approved where it
        has to be. NotNow says what is missing."""
        with transaction.atomic():
            held = self.held()
            held._check_ready()
            slot.take(held, after)
            record("post_queued", self.brand_id, self, by, day=str(held.day), hour=f"{held.hour:%H:%M}")
            held._stand_by(by)
        self.refresh_from_db()

    def _stand_by(self, by: User) -> None:
        """Wait for its time, or for whoever approves it."""
        if approved(self):
            self._move(self.State.SCHEDULED, by, "post_scheduled")
        else:
            ask(self, by)

    def publish(self, by: User) -> None:
        """Have it leave now. NotNow says what is missing."""
        with transaction.atomic():
            held = self.held()
            held._check_ready()
            if not approved(held):
                raise NotNow("unapproved")
            now = clock.now()
            held.destinations.update(due=now)
            held.due = now
            held.save(update_fields=["due"])
            held._move(self.State.SCHEDULED, by, "post_published")
        self.refresh_from_db()

    def submit(self, by: User) -> None:
        """Have it approved; without a time it then waits for one. NotNow says what is missing."""
        with transaction.atomic():
            held = self.held()
            held._check_ready()
            if not is_asked(held.brand):
                raise NotNow("unasked")
            ask(held, by)
        self.refresh_from_db()

    def approve(self) -> None:
        """Everybody has approved the version that stands: it waits for its time, if it has one. Of a held post."""
        timely = self.due is not None and self.due > clock.now()
        self.stand(S.SCHEDULED if timely else S.APPROVED)

    def stand(self, state: str) -> None:
        """Be in a state that others decided. Of a held post."""
        self.state, self.changed = state, clock.now()
        self.save(update_fields=["state", "changed"])
        nudge(self.brand_id, what="posts")

    def unschedule(self, by: User) -> bool:
        """Be a draft again; False where it waited for nothing, and was neither an idea nor given up."""
        with transaction.atomic():
            held = self.held()
            if held.state not in SHELVED:
                return False
            withdraw(held)
            held._move(self.State.DRAFT, by, "post_unscheduled")
            slot.leave(held)
        self.refresh_from_db()
        return True

    def cancel(self, by: User) -> bool:
        """It will not leave at all; False where it is leaving or has left."""
        with transaction.atomic():
            held = self.held()
            if held.state not in REWRITABLE:
                return False
            withdraw(held)
            held._move(self.State.CANCELLED, by, "post_cancelled")
        self.refresh_from_db()
        return True

    def _move(self, state: str, by: User | None, code: str, **facts: Any) -> None:
        self.stand(state)
        record(code, self.brand_id, self, by, **facts)

    def _check_ready(self) -> None:
        """NotNow where it lacks what nothing leaves without."""
        if self.state not in READY:
            raise NotNow("state")
        check_complete(self)

    # What becomes of it

    @classmethod
    def settle_each(cls, posts: Sequence[Post]) -> None:
        """Have posts, which are held, stand where their destinations stand by now. Safe to repeat."""
        moving = [each for each in posts if each.state in (S.SCHEDULED, S.LEAVING, S.ASKING, *ENDED)]
        states: dict[int, set[str]] = defaultdict(set)
        rows = Destination.objects.everywhere().filter(post__in=moving)
        for pk, state in rows.values_list("post", "state").distinct():
            states[pk].add(state)
        changed = []
        for each in moving:
            after = outcome(states[each.pk]) or (S.SCHEDULED if each.state == S.ASKING else "")
            if after and after != each.state:
                each.state = after
                changed.append(each)
        cls.objects.everywhere().bulk_update(changed, ["state"])
        for brand in {each.brand_id for each in changed}:
            nudge(brand, what="posts")
            listeners = Listeners(brand, ["post.settled"])
            for each in changed:
                if each.brand_id == brand and each.state in ENDED and "post.settled" in listeners:
                    listeners.tell("post.settled", {"post": each.pk, "state": each.state})

    def held(self) -> Post:
        """As it is now, held until the transaction is over."""
        found = take_hold(Post.objects.of(self.brand_id), self.pk)
        found.brand = self.brand
        return found

    def said_on(self, channel: Channel, language: str = "") -> Wording:
        """What it says there. Looks at its variants, which should be fetched where there are several channels."""
        said = wording(self.variants.all(), channel, channel.network, language or self.language)
        return said.mentioning(self.book, channel.network)

    @cached_property
    def book(self) -> Book:
        """Those whom it mentions."""
        return Mentionee.book(self.brand_id, self.variants.all())


S = Post.State
READY = frozenset({S.DRAFT, S.APPROVED, S.SCHEDULED, S.MISSED, S.CHANGES})
"""From which a post may be scheduled."""
REWRITABLE = frozenset(
    {S.IDEA, S.DRAFT, S.REVIEW, S.CHANGES, S.DECLINED, S.APPROVED, S.SCHEDULED, S.MISSED, S.CANCELLED}
)
"""In which it may still become another, or nothing."""
SHELVED = frozenset({S.SCHEDULED, S.REVIEW, S.IDEA, S.CANCELLED, S.DECLINED})
"""From which it may be taken up as a draft."""
ENDED = frozenset({S.PUBLISHED, S.PARTLY, S.FAILED})


def _after_edit(state: str) -> str:
    """Where a post stands once its content has changed: what was decided held for what it was."""
    return state if state in (S.IDEA, S.DRAFT, S.SCHEDULED, S.CHANGES) else S.DRAFT
