"""Where a brand listens, as everybody may be told it: by network and public server, without what is searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from comptoir.listening.models import Source
from comptoir.organisation.models import Brand

_ADDRESS = re.compile(r"(?:https?|wss?)://\S+")
_INSIDE = ("local", "localhost", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion")
"""Ends of names that no public server has."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The places of one network that a brand listens to. `hosts` are its public servers; `searches`: words are searched
    for there; `streams`: all that is said there in public is listened to."""

    network: str
    hosts: list[str]
    streams: bool
    searches: bool


def host_of(source: Source) -> str:
    """The host of a source's place, "" where it has none: a search, or a place without an address."""
    found = None if source.words else _ADDRESS.search(source.address)
    try:
        return (urlsplit(found.group()).hostname or "") if found else ""
    except ValueError:
        return ""


def is_public(host: str) -> bool:
    """Whether a host's name may be told to everybody: that of a server of the world, not of a machine inside."""
    if "." not in host or any(host.endswith(f".{end}") for end in _INSIDE):
        return False
    try:
        ip_address(host)
    except ValueError:
        return host not in {each.rpartition(":")[0] for each in settings.INSIDE_ALLOWED}
    return False


def heard_by(brand: Brand) -> list[Heard]:
    """Where a brand listens now, a network after the other."""
    by_network: dict[str, list[Source]] = {}
    for source in Source.objects.of(brand).filter(on=True):
        by_network.setdefault(source.label, []).append(source)
    return [
        Heard(
            network,
            sorted({host for each in found if is_public(host := host_of(each))}),
            any(not each.words for each in found),
            any(each.words for each in found),
        )
        for network, found in sorted(by_network.items())
    ]


def networks_of(brand: Brand) -> set[str]:
    """The networks on which a brand listens, or did."""
    return set(Source.objects.of(brand).values_list("network", flat=True))
