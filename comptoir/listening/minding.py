"""Looking after what is heard: places that fall silent or behind, people without names."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.listening.models import Source
from comptoir.listening.models.source import LATE
from comptoir.networks import connector as contract
from comptoir.networks import objections
from comptoir.networks.connector import ConnectorError, Introduces
from comptoir.networks.models import Actor
from comptoir.networks.receiving import clean
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Notice

log = logging.getLogger(__name__)


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
                    found += sum(call(network, who) for who in some)
            except (ConnectorError, OutsideError) as error:
                log.info("names on %s: %s", network, error)
    return found


def call(network: str, who: contract.Actor) -> int:
    """Write down what somebody is called, where that is not so already; whether it was not."""
    named = {
        "handle": clean(who.handle)[:300],
        "name": clean(who.name)[:200],
        "about": clean(who.about)[:2_000],
    }
    shown = {"avatar": clean(who.avatar), "url": clean(who.url), "followers": who.followers}
    rows = Actor.objects.filter(network=network, remote_id=who.remote_id)
    found = rows.exclude(**named, **shown).update(**named, **shown)
    if found:
        objections.named(network, who.remote_id, named["handle"])
    return found


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
