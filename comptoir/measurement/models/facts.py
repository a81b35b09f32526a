"""The facts behind the figures: one row a message that somebody wrote to the brand, with what came of it.

They are derived, never entered: `measurement.counting` makes a thread's rows anew whenever something in it changed, and
all of them from nothing gives the same. They go with the messages that they stand for.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comptoir.inbox.models import Entry, Queue, Thread
from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Team


def _of(model: Any, null: bool = False, db_index: bool = False) -> Any:
    """A relation that the database does not watch: counting removes what stands for nothing any more."""
    return models.ForeignKey(
        model, models.DO_NOTHING, null=null, related_name="+", db_index=db_index, db_constraint=False
    )


class HeardQuerySet(BrandQuerySet["Heard"]):
    pass


class HeardManager(BrandManager["Heard", "HeardQuerySet"]):
    queryset_class = HeardQuerySet


class Heard(models.Model):
    """A person's message addressed to the brand, heard live, that the brand does not hide.

    `begins` says which wait begins with it: a SEGMENT (the first message of its thread, or one after 24 hours of
    silence on both sides), a TURN (the first since the brand's last answer), or NOTHING when somebody waited already.
    Of those that begin a wait: `answered` is when the first answer of a person left, `here` whether it was written here
    rather than on the network itself, `by` its author here; `closed` when the thread was closed for good before the
    next segment began; `gone` when all that waited was taken back by its author. `wait` and `solved` are the seconds
    until then, `wait_open` and `solved_open` those of them in which the counter was open. `day` and `hour` are `at` by
    the brand's clock.
    """

    class Begins(models.IntegerChoices):
        NOTHING = 0
        SEGMENT = 1
        TURN = 2

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    brand = _of(Brand)
    channel = _of(Channel)
    thread = _of(Thread, db_index=True)
    team = _of(Team, null=True)
    queue = _of(Queue, null=True)
    language = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    begins = models.SmallIntegerField(choices=Begins.choices)
    answered = models.DateTimeField(null=True)
    here = models.BooleanField(default=False)
    by = _of(settings.AUTH_USER_MODEL, null=True)
    closed = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)
    wait = models.IntegerField(null=True)
    solved = models.IntegerField(null=True)
    wait_open = models.IntegerField(null=True)
    solved_open = models.IntegerField(null=True)

    objects: ClassVar[HeardManager] = HeardManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "day"], name="heard_of_brand")]
        constraints = [models.CheckConstraint(condition=Q(begins__in=[0, 1, 2]), name="heard_begins_known")]

    def __str__(self) -> str:
        return f"heard {self.entry_id}"


class Staffed(models.Model):
    """How many different people did something at the counter within an hour that begins at `hour` by the brand's clock.

    A number, not names: who worked when is nobody's figure.
    """

    brand = _of(Brand)
    hour = models.DateTimeField()
    people = models.PositiveIntegerField()

    objects: ClassVar[BrandManager[Staffed, BrandQuerySet[Staffed]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "hour"], name="staffed_once")]

    def __str__(self) -> str:
        return f"{self.people} at {self.hour}"


class Due(models.Model):
    """Something in this thread changed that figures hang on. Triggers write these rows; counting takes them away.

    Only ever added to, so that whoever writes into a thread waits for nobody.
    """

    thread = models.BigIntegerField()
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"thread {self.thread} is due"
