"""The audit log: who did what to what, when and from where. Written once, never edited."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from comptoir.kernel import clock
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.brand import Brand

PURGING = "comptoir.purging_audit"
"""The database's variable that lets the retention purge delete; a trigger refuses every other change."""


class AuditQuerySet(BrandQuerySet["AuditEntry"]):
    def house_of(self, brand: Brand) -> AuditQuerySet:
        """What the house itself wrote about the people of a brand: their sign-ins, passwords, own settings."""
        from comptoir.organisation.models.brand import Membership

        people = list(Membership.objects.filter(brand=brand).values_list("user_id", flat=True))
        theirs = models.Q(user__in=people) | models.Q(about_kind="user", about_id__in=people)
        return self._scope(self.filter(theirs, brand=None))

    def newest(self, older: tuple[datetime, int] | None, limit: int) -> list[AuditEntry]:
        """The newest of these, those before a place (at, id) if one is given."""
        rows = self
        if older:
            at, pk = older
            rows = rows.filter(models.Q(at=at, pk__lt=pk) | models.Q(at__lt=at), at__lte=at)
        return list(rows.order_by("-at", "-pk")[:limit])


class AuditManager(BrandManager["AuditEntry", "AuditQuerySet"]):
    queryset_class = AuditQuerySet


class AuditEntry(models.Model):
    """One thing that was done. It outlives its brand and its author, of whom `who` keeps the name.

    `what` names the sentence, `facts` fill it: ids and words of the house, never names or texts of strangers.
    `about_kind` and `about_id` say what it concerns: the model's name and the row's number. No brand: the house itself.
    """

    at = models.DateTimeField(default=clock.now)
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    who = models.CharField(max_length=254, blank=True)
    what = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    via = models.CharField(max_length=8)
    address = models.CharField(max_length=45, blank=True)

    objects: ClassVar[AuditManager] = AuditManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(via__in=["page", "api", "command", "job"]), name="audit_via_known"
            )
        ]
        indexes = [
            models.Index(fields=["brand", "-at", "-id"], name="audit_of_brand"),
            models.Index(fields=["brand", "user", "-at", "-id"], name="audit_of_person"),
            models.Index(fields=["brand", "what", "-at", "-id"], name="audit_of_kind"),
            models.Index(fields=["about_kind", "about_id", "-at", "-id"], name="audit_of_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.about_kind} {self.about_id or ''}".strip()
