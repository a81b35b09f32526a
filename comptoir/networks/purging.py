"""How long `networks` keeps what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext_noop

from comptoir.networks import pictures
from comptoir.networks.models import Activity, Actor, Audience, Defence, Delivery, SetAside
from comptoir.organisation.models import Brand
from comptoir.organisation.retention import house_keeps, keeps

_HELD_BY = ["audience"]
"""The relations of an activity by which somebody keeps it."""


def holds_on(relation: str) -> None:
    """Say by which relation a room above keeps activities that reached no channel."""
    if relation not in _HELD_BY:
        _HELD_BY.append(relation)


def let_go(brand: Brand, activities: Iterable[int]) -> None:
    """A brand's channels keep these no longer: they stay only where somebody else keeps them."""
    ids = list(activities)
    Audience.objects.filter(activity__in=ids, channel__brand=brand).delete()
    let_go_of_unheld(ids)


def let_go_of_unheld(activities: Iterable[int]) -> None:
    """Of these activities, those that nobody keeps are no more."""
    rows = Activity.objects.everywhere().filter(pk__in=list(activities))
    rows.filter(**dict.fromkeys(_HELD_BY)).delete()


def let_go_of(brand: Brand, people: Iterable[int]) -> None:
    """What was decided against people with whom a brand keeps no conversation: only a block that holds stays."""
    rows = Defence.objects.of(brand).filter(actor__in=list(people))
    ended = rows.exclude(pk__in=list(rows.standing().values_list("pk", flat=True)))
    Delivery.objects.of(brand).filter(pk__in=list(ended.values_list("delivery", flat=True))).delete()


@keeps("set_aside", gettext_noop("Messages set aside"), gettext_noop("after they came"), days=90, most=1_095)
def _set_aside(brand: Brand, before: datetime, most: int) -> int:
    ids = list(SetAside.objects.of(brand).filter(received__lt=before).values_list("pk", flat=True)[:most])
    SetAside.objects.of(brand).filter(pk__in=ids).delete()
    return len(ids)


@house_keeps("people", days=1)
def _people(before: datetime, most: int) -> int:
    """People of whom nothing is left here."""
    rows = Actor.objects.filter(seen__lt=before)
    for relation in Actor._meta.related_objects:
        rows = rows.filter(**{relation.name: None})
    ids = list(rows.values_list("pk", flat=True)[:most])
    Actor.objects.filter(pk__in=ids).delete()
    return len(ids)


@house_keeps("withdrawn_unseen", days=30)
def _tombstones(before: datetime, most: int) -> int:
    """Marks of messages that were taken back before we ever saw them."""
    rows = Activity.objects.everywhere().filter(received__lt=before, actor=None, audience=None)
    ids = list(rows.values_list("pk", flat=True)[:most])
    Activity.objects.everywhere().filter(pk__in=ids, audience=None).delete()
    return len(ids)


@house_keeps("pictures", days=30)
def _pictures(before: datetime, most: int) -> int:
    """Copies of pictures that nobody has looked at: on the disk of the machine that purges."""
    gone = 0
    for path in pictures.home().iterdir():
        with suppress(FileNotFoundError):
            if gone < most and path.stat().st_mtime < before.timestamp():
                path.unlink()
                gone += 1
    return gone
