"""Mentions that left their table for files of columns: which files there are, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.models.query import Query
from comptoir.networks.models import Actor
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

_FORGET = """
WITH away AS (DELETE FROM listening_storedmention WHERE {which} RETURNING file_id)
SELECT DISTINCT file_id FROM away
"""


class StoredFile(models.Model):
    """What is stored of a brand and a month (of UTC), or a part of it, in the file that is called `name` now: a file is
    never changed, another takes its place. `since` and `until` are when the first and the last of it were said, `lost`
    the numbers of mentions that are none any more: nobody is shown them, and they are still to leave the file.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="stored_files")
    month = models.DateField()
    name = models.TextField(unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    rows = models.PositiveIntegerField()
    size = models.BigIntegerField()
    lost = ArrayField(models.BigIntegerField(), default=list)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[BrandManager[StoredFile, BrandQuerySet[StoredFile]]] = BrandManager.along("brand")

    def __str__(self) -> str:
        return self.name


class StoredScrap(models.Model):
    """The name of a file that is nobody's: one that is being written, or one whose place was taken. It is noted before
    there is one, so that a file that a killed worker left is found. Nothing reads it, and it goes."""

    name = models.TextField(primary_key=True)
    made = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[StoredScrap]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class StoredMention(models.Model):
    """What stays of a mention in the database, under its number: what it is found by when it is taken back, when
    its author is erased, or when the same comes again. `key` stands for its message: see `key_of`."""

    id = models.BigIntegerField(primary_key=True)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="mentions")
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="stored")
    author = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="stored")
    key = models.BigIntegerField()

    objects: ClassVar[BrandManager[StoredMention, BrandQuerySet[StoredMention]]] = BrandManager.along(
        "query__brand"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "query"], name="stored_once")]

    def __str__(self) -> str:
        return f"{self.query_id}: stored {self.pk}"


def key_of(network: str, remote_id: str) -> int:
    """What stands for a message of a network: 64 bits that say nothing of it."""
    return int.from_bytes(blake2b(f"{network}\0{remote_id}".encode(), digest_size=8).digest(), signed=True)


def forget_keys(keys: Iterable[int]) -> list[int]:
    """Messages were taken back: they are mentions of nobody. The files that they are still to leave."""
    return _forget("key = ANY(%(given)s)", keys)


def forget_authors(authors: Iterable[int]) -> list[int]:
    """The same of all that these actors said."""
    return _forget("author_id = ANY(%(given)s)", authors)


def forget_mentions(numbers: Iterable[int]) -> list[int]:
    """The same of these mentions."""
    return _forget("id = ANY(%(given)s)", numbers)


def _forget(which: str, given: Iterable[int]) -> list[int]:
    wanted = sorted(set(given))
    return [pk for (pk,) in ask(_FORGET.format(which=which), {"given": wanted})] if wanted else []
