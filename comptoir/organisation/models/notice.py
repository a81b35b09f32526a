"""What must reach a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.organisation.events import NoticesPosted
from comptoir.organisation.models.brand import Brand
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet


class Draft(NamedTuple):
    """A notice about to go up: for the brand's people, or for one person alone."""

    brand_id: int
    code: str
    about: str = ""
    facts: dict[str, Any] = {}
    to_id: int | None = None


class Notice(models.Model):
    """Something that a brand's people, or one of them (`to`), have to know, until it is settled.

    `code` names a topic of `organisation.topics`, `facts` fill its sentence, `about` says what it concerns
    ("channel:7"): one open notice for each.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="notices")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    code = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict)
    created = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BrandManager[Notice, BrandQuerySet[Notice]]] = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "code", "about", "to"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_notice_a_thing_and_person",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.about}"

    @classmethod
    def post(cls, brand_id: int, code: str, about: str = "", to: int | None = None, **facts: Any) -> None:
        """Put a notice up; the same one already up gets the new facts and is not told again."""
        cls.post_all([Draft(brand_id, code, about, facts, to)])

    @classmethod
    def post_all(cls, drafts: Iterable[Draft]) -> None:
        """Put up many in one statement, with one event for those that are new."""
        once = {(d.brand_id, d.code, d.about, d.to_id): d for d in drafts}
        rows = [
            {"brand": d.brand_id, "code": d.code, "about": d.about, "facts": d.facts, "to": d.to_id}
            for d in once.values()
        ]
        if not rows:
            return
        from comptoir.organisation.announcing import announce

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_POST, [clock.now(), json.dumps(rows)])
            if new := {pk: rest for pk, fresh, *rest in cursor.fetchall() if fresh}:
                tell(NoticesPosted(sorted(new)))
                for brand, to, code, about in new.values():
                    if to is None:
                        announce(brand, "notice.posted", code=code, about=about)

    @classmethod
    def settle_each(cls, brand_id: int, abouts: Collection[str], *codes: str) -> None:
        """Take down what concerns any of these things, in one statement; with codes only theirs."""
        rows = cls.objects.of(brand_id).filter(about__in=abouts, settled_at=None)
        rows = rows.filter(code__in=codes) if codes else rows
        rows.update(settled_at=clock.now())

    @classmethod
    def settle(cls, brand_id: int, about: str, code: str = "", to: int | None = None) -> bool:
        """Take down what concerns a thing that is well again; with a code or a person only theirs. Was it up?"""
        rows = cls.objects.of(brand_id).filter(about=about, settled_at=None)
        rows = rows.filter(code=code) if code else rows
        rows = rows.filter(to=to) if to else rows
        return bool(rows.update(settled_at=clock.now()))


_POST = """
INSERT INTO organisation_notice (brand_id, to_id, code, about, facts, created)
SELECT n.brand, n."to", n.code, n.about, n.facts, %s
FROM jsonb_to_recordset(%s::jsonb) AS n (brand bigint, "to" bigint, code text, about text, facts jsonb)
ORDER BY n.brand, n.code COLLATE "C", n.about COLLATE "C", n."to"
ON CONFLICT (brand_id, code, about, to_id) WHERE settled_at IS NULL DO UPDATE SET facts = excluded.facts
RETURNING id, (xmax = 0), brand_id, to_id, code, about
"""
