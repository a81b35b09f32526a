"""The wall between brands: what belongs to a brand is only fetched through a right to see it.

A queryset of a `BrandManager` raises `Unscoped` when it is evaluated without one of `seen_by(user)`, `of(brand)` or,
to cross all brands, `everywhere()`. Following a relation from a row already fetched needs no new proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from django.db import models

if TYPE_CHECKING:
    from comptoir.organisation.models.brand import Brand
    from comptoir.organisation.models.user import User

Row = TypeVar("Row", bound=models.Model, covariant=True)
Rows = TypeVar("Rows", bound="BrandQuerySet[Any]")


class Unscoped(Exception):
    """A query on a brand's rows that proves no right to see them."""


class BrandQuerySet(models.QuerySet[Row]):
    """A queryset that knows the way from its rows to their brand."""

    brand_path = "brand"
    _scoped = False

    def seen_by(self, user: Any, at_least: str = "reader") -> Self:
        """Rows of the brands where the user has at least this role."""
        from comptoir.organisation.models.brand import Membership, Role

        mine = Membership.objects.going_on().filter(user_id=user.pk or 0, role__in=Role(at_least).and_above())
        return self._scope(
            self.filter(**{f"{self.brand_path}__in": list(mine.values_list("brand_id", flat=True))})
        )

    def of(self, brand: Brand | int) -> Self:
        """Rows of one brand, named by the caller, who has proved the right to it or is a job."""
        pk = brand if isinstance(brand, int) else brand.pk
        return self._scope(self.filter(**{self.brand_path: pk}))

    def everywhere(self) -> Self:
        """Rows of all brands: only for jobs and commands that serve the whole house."""
        return self._scope(self.all())

    def _scope(self, queryset: Self) -> Self:
        queryset._scoped = True
        return queryset

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _prove(self) -> None:
        if not self._scoped and "instance" not in self._hints:  # type: ignore[attr-defined]
            raise Unscoped(f"{self.model.__name__}: say seen_by(user), of(brand) or everywhere() first")

    def _fetch_all(self) -> None:
        self._prove()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        self._prove()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._prove()
        return super().count()

    def exists(self) -> bool:
        self._prove()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._prove()
        return super().aggregate(*args, **kwargs)

    def update(self, **values: Any) -> int:
        self._prove()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._prove()
        return super().delete()


class BrandManager(models.Manager[Row], Generic[Row, Rows]):  # noqa: UP046 - Django subscripts managers its own way
    """The manager of every model that belongs to a brand."""

    queryset_class: type[Any] = BrandQuerySet

    @classmethod
    def along(cls, path: str) -> Self:
        """A manager of rows that lead to their brand by this path, and need no more of their queryset."""
        rows = type("Rows", (cls.queryset_class,), {"brand_path": path})
        manager: Self = type(cls.__name__, (cls,), {"queryset_class": rows})()
        return manager

    def get_queryset(self) -> Rows:
        return cast(Rows, self.queryset_class(self.model, using=self._db))

    def seen_by(self, user: User | Any, at_least: str = "reader") -> Rows:
        return self.get_queryset().seen_by(user, at_least)

    def of(self, brand: Brand | int) -> Rows:
        return self.get_queryset().of(brand)

    def everywhere(self) -> Rows:
        return self.get_queryset().everywhere()
