"""Saved replies: words that are said often, one version for each language, with variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Abs, Exp, Greatest, Least, Ln

from comptoir.inbox.models.custom import fields_for
from comptoir.inbox.models.variables import check, renamed
from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Team, keep

if TYPE_CHECKING:
    from comptoir.organisation.models import User

TEXT_MOST = 20_000
"""Characters of one version."""
VERSIONS_MOST = 30
"""Languages of one saved reply."""
HALVED = 7 * 86_400
"""Seconds after which having been used counts half as much."""
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)


class ShortcutTaken(Exception):
    """Another saved reply of the same people has this shortcut."""


def tag(code: str) -> str:
    """A language's code as BCP 47 writes it ("pt-br" is pt-BR), "" for what is none."""
    found = _TAG.fullmatch(code.strip().replace("_", "-"))
    if not found:
        return ""
    language, script, region = (part or "" for part in found.groups())
    return "-".join(part for part in (language.lower(), script.title(), region.upper()) if part)


def fitting(offered: Sequence[str], *wanted: str) -> str:
    """The language to take among those offered: the first wanted one that is there, or its like; else the first."""
    for want in filter(None, wanted):
        for alike in (str.casefold, _bare):
            for each in offered:
                if alike(each) == alike(want):
                    return each
    return offered[0]


def _bare(code: str) -> str:
    return code.partition("-")[0].casefold()


class SavedReplyQuerySet(BrandQuerySet["SavedReply"]):
    def open_to(self, user: User) -> Self:
        """The brand's, and the user's own."""
        return self.filter(Q(own=False) | Q(author=user))

    def lately_first(self) -> Self:
        """Those used most and last before the others."""
        return self.order_by("-lately", "name", "pk")

    def used(self) -> int:
        """Each of them was just said once more."""
        now = clock.now()
        at, two = now.timestamp() / HALVED, log(2)
        # Powers of two, kept as their logarithm: rows compare at any time without being counted anew.
        apart = Least(Abs(F("lately") - at), 60.0)
        more = Greatest(F("lately"), at) + Ln(1 + Exp(apart * -two)) / two
        return self.update(uses=F("uses") + 1, used_at=now, lately=more)


class SavedReplyManager(BrandManager["SavedReply", "SavedReplyQuerySet"]):
    queryset_class = SavedReplyQuerySet


class SavedReply(models.Model):
    """Words to answer with, the brand's or (`own`) its author's alone; `team` alone is offered it where one is named.

    `shortcut` is what is typed after the slash. `lately` orders by use: higher is more and later.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="saved_replies")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    own = models.BooleanField(default=False)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80)
    shortcut = models.CharField(max_length=30)
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    lately = models.FloatField(default=0)
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[SavedReplyManager] = SavedReplyManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "shortcut"], condition=Q(own=False), name="saved_shortcut_once"
            ),
            models.UniqueConstraint(
                fields=["brand", "author", "shortcut"], condition=Q(own=True), name="own_shortcut_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls,
        brand: Brand,
        by: User,
        name: str,
        shortcut: str,
        texts: Mapping[str, str],
        own: bool = False,
        team: Team | None = None,
    ) -> SavedReply:
        """A new one; `texts` by language, at least one. ShortcutTaken; UnknownVariable or Unclosed for a text that
        could not be filled."""
        saved = cls(brand=brand, author=by, own=own)
        with transaction.atomic():
            saved._keep(name, shortcut, texts, team)
            record("saved_reply_made", brand, saved, by, reply=name, own=own)
        return saved

    def change(
        self, by: User, name: str, shortcut: str, texts: Mapping[str, str], team: Team | None = None
    ) -> None:
        """Other words, another name. Errors as when it was made."""
        with transaction.atomic():
            self.texts.all().delete()
            self._keep(name, shortcut, texts, team)
            record("saved_reply_changed", self.brand_id, self, by, reply=name, own=self.own)

    def remove(self, by: User) -> None:
        """There is no such saved reply any more; what was said with it stays."""
        with transaction.atomic():
            record("saved_reply_removed", self.brand_id, self, by, reply=self.name, own=self.own)
            self.delete()

    def may_be_changed(self, user: User, is_manager: bool) -> bool:
        """One's own by oneself, the brand's by managers."""
        return self.author_id == user.pk if self.own else is_manager

    def version(self, *wanted: str) -> SavedReplyText:
        """The version in the language that fits best; see `fitting`."""
        texts = {each.language: each for each in self.texts.all()}
        return texts[fitting(list(texts), *wanted)]

    def _keep(self, name: str, shortcut: str, texts: Mapping[str, str], team: Team | None) -> None:
        if not texts:
            raise ValueError("empty")
        own = {each.folded for each in fields_for(self.brand_id, texts.values())}
        for text in texts.values():
            check(text, own)
        self.name, self.shortcut, self.team = name, shortcut, None if self.own else team
        keep(self, ShortcutTaken)
        SavedReplyText.objects.bulk_create(
            SavedReplyText(saved=self, language=language, text=text) for language, text in texts.items()
        )
        # What was read before is not what is there now.
        vars(self).pop("_prefetched_objects_cache", None)


class SavedReplyText(models.Model):
    """One version of a saved reply."""

    saved = models.ForeignKey(SavedReply, on_delete=models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=16)
    text = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [models.UniqueConstraint(fields=["saved", "language"], name="saved_once_a_language")]

    def __str__(self) -> str:
        return f"{self.saved_id} in {self.language}"


def rename_field(brand: int, before: str, after: str) -> None:
    """A field of the brand's own has another name: saved replies that told its values still do."""
    rows = SavedReplyText.objects.filter(saved__brand=brand, text__contains="{{")
    told = [row for row in rows if row.text != renamed(row.text, before, after)]
    for row in told:
        row.text = renamed(row.text, before, after)
    SavedReplyText.objects.bulk_update(told, ["text"])


def drop_own(brand: int, user: int) -> None:
    """What somebody kept for themselves goes when they write for the brand no more."""
    SavedReply.objects.of(brand).filter(own=True, author=user).delete()


def languages_of(saved: Iterable[SavedReply]) -> list[str]:
    """All languages that these have versions in, in their order."""
    return list(dict.fromkeys(text.language for each in saved for text in each.texts.all()))
