"""A thread: one conversation of one person with a brand on one channel."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q

from comptoir.inbox.models.awaited import Awaited
from comptoir.inbox.models.belonging import Belonging
from comptoir.inbox.models.guarded import Guarded
from comptoir.inbox.models.standing import Standing, Waits
from comptoir.inbox.telling import tell_followers, tell_named
from comptoir.kernel import clock
from comptoir.kernel.acting import acting
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.networks.connector import Verdict
from comptoir.networks.models import Activity, Actor, Channel, Moderation
from comptoir.networks.moderating import moderate
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record, record_each
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.organisation.models.brand import company_of

if TYPE_CHECKING:
    from comptoir.inbox.models.acts import Note, Reply
    from comptoir.networks.models.moderation import ModerationQuerySet
    from comptoir.organisation.models import User


OPEN = Q(closed_at=None, waits="")
"""What waits for the brand's people now."""


class Answered(Exception):
    """Somebody answered meanwhile: `reply` is theirs."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("answered")
        self.reply = reply


class ThreadQuerySet(BrandQuerySet["Thread"]):
    def take_up(self) -> int:
        """Bring what the history offers among these to the counter, open; how many."""
        return self._offered("offers_taken", closed_at=None)

    def leave(self, by: User) -> int:
        """Leave what the history offers among these closed, by this person's word; how many."""
        from comptoir.inbox.models.acts import Closure

        now = clock.now()
        with transaction.atomic():
            found = list(self.filter(offered=True).select_for_update())
            Closure.objects.bulk_create(Closure(thread=thread, by=by, at=now) for thread in found)
            return self._offered("offers_left", by)

    def give_back(self, user_id: int, by: User | None) -> int:
        """What somebody had among these belongs to nobody now, as each thread remembers; how many there were."""
        from comptoir.inbox.models.acts import Assignment

        with transaction.atomic():
            found = list(self.filter(assignee=user_id).order_by("pk").select_for_update())
            Assignment.objects.bulk_create(
                [Assignment(thread=thread, to=None, by=by, before_id=user_id) for thread in found], 500
            )
            for brand in {thread.brand_id for thread in found}:
                mine = [thread for thread in found if thread.brand_id == brand]
                Thread.objects.of(brand).filter(pk__in=[thread.pk for thread in mine]).update(assignee=None)
                record_each("unassigned", brand, mine, by)
                announce(brand, "thread.assigned", threads=[thread.pk for thread in mine],
                         by=by.pk if by else None, to=None)  # fmt: skip
                nudge(brand, [thread.pk for thread in mine if thread.is_open])
        return len(found)

    def _offered(self, what: str, by: User | None = None, **changes: Any) -> int:
        with transaction.atomic():
            rows = self.filter(offered=True)
            touched: dict[int, list[int]] = {}
            for pk, brand in rows.values_list("pk", "brand"):
                touched.setdefault(brand, []).append(pk)
            done = rows.update(offered=False, **changes)
            for brand, threads in touched.items():
                record(what, brand, by=by, count=len(threads))
                nudge(brand, threads)
        return done


class ThreadManager(BrandManager["Thread", "ThreadQuerySet"]):
    queryset_class = ThreadQuerySet


class Thread(Belonging, Awaited, Standing, Guarded):
    """One conversation. What lists show is kept here, in step with entries and acts.

    `last_in` is when somebody last wrote to the brand; `answered` whether nothing waits for the brand's answer;
    `offered` a thread from the history, unanswered, that the brand may still want to take up. `held` counts messages
    that wait for approval, `hidden` those that the brand hides (spam, removed): nobody waits for an answer to these.
    `language`, `tone` and `toxic` (it may be hateful) are those of what was last written to us, as far as we can tell.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="threads", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="threads", db_index=False)
    conversation = models.TextField()
    kind = models.CharField(max_length=10, default="mention")
    person = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="threads", db_index=False
    )
    last_text = models.CharField(max_length=300, blank=True)
    last_own = models.BooleanField(default=False)
    last_at = models.DateTimeField()
    last_in = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    answered = models.BooleanField(default=False)
    offered = models.BooleanField(default=False)
    held = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=16, blank=True, db_default="", default="")
    tone = models.CharField(max_length=8, blank=True, db_default="", default="")
    toxic = models.BooleanField(default=False, db_default=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged")

    objects: ClassVar[ThreadManager] = ThreadManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "conversation"], name="thread_once")]
        indexes = [
            models.Index(fields=["brand", "-last_at", "-id"], name="thread_all"),
            models.Index(
                fields=["brand", "-last_at", "-id"],
                # When somebody last wrote: what is unread is counted without looking at the rows.
                include=["last_in"],
                condition=OPEN,
                name="thread_open",
            ),
            models.Index(
                fields=["brand", "-last_at", "-id"],
                condition=Q(closed_at__isnull=False),
                name="thread_closed",
            ),
            models.Index(
                fields=["brand", "assignee", "-last_at", "-id"],
                condition=OPEN,
                name="thread_mine",
            ),
            models.Index(
                fields=["brand", "team", "-last_at", "-id"],
                condition=OPEN & Q(team__isnull=False),
                name="thread_of_team",
            ),
            models.Index(
                fields=["brand", "-last_at", "-id"],
                condition=Q(closed_at=None) & ~Q(waits=""),
                name="thread_waiting",
            ),
            models.Index(
                fields=["brand", "queue", "-last_at", "-id"],
                condition=OPEN & Q(queue__isnull=False),
                name="thread_of_queue",
            ),
            models.Index(
                # The order in which threads are handed out, see `handing`.
                fields=[
                    "brand",
                    "queue",
                    "-lateness",
                    "-priority",
                    "-reach",
                    "due_at",
                    "last_in",
                    "id",
                ],
                condition=OPEN & Q(answered=False, assignee=None),
                name="thread_next",
            ),
            models.Index(
                fields=["brand", "-last_at", "-id"],
                condition=OPEN & Q(answered=False, tone="positive"),
                name="thread_praise",
            ),
            models.Index(
                fields=["brand", "due_at", "id"], condition=Q(due_at__isnull=False), name="thread_due"
            ),
            models.Index(fields=["rings_at"], condition=Q(rings_at__isnull=False), name="thread_rings"),
            GinIndex(fields=["fields"], name="thread_fields", condition=~Q(fields={})),
            models.Index(fields=["wakes_at"], condition=Q(wakes_at__isnull=False), name="thread_wakes"),
            models.Index(fields=["person", "-last_at"], name="thread_of_person"),
            models.Index(fields=["channel"], condition=Q(offered=True), name="thread_offered"),
            models.Index(fields=["brand", "-last_at", "-id"], condition=Q(held__gt=0), name="thread_held"),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"

    def last_inbound(self) -> Activity | None:
        """The message that an answer answers: the last that others can see and that is addressed to the brand, else the
        last of those."""
        entries = self.entries.filter(own=False, activity__deleted=None, activity__standing="")
        entry = entries.select_related("activity__actor").order_by("-addressed", "-at", "-id").first()
        return entry.activity if entry else None

    def reply(
        self,
        text: str,
        by: User,
        seen: int = 0,
        key: str = "",
        to: Activity | None = None,
        warning: str = "",
        enclosed: Sequence[int] = (),
        after: float | None = None,
    ) -> Reply:
        """Answer the thread, signed as its channel says: leaves once, after a moment in which it can be undone, or
        after so many seconds. `warning` stands above it where the network knows content warnings.

        `seen` is the id of the newest reply that the writer saw: Answered when there is a newer one by somebody else.
        `key` makes a form sent twice one answer, `enclosed` are the numbers of what lies beside it. Locked while a
        colleague writes the answer, ValueError("nobody") with no message to answer, ValueError("enclosures") when
        something of what lay beside it is gone.
        """
        from comptoir.inbox.models.acts import Reply
        from comptoir.inbox.models.enclosing import put_in
        from comptoir.inbox.models.writing import Draft, Locked, forget_draft, lock_of, release

        with transaction.atomic():
            Thread.objects.of(self.brand_id).select_for_update().get(pk=self.pk)
            key = key or uuid.uuid4().hex
            if earlier := Reply.objects.filter(delivery__key=key, thread=self).first():
                return earlier
            newer = self.replies.filter(pk__gt=seen).exclude(author=by).exclude(delivery__state="withdrawn")
            if other := newer.order_by("-pk").first():
                raise Answered(other)
            if (lock := lock_of(self)) is not None and lock.by_id != by.pk:
                raise Locked(lock)
            target = to or self.last_inbound()
            if target is None:
                raise ValueError("nobody")
            media = put_in(self, by, enclosed) if enclosed else ()
            reply = Reply.give(self, text, by, target, key, warning, media, after)
            record("replied", self.brand_id, self, by, reply=reply.pk, delivery=reply.delivery_id)
            forget_draft(self, by, Draft.Kind.REPLY)
            release(self, by)
            tell_followers(self, by)
            self._set(answered=True)
            self._count_down()
        return reply

    def moderate(
        self, message: Activity, verdict: Verdict, by: User | None, *, reason: str = "", words: str = ""
    ) -> Moderation:
        """Decide what others see of one of its messages. ValueError with the codes of `networks.moderating`."""
        with transaction.atomic():
            made = moderate(self.channel, message, verdict, by, reason=reason, words=words)
            self._set()
        return made

    def judged(self) -> ModerationQuerySet:
        """The decisions about its messages."""
        return Moderation.objects.of(self.brand_id).filter(
            channel=self.channel_id, activity__entries__thread=self
        )

    def note(self, text: str, by: User) -> Note:
        """Write something that only colleagues see."""
        from comptoir.inbox.models.acts import Note
        from comptoir.inbox.models.writing import Draft, forget_draft

        with transaction.atomic():
            note = Note.objects.create(
                thread=self, author=by, text=text, on_behalf_of=company_of(by, self.brand_id)
            )
            forget_draft(self, by, Draft.Kind.NOTE)
            record("noted", self.brand_id, self, by, note=note.pk)
            tell_named(note, by)
            tell_followers(self, by)
            self._spoken(by)
            self._set()
        return note

    def remarked(self, remark: str, said_as: str, text: str, at: datetime) -> Note | None:
        """Keep what a colleague said about it in a room of the team's as a note; None when it is here already."""
        from comptoir.inbox.models.acts import Note

        with transaction.atomic():
            note, new = Note.objects.get_or_create(
                remark=remark, defaults={"thread": self, "text": text, "said_as": said_as, "created": at}
            )
            if not new:
                return None
            record("noted", self.brand_id, self, note=note.pk, said_as=said_as)
            tell_followers(self, None)
            self._spoken(None)
            self._set()
        return note

    def follow(self, by: User) -> bool:
        """Hear of what happens in it; False when they follow it already."""
        from comptoir.inbox.models.acts import Follow

        with transaction.atomic():
            _row, new = Follow.objects.get_or_create(thread=self, by=by)
            if new:
                record("followed", self.brand_id, self, by)
        return new

    def unfollow(self, by: User) -> bool:
        """Hear of it no more; False when they did not follow it."""
        from comptoir.inbox.models.acts import Follow

        with transaction.atomic():
            if not Follow.objects.filter(thread=self, by=by).delete()[0]:
                return False
            record("unfollowed", self.brand_id, self, by)
        return True

    def read(self, by: User) -> None:
        """The user has seen all that this object knows of it, and what they were to be told about it."""
        at = self.last_in or clock.now()
        about = f"thread:{self.pk}"
        ask(_READ, {"user": by.pk, "thread": self.pk, "at": at, "brand": self.brand_id, "about": about})

    def unread_again(self, by: User) -> None:
        """Let it count as unread for the user."""
        from comptoir.inbox.models.entry import Reading

        Reading.objects.filter(thread=self, user=by).delete()

    def _spoken(self, by: User | None) -> None:
        """A colleague said something: whoever waited for that goes on, unless it was themselves who said more."""
        if self.waits == Waits.COLLEAGUE and not (by and self.pauses.filter(ended_at=None, by=by).exists()):
            self.resume(by)

    def _set(self, worked: bool = True, **changes: Any) -> None:
        # What a rule does is nobody's doing: the thread is still new.
        if worked and not self.handled and not acting().rule:
            changes["handled"] = True
        if changes:
            Thread.objects.of(self.brand_id).filter(pk=self.pk).update(**changes)
            for name, value in changes.items():
                setattr(self, name, value)
        nudge(self.brand_id, [self.pk])


_READ = """
WITH told AS (
    UPDATE organisation_notice SET settled_at = now()
    WHERE brand_id = %(brand)s AND about = %(about)s AND to_id = %(user)s AND settled_at IS NULL
)
INSERT INTO inbox_reading (user_id, thread_id, at) VALUES (%(user)s, %(thread)s, %(at)s)
ON CONFLICT (user_id, thread_id) DO UPDATE SET at = excluded.at
"""

RECENT = timedelta(days=7)
"""How far back an unanswered thread of the history is still offered."""
