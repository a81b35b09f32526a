"""Connectors, found by their entry points: nobody imports one."""

from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from django.utils.translation import gettext as _

from comptoir.networks.connector import Authorises, Connects, StandsHere

GROUP = "comptoir.connectors"


class UnknownNetwork(Exception):
    """No connector of that name is installed."""


@lru_cache
def connector_class(network: str) -> Any:
    """The connector of a network. UnknownNetwork when it is not installed."""
    for point in entry_points(group=GROUP, name=network):
        return point.load()
    raise UnknownNetwork(network)


def installed(network: str) -> Any | None:
    """The connector of a network, None when it is not, or no longer, installed."""
    try:
        return connector_class(network)
    except UnknownNetwork:
        return None


@lru_cache(maxsize=1)
def networks() -> tuple[str, ...]:
    """The names of all installed networks that can be connected."""
    names = sorted(point.name for point in entry_points(group=GROUP))
    return tuple(name for name in names if issubclass(connector_class(name), Connects | Authorises))


@lru_cache(maxsize=1)
def of_the_house() -> str:
    """The network whose channels are pages of this house, "" where none is installed."""
    names = sorted(point.name for point in entry_points(group=GROUP))
    return next((name for name in names if issubclass(connector_class(name), StandsHere)), "")


def sign_of(network: str) -> str:
    """The one or two characters that stand for a network in lists."""
    kind = installed(network)
    return str(kind.sign if kind else "") or label_of(network)[:2]


def label_of(network: str) -> str:
    """A network's name as people say it, also when its connector is no longer installed."""
    kind = installed(network)
    return _(str(kind.label)) if kind else network.capitalize()
