"""Second steps and sessions when the key changes, and after a backup came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction

from comptoir.kernel import secrets
from comptoir.kernel.restored import after_restoring
from comptoir.kernel.secrets import Sealed, Unreadable, keeps_sealed
from comptoir.organisation.models import Session, Tries

SEALED = {"totp": "secret", "recovery_codes": "seed"}
"""What of a factor's data is sealed. A passkey has nothing to hide."""


@keeps_sealed
def factors() -> Iterator[Sealed]:
    """The secrets of apps and recovery codes."""
    for each in Authenticator.objects.filter(type__in=SEALED).select_related("user").order_by("pk"):
        old = str(each.data[SEALED[each.type]])
        about = f"{each.user.email} ({each.get_type_display()})"
        yield Sealed(about, old.encode(), partial(_keep, each.pk, old))


def _keep(pk: int, old: str, new: bytes) -> None:
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if held is not None and held.data[SEALED[held.type]] == old:
            held.data[SEALED[held.type]] = new.decode()
            held.save(update_fields=["data"])


@after_restoring
def everybody_signs_in_again(moment: datetime) -> Iterator[str]:
    """A session that was ended since would be back otherwise, and tries count from now."""
    Tries.objects.all().delete()
    if ended := Session.objects.all().delete()[0]:
        yield f"{ended} sessions of then are ended: everybody signs in again."


@after_restoring
def factors_that_do_not_open(moment: datetime) -> Iterator[str]:
    """Whose app or recovery codes are sealed with a key that is not here. They still keep others out: a person resets
    them, once they know who asks."""
    for each in factors():
        try:
            secrets.unseal(each.value)
        except Unreadable:
            yield f"{each.about} is sealed with a key that is not here: comptoir account ADDRESS --reset-second-step"
