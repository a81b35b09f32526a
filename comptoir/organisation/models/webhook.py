"""Webhooks: addresses of programs that are told what happens on a brand, and each call to them."""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.inside import allowed_places, plain
from comptoir.kernel.secrets import seal, unseal
from comptoir.organisation import audit
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.notice import Notice
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

TEST = "test"
EVENTS = {
    "thread.opened": _("A thread began"),
    "thread.assigned": _("A thread was given to somebody, or to nobody"),
    "thread.paused": _("A thread was set aside"),
    "thread.prioritised": _("A thread got another priority"),
    "thread.tagged": _("A tag was put on a thread"),
    "thread.untagged": _("A tag was taken off a thread"),
    "thread.filled": _("A field of a thread got another value"),
    "thread.merged": _("A thread was merged into another one"),
    "thread.split": _("A thread was made of messages of another one"),
    "thread.closed": _("A thread was closed"),
    "thread.late": _("A service target was missed"),
    "thread.reopened": _("A thread is open again"),
    "message.received": _("Somebody wrote"),
    "message.edited": _("Somebody changed what they wrote"),
    "message.deleted": _("Somebody took back what they wrote"),
    "message.approved": _("A message was approved, or shown again"),
    "message.held": _("A message was held back"),
    "message.spam": _("A message was marked as spam"),
    "message.removed": _("A message was removed"),
    "mention.heard": _("Something was said that a query listens for"),
    "alert.began": _("Something unusual is said of a query, or nothing any more"),
    "alert.joined": _("What an alert told of is heard by another query as well"),
    "alert.over": _("An alert of a query is over"),
    "takeover.began": _("The tag of an event is taken over by noise"),
    "takeover.over": _("The tag of an event is not taken over any more"),
    "event.moved": _("An event moved to another tag, or back"),
    "post.settled": _("A post is published, in part or not at all"),
    "source.back": _("A place where the brand listens is well again"),
    "person.blocked": _("Somebody was blocked"),
    "person.unblocked": _("Somebody was unblocked"),
    "person.reported": _("Somebody, or a message, was reported to the network"),
    "decision.refused": _("The network said no to a decision"),
    "decision.uncertain": _("Nobody knows whether a report arrived"),
    "reply.sent": _("An answer is on the network"),
    "reply.refused": _("An answer did not leave"),
    "reply.uncertain": _("Nobody knows whether an answer left"),
    "reply.returned": _("An answer came back"),
    "case.handed": _("A case was handed to customer service"),
    "case.answered": _("Customer service answered a case"),
    "release.prepared": _("An answer to many was prepared"),
    "release.released": _("An answer to many was released"),
    "release.done": _("An answer to many was given to everybody in it"),
    "release.stopped": _("An answer to many was stopped"),
    "promise.made": _("Something was promised to somebody"),
    "promise.kept": _("A promise was kept"),
    "promise.broken": _("A promise was not kept"),
    "promise.reopened": _("A promise is open after all"),
    "promise.removed": _("A promise was removed"),
    "promise.overdue": _("The day of a promise is over"),
    "surge.began": _("Many began to write at once"),
    "surge.ended": _("Fewer write again, and are answered"),
    "channel.connected": _("A channel is connected"),
    "channel.lost": _("A channel has to be connected again"),
    "alarm.sounded": _("The one on duty is called"),
    "alarm.called": _("Somebody on duty, or an owner, was called"),
    "alarm.acknowledged": _("Somebody took a call"),
    "notice.posted": _("The brand's people have to know something"),
}
"""What a webhook may be told."""
MOST = 20
"""Webhooks of one brand."""
OVERLAP = timedelta(hours=24)
"""How long the secret before goes on signing beside a new one."""
WAITS = tuple(timedelta(seconds=n) for n in (10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 28_800))
"""What follows each failure before the next try: about a day in all."""
GIVEN_UP = timedelta(hours=24)
"""After so long a call that nobody took is not tried again by itself."""
PATIENCE = timedelta(days=3)
"""After so long without one call taken the webhook is switched off."""


class TooManyWebhooks(Exception):
    """The brand has as many as one may have."""


class WebhookQuerySet(BrandQuerySet["Webhook"]):
    def due(self) -> Self:
        """Those that have a call to make now, and whose receiver is not left alone for a while."""
        now = clock.now()
        waiting = Q(calls__state=WebhookCall.State.WAITING, calls__due__lte=now)
        rested = Q(rests_until=None) | Q(rests_until__lte=now)
        return self.filter(waiting, rested, on=True, brand__archived_at=None).distinct()


class WebhookManager(BrandManager["Webhook", "WebhookQuerySet"]):
    queryset_class = WebhookQuerySet


def new_secret() -> str:
    """As the Standard Webhooks have it."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


class Webhook(models.Model):
    """An address that is told some of what happens on a brand.

    `failing_since`: when the first of its failures in a row was; `rests_until`: its receiver is not well and is left
    alone until then. `code` says why it was switched off, "" when a person did.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="webhooks")
    address = models.TextField()
    events = ArrayField(models.CharField(max_length=30))
    sealed = models.BinaryField()
    sealed_before = models.BinaryField(null=True)
    rotated_at = models.DateTimeField(null=True)
    on = models.BooleanField(default=True)
    code = models.CharField(max_length=30, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[WebhookManager] = WebhookManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        """The host it leads to: the rest of the address may be a secret of the receiver's."""
        return urlsplit(self.address).netloc

    @classmethod
    def make(cls, brand: Brand, address: str, events: Iterable[str], by: User) -> tuple[Webhook, str]:
        """A new webhook and the secret that signs its calls. TooManyWebhooks past the limit."""
        secret = new_secret()
        with transaction.atomic():
            Brand.objects.of(brand).select_for_update().get()
            if cls.objects.of(brand).count() >= MOST:
                raise TooManyWebhooks
            made = cls.objects.create(
                brand=brand, address=address, events=_known(events), sealed=seal(secret), made_by=by
            )
            audit.record("webhook_made", brand, made, by, place=made.place)
        return made, secret

    def change(self, by: User, address: str, events: Iterable[str]) -> None:
        """Another address, other events."""
        with transaction.atomic():
            self._set(address=address, events=_known(events), failures=0, rests_until=None)
            audit.record("webhook_changed", self.brand_id, self, by, place=self.place)

    def secrets(self) -> list[str]:
        """The secrets that sign now, the newest first. Unreadable when they are sealed with another key."""
        found = [unseal(self.sealed)]
        if self.sealed_before and self.rotated_at and self.rotated_at > clock.now() - OVERLAP:
            found.append(unseal(self.sealed_before))
        return found

    def rotate(self, by: User) -> str:
        """A new secret. The one before goes on signing beside it for a day."""
        secret = new_secret()
        with transaction.atomic():
            self._set(sealed=seal(secret), sealed_before=bytes(self.sealed), rotated_at=clock.now())
            audit.record("webhook_rotated", self.brand_id, self, by, place=self.place)
        return secret

    def switch(self, on: bool, by: User) -> None:
        """On, and what waits is told at once; or off."""
        with transaction.atomic():
            if not Webhook.objects.of(self.brand_id).filter(pk=self.pk, on=not on).update(on=on):
                return
            self._set(on=on, code="", failures=0, failing_since=None, rests_until=None)
            audit.record("webhook_on" if on else "webhook_off", self.brand_id, self, by, place=self.place)
            Notice.settle(self.brand_id, f"webhook:{self.pk}")

    def give_up(self, code: str) -> None:
        """Nobody takes its calls: silence until a person switches it on again, and a notice that says so."""
        with transaction.atomic():
            if Webhook.objects.of(self.brand_id).filter(pk=self.pk, on=True).update(on=False, code=code):
                audit.record("webhook_gave_up", self.brand_id, self, place=self.place, code=code)
                Notice.post(self.brand_id, "webhook_off", f"webhook:{self.pk}", place=self.place)

    def remove(self, by: User) -> None:
        """Forget it, with all its calls."""
        with transaction.atomic():
            audit.record("webhook_removed", self.brand_id, self, by, place=self.place)
            Notice.settle(self.brand_id, f"webhook:{self.pk}")
            self.delete()

    def took(self) -> None:
        """A call was taken."""
        if self.failures or self.failing_since:
            self._set(failures=0, failing_since=None, rests_until=None)

    def failed(self, ill: bool, after: timedelta | None) -> None:
        """A call was not taken. `ill`: its receiver is not well, and is left alone, `after` so long if it said."""
        now = clock.now()
        changes: dict[str, Any] = {"failing_since": self.failing_since or now}
        if ill:
            wait = after or WAITS[min(self.failures, len(WAITS) - 1)]
            changes |= {"failures": self.failures + 1, "rests_until": now + wait}
        self._set(**changes)
        if now - changes["failing_since"] > PATIENCE:
            self.give_up("nobody")

    def _set(self, **changes: Any) -> None:
        Webhook.objects.of(self.brand_id).filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)


def _known(events: Iterable[str]) -> list[str]:
    chosen = set(events)
    return [event for event in EVENTS if event in chosen]


def may_be_called(address: str) -> bool:
    """Whether an address is one that calls may go to: https, or a place that the host has allowed by name."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password:
        return False
    allowed = (plain(parts.hostname), port) in allowed_places(settings.INSIDE_ALLOWED)
    return parts.scheme == "https" or (parts.scheme == "http" and allowed)


class WebhookCall(models.Model):
    """One event to tell one webhook: waiting > taken | failed. `event` is its name for ever, on every try.

    Names sort as events happened. `queued` is when it began to wait, again perhaps; `due` when it is tried next.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Taken")
        FAILED = "failed", _("Not taken")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False)
    event = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    data = models.JSONField()
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    queued = models.DateTimeField(default=clock.now)
    due = models.DateTimeField(default=clock.now)
    code = models.CharField(max_length=30, blank=True)

    objects: ClassVar[BrandManager[WebhookCall, BrandQuerySet[WebhookCall]]] = BrandManager.along(
        "webhook__brand"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken", "failed"]), name="webhook_call_state_known"
            )
        ]
        indexes = [
            models.Index(fields=["webhook", "id"], condition=Q(state="waiting"), name="webhook_call_waiting"),
            models.Index(fields=["webhook", "-id"], name="webhook_call_newest"),
            models.Index(fields=["at"], name="webhook_call_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"

    def again(self, by: User) -> None:
        """Tell it once more, whatever came of it."""
        now = clock.now()
        with transaction.atomic():
            mine = WebhookCall.objects.of(self.webhook.brand_id).filter(pk=self.pk)
            mine.update(state=self.State.WAITING, tries=0, code="", queued=now, due=now)
            audit.record(
                "webhook_sent_again",
                self.webhook.brand_id,
                self,
                by,
                place=self.webhook.place,
                kind=self.kind,
            )


class WebhookAttempt(models.Model):
    """One try of a call. `status` is the receiver's, None when there was no answer; then `code` says why."""

    call = models.ForeignKey(WebhookCall, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=30, blank=True)
    took = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=1_000, blank=True)

    def __str__(self) -> str:
        return f"{self.status or self.code} after {self.took} ms"


def new_event() -> str:
    """A name for an event: names sort by when they were given, to the microsecond."""
    return f"evt_{time.time_ns() // 1000:014x}{secrets.token_hex(6)}"
