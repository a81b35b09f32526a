"""Writing the audit log. Every state change that a person, a program or a command makes writes one entry.

`record` is part of the caller's transaction: what is rolled back was never done, and is not in the log. Codes and their
sentences stand in `organisation.audit_sentences`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from comptoir.kernel.acting import acting
from comptoir.organisation.audit_sentences import CODES
from comptoir.organisation.models.audit import AuditEntry
from comptoir.organisation.models.terms import spoken_for

if TYPE_CHECKING:
    from comptoir.organisation.models.brand import Brand

_WHO_MOST = 254


def record(what: str, brand: Brand | int | None, about: Any = None, by: Any = None, **facts: Any) -> None:
    """Write down that something was done.

    what: a code with a sentence. brand: the one concerned or its id, None for the house itself. about: the row that
    it was done to. by: the User who did it, else whoever acts in this request, command or call. facts: plain JSON that
    fills the sentence, without names or texts of strangers.
    """
    AuditEntry.objects.bulk_create([_entry(what, brand, about, by, facts)])


def record_each(
    what: str, brand: Brand | int | None, about: Iterable[Any], by: Any = None, **facts: Any
) -> None:
    """The same for each of many rows, in one statement."""
    AuditEntry.objects.bulk_create([_entry(what, brand, each, by, facts) for each in about], batch_size=2_000)


def _entry(what: str, brand: Brand | int | None, about: Any, by: Any, facts: dict[str, Any]) -> AuditEntry:
    if settings.TESTING and what not in CODES:
        raise KeyError(f"{what}: say in organisation.audit_sentences what it means")
    now = acting()
    user = by if by is not None and by.pk else now.user
    return AuditEntry(
        brand_id=brand.pk if isinstance(brand, models.Model) else brand,
        user_id=user.pk if user is not None else None,
        who=(_named(user, brand) if user is not None else now.name)[:_WHO_MOST],
        what=what,
        about_kind=about._meta.model_name if about is not None else "",
        about_id=about.pk if about is not None else None,
        facts=facts | {"by_rule": now.rule} if now.rule else facts,
        via=now.via,
        address=now.address[:45],
    )


def _named(user: Any, brand: Brand | int | None) -> str:
    """The name of whoever acts, and for whom they speak on the brand, as far as it was found with them."""
    pk = brand.pk if isinstance(brand, models.Model) else brand
    for each in user.found_with or ():
        if each.brand_id == pk:
            return spoken_for(user, each.on_behalf_of)
    return str(user)
