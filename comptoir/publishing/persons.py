"""What publishing holds of people who write to a brand: pictures of theirs that it may show, what they agreed to, and
what they made that it may share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from comptoir.networks.models import Actor
from comptoir.networks.persons import Holder, Row, holds, within
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.models import Asset, FoundPiece, Mentionee, Permission
from comptoir.publishing.models.found_piece import FoundPieceQuerySet


def called_as[Rows: BrandQuerySet[Any]](
    kind: BrandManager[Any, Rows], person: Actor, brand: Brand | None
) -> Rows:
    """Those of a kind with `handles` by network that name somebody, of one brand or of the house."""
    rows: Rows = within(kind, brand)
    bare = person.handle.strip().lstrip("@")
    if not bare:
        return rows.none()
    key = f"handles__{person.network}__iexact"
    return rows.filter(Q(**{key: bare}) | Q(**{key: f"@{bare}"})).order_by("pk")


@holds
class Steps(Holder):
    """The brand's own posts: nobody else's words are in them, and they answer nobody."""

    name = "posts"
    label = gettext_noop("Posts of the brand")
    models = ("publishing.Step",)

    def count(self, person: Actor, brand: Brand | None) -> int:
        return 0

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        return iter(())

    def erase(self, person: Actor) -> int:
        return 0


@holds
class FoundPieces(Holder):
    """What somebody made, kept under what they are called on a network."""

    name = "found_pieces"
    label = gettext_noop("Found pieces")
    models = ("publishing.FoundPiece", "publishing.Sharing")

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand):
            yield {
                "title": each.title, "link": each.link, "author": each.author, "handles": each.handles,
                "found": each.found,
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        """A post that may still leave with one cannot any more: there is nobody whom it could name."""
        found = list(self._of(person, None))
        for each in found:
            each.forget_author()
        return len(found)

    def brands(self, person: Actor) -> set[int]:
        return {each.brand_id for each in self._of(person, None)}

    def _of(self, person: Actor, brand: Brand | None) -> FoundPieceQuerySet:
        return called_as(FoundPiece.objects, person, brand)


@holds
class Mentionees(Holder):
    """Somebody whom posts mention by what they are called on a network."""

    name = "mentionees"
    label = gettext_noop("Who is mentioned")
    models = ("publishing.Mentionee",)

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand):
            yield {"name": each.name, "handles": each.handles}

    def erase(self, person: Actor) -> int:
        """Posts that may still leave say the name that is written in them, and reach nobody by it."""
        done: int = self._of(person, None).delete()[0]
        return done

    def brands(self, person: Actor) -> set[int]:
        return set(self._of(person, None).values_list("brand", flat=True))

    def _of(self, person: Actor, brand: Brand | None) -> BrandQuerySet[Mentionee]:
        return called_as(Mentionee.objects, person, brand)


@holds
class Permissions(Holder):
    """Pictures of theirs in the library, what they were asked, and what they answered. With the person the permission
    goes: no post leaves with the picture any more."""

    name = "permissions"
    label = gettext_noop("Pictures that the brand asked to show")
    models = ("publishing.Permission",)

    def count(self, person: Actor, brand: Brand | None) -> int:
        found: int = self._rows(person, brand).count()
        return found

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._rows(person, brand).select_related("asset").defer("asset__content").order_by("pk"):
            yield {
                "picture": each.asset.name, "source": each.asset.source, "asked": each.asked,
                "question": each.question, "state": each.state, "answer": each.proof, "answered": each.answered,
            }  # fmt: skip

    def erase(self, person: Actor) -> int:
        rows = self._rows(person, None)
        Asset.objects.everywhere().filter(permission__in=rows).update(
            rights=Asset.Rights.REFUSED, credit="", source="", name=""
        )
        done: int = rows.update(
            state=Permission.State.REFUSED, proof="", proof_url="", question="", person=None
        )
        return done

    @staticmethod
    def _rows(person: Actor, brand: Brand | None) -> Any:
        rows = Permission.objects.everywhere() if brand is None else Permission.objects.of(brand)
        return rows.filter(person=person)
