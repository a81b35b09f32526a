"""How a person wants to be told, and when not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.kernel.secrets import Unreadable, seal, unseal
from comptoir.organisation.topics import DIGEST, NEVER, NOW, ROUSING, TOPICS, rouses

WEEK = range(7)
"""Monday is 0."""


class Taste(models.Model):
    """A person's choices about notices. Whoever never chose has what the topics propose.

    `choices` is {topic: {way: "now" | "digest" | "never"}}. `quiet_from` and `quiet_until` are times of the person's
    own day (`zone`), past midnight if the second is the earlier; `quiet_days` are whole days (0 is Monday).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="taste")
    choices = models.JSONField(default=dict)
    zone = models.CharField(max_length=60, default="UTC")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_days = models.JSONField(default=list)
    digest_at = models.TimeField(default=time(8))
    chat = models.BinaryField(null=True)

    objects: ClassVar[models.Manager[Taste]] = models.Manager()

    def __str__(self) -> str:
        return f"taste of {self.user_id}"

    @property
    def chat_address(self) -> str:
        """Where chat messages go, "" for nowhere, or where no key that is here opens it."""
        try:
            return unseal(self.chat) if self.chat else ""
        except Unreadable:
            return ""

    @chat_address.setter
    def chat_address(self, address: str) -> None:
        self.chat = seal(address) if address else None

    def choice(self, code: str, way: str) -> str:
        """NOW, DIGEST or NEVER: what the person chose for a topic and way, else what the topic proposes."""
        topic = TOPICS.get(code)
        if topic and topic.rouses and way in ROUSING:
            return NOW
        proposed = str(getattr(topic, way)) if topic else NEVER
        chosen = self.choices.get(code, {}).get(way, proposed)
        return chosen if chosen in (NOW, DIGEST, NEVER) else proposed

    def due(self, code: str, way: str, now: datetime) -> datetime | None:
        """When to tell what is posted `now` (aware), None for not at all. Within the quiet hours only what rouses."""
        choice = self.choice(code, way)
        if choice == NEVER:
            return None
        if choice == NOW and rouses(code):
            return now
        return self._after_quiet(self._next_digest(now) if choice == DIGEST else now)

    def _next_digest(self, now: datetime) -> datetime:
        local = now.astimezone(self._zone)
        at = local.replace(hour=self.digest_at.hour, minute=self.digest_at.minute, second=0, microsecond=0)
        return at if at > local else self._local(at, at + timedelta(days=1))

    def _after_quiet(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet time that it falls into."""
        for _step in range(2 * len(WEEK)):
            end = self._quiet_end(moment.astimezone(self._zone))
            if end is None:
                return moment
            moment = end
        return moment

    def _quiet_end(self, local: datetime) -> datetime | None:
        if local.weekday() in self.quiet_days and len(set(self.quiet_days)) < len(WEEK):
            return self._local(local, local + timedelta(days=1), time(0))
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None or begin == end:
            return None
        at = local.time()
        if begin < end:
            return self._local(local, local, end) if begin <= at < end else None
        if at >= begin:
            return self._local(local, local + timedelta(days=1), end)
        return self._local(local, local, end) if at < end else None

    def _local(self, after: datetime, day: datetime, at: time | None = None) -> datetime:
        """A time of that day on the person's clock, and surely past `after` also when clocks are put back."""
        at = at or day.time()
        found = datetime.combine(day.date(), at, tzinfo=self._zone)
        return found if found > after else after + timedelta(hours=1)

    @property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone or "UTC")
        except (ValueError, OSError, ZoneInfoNotFoundError):
            return ZoneInfo("UTC")


def taste_of(user_id: int) -> Taste:
    """A person's choices, or those of somebody who never chose."""
    return Taste.objects.filter(user=user_id).first() or Taste(user_id=user_id)


class Device(models.Model):
    """A browser that takes push messages for a person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    endpoint = models.TextField(unique=True)
    keys = models.BinaryField()
    name = models.CharField(max_length=120, blank=True)
    created = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Device]] = models.Manager()

    def __str__(self) -> str:
        return self.name or f"device {self.pk}"
