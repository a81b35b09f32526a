"""Those who objected, and those who were erased: what they say, or said before, is skipped on receiving.

People are known by a keyed hash. Each process keeps the hashes in memory and asks once a batch whether they changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from comptoir.kernel import clock
from comptoir.networks.found import label_of
from comptoir.networks.models.objection import Erasure, Objection, PersonKey
from comptoir.organisation.audit import record

if TYPE_CHECKING:
    from comptoir.networks.connector import Activity
    from comptoir.networks.models.channel import Channel
    from comptoir.organisation.models import Brand, User


def digest(key: bytes, network: str, kind: str, name: str) -> str:
    """The keyed hash of an account ("account", its remote id) or of a handle ("handle", as people write it)."""
    name = name.strip().lstrip("@").casefold() if kind == "handle" else name
    return blake2b(
        f"{network}\0{kind}\0{name}".encode(errors="replace"), key=bytes(key), digest_size=32
    ).hexdigest()


@dataclass(slots=True)
class Known:
    """The hashes as a process has them in memory."""

    version: int = -1
    key: bytes = b""
    objections: dict[str, list[tuple[int, int | None]]] = field(default_factory=dict)
    """Hash of an account or a handle: the objections' ids, each with its brand, None for the whole house."""
    erased: dict[str, datetime] = field(default_factory=dict)
    """Hash of an account: the moment before which everything of theirs was erased."""


_known = Known()


def known() -> Known:
    """The hashes, read again when somebody changed them: one small query, two more after a change."""
    global _known
    row = PersonKey.objects.first()
    if row is None:
        return Known()
    if (row.changes, bytes(row.key)) != (_known.version, _known.key):
        _known = _read(row)
    return _known


def _read(row: PersonKey) -> Known:
    found = Known(row.changes, bytes(row.key))
    for pk, brand, account, handle in Objection.objects.everywhere().values_list(
        "pk", "brand", "of_account", "of_handle"
    ):
        # A handle counts only until its account is known.
        found.objections.setdefault(account or handle, []).append((pk, brand))
    for account, at in Erasure.objects.order_by("at").values_list("of_account", "at"):
        found.erased[account] = at
    return found


def without_objectors(channel: Channel, items: Iterable[Any]) -> list[Any]:
    """The items of a batch without those of people who objected, or said before all of theirs was erased.

    What was skipped is counted with the objection. The brand's own messages always come in.
    """
    return [item for item, _others in sift(channel.network, items, channel.brand_id, channel.remote_id)]


def sift(
    network: str, items: Iterable[Any], brand: int | None = None, own: str = ""
) -> list[tuple[Any, frozenset[int]]]:
    """The items that the house may hear, or one brand of it, each with the brands with which its author objected.

    `own` is the account of the brand's own messages.
    """
    now = known()
    if not now.objections and not now.erased:
        return [(item, frozenset()) for item in items]
    kept: list[tuple[Any, frozenset[int]]] = []
    skipped: Counter[int] = Counter()
    learnt: dict[int, str] = {}  # the remote ids of those who are skipped
    for item in items:
        actor = getattr(item, "actor", None)
        remote_id = getattr(actor, "remote_id", None)
        if not isinstance(remote_id, str) or (own and remote_id == own):
            kept.append((item, frozenset()))
            continue
        account = digest(now.key, network, "account", remote_id)
        objected = _objected(now, network, account, str(getattr(actor, "handle", "")))
        found = next((pk for pk, of in objected if of is None or of == brand), 0)
        if found:
            skipped[found] += 1
            learnt[found] = remote_id
        elif not _was_erased(now, account, item):
            kept.append((item, frozenset(of for _pk, of in objected if of is not None)))
    if skipped:
        _count(now.key, network, skipped, learnt)
    return kept


def _objected(now: Known, network: str, account: str, handle: str) -> list[tuple[int, int | None]]:
    """The objections of somebody, each with its brand, None for the whole house."""
    if not now.objections:
        return []
    names = (account, digest(now.key, network, "handle", handle or ""))
    return [each for name in names for each in now.objections.get(name, ())]


def _was_erased(now: Known, account: str, item: Activity) -> bool:
    until = now.erased.get(account)
    published = item.published
    return (
        until is not None
        and isinstance(published, datetime)
        and (published if published.tzinfo else published.replace(tzinfo=until.tzinfo)) <= until
    )


def _count(key: bytes, network: str, skipped: Counter[int], learnt: dict[int, str]) -> None:
    """Add to the counts, and remember the account of whoever was known by a handle alone."""
    rows = Objection.objects.everywhere()
    with transaction.atomic():
        for pk, count in sorted(skipped.items()):
            rows.filter(pk=pk).update(skipped=F("skipped") + count, last_skipped=clock.now())
            _pin(key, network, rows.filter(pk=pk), learnt[pk])


def _pin(key: bytes, network: str, rows: Any, remote_id: str) -> None:
    """The account of those objections that knew a handle alone: what was heard of it by another name goes too."""
    from comptoir.networks.persons import let_go_of_objector

    for pk, brand in rows.filter(of_account="").values_list("pk", "brand"):
        account = digest(key, network, "account", remote_id)
        if rows.filter(pk=pk, of_account="").update(of_account=account):
            PersonKey.changed()
            let_go_of_objector(network, remote_id, "", brand)


def named(network: str, remote_id: str, handle: str) -> None:
    """Somebody whom a stream named by their id alone turns out to have this handle: they may have objected by it."""
    now = known()
    found = (
        now.objections.get(digest(now.key, network, "handle", handle)) if now.objections and handle else None
    )
    if found:
        with transaction.atomic():
            rows = Objection.objects.everywhere().filter(pk__in=[pk for pk, _brand in found])
            _pin(now.key, network, rows, remote_id)


def object_to(
    network: str, *, account: str = "", handle: str = "", brand: Brand | None = None, by: User | None = None
) -> Objection:
    """Somebody objects: what they write is skipped from now on, by one brand or, without one, by the whole house.

    account: their remote id; handle: only where nobody knows the account. ValueError("nobody") without either. What was
    only heard of them goes at once.
    """
    from comptoir.networks.persons import let_go_of_objector

    if not account and not handle.strip().lstrip("@"):
        raise ValueError("nobody")
    key = bytes(PersonKey.get().key)
    given = {
        "of_account": digest(key, network, "account", account) if account else "",
        "of_handle": "" if account else digest(key, network, "handle", handle),
    }
    with transaction.atomic():
        rows = Objection.objects.everywhere()
        row, new = rows.get_or_create(brand=brand, network=network, **given, defaults={"by": by})
        if new:
            record("person_objected", brand, row, by, network=label_of(network))
            PersonKey.changed()
        let_go_of_objector(network, account, "" if account else handle, brand)
    return row


def objections_of(brand: Brand, network: str, account: str, handle: str) -> list[Objection]:
    """The objections that already keep somebody out of a brand."""
    key = bytes(PersonKey.get().key)
    theirs = Q(of_account=digest(key, network, "account", account)) if account else Q(pk=None)
    if handle:
        theirs |= Q(of_account="", of_handle=digest(key, network, "handle", handle))
    return list(Objection.objects.everywhere().filter(theirs, Q(brand=brand) | Q(brand=None)))


def matching(network: str, name: str) -> Any:
    """The objections of whoever has this handle or remote id, of all brands."""
    from comptoir.networks.persons import find

    key = bytes(PersonKey.get().key)
    accounts = {name.strip(), *(each.remote_id for each in find(network, name))}
    theirs = Q(of_account__in=[digest(key, network, "account", each) for each in accounts])
    theirs |= Q(of_handle=digest(key, network, "handle", name))
    return Objection.objects.everywhere().filter(theirs, network=network)


def take_back(objection: Objection, by: User | None = None) -> None:
    """The person changed their mind: what they write comes in again."""
    with transaction.atomic():
        record("objection_withdrawn", objection.brand_id, objection, by, network=label_of(objection.network))
        Objection.objects.everywhere().filter(pk=objection.pk).delete()
        PersonKey.changed()
