"""How long things are kept: each room says it for its own rows, owners choose, a daily purge removes what is older.

A room registers a kind with `keeps`. The purge works in batches, each in a transaction of its own, and writes down for
every day, brand and kind how much it removed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from comptoir.kernel import clock
from comptoir.organisation.models import Brand, Invitation, Notice, PurgeRun, Retention, SignInLink
from comptoir.organisation.models.audit import PURGING

BATCH = 500
Remove = Callable[[Brand, datetime, int], int]
"""Given the brand, the moment and a size, it removes at most so many things older than that; how many."""
RemoveOfHouse = Callable[[datetime, int], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is kept for a time. `label` and `since` are msgids; owners choose from `least` to `most`."""

    code: str
    label: str
    since: str
    days: int
    least: int
    most: int
    remove: Remove


KINDS: dict[str, Kind] = {}
HOUSE: dict[str, tuple[int, RemoveOfHouse]] = {}
"""What belongs to no brand, each with its days: no owner chooses these."""


def keeps(
    code: str, label: str, since: str, days: int, least: int = 1, most: int = 3_650
) -> Callable[[Remove], Remove]:
    """Decorate what removes the old things of a kind. `label` names the kind, `since` says from when time counts."""

    def register(remove: Remove) -> Remove:
        KINDS[code] = Kind(code, label, since, days, least, most, remove)
        return remove

    return register


def house_keeps(code: str, days: int) -> Callable[[RemoveOfHouse], RemoveOfHouse]:
    """The same for things of the house."""

    def register(remove: RemoveOfHouse) -> RemoveOfHouse:
        HOUSE[code] = (days, remove)
        return remove

    return register


def days_of(brand: Brand) -> dict[str, int]:
    """How many days each kind is kept for a brand."""
    chosen = dict(Retention.objects.of(brand).values_list("kind", "days"))
    return {code: chosen.get(code, kind.days) for code, kind in KINDS.items()}


def choose(brand: Brand, days: Mapping[str, int]) -> dict[str, int]:
    """Keep an owner's choice; what changed. ValueError for a kind that there is not or days out of its bounds."""
    before = days_of(brand)
    changed = {code: n for code, n in days.items() if before.get(code) != n}
    for code, n in changed.items():
        if code not in KINDS or not KINDS[code].least <= n <= KINDS[code].most:
            raise ValueError(code)
    with transaction.atomic():
        for code, n in changed.items():
            Retention.objects.of(brand).update_or_create(brand=brand, kind=code, defaults={"days": n})
    return changed


def purge(seconds: float = 300) -> bool:
    """Remove what is too old, for at most so long; whether all of today's work is done."""
    until = time.monotonic() + seconds
    today = clock.now().date()
    done = set(PurgeRun.objects.everywhere().filter(day=today, finished=True).values_list("brand", "kind"))
    for brand, code, remove in _work():
        if (brand.pk if brand else None, code) not in done and not _purge_one(
            today, brand, code, remove, until
        ):
            return False
    return True


def _work() -> Iterator[tuple[Brand | None, str, Callable[[int], int]]]:
    now = clock.now()
    for brand in Brand.objects.everywhere().order_by("pk"):
        days = days_of(brand)
        for kind in KINDS.values():
            yield brand, kind.code, _with(kind.remove, brand, now - timedelta(days=days[kind.code]))
    for code, (n, remove) in HOUSE.items():
        yield None, code, _of_house(remove, now - timedelta(days=n))


def _with(remove: Remove, brand: Brand, before: datetime) -> Callable[[int], int]:
    return lambda most: remove(brand, before, most)


def _of_house(remove: RemoveOfHouse, before: datetime) -> Callable[[int], int]:
    return lambda most: remove(before, most)


def _purge_one(day: date, brand: Brand | None, code: str, remove: Callable[[int], int], until: float) -> bool:
    """Batch after batch of one kind; False when the time was over first."""
    while True:
        with transaction.atomic():
            removed = remove(BATCH)
            finished = removed < BATCH
            PurgeRun.add(day, brand, code, removed, finished)
        if finished:
            return True
        if time.monotonic() > until:
            return False


_LOG = """
DELETE FROM organisation_auditentry WHERE id IN (
    SELECT id FROM organisation_auditentry WHERE brand_id IS NOT DISTINCT FROM %s AND at < %s ORDER BY at LIMIT %s)
"""

_LOST = """
DELETE FROM organisation_auditentry WHERE id IN (
    SELECT e.id FROM organisation_auditentry e WHERE e.brand_id IS NOT NULL AND e.at < %s
    AND NOT EXISTS (SELECT FROM organisation_brand b WHERE b.id = e.brand_id) LIMIT %s)
"""


def _purge_log(statement: str, *values: Any) -> int:
    """The one way in which entries of the audit log leave."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [PURGING])
        cursor.execute(statement, values)
        removed: int = cursor.rowcount
        cursor.execute("SELECT set_config(%s, '', true)", [PURGING])
    return removed


@keeps(
    "audit", gettext_noop("Audit log"), gettext_noop("after what was done"), days=365, least=180, most=1_825
)
def _audit(brand: Brand, before: datetime, most: int) -> int:
    return _purge_log(_LOG, brand.pk, before, most)


@keeps("notices", gettext_noop("Notices that are settled"), gettext_noop("after they were settled"), days=90)
def _notices(brand: Brand, before: datetime, most: int) -> int:
    old = Notice.objects.of(brand).filter(settled_at__lt=before).values_list("pk", flat=True)[:most]
    ids = list(old)
    Notice.objects.of(brand).filter(pk__in=ids).delete()
    return len(ids)


@keeps("invitations", gettext_noop("Invitations"), gettext_noop("after they were sent"), days=90, least=8)
def _invitations(brand: Brand, before: datetime, most: int) -> int:
    old = Invitation.objects.of(brand).filter(created__lt=before, expires__lt=clock.now())
    ids = list(old.values_list("pk", flat=True)[:most])
    Invitation.objects.of(brand).filter(pk__in=ids).delete()
    return len(ids)


@house_keeps("house_audit", days=365)
def _house_audit(before: datetime, most: int) -> int:
    return _purge_log(_LOG, None, before, most)


@house_keeps("audit_of_lost_brands", days=365)
def _orphans(before: datetime, most: int) -> int:
    """Entries that outlived their brand."""
    return _purge_log(_LOST, before, most)


@house_keeps("sign_in_links", days=30)
def _links(before: datetime, most: int) -> int:
    ids = list(SignInLink.objects.filter(expires__lt=before).values_list("pk", flat=True)[:most])
    SignInLink.objects.filter(pk__in=ids).delete()
    return len(ids)


@house_keeps("proofs_of_purges", days=1_095)
def _proofs(before: datetime, most: int) -> int:
    ids = list(
        PurgeRun.objects.everywhere().filter(day__lt=before.date()).values_list("pk", flat=True)[:most]
    )
    PurgeRun.objects.everywhere().filter(pk__in=ids).delete()
    return len(ids)
