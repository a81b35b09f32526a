"""What the house holds of a person, whoever of the rooms holds it: found, counted, given, erased.

Each room registers its part as a `Holder` with `holds`. A room that keeps rows about people adds one class; a test
looks at every model that leads to an actor or an activity and asks which holder answers for it.

Erasing concerns the whole house, since a message is stored once whatever the number of brands that it reached. The
person's rows stay, empty and without a name, so that conversations keep their shape and figures stay true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q

from comptoir.kernel import drawings
from comptoir.networks import erasures
from comptoir.networks.found import label_of
from comptoir.networks.models import Activity, Actor, Channel
from comptoir.networks.models.activity import ERASED
from comptoir.networks.models.objection import Erasure, PersonKey
from comptoir.networks.objections import digest
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, User

Row = dict[str, Any]


class Holder:
    """A room's part. `brand` narrows what is counted and given to one brand; None is the whole house.

    name: of its files in an export. label: a msgid. models: "app.Model" for each model that it answers for, also those
    that hold nothing in words. order: when it erases; those that need the person's name come before 90.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    models: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[int] = 50

    def count(self, person: Actor, brand: Brand | None) -> int:
        """How many things of the person it holds."""
        return int(self._of(person, brand).count())

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        """They themselves, as plain facts; nothing about colleagues."""
        raise NotImplementedError

    def media(self, person: Actor, brand: Brand | None) -> Iterator[str]:
        """Addresses of the person's pictures and films."""
        return iter(())

    def erase(self, person: Actor) -> int:
        """Empty them, in the caller's transaction; how many there were. Safe to repeat."""
        raise NotImplementedError

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        """Its rows about the person, where they are of one table."""
        raise NotImplementedError

    def objected(self, network: str, account: str, handle: str, brand: Brand | int | None) -> int:
        """Somebody objected, known by their remote id, or by a handle alone: let go of what was only heard of them, for
        a brand or the whole house, in the caller's transaction; how many things went. Safe to repeat."""
        return 0

    def brands(self, person: Actor) -> set[int]:
        """The brands for which it holds what the person said."""
        return set()

    def settle(self, person: Actor) -> None:
        """Bring what is kept about them in step, once all holders have erased."""


HOLDERS: dict[str, Holder] = {}


def holds(kind: type[Holder]) -> type[Holder]:
    """Decorate a holder's class."""
    HOLDERS[kind.name] = kind()
    return kind


def let_go_of_objector(network: str, account: str, handle: str, brand: Brand | int | None) -> None:
    """What was only heard of somebody who objected goes; conversations with them stay until erased or too old."""
    for holder in HOLDERS.values():
        holder.objected(network, account, handle, brand)


def within(rows: Any, brand: Brand | int | None) -> Any:
    """A manager's rows of one brand; of the whole house for commands and the erasure."""
    return rows.of(brand) if brand is not None else rows.everywhere()


def find(network: str, name: str, brand: Brand | None = None) -> list[Actor]:
    """The people of a network with this handle or remote id, as they are known now; of one brand, those it heard."""
    bare = name.strip().lstrip("@")
    if not bare or "\0" in name:
        return []
    ours = within(Channel.objects, None).filter(network=network).values("remote_id")
    known = Actor.objects.filter(network=network).exclude(remote_id__startswith=ERASED)
    known = known.exclude(remote_id__in=ours).order_by("pk")
    called = Q(handle__iexact=bare) | Q(handle__iexact=f"@{bare}")
    found = list(known.filter(remote_id=name.strip())) or list(known.filter(called)[:20])
    return [each for each in found if brand is None or brand.pk in brands_of(each)]


def brands_of(person: Actor) -> set[int]:
    """The brands that hold something of a person."""
    return {brand for holder in HOLDERS.values() for brand in holder.brands(person)}


def held(person: Actor, brand: Brand | None = None) -> list[tuple[Holder, int]]:
    """What each room holds of a person."""
    return [(holder, holder.count(person, brand)) for holder in HOLDERS.values()]


def erase(person: Actor, by: User | None = None, brand: Brand | None = None) -> dict[str, int]:
    """Erase a person everywhere, for good; how many things of each holder. `brand`: whose log says that it was done.

    The log, and the list that is applied after a restore, keep a hash and figures only.
    """
    row = PersonKey.get()
    account = digest(bytes(row.key), person.network, "account", person.remote_id)
    with transaction.atomic():
        person = Actor.objects.select_for_update().get(pk=person.pk)
        counts = _empty(person)
        erasure = Erasure.objects.create(network=person.network, of_account=account, by=by, counts=counts)
        record("person_erased", brand, erasure, by, network=label_of(person.network), counts=counts)
        PersonKey.changed()
        transaction.on_commit(lambda: erasures.write_down([erasure]))
    return counts


def _empty(person: Actor) -> dict[str, int]:
    addresses = [url for holder in HOLDERS.values() for url in holder.media(person, None)]
    ordered = sorted(HOLDERS.values(), key=lambda holder: holder.order)
    counts = {holder.name: holder.erase(person) for holder in ordered}
    for holder in ordered:
        holder.settle(person)
    transaction.on_commit(drawings.let_go)
    transaction.on_commit(lambda: _forget(addresses))
    return counts


def _forget(addresses: list[str]) -> None:
    from comptoir.networks import pictures

    pictures.forget(addresses)


def erase_again(hashes: dict[str, Any], key: bytes) -> int:
    """Erase whom a backup brought back: `hashes` are accounts with the moments of their erasures; how many people."""
    missing = set(hashes) - set(Erasure.objects.values_list("of_account", flat=True))
    done = 0
    for person in Actor.objects.exclude(remote_id__startswith=ERASED).iterator() if missing else ():
        account = digest(key, person.network, "account", person.remote_id)
        if account in missing:
            with transaction.atomic():
                counts = _empty(person)
                Erasure.objects.create(
                    network=person.network, of_account=account, at=hashes[account], counts=counts
                )
            done += 1
    if done:
        record("erased_again", None, count=done)
    PersonKey.changed()
    return done


def messages_of(person: Actor, brand: Brand | None) -> Any:
    """The person's activities."""
    return within(Activity.objects, brand).filter(actor=person).distinct()
