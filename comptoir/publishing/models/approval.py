"""Approvals: somebody else looks at a post before it leaves, in one step or several, colleagues or a client outside.

Each decision is a row, bound to the version that was shown: what is changed afterwards was approved by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Membership, Notice, Role
from comptoir.organisation.models.notice import Draft
from comptoir.organisation.models.tokens import digest, fresh

if TYPE_CHECKING:
    from comptoir.organisation.models import User
    from comptoir.publishing.models.post import Post

STEPS_MOST = 5
LIFE = timedelta(days=14)
"""How long a client's link opens the post."""
WORDS_MOST = 2_000
WHO_MOST = 80


class ApprovalStep(models.Model):
    """Who has to approve the posts of a brand, one after the other: whoever has a role, or a client with a link.

    role      the least role that decides, "" for a client. who: what the client is called
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="approval_steps", db_index=False)
    place = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=8, choices=Role.choices, blank=True)
    who = models.CharField(max_length=WHO_MOST, blank=True)

    objects: ClassVar[BrandManager[ApprovalStep, BrandQuerySet[ApprovalStep]]] = BrandManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "place"], name="approval_step_once"),
            models.CheckConstraint(
                condition=Q(role="", who__gt="") | Q(role__gt="", who=""), name="approval_step_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.who or str(Role(self.role).label)

    @classmethod
    def put(cls, brand: Brand, by: User, given: Sequence[tuple[str, str]]) -> bool:
        """Have posts approved in these steps, each a role or a client's name; whether any differs."""
        with transaction.atomic():
            brand.hold()
            before = list(cls.objects.of(brand).values_list("role", "who"))
            if before == list(given):
                return False
            cls.objects.of(brand).delete()
            cls.objects.bulk_create(
                cls(brand=brand, place=place, role=role, who=who) for place, (role, who) in enumerate(given)
            )
            record("approval_steps_set", brand, None, by, steps=len(given))
        return True


class Approval(models.Model):
    """A step that was asked for a version of a post, and what was decided.

    number, shown   the version, and its words as they were
    place, role, who    the step as it was then
    digest, expires     of a client's link; "" and None of a colleague's step
    """

    class Decision(models.TextChoices):
        OPEN = "", _("Waiting")
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Changes asked for")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("No longer asked")
        MISSED = "missed", _("Not approved in time")

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="approvals", db_index=False)
    number = models.PositiveIntegerField()
    shown = models.JSONField(default=list)
    place = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=8, blank=True)
    who = models.CharField(max_length=WHO_MOST, blank=True)
    asked = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64, null=True, unique=True)
    expires = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    words = models.TextField(blank=True)

    objects: ClassVar[BrandManager[Approval, BrandQuerySet[Approval]]] = BrandManager.along("post__brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(decision=""), name="one_approval_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided=None) | Q(decision__gt="", decided__isnull=False),
                name="approval_decided_at_some_time",
            ),
        ]
        indexes = [models.Index(fields=["post", "-asked"], name="approvals_of_post")]

    def __str__(self) -> str:
        return f"approval {self.pk} of post {self.post_id}"

    @property
    def decider(self) -> str:
        """Who decided, or has to."""
        return str(self.by) if self.by else self.who or str(Role(self.role).label)

    @classmethod
    def behind(cls, token: str) -> Approval | None:
        """What a client's link opens; None for one that is unknown, too old, taken back or of an archived brand."""
        live = cls.objects.everywhere().filter(digest=digest(token), expires__gt=clock.now())
        return live.filter(post__brand__archived_at=None).select_related("post__brand").first()

    def new_link(self, by: User) -> str:
        """A link for the client whose step it is; the one before opens nothing any more."""
        token, kept = fresh()
        rows = Approval.objects.of(self.post.brand_id).filter(pk=self.pk, decision="", role="")
        with transaction.atomic():
            if not rows.update(digest=kept, expires=clock.now() + LIFE):
                raise ValueError("decided")
            record("approval_link_made", self.post.brand_id, self.post, by, client=self.who)
        return f"{settings.PUBLIC_URL}{reverse('approving', args=[token])}"

    def may(self, membership: Membership) -> bool:
        """Whether a member decides this: by their role, and not about words that are their own."""
        own = self.post.author_id == membership.user_id
        return not self.decision and bool(self.role) and membership.may(self.role) and not own

    def decide(self, decision: str, words: str = "", by: User | None = None) -> bool:
        """Write the decision down, once, and take the post on; False where somebody decided, or it was changed."""
        if decision not in (self.Decision.APPROVED, self.Decision.CHANGES, self.Decision.DECLINED):
            raise ValueError(decision)
        with transaction.atomic():
            post = self.post.held()
            rows = Approval.objects.of(post.brand_id).filter(pk=self.pk, decision="", number=post.number)
            if not rows.update(decision=decision, words=words[:WORDS_MOST], by=by, decided=clock.now()):
                return False
            self.refresh_from_db()
            Notice.settle(post.brand_id, f"post:{post.pk}", "post_to_approve")
            if by:
                record(_CODES[decision], post.brand_id, post, by)
            else:
                record(_OUTSIDE[decision], post.brand_id, post, client=self.who)
            if decision == self.Decision.APPROVED:
                _next(post, self.place + 1)
            else:
                post.stand(decision)
                _tell_author(post, _CODES[decision], self.decider)
        return True


_CODES = {"approved": "post_approved", "changes": "post_sent_back", "declined": "post_declined"}
_OUTSIDE = {
    "approved": "post_approved_outside",
    "changes": "post_sent_back_outside",
    "declined": "post_declined_outside",
}


class Remark(models.Model):
    """What somebody says about a draft: a colleague, or a client (`who`). A client sees what is not `internal`."""

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="remarks", db_index=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=WHO_MOST, blank=True)
    text = models.TextField()
    internal = models.BooleanField(default=True)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[BrandManager[Remark, BrandQuerySet[Remark]]] = BrandManager.along("post__brand")

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        indexes = [models.Index(fields=["post", "at"], name="remarks_of_post")]

    def __str__(self) -> str:
        return self.text[:40]

    @classmethod
    def say(
        cls, post: Post, text: str, by: User | None = None, who: str = "", internal: bool = True
    ) -> Remark:
        """Say something about the version that stands."""
        with transaction.atomic():
            made = cls.objects.create(
                post=post, number=post.number, text=text[:WORDS_MOST], by=by, who=who, internal=internal
            )
            record("post_remarked", post.brand_id, post, by)
            nudge(post.brand_id, what="posts")
        return made


def is_asked(brand: Brand) -> bool:
    """Whether posts of a brand have to be approved."""
    return ApprovalStep.objects.of(brand).exists()


def approved(post: Post) -> bool:
    """Whether nothing more has to be approved of the version that stands. Of a held post."""
    steps = list(ApprovalStep.objects.of(post.brand_id).values_list("place", flat=True))
    if not steps:
        return True
    decided = Approval.objects.of(post.brand_id).filter(post=post, number=post.number)
    return decided.filter(decision=Approval.Decision.APPROVED, place=steps[-1]).exists()


def ask(post: Post, by: User) -> None:
    """Ask the first step for the version that stands. Of a held post."""
    withdraw(post)
    record("post_submitted", post.brand_id, post, by)
    _next(post, 0)


def withdraw(post: Post) -> None:
    """What was asked about another version is asked no more. Of a held post."""
    rows = Approval.objects.of(post.brand_id).filter(post=post, decision="")
    if rows.update(decision=Approval.Decision.WITHDRAWN, decided=clock.now()):
        Notice.settle(post.brand_id, f"post:{post.pk}", "post_to_approve")


def miss(post: Post) -> None:
    """The time of a post came while somebody was still asked: it does not leave, and its people hear of it."""
    rows = Approval.objects.of(post.brand_id).filter(post=post, decision="")
    rows.update(decision=Approval.Decision.MISSED, decided=clock.now())
    Notice.settle(post.brand_id, f"post:{post.pk}", "post_to_approve")
    post.stand(post.State.MISSED)
    record("post_missed", post.brand_id, post)
    _tell_author(post, "post_missed", "")


def _next(post: Post, place: int) -> None:
    """Ask the step at that place or behind it; behind the last one the post is approved."""
    step = ApprovalStep.objects.of(post.brand_id).filter(place__gte=place).order_by("place").first()
    if step is None:
        post.approve()
        _tell_author(post, "post_approved", "")
        return
    Approval.objects.create(
        post=post, number=post.number, shown=_shown(post), place=step.place, role=step.role, who=step.who
    )
    post.stand(post.State.REVIEW)
    if step.role:
        roles = Role(step.role).and_above()
        members = Membership.objects.going_on().filter(brand=post.brand_id, role__in=roles)
        Notice.post_all(
            Draft(post.brand_id, "post_to_approve", f"post:{post.pk}", {"title": post.name}, user)
            for user in members.values_list("user_id", flat=True)
            if user != post.author_id
        )


def _shown(post: Post) -> list[dict[str, Any]]:
    """The words as they are, for whoever asks later what was approved."""
    fields = ("language", "network", "channel_id", "parts", "comment", "warning")
    return list(post.variants.order_by("pk").values(*fields))


def _tell_author(post: Post, code: str, who: str) -> None:
    if post.author_id:
        facts = {"title": post.name, "who": who}
        Notice.post_all([Draft(post.brand_id, code, f"post:{post.pk}", facts, post.author_id)])
