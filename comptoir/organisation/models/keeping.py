"""Rows of a brand written down by people who cannot see each other: one name each, and what is removed stays so."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ObjectNotUpdated
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils.translation import gettext as _


class NameTaken(Exception):
    """The brand has another one of this name."""


class Removed(Http404):
    """Somebody removed it after it was shown: a page and a program are told that it is no more."""

    def __init__(self) -> None:
        super().__init__(_("Somebody removed it meanwhile. Nothing was changed."))


def keep(row: models.Model, taken: type[Exception] = NameTaken, only: Sequence[str] | None = None) -> None:
    """Write down a row that is new, or change one (or `only` these fields of it) that is still there. Removed where it
    is not: it does not come back. `taken` where there is another one of its name."""
    new = row._state.adding
    try:
        with transaction.atomic():
            row.save(force_insert=new, force_update=not new, update_fields=only)
    except ObjectNotUpdated:
        raise Removed from None
    except IntegrityError:
        raise taken(str(row)) from None


def take_hold[Row: models.Model](rows: models.QuerySet[Row], pk: int) -> Row:
    """One of these rows as it is now, held until the transaction is over. Removed where it is no more."""
    found = rows.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Removed
    return found
