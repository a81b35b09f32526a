"""What lies beside an answer in the making: pictures, and files where the network carries them, kept like its draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction

from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.kernel.media import Unusable
from comptoir.kernel.redrawing import redrawn
from comptoir.networks.connector import Carries, Replies, Upload
from comptoir.networks.models import Attachment

if TYPE_CHECKING:
    from comptoir.networks.models import Channel, Delivery
    from comptoir.organisation.models import User

TAKEN_MOST = 25_000_000
"""Bytes of a picture as it is brought here; it leaves smaller."""
FILES = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "ics": "text/calendar",
    "zip": "application/zip",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Files that are no pictures and may leave, by how their names end: none of them runs anything by itself."""


class NotTaken(Exception):
    """It cannot lie beside an answer here: `code` is one of `Unusable`, "none", "too_many", "too_heavy" or
    "file_kind"; `limit` how much could."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


class Enclosure(models.Model):
    """A picture or a file that somebody put beside the answer that they are writing: theirs alone, until it leaves.

    `name` is a file's; a picture has none, as its name may tell more than it shows.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="enclosures", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()
    mime = models.CharField(max_length=80)
    alt = models.TextField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes = [models.Index(fields=["thread", "by"], name="enclosure_of_draft")]

    def __str__(self) -> str:
        return f"{self.mime} of {self.by_id} for {self.thread_id}"

    @property
    def is_picture(self) -> bool:
        """Whether it can be looked at, and so needs words for those who cannot."""
        return self.mime.startswith("image/")


def carried(channel: Channel) -> Carries:
    """What may lie beside an answer on a channel."""
    return channel.connector().carries() if channel.can(Replies) else Carries(0, 0, 0)


def enclose(thread: Thread, by: User, content: bytes, name: str = "", alt: str = "") -> Enclosure:
    """Put a picture, or a file where the network carries them, beside the answer. NotTaken says why not."""
    takes = carried(thread.channel)
    if not takes.most:
        raise NotTaken("none")
    try:
        made = redrawn(content, takes.size)
        row = Enclosure(content=made.content, mime=made.mime, alt=alt.strip()[: takes.words])
    except Unusable as fault:
        row = _file(content, name, takes, fault)
    with transaction.atomic():
        # One at a time, so that two at once are not more than the network takes.
        Thread.objects.of(thread.brand_id).select_for_update().get(pk=thread.pk)
        if Enclosure.objects.filter(thread=thread, by=by).count() >= takes.most:
            raise NotTaken("too_many", takes.most)
        row.thread, row.by = thread, by
        row.save()
    return row


def _file(content: bytes, name: str, takes: Carries, fault: Unusable) -> Enclosure:
    """A file that is no picture, as it is."""
    mime = FILES.get(PurePath(name).suffix.lower().lstrip("."), "")
    if not takes.files or fault.reason != "not_image" or not mime:
        raise NotTaken("file_kind" if takes.files and fault.reason == "not_image" else fault.reason)
    if len(content) > takes.size:
        raise NotTaken("too_heavy", takes.size)
    called = re.sub(r"[\x00-\x1f\x7f/\\:\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", PurePath(name).name)
    return Enclosure(content=content, mime=mime, name=" ".join(called.split())[-120:])


def describe(thread: Thread, by: User, words: Mapping[int, str]) -> None:
    """What one's own pictures show, by their numbers."""
    most = carried(thread.channel).words
    for row in Enclosure.objects.filter(thread=thread, by=by, pk__in=words).only("pk", "alt"):
        if (alt := " ".join(words[row.pk].replace("\x00", "").split())[:most]) != row.alt:
            Enclosure.objects.filter(pk=row.pk).update(alt=alt)


def undescribed(thread: Thread, by: User, numbers: Sequence[int]) -> int:
    """How many of these pictures have no words for those who cannot see them."""
    rows = Enclosure.objects.filter(thread=thread, by=by, pk__in=numbers, mime__startswith="image/", alt="")
    return rows.count()


def put_in(thread: Thread, by: User, numbers: Sequence[int]) -> list[Upload]:
    """What is to leave with an answer, taken out of its draft. ValueError("enclosures") when some are gone."""
    rows = list(Enclosure.objects.filter(thread=thread, by=by, pk__in=numbers).select_for_update())
    if len(rows) != len(set(numbers)):
        raise ValueError("enclosures")
    Enclosure.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [Upload(bytes(row.content), row.mime, row.alt, row.name) for row in rows]


def take_out(thread: Thread, delivery: Delivery, by: User, keep: bool = False) -> None:
    """What lay beside an answer that did not leave lies beside the draft again; `keep`: beside the answer as well.

    Nothing happens where something lies beside the draft already.
    """
    rows: Any = Attachment.objects.filter(delivery=delivery)
    with transaction.atomic():
        if Enclosure.objects.filter(thread=thread, by=by).exists():
            return
        Enclosure.objects.bulk_create(
            Enclosure(thread=thread, by=by, content=a.content, mime=a.mime, alt=a.alt, name=a.name)
            for a in rows
        )
        if not keep:
            rows.delete()
