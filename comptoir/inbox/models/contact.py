"""What colleagues keep of a person: which handles are theirs, notes, tags, and what was promised to them.

All of it hangs on one handle (an `Actor`) of one brand, and is shown with the others of the same contact.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.models.sorting import Tag
from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.networks.models import Actor
from comptoir.networks.objections import objections_of
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Notice
from comptoir.organisation.models import Draft as NoticeDraft

if TYPE_CHECKING:
    from comptoir.organisation.models import User

NOTE_MOST = 4_000
HANDLES_MOST = 20
"""Handles of one person."""
MORNING = timedelta(hours=6)
"""From this time of its day on, a promise is reminded of."""


class Objects(Exception):
    """The person objects to being kept: nothing new is noted of them."""


class OfPerson(models.Model):
    """What hangs on a person's handle, in one brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class Contact(models.Model):
    """One person with several handles."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="contacts")

    objects: ClassVar[BrandManager[Contact, BrandQuerySet[Contact]]] = BrandManager()

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Handle(OfPerson):
    """A handle that somebody said is this contact's: how they agreed, and where (`words`)."""

    class How(models.TextChoices):
        TOLD = "told", _("They told us themselves")
        AGREED = "agreed", _("They agreed when we asked")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handles")
    how = models.CharField(max_length=6, choices=How.choices)
    words = models.CharField(max_length=300, blank=True)

    objects: ClassVar[BrandManager[Handle, BrandQuerySet[Handle]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "actor"], name="handle_once")]

    def __str__(self) -> str:
        return f"{self.actor_id} of contact {self.contact_id}"


class PersonNote(OfPerson):
    """Something that colleagues should know of a person."""

    text = models.TextField()

    objects: ClassVar[BrandManager[PersonNote, BrandQuerySet[PersonNote]]] = BrandManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "actor", "-id"], name="note_of_person")]

    def __str__(self) -> str:
        return f"note {self.pk} about {self.actor_id}"

    def remove(self, by: User) -> None:
        """It is gone for good."""
        with transaction.atomic():
            if PersonNote.objects.of(self.brand_id).filter(pk=self.pk).delete()[0]:
                record("person_note_removed", self.brand_id, self.actor, by, note=self.pk)


class PersonTag(OfPerson):
    """A tag is on a person."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[BrandManager[PersonTag, BrandQuerySet[PersonTag]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "actor", "tag"], name="person_tag_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.actor_id}"


class PromiseQuerySet(BrandQuerySet["Promise"]):
    def open(self) -> PromiseQuerySet:
        """Those of which nobody has said what became."""
        return self.filter(kept=None)

    def due_by(self, now: datetime, *, days: int = 0) -> PromiseQuerySet:
        """Those whose day has come at a moment, so many days before, on the clock of their brand."""
        near = self.filter(due__lte=now.date() + timedelta(days=1 - days))
        due = Q(pk=None)
        for name in set(near.values_list("brand__time_zone", flat=True)):
            today = now.astimezone(clock.zone_of(name)).date()
            due |= Q(brand__time_zone=name, due__lte=today - timedelta(days=days))
        return near.filter(due)


class PromiseManager(BrandManager["Promise", "PromiseQuerySet"]):
    queryset_class = PromiseQuerySet


class Promise(OfPerson):
    """What was promised to a person, by when. `kept` says what became of it, None while it is open; `by` keeps it.
    Whoever promised was `reminded_at` its day, programs heard that the day is over at `overdue_at`.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, related_name="promises")
    what = models.CharField(max_length=300)
    due = models.DateField()
    kept = models.BooleanField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    objects: ClassVar[PromiseManager] = PromiseManager()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "due", "id"], condition=Q(kept=None), name="promise_open"),
            models.Index(fields=["due"], condition=Q(kept=None, reminded_at=None), name="promise_due"),
            models.Index(fields=["due"], condition=Q(kept=None, overdue_at=None), name="promise_overdue"),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk}"

    def settle(self, kept: bool | None, by: User) -> bool:
        """Say whether it was kept, or that it is open after all; False when that stands so already."""
        code = {True: "promise_kept", False: "promise_broken", None: "promise_reopened"}[kept]
        changes: dict[str, Any] = {"kept": kept, "settled_by": None, "settled_at": None}
        if kept is not None:
            changes |= {"settled_by": by, "settled_at": clock.now()}
        with transaction.atomic():
            rows = Promise.objects.of(self.brand_id).filter(pk=self.pk).select_for_update()
            held = rows.first()
            if held is None or held.kept is kept:
                return False
            rows.update(**changes)
            record(code, self.brand_id, self, by)
            self.announce(code.replace("_", "."), by)
            Notice.settle(self.brand_id, f"promise:{self.pk}", "promise_due")
            _show(self)
        return True

    def remove(self, by: User) -> None:
        """It was never promised."""
        with transaction.atomic():
            if not Promise.objects.of(self.brand_id).filter(pk=self.pk).delete()[0]:
                return
            record("promise_removed", self.brand_id, self, by)
            self.announce("promise.removed", by)
            Notice.settle(self.brand_id, f"promise:{self.pk}", "promise_due")
            _show(self)

    def announce(self, kind: str, by: User | None) -> None:
        """Tell programs what became of it: numbers and the day, not what was promised."""
        day = self.due.isoformat()
        announce(
            self.brand_id, kind, promise=self.pk, person=self.actor_id, thread=self.thread_id, due=day,
            by=by.pk if by else None,
        )  # fmt: skip


def _show(promise: Promise) -> None:
    if promise.thread_id:
        nudge(promise.brand_id, [promise.thread_id])


def _may_keep(brand: Brand, actor: Actor) -> None:
    if objections_of(brand, actor.network, actor.remote_id, actor.handle):
        raise Objects


def note_down(brand: Brand, actor: Actor, text: str, by: User) -> PersonNote:
    """Keep something about a person. Objects when they do not want that."""
    _may_keep(brand, actor)
    with transaction.atomic():
        note = PersonNote.objects.of(brand).create(brand=brand, actor=actor, text=text, by=by)
        record("person_noted", brand, actor, by, note=note.pk)
    return note


def tag_person(brand: Brand, actor: Actor, tag: Tag, by: User) -> bool:
    """Put a tag on a person; False when one of their handles has it. Objects when they do not want that."""
    _may_keep(brand, actor)
    with transaction.atomic():
        theirs = PersonTag.objects.of(brand).filter(actor__in=handles_of(brand, actor), tag=tag)
        if theirs.exists():
            return False
        _row, new = PersonTag.objects.of(brand).get_or_create(
            brand=brand, actor=actor, tag=tag, defaults={"by": by}
        )
        if new:
            record("person_tagged", brand, actor, by, tag=tag.name)
    return new


def untag_person(brand: Brand, actor: Actor, tag: Tag, by: User) -> bool:
    """Take a tag off a person, all their handles; False when it was not there."""
    with transaction.atomic():
        theirs = PersonTag.objects.of(brand).filter(actor__in=handles_of(brand, actor), tag=tag)
        if not theirs.delete()[0]:
            return False
        record("person_untagged", brand, actor, by, tag=tag.name)
    return True


def promise(
    brand: Brand, actor: Actor, what: str, due: date, by: User, thread: Thread | None = None
) -> Promise:
    """Write down what somebody promised to a person. Objects when they do not want that."""
    _may_keep(brand, actor)
    with transaction.atomic():
        made = Promise.objects.of(brand).create(
            brand=brand, actor=actor, what=what, due=due, by=by, thread=thread
        )
        record("promised", brand, made, by, until=due.isoformat())
        made.announce("promise.made", by)
        _show(made)
    return made


def handles_of(brand: Brand, actor: Actor) -> list[int]:
    """The numbers of all handles that are known to be this person's, this one among them."""
    rows = Handle.objects.of(brand)
    contact = rows.filter(actor=actor).values("contact")
    return list({actor.pk, *rows.filter(contact__in=contact).values_list("actor", flat=True)})


def link(brand: Brand, actor: Actor, other: Actor, how: str, words: str, by: User) -> Handle:
    """Two handles are one person's, as they agreed. Objects when one of them does not want that; ValueError("same"),
    ValueError("linked") when the other one belongs to somebody already, ValueError("many")."""
    if actor.pk == other.pk:
        raise ValueError("same")
    for each in (actor, other):
        _may_keep(brand, each)
    said: dict[str, Any] = {"brand": brand, "how": how, "words": words, "by": by}
    with transaction.atomic():
        brand.hold()
        rows = Handle.objects.of(brand)
        if rows.filter(actor=other).exists():
            raise ValueError("linked")
        mine = rows.filter(actor=actor).first()
        if mine is None:
            contact = Contact.objects.of(brand).create(brand=brand)
            rows.create(contact=contact, actor=actor, **said)
        else:
            contact = mine.contact
            if contact.handles.count() >= HANDLES_MOST:
                raise ValueError("many")
        made = rows.create(contact=contact, actor=other, **said)
        record("person_linked", brand, actor, by, other=other.pk, how=str(how))
    return made


def unlink(brand: Brand, actor: Actor, by: User) -> bool:
    """This handle is not the others' person's after all; False when it was nobody's."""
    with transaction.atomic():
        brand.hold()
        found = Handle.objects.of(brand).filter(actor=actor).first()
        if found is None:
            return False
        record("person_unlinked", brand, actor, by)
        _take_out(found)
    return True


def _take_out(handle: Handle) -> None:
    contact = handle.contact
    handle.delete()
    if contact.handles.count() < 2:
        contact.delete()


KINDS: tuple[Any, ...] = (PersonNote, PersonTag, Promise)


def forget(actors: Any, brand: Brand | None = None) -> int:
    """Let go of all that is kept of these people, in one brand or everywhere; how much it was."""
    done = 0
    for kind in (Handle, *KINDS):
        rows = kind.objects.of(brand) if brand is not None else kind.objects.everywhere()
        rows = rows.filter(actor__in=actors)
        if kind is Handle:
            for handle in rows.select_related("contact"):
                _take_out(handle)
                done += 1
        else:
            done += rows.delete()[0]
    return done


def remind() -> int:
    """Tell those whose promises are due, each once, in the morning; how many."""
    with transaction.atomic():
        due = Promise.objects.everywhere().open().filter(reminded_at=None).due_by(clock.now() - MORNING)
        rows = list(due.select_related("thread").select_for_update(of=("self",), skip_locked=True)[:1_000])
        drafts = []
        for each in rows:
            to = each.by_id or (each.thread.assignee_id if each.thread else None)
            if to:
                facts = {"day": each.due.isoformat()}
                drafts.append(NoticeDraft(each.brand_id, "promise_due", f"promise:{each.pk}", facts, to))
        Notice.post_all(drafts)
        pks = [each.pk for each in rows]
        Promise.objects.everywhere().filter(pk__in=pks).update(reminded_at=clock.now())
    return len(rows)


def call_overdue() -> int:
    """Tell programs of promises whose day is over and of which nobody has said what became, each once; how many."""
    with transaction.atomic():
        late = Promise.objects.everywhere().open().filter(overdue_at=None).due_by(clock.now(), days=1)
        rows = list(late.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:1_000])
        for each in rows:
            each.announce("promise.overdue", None)
        done = Promise.objects.everywhere().filter(pk__in=[each.pk for each in rows])
        done.update(overdue_at=clock.now())
    return len(rows)
