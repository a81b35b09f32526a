"""After a backup came back: what may have left since is for a person to decide, and which grants still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count

from comptoir.kernel.restored import after_restoring
from comptoir.kernel.secrets import Sealed, Unreadable, column, keeps_sealed, unseal
from comptoir.networks.connector import Reconnect
from comptoir.networks.models import Delivery, Grant
from comptoir.organisation.models import Notice

CODE = "restored"
"""Of the deliveries that nobody can know about, and of the notice that says so."""


@keeps_sealed
def grants() -> Iterator[Sealed]:
    """What the networks gave us."""
    yield from column(_grants(), "sealed", lambda grant: str(grant.channel))


def _grants() -> Any:
    return Grant.objects.select_related("channel").order_by("pk")


@after_restoring
def grants_that_do_not_open(moment: datetime) -> Iterator[str]:
    """Channels whose grant our key does not open wait for a person to connect them again."""
    for grant in _grants():
        try:
            unseal(grant.sealed)
        except Unreadable:
            grant.channel.lose(Reconnect("key_missing"))
            yield f"{grant.channel} has to be connected again: its grant is sealed with a key that is not here."


@after_restoring
def deliveries_under_way(moment: datetime) -> Iterator[str]:
    """What waited or was leaving then may have left since: none of it leaves again by itself."""
    rows = Delivery.objects.everywhere().filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    # What is deleted twice is deleted once.
    for delivery in rows.exclude(act=Delivery.Act.DELETE).order_by("pk").iterator():
        delivery.move(delivery.state, Delivery.State.UNCERTAIN, code=CODE)
    left = Delivery.objects.everywhere().filter(state=Delivery.State.UNCERTAIN, code=CODE)
    for brand, count in left.values_list("channel__brand").annotate(count=Count("pk")):
        Notice.post(brand, CODE, CODE, count=count, made=moment.isoformat())
    if count := left.count():
        yield (
            f"{count} answers that were about to leave when the backup was made may have left since. "
            "They are not sent again by themselves: under Channels, somebody says for each whether it is there."
        )


def settle_notices() -> None:
    """Take the notice down where a person has decided about every delivery."""
    for notice in Notice.objects.everywhere().filter(code=CODE, settled_at=None):
        rows = Delivery.objects.of(notice.brand_id).filter(state=Delivery.State.UNCERTAIN, code=CODE)
        if not rows.exists():
            Notice.settle(notice.brand_id, CODE)
