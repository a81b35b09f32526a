"""Cases: what is handed over to customer service, and what comes back."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.events import CaseReady
from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.kernel.live import nudge
from comptoir.kernel.secrets import Sealed, column, keeps_sealed, seal, unseal
from comptoir.networks.models import Channel
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, NameTaken, Notice
from comptoir.organisation.models.tokens import digest, fresh
from comptoir.organisation.models.webhook import new_secret

if TYPE_CHECKING:
    from comptoir.organisation.models import User

LINK_LIFE = timedelta(days=90)
"""How long customer service may answer by the link in a mail."""
NOTE_MOST, CONTACT_MOST, THEIRS_MOST = 5_000, 300, 80
TEXT_MOST = 10_000


class ServiceDesk(models.Model):
    """A desk of customer service. Cases go to its `address`: by mail, or signed to a program of its own.

    `answers` is the mailbox at which its mails come back, None where its people answer by the link alone. The secret of
    a program signs both ways.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail")
        PROGRAM = "program", _("To a program")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="desks")
    name = models.CharField(max_length=60)
    way = models.CharField(max_length=7, choices=Way.choices)
    address = models.TextField()
    sealed = models.BinaryField(null=True)
    answers = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[ServiceDesk, BrandQuerySet[ServiceDesk]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"], condition=Q(retired_at__isnull=True), name="desk_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls, brand: Brand, name: str, way: str, address: str, by: User, answers: Channel | None = None
    ) -> tuple[ServiceDesk, str]:
        """A new desk, and the secret of its program ("" for one by mail). NameTaken when there is one of that name."""
        secret = new_secret() if way == cls.Way.PROGRAM else ""
        try:
            with transaction.atomic():
                made = cls.objects.create(
                    brand=brand, name=name, way=way, address=address, answers=answers, made_by=by,
                    sealed=seal(secret) if secret else None,
                )  # fmt: skip
                record("desk_made", brand, made, by, desk=name)
        except IntegrityError:
            raise NameTaken(name) from None
        return made, secret

    def retire(self, by: User) -> bool:
        """No new cases go there; those that are there may still be answered. False when it was retired already."""
        with transaction.atomic():
            mine = ServiceDesk.objects.of(self.brand_id).filter(pk=self.pk, retired_at=None)
            if not mine.update(retired_at=clock.now()):
                return False
            record("desk_retired", self.brand_id, self, by, desk=self.name)
        return True

    def secret(self) -> str:
        """What signs. Unreadable when it is sealed with another key."""
        return unseal(self.sealed) if self.sealed else ""


@keeps_sealed
def desk_secrets() -> Iterator[Sealed]:
    """What signs the cases that go to programs."""
    yield from column(ServiceDesk.objects.everywhere(), "sealed", lambda desk: f"service desk {desk.pk}")


class Case(models.Model):
    """A thread in the hands of customer service, with our `number` and, once they told us, `theirs`.

    waiting > sending > sent | uncertain | failed. `sending` is the name of what is sent, the same on every try; `code`
    stands in the subject of a mail, so that nobody else's mail is taken for an answer. `messages` are entries of the
    thread: their words are looked up when the case leaves.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Leaves in a moment")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("With them")
        UNCERTAIN = "uncertain", _("Not sure that it left")
        FAILED = "failed", _("Did not leave")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="cases", db_index=False)
    desk = models.ForeignKey(ServiceDesk, on_delete=models.CASCADE, related_name="cases")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=32, unique=True)
    sending = models.CharField(max_length=32)
    code = models.CharField(max_length=10)
    messages = ArrayField(models.BigIntegerField(), default=list)
    note = models.TextField(blank=True)
    contact = models.CharField(max_length=CONTACT_MOST, blank=True)
    consent = models.CharField(max_length=CONTACT_MOST, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=60, blank=True)
    theirs = models.CharField(max_length=THEIRS_MOST, blank=True)
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[Case, BrandQuerySet[Case]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "uncertain", "failed"]),
                name="case_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state__in=["waiting", "sending"]), name="case_due")
        ]

    def __str__(self) -> str:
        return f"case {self.number}"

    @classmethod
    def hand_over(
        cls, thread: Thread, desk: ServiceDesk, by: User, *, messages: Iterable[int] = (), note: str = "",
        contact: str = "", consent: str = "", key: str = "",
    ) -> Case:  # fmt: skip
        """Hand a thread to a desk; it waits for a colleague meanwhile. `key` makes a form sent twice one case.

        `contact` is what of the person is passed on, `consent` how they agreed: ValueError("consent") without.
        """
        if contact and not consent:
            raise ValueError("consent")
        key = key or uuid.uuid4().hex
        with transaction.atomic():
            thread.brand.hold()
            if earlier := cls.objects.of(thread.brand_id).filter(key=key, thread=thread).first():
                return earlier
            last = cls.objects.of(thread.brand_id).aggregate(last=models.Max("number"))["last"] or 0
            chosen = thread.entries.filter(pk__in=list(messages)).order_by("at", "pk")
            case = cls.objects.create(
                brand_id=thread.brand_id, desk=desk, thread=thread, by=by, number=last + 1, key=key,
                sending=uuid.uuid4().hex, code=secrets.token_hex(5), note=note, contact=contact, consent=consent,
                messages=list(chosen.values_list("pk", flat=True)),
            )  # fmt: skip
            record("case_handed", thread.brand_id, thread, by, **case.facts())
            announce(thread.brand_id, "case.handed", **case.named(), by=by.pk)
            thread.pause("colleague", by)
            nudge(thread.brand_id, [thread.pk])
            tell(CaseReady(case.pk))
        return case

    def bring_back(self, text: str, key: str, theirs: str = "", done: bool = True) -> bool:
        """Customer service says what came of it: an internal note in the thread, which wakes up; whoever handed it over
        is told. `key` names this answer: False when it is here already."""
        now = clock.now()
        with transaction.atomic():
            held = Case.objects.of(self.brand_id).select_for_update(of=("self",)).get(pk=self.pk)
            thread = self._home()
            if thread.remarked(f"case:{self.pk}:{key}", str(self.desk), text, now) is None:
                return False
            Case.objects.of(self.brand_id).filter(pk=self.pk).update(
                state=self.State.SENT, reason="", answered_at=now, theirs=theirs[:THEIRS_MOST] or held.theirs,
                done_at=now if done else held.done_at,
            )  # fmt: skip
            Notice.settle(self.brand_id, f"case:{self.pk}")
            record("case_answered", self.brand_id, thread, **self.facts())
            if thread.closed_at is not None:
                thread.reopen(None)
            announce(self.brand_id, "case.answered", **self.named(), done=done)
            self._tell("case_answered", f"thread:{thread.pk}")
        return True

    def settle(self, there: bool, by: User) -> bool:
        """A person says what became of one that is uncertain or did not leave: it is there, or it leaves again.

        False when there is nothing to settle.
        """
        stuck = Q(state=self.State.UNCERTAIN) | Q(state=self.State.FAILED)
        with transaction.atomic():
            mine = Case.objects.of(self.brand_id).filter(stuck, pk=self.pk)
            changes: dict[str, Any] = {"state": self.State.SENT, "reason": ""}
            if not there:
                changes = {"state": self.State.WAITING, "due": clock.now(), "tries": 0, "reason": ""}
            if not there and self.desk.way == ServiceDesk.Way.MAIL:
                # A second mail under the name of the first would be thrown away where the first one lies.
                changes["sending"] = uuid.uuid4().hex
            if not mine.update(**changes):
                return False
            what = "case_settled_there" if there else "case_settled_again"
            record(what, self.brand_id, self.thread, by, **self.facts())
            Notice.settle(self.brand_id, f"case:{self.pk}")
            if not there:
                tell(CaseReady(self.pk))
            nudge(self.brand_id, [self.thread_id])
        return True

    def move(self, state: str, **changes: Any) -> bool:
        """What came of sending it, by compare-and-set; whoever handed it over is told when it is stuck."""
        with transaction.atomic():
            mine = Case.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.SENDING)
            if not mine.update(state=state, **changes):
                return False
            if state in (self.State.UNCERTAIN, self.State.FAILED):
                self._tell("case_stuck", f"case:{self.pk}")
            nudge(self.brand_id, [self.thread_id])
        return True

    def link(self) -> str:
        """A fresh word that lets its holder answer; its digest is kept."""
        token, kept = fresh()
        CaseLink.objects.create(case=self, digest=kept, expires=clock.now() + LINK_LIFE)
        return token

    def facts(self) -> dict[str, Any]:
        """What sentences about it name."""
        return {"desk": str(self.desk), "number": self.number}

    def named(self) -> dict[str, Any]:
        """What programs are told of it."""
        return {"case": self.number, "thread": self.thread_id, "desk": self.desk_id}

    def _home(self) -> Thread:
        """Where its thread is now, if it was merged into others since."""
        thread = self.thread
        while thread.merged_into is not None:
            thread = thread.merged_into
        return thread

    def _tell(self, topic: str, about: str) -> None:
        if self.by_id:
            Notice.post(self.brand_id, topic, about, self.by_id, **self.facts())


class CaseLink(models.Model):
    """A word that was mailed with a case: whoever holds it may say what came of it, until it expires."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to case {self.case_id}"

    @classmethod
    def open(cls, token: str) -> Case | None:
        """The case behind a word; None for one that is unknown, or has expired."""
        live = cls.objects.filter(digest=digest(token), expires__gt=clock.now())
        found = live.select_related("case__brand", "case__desk", "case__thread").first()
        return found.case if found and found.case.brand.archived_at is None else None
