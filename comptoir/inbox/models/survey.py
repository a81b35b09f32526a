"""Whether people were helped: one question behind a link in an ordinary answer, answered once or not at all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from comptoir.inbox.models.acts import Reply
from comptoir.inbox.models.thread import Thread
from comptoir.inbox.models.variables import SURVEY
from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Team
from comptoir.organisation.models.tokens import digest, fresh

LIFE = timedelta(days=30)
"""How long the question waits for its answer."""
SCORES = range(1, 6)
SATISFIED = 4
"""From this score on somebody is satisfied."""
WORDS_MOST = 1_000
_PLACE = re.compile(r"\{\{\s*" + SURVEY + r"\s*\}\}", re.IGNORECASE)
_TOKEN = 43


class Survey(models.Model):
    """The question, asked with an answer that leaves. `team` and `language` are the thread's when it was asked.

    Who was asked stands on the thread alone; what they answered goes when they are erased, its number stays.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="surveys", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="surveys")
    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="survey")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=16, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    expires = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=WORDS_MOST, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[Survey, BrandQuerySet[Survey]]] = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True)
                | Q(score__range=(1, 5), answered_at__isnull=False),
                name="survey_answered_with_a_score",
            )
        ]
        indexes = [models.Index(fields=["brand", "asked_at"], name="surveys_of_brand")]

    def __str__(self) -> str:
        return f"survey {self.pk}"

    @classmethod
    def open(cls, token: str) -> Survey | None:
        """The question behind a link; None for one that is unknown or has expired."""
        live = cls.objects.everywhere().filter(digest=digest(token), expires__gt=clock.now())
        return live.filter(brand__archived_at=None).select_related("brand", "thread").first()

    def answer(self, score: int, words: str = "") -> bool:
        """They say how it was, once: False when they have already."""
        waiting = Survey.objects.of(self.brand_id).filter(pk=self.pk, answered_at=None)
        return bool(waiting.update(score=score, words=words[:WORDS_MOST], answered_at=clock.now()))


def asks(text: str) -> bool:
    """Whether the question is to leave with a text."""
    return bool(_PLACE.search(text))


def as_long(text: str) -> str:
    """The text as long as it will be once the link stands in it."""
    return _PLACE.sub(_address("x" * _TOKEN), text)


def put_link(text: str) -> tuple[str, str]:
    """The text with a fresh link in place of the variable, and the digest to keep; "" when there is none in it."""
    if not asks(text):
        return text, ""
    token, kept = fresh()
    link = _address(token)
    return _PLACE.sub(lambda _found: link, text), kept


def ask_with(reply: Reply, kept: str) -> Survey:
    """Keep that the question leaves with this answer."""
    thread = reply.thread
    return Survey.objects.create(
        brand_id=thread.brand_id, thread=thread, reply=reply, channel_id=thread.channel_id, team_id=thread.team_id,
        language=thread.language, digest=kept, expires=clock.now() + LIFE,
    )  # fmt: skip


def _address(token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('survey', args=[token])}"
