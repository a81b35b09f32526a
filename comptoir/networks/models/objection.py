"""People who want nothing kept of them, and people who were erased: known by a keyed hash, never by name."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet


class PersonKey(models.Model):
    """The key of the hashes, one row. It comes and goes with the database: without it no hash can be honoured.

    `changes` counts what was added and removed, so that whoever receives knows when to read the hashes again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    key = models.BinaryField()
    changes = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[PersonKey]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_person_key")]

    def __str__(self) -> str:
        return "key of the hashes"

    @classmethod
    def get(cls) -> PersonKey:
        """The row, made at first need: with the key of erasures that a restored database does not know, if any."""
        from comptoir.networks.erasures import last_key

        row = cls.objects.first()
        return (
            row or cls.objects.get_or_create(id=1, defaults={"key": last_key() or secrets.token_bytes(32)})[0]
        )

    @classmethod
    def changed(cls) -> None:
        """Have everybody who receives read the hashes again."""
        cls.get()
        cls.objects.update(changes=models.F("changes") + 1)


class Objection(models.Model):
    """Somebody whose messages are skipped on receiving: of one brand, or of the whole house.

    Known by the account (`of_account`, the hash of the network and its remote id), or only by the handle until the
    first message tells the account: a handle that changes hands must not silence somebody else.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="objections")
    network = models.CharField(max_length=30)
    of_account = models.CharField(max_length=64, blank=True)
    of_handle = models.CharField(max_length=64, blank=True)
    created = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    skipped = models.PositiveBigIntegerField(default=0)
    last_skipped = models.DateTimeField(null=True)

    objects: ClassVar[BrandManager[Objection, BrandQuerySet[Objection]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "network", "of_account", "of_handle"],
                name="one_objection_a_person",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~models.Q(of_account="", of_handle=""), name="objection_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"


class Erasure(models.Model):
    """Somebody of whom everything up to a moment was erased: what was said before it does not come in again."""

    network = models.CharField(max_length=30)
    of_account = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Erasure]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_account", "at"], name="one_erasure_a_moment")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
