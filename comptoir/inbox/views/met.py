"""The communities to which a thread belongs, for whoever is about to answer there."""

from __future__ import annotations

from typing import Any

from comptoir.networks.models import Community
from comptoir.networks.models.community import met, places_in
from comptoir.organisation.models import Brand

LOOKED_AT = 5
"""Of so many messages of others the addresses and tags say where one is."""


def met_in(brand: Brand, found: Any) -> list[Community]:
    """The cards of a thread's communities, the strictest first; nothing is asked of the thread where there is none."""
    network = found.channel.network
    if not Community.objects.of(brand).on(network).exists():
        return []
    heard = found.entries.filter(own=False).order_by("-at", "-pk")
    rows = list(heard.values_list("activity__url", "activity__remote_id", "activity__text")[:LOOKED_AT])
    addresses = [address for url, remote_id, _text in rows for address in (url, remote_id)]
    handles = [found.person.handle] if found.person is not None else []
    return met(brand, network, places_in(addresses, handles, [text for *_ids, text in rows]))
