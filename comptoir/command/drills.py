"""`comptoir rehearse`: a storm ordered in a terminal, and counted as it comes in."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime

from comptoir.command import saying
from comptoir.command.channels import refuse
from comptoir.kernel import clock
from comptoir.networks import rehearsing
from comptoir.networks.models import Channel

MESSAGES = {"volcano": 6_000}
"""How many are poured in where nothing else is asked for."""
PATIENCE = 15.0
"""Seconds without a message until nobody fetches any, it seems."""


def rehearse(scenario: str, messages: int | None, rate: float | None, seconds: float) -> int:
    """Have the people of the rehearsal channels write: so many messages in all, or so many a second."""
    if scenario not in rehearsing.scenarios():
        return refuse(f"No scenario is called {scenario}. There is: {', '.join(rehearsing.scenarios())}.")
    if messages is not None and rate is not None:
        return refuse("Say --messages or --rate, not both.")
    if rate is None:
        messages = messages if messages is not None else MESSAGES.get(scenario)
    began = clock.now()
    try:
        if messages is not None and seconds > 0:
            rate = messages / seconds
        channels = rehearsing.rehearse(scenario, 1 if rate is None else rate, seconds)
    except ValueError as error:
        return refuse(f"Not possible: {error}.")
    except rehearsing.NoStage:
        return refuse("No connected channel can rehearse. Connect one: comptoir connect rehearsal")
    names = ", ".join(channel.handle for channel in channels)
    if messages is None:
        saying.plain(
            f"{scenario} on {names}: {rate or 1:g} messages a second for {seconds:g} seconds, from now on."
        )
        return 0
    saying.plain(f"{scenario} on {names}: {messages:,} messages in {seconds:g} seconds, from now on.")
    return _count(channels, began, messages * len(channels), seconds)


def _count(channels: Sequence[Channel], began: datetime, expected: int, seconds: float) -> int:
    """Say how many came in until all are there; 1 when none come any more."""
    heard, since, end = 0, time.monotonic(), time.monotonic() + seconds
    terminal = sys.stdout.isatty()
    while heard < expected:
        time.sleep(1)
        before, heard = heard, rehearsing.heard(channels, began)
        now = time.monotonic()
        if heard > before:
            since = now
            if terminal:
                print(f"\r{heard:,} of {expected:,}", end="", flush=True)
        elif now - since > PATIENCE and (heard == 0 or now > end):
            break
    if terminal and heard:
        print()
    if heard == 0:
        return refuse("Nothing comes in. They will, once Comptoir runs: comptoir up")
    saying.plain(f"{heard:,} came in.")
    return 0
