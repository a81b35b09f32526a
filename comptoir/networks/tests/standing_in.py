"""Connectors of tests in the place of those that are installed."""

from __future__ import annotations

import sys
from typing import Any

import pytest


def every_network_is(monkeypatch: pytest.MonkeyPatch, kind: type[Any]) -> None:
    """Whatever network is asked for, wherever it is asked, is this connector's until the test ends."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("comptoir.") and hasattr(module, "connector_class"):
            monkeypatch.setattr(module, "connector_class", lambda network: kind)
    # What a channel can do is asked this way.
    monkeypatch.setattr("comptoir.networks.models.channel.installed", lambda network: kind)
