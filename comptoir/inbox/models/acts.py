"""What people do with a thread: each act is a row with its author and its time, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.inbox.models.queue import Queue
from comptoir.inbox.models.signing import apart, kept, sign
from comptoir.inbox.models.standing import Waits
from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.networks.models import Delivery
from comptoir.networks.models.channel import Signing
from comptoir.organisation.audit import record
from comptoir.organisation.models import Team
from comptoir.organisation.models.brand import company_of, is_shielded
from comptoir.organisation.models.terms import COMPANY_MOST

if TYPE_CHECKING:
    from comptoir.networks.connector import Upload
    from comptoir.networks.models import Activity
    from comptoir.organisation.models import User


class Act(models.Model):
    """What acts share."""

    created = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["created", "id"]


class Reply(Act):
    """An answer that a colleague gave here, in whose name if not the brand's own; its fate on the network is the
    delivery's.

    `signed` is the channel's policy that it left under, `signature` what stands behind its words because of that.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="replies")
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="reply")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    signed = models.CharField(
        max_length=10, choices=Signing.choices, default=Signing.NONE, db_default=Signing.NONE
    )
    signature = models.CharField(max_length=160, blank=True, default="", db_default="")
    on_behalf_of = models.CharField(max_length=COMPANY_MOST, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"reply {self.pk}"

    @property
    def words(self) -> str:
        """What its author wrote: what leaves, without what it is signed with."""
        return apart(self.delivery.text, self.signature)[0]

    @classmethod
    def give(
        cls, thread: Thread, text: str, by: User, target: Activity, key: str = "", warning: str = "",
        media: Sequence[Upload] = (), after: float | None = None,
    ) -> Reply:  # fmt: skip
        """Have words leave in a moment, or in so many seconds, signed as the channel says."""
        from comptoir.inbox.models.survey import ask_with, put_link
        from comptoir.networks.sending import send

        with transaction.atomic():
            signed, signature = sign(thread, by)
            text, question = put_link(text)
            delivery = send(
                thread.channel, text + signature, by=by, target=target, key=key, warning=warning,
                media=media, after=settings.SEND_DELAY if after is None else after,
            )  # fmt: skip
            reply = cls.objects.create(
                thread=thread, delivery=delivery, author=by, signed=signed, signature=signature,
                on_behalf_of=company_of(by, thread.brand_id),
            )  # fmt: skip
            if question:
                ask_with(reply, question)
            return reply

    def undo(self) -> bool:
        """Keep it from leaving; False when it has left."""
        with transaction.atomic():
            if not self.delivery.withdraw():
                return False
            from comptoir.inbox.gathering import refresh
            from comptoir.inbox.models.enclosing import take_out

            if self.author is not None:
                take_out(self.thread, self.delivery, self.author)
            refresh([self.thread_id])
            record("reply_undone", self.thread.brand_id, self.thread, reply=self.pk)
        return True

    def take_back(self, by: User) -> Delivery:
        """Ask the network to delete what left. ValueError("not_there") when it is not on the network."""
        from comptoir.networks.sending import send

        said = self.delivery.result
        if said is None or said.deleted or self.delivery.state != Delivery.State.SENT:
            raise ValueError("not_there")
        with transaction.atomic():
            record("reply_taken_back", self.thread.brand_id, self.thread, by, reply=self.pk)
            return send(self.delivery.channel, "", by=by, target=said, act=Delivery.Act.DELETE)

    def edit(self, text: str, by: User) -> Delivery:
        """Ask the network to show another text, signed as it is now. ValueError("not_there") when it is not on the
        network, ValueError("under_way") while an earlier change is."""
        from comptoir.networks.sending import send

        with transaction.atomic():
            Reply.objects.select_for_update().get(pk=self.pk)
            said = self.delivery.result
            if said is None or said.deleted or self.delivery.state != Delivery.State.SENT:
                raise ValueError("not_there")
            under_way = (Delivery.State.WAITING, Delivery.State.SENDING)
            earlier = Delivery.objects.of(self.thread.brand_id).filter(target=said, state__in=under_way)
            if earlier.filter(act__in=(Delivery.Act.EDIT, Delivery.Act.DELETE)).exists():
                raise ValueError("under_way")
            record("reply_edited", self.thread.brand_id, self.thread, by, reply=self.pk)
            text += kept(self, is_shielded(self.thread.brand_id))
            return send(self.delivery.channel, text, by=by, target=said, act=Delivery.Act.EDIT)


class Note(Act):
    """Something only colleagues see: written here, or said in a room of the team's (`remark`, by `said_as`)."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    said_as = models.TextField(blank=True, default="")
    remark = models.TextField(null=True, unique=True)
    on_behalf_of = models.CharField(max_length=COMPANY_MOST, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"note {self.pk}"

    def undo(self) -> bool:
        """Take it back."""
        with transaction.atomic():
            if not Note.objects.filter(pk=self.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
                return False
            record("note_undone", self.thread.brand_id, self.thread, note=self.pk)
        return True


class Assignment(Act):
    """The thread was given to somebody (`to`), to a team, to a queue, or to nobody."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="assignments")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    team_before = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, related_name="+")
    queue_before = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"assignment {self.pk}"

    @property
    def hands_over(self) -> bool:
        """Whether somebody else has it now, or another team."""
        return (self.to_id, self.team_id) != (self.before_id, self.team_before_id)

    def undo(self) -> bool:
        """Give it back to who had it; False when somebody has assigned it since."""
        if self.thread.assignments.filter(pk__gt=self.pk).exists() or self.by is None:
            return False
        self.thread.give(self.before, self.team_before, self.by, self.queue_before)
        return True


class Pause(Act):
    """The thread is set aside: until the person answers, a colleague does, or a moment comes."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="pauses")
    waits = models.CharField(max_length=9, choices=Waits.choices)
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(Act.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=models.Q(ended_at=None), name="one_pause_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"


class Follow(Act):
    """Somebody hears of what happens in the thread without having it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="follows", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta(Act.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["thread", "by"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.by_id} follows {self.thread_id}"


class Closure(models.Model):
    """The thread was closed, and perhaps opened again (by nobody: a message came)."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="closures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"closure {self.pk}"
