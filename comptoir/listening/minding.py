"""Looking after what is heard: places that fall silent or behind, people without names, what was taken back unheard."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Source
from comptoir.listening.models.source import LATE
from comptoir.networks import connector as contract
from comptoir.networks import objections
from comptoir.networks.connector import ConnectorError, Gone, Introduces, Rechecks
from comptoir.networks.models import Activity, Actor
from comptoir.networks.receiving import clean
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Notice

log = logging.getLogger(__name__)
HOURS = 24
"""What is kept is asked for again once in as many hours."""
AT_ONCE = 2_000
"""Messages of one place that are asked for again in one hour, at the most."""


def mind() -> None:
    """Say which places are silent, behind or out of reach, take down what is over, and tell programs who is back."""
    now = clock.now()
    for source in Source.objects.everywhere().filter(on=True):
        lost = source.failures and now - (source.alive_at or source.made) > LATE
        behind = source.behind
        wrong = {
            "source_lost": bool(lost),
            "source_silent": not lost and source.silent_since is not None,
            "source_behind": behind is not None and behind > LATE,
        }
        _say(source, wrong)


def _say(source: Source, wrong: Mapping[str, bool]) -> None:
    """Put up what is wrong with a place and was not, take down what was and is no more."""
    about = f"source:{source.pk}"
    with transaction.atomic():
        for code in (code for code, is_so in wrong.items() if is_so):
            Notice.post(source.brand_id, code, about, source=source.name, id=source.pk)
        over = [
            code for code, is_so in wrong.items() if not is_so and Notice.settle(source.brand_id, about, code)
        ]
        if over and not any(wrong.values()):
            announce(source.brand_id, "source.back", source=source.pk, was=over)


def introduce(mentions: Sequence[int]) -> int:
    """Ask what those are called whom a stream named by their ids alone; how many are known now."""
    rows = Actor.objects.filter(activities__mentions__in=mentions).distinct()
    unnamed: dict[str, list[str]] = {}
    for network, remote_id, handle in rows.values_list("network", "remote_id", "handle"):
        if handle == remote_id:
            unnamed.setdefault(network, []).append(remote_id)
    found = 0
    for network, ids in unnamed.items():
        for connector in _listeners(network, Introduces, 1):
            try:
                for start in range(0, len(ids), connector.introduce_batch):
                    some = connector.introduce(ids[start : start + connector.introduce_batch])
                    found += sum(_name(network, who) for who in some)
            except (ConnectorError, OutsideError) as error:
                log.info("names on %s: %s", network, error)
    return found


def _name(network: str, who: contract.Actor) -> int:
    """Write down what somebody is called."""
    named = {
        "handle": clean(who.handle)[:300],
        "name": clean(who.name)[:200],
        "about": clean(who.about)[:2_000],
    }
    shown = {"avatar": clean(who.avatar), "url": clean(who.url), "followers": who.followers}
    found = Actor.objects.filter(network=network, remote_id=who.remote_id).update(**named, **shown)
    objections.named(network, who.remote_id, named["handle"])
    return found


def recheck(hour: int) -> int:
    """Ask again for those kept messages whose hour it is: what was taken back or edited while nobody listened. How many
    changed."""
    changed = 0
    unnamed = Mention.objects.everywhere().filter(activity__actor__handle=F("activity__actor__remote_id"))
    introduce(list(unnamed.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE]))
    networks = set(Source.objects.everywhere().filter(on=True).values_list("network", flat=True))
    for network in sorted(networks):
        kept = Mention.objects.everywhere().filter(network=network, activity__audience=None)
        ids = [pk for pk in kept.values_list("activity", flat=True).distinct() if pk % HOURS == hour][
            :AT_ONCE
        ]
        rows = Activity.objects.everywhere().filter(pk__in=ids, deleted=None, erased=None)
        known = list(rows.values_list("remote_id", flat=True))
        for connector in _listeners(network, Rechecks):
            try:
                for start in range(0, len(known), connector.recheck_batch):
                    asked = known[start : start + connector.recheck_batch]
                    found = [
                        i for i in connector.recheck(asked) if isinstance(i, Gone) or i.remote_id in asked
                    ]
                    hear(network, found)
                    changed += len(found)
            except (ConnectorError, OutsideError) as error:
                log.info("looking back on %s: %s", network, error)
    return changed


def _listeners(network: str, ability: type[Any], most: int = 20) -> Iterator[Any]:
    """Connectors of places on a network that have an ability; one an account or server."""
    rows = Source.objects.everywhere().filter(network=network, on=True).select_related("channel__brand")
    met: set[Any] = set()
    for source in rows.order_by("pk"):
        connector = source.connector()
        place = source.channel_id or source.settings.get("server") or source.settings.get("appview")
        if isinstance(connector, ability) and place not in met and len(met) < most:
            met.add(place)
            yield connector
