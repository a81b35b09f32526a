"""Queues: where threads wait for whoever can answer them, and what each person at the counter can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q

from comptoir.inbox.events import QueuesChanged
from comptoir.kernel.events import tell
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Hours, Membership, keep
from comptoir.reading.folding import fold, words

if TYPE_CHECKING:
    from comptoir.organisation.models import User

MOST = 100
"""Queues of one brand."""
WORDS_MOST = 100
"""Words and phrases that one queue looks for."""


class TooManyQueues(Exception):
    """The brand has as many as one may have."""


class QueueQuerySet(BrandQuerySet["Queue"]):
    def in_order(self) -> QueueQuerySet:
        """As they are asked, one after the other, whether they want a new thread."""
        return self.order_by("place", "pk")


class QueueManager(BrandManager["Queue", "QueueQuerySet"]):
    queryset_class = QueueQuerySet


class Queue(models.Model):
    """Threads that wait for the same people.

    A new thread goes into the first queue that `takes` such threads: in one of its `languages`, from a channel that
    serves one of its `countries`, with a message that has one of its `words`. What is left empty is not asked for.
    Those in `members` work in it; with nobody named everybody who answers for the brand does. Whoever is handed one of
    its threads has all of its `skills`. `hours` are its own, None for the brand's.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="queues", db_index=False)
    name = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField(default=0)
    takes = models.BooleanField(default=True)
    languages = ArrayField(models.CharField(max_length=16), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    words = ArrayField(models.CharField(max_length=60), default=list)
    sought = models.TextField(default="", blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    hours = models.ForeignKey(Hours, on_delete=models.SET_NULL, null=True, related_name="+")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="QueueMember", related_name="queues")

    objects: ClassVar[QueueManager] = QueueManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="queue_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, by: User, members: Iterable[User] = (), **wishes: Any) -> Queue:
        """A new queue, asked last. NameTaken, or TooManyQueues; who is no member of the brand is left out.

        `wishes` are its name, takes, languages, countries, words, skills and hours.
        """
        with transaction.atomic():
            brand.hold()
            others = cls.objects.of(brand)
            if others.count() >= MOST:
                raise TooManyQueues
            last = others.aggregate(last=models.Max("place"))["last"]
            made = cls(brand=brand, place=0 if last is None else last + 1)
            made._wish(wishes)
            made._fill(members)
            record("queue_made", brand, made, by, queue=made.name)
            tell(QueuesChanged(brand.pk))
        return made

    def change(self, by: User, members: Iterable[User] | None = None, **wishes: Any) -> None:
        """Other wishes, other people (None: the same). NameTaken when there is a queue of that name."""
        with transaction.atomic():
            self._wish(wishes)
            if members is not None:
                self.memberships.all().delete()
                self._fill(members)
            record("queue_changed", self.brand_id, self, by, queue=self.name)
            tell(QueuesChanged(self.brand_id))

    def move(self, by: User, up: bool) -> bool:
        """Have it asked one place earlier, or later; False when it is the first, or the last."""
        with transaction.atomic():
            self.brand.hold()
            order = list(Queue.objects.of(self.brand_id).in_order())
            at = [each.pk for each in order].index(self.pk)
            there = at - 1 if up else at + 1
            if not 0 <= there < len(order):
                return False
            order[at], order[there] = order[there], order[at]
            _place(order)
            record("queue_changed", self.brand_id, self, by, queue=self.name)
            tell(QueuesChanged(self.brand_id))
        return True

    def dissolve(self, by: User) -> None:
        """There is no such queue any more; what waited in it waits in none."""
        with transaction.atomic():
            record("queue_dissolved", self.brand_id, self, by, queue=self.name)
            tell(QueuesChanged(self.brand_id))
            self.delete()

    def _wish(self, wishes: Mapping[str, Any]) -> None:
        for name, value in wishes.items():
            setattr(self, name, value)
        self.languages = sorted({code.lower().partition("-")[0] for code in self.languages})
        self.countries = sorted({code.upper() for code in self.countries})
        self.skills = tidied(self.skills)
        self.words = tidied(self.words)[:WORDS_MOST]
        self.sought = sought_of(self.words)
        keep(self)

    def _fill(self, members: Iterable[User]) -> None:
        wanted = [user.pk for user in members]
        here = (
            Membership.objects.going_on()
            .filter(brand=self.brand_id, user__in=wanted)
            .values_list("user_id", flat=True)
        )
        QueueMember.objects.bulk_create(QueueMember(queue=self, user_id=pk) for pk in sorted(here))


class QueueMember(models.Model):
    """Somebody works in a queue."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="queue_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.queue_id}"


class Clerk(models.Model):
    """What somebody can at a brand's counter: the `languages` they answer in (none named: any), their `skills`, and how
    many open threads that wait for an answer they have in hand at the `most` (None: any number)."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="clerks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    languages = ArrayField(models.CharField(max_length=16), default=list)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    most = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[BrandManager[Clerk, BrandQuerySet[Clerk]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "user"], name="clerk_once"),
            models.CheckConstraint(condition=Q(most=None) | Q(most__gt=0), name="clerk_has_a_hand"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.brand_id}"

    @classmethod
    def settle(
        cls, brand: Brand, user: User, by: User, languages: list[str], skills: list[str], most: int | None
    ) -> bool:
        """Say what somebody can, and how much; False when it was so already."""
        kept = {
            "languages": sorted({code.lower().partition("-")[0] for code in languages}),
            "skills": tidied(skills),
            "most": most,
        }
        with transaction.atomic():
            before = cls.objects.of(brand).filter(user=user).first()
            if all(getattr(before or cls(), name) == value for name, value in kept.items()):
                return False
            cls.objects.of(brand).update_or_create(brand=brand, user=user, defaults=kept)
            record("clerk_settled", brand, user, by, member=str(user))
        return True


def reorder(brand: Brand, queues: Sequence[int], by: User) -> None:
    """Have a brand's queues asked in this order. ValueError where one is missing, named twice, or of somebody else."""
    with transaction.atomic():
        brand.hold()
        known = {each.pk: each for each in Queue.objects.of(brand)}
        if sorted(queues) != sorted(known):
            raise ValueError("queues")
        _place([known[pk] for pk in queues])
        record("queues_ordered", brand, None, by)
        tell(QueuesChanged(brand.pk))


def _place(order: Sequence[Queue]) -> None:
    for place, each in enumerate(order):
        each.place = place
    if order:
        Queue.objects.of(order[0].brand_id).bulk_update(order, ["place"])


def tidied(said: Iterable[str]) -> list[str]:
    """Words as they are kept and compared: folded, one blank apart, in order, none twice."""
    return sorted({" ".join(fold(each).split()) for each in said if words(each)})


def sought_of(phrases: Iterable[str]) -> str:
    """What a message has to have, any of these, for to_tsquery: all words of a phrase, in their order."""
    return " | ".join(
        f"({' <-> '.join(f"'{word}'" for word in words(phrase))})" for phrase in phrases if words(phrase)
    )
